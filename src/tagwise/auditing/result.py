"""What an audit returns: counts, findings, what could not be read and what could not be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagwise.auditing.trends import Trends
from tagwise.control.ruling import SetAside

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from datetime import datetime

    from tagwise.auditing.recording import Since
    from tagwise.findings import Device, Finding, Severity


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was audited. `instances` are readable objects; `unreadable` come on top of them."""

    instances: int
    series: int
    studies: int
    patients: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class UnreadableObject:
    """One object that the scan could not read: where it is and why."""

    file_path: str
    file_size: int | None
    read_error: str


@dataclass(frozen=True, slots=True)
class NotCheckable:
    """A check that this source cannot answer, or answers only in part, and what it lacks."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceCount:
    """Findings of one device, by check and by severity: the line to hand to its vendor."""

    device: Device
    instances: int
    findings: Mapping[str, int]
    severities: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One check that ran: how many findings it has in all (`findings` of the result may hold fewer) and its seconds."""

    check: str
    findings: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything an audit found.

    `findings` come worst first and hold at most `limit` of one check; `total` counts all of them by severity. Findings
    that do not count, known or waived, are in `set_aside`, as many of one check; `aside` counts them. `since` compares
    with the run before, where a history is kept; `trends` has series by day, and there also findings by audit.
    """

    tool: str
    edition: str
    source: str
    started: datetime
    seconds: float
    counts: Counts
    total: Mapping[Severity, int]
    findings: tuple[Finding, ...]
    runs: tuple[CheckRun, ...]
    devices: tuple[DeviceCount, ...]
    unreadable: tuple[UnreadableObject, ...]
    not_checkable: tuple[NotCheckable, ...] = ()
    crashed: tuple[str, ...] = ()
    limit: int | None = None
    settings: Mapping[str, int | float | str | None] = field(default_factory=dict)
    shows_patient_values: bool = False
    set_aside: tuple[Finding, ...] = ()
    aside: SetAside = field(default_factory=SetAside)
    since: Since | None = None
    trends: Trends = field(default_factory=Trends)

    def worst(self) -> Severity | None:
        """The highest severity that has findings, None for a clean archive."""
        return max((s for s, n in self.total.items() if n), key=lambda s: s.rank, default=None)

    def to_json(self) -> str:
        """The whole result as one JSON object (docs/audit-json.md)."""
        from tagwise.auditing.reports import json_report  # noqa: PLC0415 - reports read this module

        return json_report.dumps(self)

    def write_html(self, path: str | os.PathLike[str]) -> None:
        """Write the report as one HTML file with mode 0600, whole or not at all.

        Raises:
            ReportNotWritten: The file cannot be written.
        """
        from tagwise.auditing.reports import html  # noqa: PLC0415 - reports read this module

        html.write(self, path)

    def exit_code(self, fail_on: Severity) -> int:
        """0 clean, 1 findings at or above `fail_on`, 2 when a check crashed."""
        if self.crashed:
            return 2
        worst = self.worst()
        return int(worst is not None and worst.reaches(fail_on))
