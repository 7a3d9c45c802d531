"""What an alert says: counts, names of checks and devices, and addresses of pages; no UID, no path, no value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from tagwise import __version__
from tagwise.checks import registry
from tagwise.findings import WORST_FIRST, Severity, severities_in_words
from tagwise.printable import printable
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagwise.auditing.history import History
    from tagwise.auditing.result import AuditResult
    from tagwise.control.alerts import Alerts

_MOST_DEVICES = 5
"""Devices that are named for one check; the rest is counted."""

_MOST_CHECKS = 40
_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Line:
    """New findings of one check. `devices` are the ones with most of them, `others` how many further ones there are."""

    check: str
    title: str
    severity: Severity
    new: int
    devices: tuple[tuple[str, int], ...]
    others: int
    page: str


@dataclass(frozen=True, slots=True)
class Message:
    """One alert. `new` counts by severity, `findings` all that count by check and severity, not only new ones.

    `since` is the last run that this receiver heard of, None for none. `crashed` names checks without an answer.
    """

    archive: str
    started: datetime
    seconds: float
    since: datetime | None
    lines: tuple[Line, ...]
    new: Mapping[Severity, int]
    gone: int
    crashed: tuple[str, ...]
    is_unfinished: bool
    instances: int
    series: int
    unreadable: int
    findings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    new_by_check: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether anybody should be disturbed."""
        return bool(self.lines or self.crashed or self.is_unfinished)

    @property
    def subject(self) -> str:
        """One line."""
        total = sum(self.new.values())
        new = f"{quantity(total, 'new finding')} ({severities_in_words(self.new)})" if total else "nothing new"
        name = f" in {self.archive}" if self.archive else ""
        return f"tagwise: {new}{name}{'' if self.is_complete else ', audit not complete'}"

    @property
    def is_complete(self) -> bool:
        """Whether silence of the other checks means something."""
        return not (self.crashed or self.is_unfinished)

    def text(self) -> str:
        """The whole message as lines of text."""
        lines = [self.subject, ""]
        for line in self.lines[:_MOST_CHECKS]:
            lines += [f"{line.severity.upper()}  {line.new:,} x {line.check}", f"  {line.title}"]
            lines += [f"  {number:,} on {label}" for label, number in line.devices]
            lines += [f"  and {quantity(line.others, 'other device')}"] if line.others else []
            lines += [f"  {line.page}", ""]
        if len(self.lines) > _MOST_CHECKS:
            lines += [f"… and {quantity(len(self.lines) - _MOST_CHECKS, 'more check')}", ""]
        lines += [f"Crashed, without an answer: {', '.join(self.crashed)}"] if self.crashed else []
        lines += ["The last scan did not finish: objects may be missing."] if self.is_unfinished else []
        since = f" since {_minute(self.since)}" if self.since else ""
        lines += [f"New{since}; gone: {self.gone:,}."]
        audited = ", ".join((quantity(self.instances, "instance"), quantity(self.series, "series")))
        lines += [f"Audit of {_minute(self.started)}: {audited}, {quantity(self.unreadable, 'unreadable object')}."]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """The message for programs (docs/nightly.md)."""
        return {
            "kind": "tagwise-alert",
            "version": 1,
            "tool": f"tagwise {__version__}",
            "archive": self.archive,
            "started": self.started.astimezone(UTC).isoformat(timespec="seconds"),
            "since": self.since.astimezone(UTC).isoformat(timespec="seconds") if self.since else None,
            "subject": self.subject,
            "new": {severity.value: self.new.get(severity, 0) for severity in WORST_FIRST},
            "gone": self.gone,
            "complete": self.is_complete,
            "crashed": list(self.crashed),
            "counts": {"instances": self.instances, "series": self.series, "unreadable": self.unreadable},
            "checks": [
                {
                    "check": line.check,
                    "title": line.title,
                    "severity": line.severity.value,
                    "new": line.new,
                    "devices": [{"device": label, "new": number} for label, number in line.devices],
                    "other_devices": line.others,
                    "page": line.page,
                }
                for line in self.lines
            ],
        }


def message(alerts: Alerts, result: AuditResult, history: History, name: str, threshold: Severity) -> Message:
    """What a receiver has not heard of: findings that became new after the last run that was delivered to it.

    Args:
        name: The receiver.
        threshold: The least severity that it hears of.

    Raises:
        HistoryError: The history cannot be read.
    """
    since = result.since
    run = since.run if since and since.run else 0
    source = history.query("SELECT source FROM runs WHERE run = ?", [run])[0][0]
    heard = _heard(history, source, name, run)
    rows = history.query(
        """
        SELECT check_name, severity, device, new_run > ?, count(*) FROM findings
        WHERE source = ? AND status IN ('new', 'known') GROUP BY ALL ORDER BY ALL
        """,
        [heard, source],
    )
    every, new = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    devices: dict[str, Counter[str]] = {}
    for check, severity, device, is_new, number in rows:
        every[check, severity] += number
        if is_new and Severity(severity).reaches(threshold):
            new[check, severity] += number
            devices.setdefault(check, Counter())[device] += number
    before = [one.started for one in history.runs(source) if one.run <= heard]
    severities = Counter[Severity]()
    for (_, severity), number in new.items():
        severities[Severity(severity)] += number
    return Message(
        archive=_short(alerts.archive),
        started=result.started,
        seconds=result.seconds,
        since=max(before, default=None),
        lines=_lines(new, devices, alerts.pages),
        new=severities,
        gone=sum(since.gone.values()) if since else 0,
        crashed=result.crashed,
        is_unfinished=any(one.check == "engine/scan-unfinished" for one in result.findings),
        instances=result.counts.instances,
        series=result.counts.series,
        unreadable=result.counts.unreadable,
        findings=every,
        new_by_check=new,
    )


def _heard(history: History, source: str, name: str, run: int) -> int:
    """The last run that the receiver heard of; the one before its first, where none was delivered yet."""
    last, first = history.query(
        "SELECT MAX(run) FILTER (delivered), MIN(run) FROM alerts WHERE source = ? AND name = ? AND run <= ?",
        [source, name, run],
    )[0]
    return int(last if last is not None else (first or run) - 1)


def _lines(new: Mapping[tuple[str, str], int], devices: Mapping[str, Counter[str]], pages: str) -> tuple[Line, ...]:
    """One line for each check, the worst first."""
    made = []
    for check in dict.fromkeys(name for name, _ in new):
        entry = registry().get(check)
        worst = max((Severity(one) for name, one in new if name == check), key=lambda severity: severity.rank)
        named = [(label, number) for label, number in devices[check].most_common() if label]
        made.append(
            Line(
                check,
                entry.title if entry else check,
                worst,
                sum(number for (name, _), number in new.items() if name == check),
                tuple((_short(label), number) for label, number in named[:_MOST_DEVICES]),
                max(0, len(named) - _MOST_DEVICES),
                f"{pages.rstrip('/')}/checks/{check}" if pages else f"tagwise show {check}",
            )
        )
    return tuple(sorted(made, key=lambda line: (-line.severity.rank, -line.new, line.check)))


def _short(text: str) -> str:
    """Text from objects or settings on one line, without what could steer a terminal, at a sensible length."""
    shown = printable(text)
    return shown if len(shown) <= _LONGEST_LABEL else shown[: _LONGEST_LABEL - 1] + "…"


def _minute(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="minutes")
