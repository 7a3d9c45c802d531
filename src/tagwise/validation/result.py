"""What checking one object gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagwise.findings import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.control import Ruling
    from tagwise.findings import Finding, Severity

CRASHED = "engine/check-crashed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of one object, in the order of its bytes.

    `source` is what was given: a path, or a word for an object in memory. `complete` is False where the object could
    not be parsed to its end; then a finding says why. `elements` is how many there are. `undecided` counts
    conditional attributes of the IOD that are absent where it could not be decided whether they may be. `set_aside`
    are findings that do not count: known from a baseline, or waived.
    """

    source: str
    findings: tuple[Finding, ...]
    complete: bool
    elements: int
    SOPInstanceUID: str | None = None
    TransferSyntaxUID: str | None = None
    undecided: int = 0
    set_aside: tuple[Finding, ...] = ()

    def ruled(self, ruling: Ruling) -> CheckResult:
        """The result with its findings divided into those that count and those that do not."""
        if ruling.is_idle or not self.findings:
            return self
        findings = [ruling.rule(finding) for finding in self.findings]
        return replace(
            self,
            findings=tuple(finding for finding in findings if finding.status is Status.NEW),
            set_aside=tuple(finding for finding in findings if finding.status is not Status.NEW),
        )

    def total(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)

    def worst(self) -> Severity | None:
        """The highest severity that has findings, None where there are none."""
        return max((finding.severity for finding in self.findings), key=lambda severity: severity.rank, default=None)

    def exit_code(self, fail_on: Severity) -> int:
        """0 nothing at or above `fail_on`, 1 findings, 2 when a check crashed."""
        if any(finding.check == CRASHED for finding in self.findings):
            return 2
        worst = self.worst()
        return int(worst is not None and worst.reaches(fail_on))

    def to_json(self) -> str:
        """The result as one JSON object (docs/check-json.md)."""
        from tagwise.validation import reports  # noqa: PLC0415 - reports read this module

        return reports.dumps([self])
