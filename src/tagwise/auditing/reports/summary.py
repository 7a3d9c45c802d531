"""What all reports say alike: findings grouped by check, how many are not listed, and what to do next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.checks import registry
from tagwise.findings import WORST_FIRST, Severity, severities_in_words
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.auditing.result import AuditResult
    from tagwise.checks import Check
    from tagwise.findings import Finding


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The findings of one check. `total` may be more than are listed; `entry` is None for what has no page."""

    check: str
    title: str
    severity: Severity
    total: int
    findings: tuple[Finding, ...]
    entry: Check | None

    @property
    def page(self) -> str | None:
        """The command that opens the page of the check, None where there is no page to open."""
        return f"tagwise show {self.check}" if self.entry else None

    @property
    def not_listed(self) -> int:
        """How many findings the result counts but does not hold."""
        return self.total - len(self.findings)

    @property
    def severities(self) -> Mapping[Severity, int]:
        """The listed findings by severity, worst first, without zeros."""
        listed = [finding.severity for finding in self.findings]
        return {severity: listed.count(severity) for severity in WORST_FIRST if severity in listed}


def has_page(check: str) -> bool:
    """Whether `tagwise show` knows the check; findings of the engine itself have no page."""
    return check in registry()


def groups(result: AuditResult) -> tuple[CheckGroup, ...]:
    """The findings by check, the worst check first and the more frequent first among equals."""
    found: dict[str, list[Finding]] = {}
    for finding in result.findings:
        found.setdefault(finding.check, []).append(finding)
    totals = {run.check: run.findings for run in result.runs}
    names = dict.fromkeys([*found, *(check for check, total in totals.items() if total)])
    made = [_group(name, found.get(name, []), totals.get(name, 0)) for name in names]
    return tuple(sorted(made, key=lambda group: (-group.severity.rank, -group.total, group.check)))


def _group(name: str, findings: list[Finding], total: int) -> CheckGroup:
    """Make the group of one check from what is listed of it and how many it has in all."""
    entry = registry().get(name)
    severities = [finding.severity for finding in findings] or [entry.severity if entry else Severity.LOW]
    title = findings[0].title if findings else entry.title if entry else name
    worst = max(severities, key=lambda severity: severity.rank)
    return CheckGroup(name, title, worst, max(total, len(findings)), tuple(findings), entry)


def total_findings(result: AuditResult) -> int:
    """All findings, listed or not."""
    return max(sum(result.total.values()), len(result.findings))


def device_in_words(finding: Finding) -> str:
    """The device of a finding and how many others there are; empty where objects of no device are concerned."""
    if finding.device is None:
        return quantity(finding.devices, "device") if finding.devices else ""
    others = finding.devices - 1
    return finding.device.label + (f", and {quantity(others, 'other device')}" if others > 0 else "")


def day_first_seen(finding: Finding) -> str:
    """The local day on which an audit met the finding for the first time; "" where no history is kept."""
    return finding.first_seen.astimezone().date().isoformat() if finding.first_seen else ""


def seconds_in_words(seconds: float) -> str:
    """A duration as people say it.

    >>> seconds_in_words(0.04), seconds_in_words(12.34), seconds_in_words(3725)
    ('0.04 s', '12.3 s', '1 h 2 min')
    """
    if seconds < 100:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def verdict(result: AuditResult) -> str:
    """One sentence: what to do next."""
    if result.crashed:
        crashed = quantity(len(result.crashed), "check")
        return f"This audit is not complete: {crashed} crashed. Report this to tagwise before relying on the rest."
    found = groups(result)
    if found:
        return _start_with(found[0])
    return _without_findings(result)


def _without_findings(result: AuditResult) -> str:
    """What to do where nothing counts."""
    if result.since is not None and result.since.new_only and result.since.known:
        return f"Nothing new; {quantity(result.since.known, 'finding')} known from before."
    if result.counts.unreadable:
        objects = quantity(result.counts.unreadable, "unreadable object")
        return f"No findings in what could be read; look at the {objects} next."
    if not result.counts.instances:
        return "Nothing was audited: the source holds no readable object. Check the path, then scan again."
    if result.not_checkable:
        left_out = quantity(len(result.not_checkable), "check")
        return f"No findings; this source cannot answer {left_out}, so scan the objects themselves to complete it."
    return "No findings: nothing to do."


def _start_with(group: CheckGroup) -> str:
    """What is wrong, how often and by which device; and how to learn what to do about it."""
    found = quantity(group.total, "finding") if group.not_listed else severities_in_words(group.severities)
    if group.page is None:
        return f"Next: look at {group.check} ({found}): {group.title}."
    return f"Start here: {group.title} ({found}{_by_device(group)}). `{group.page}` says how to confirm and fix it."


def _by_device(group: CheckGroup) -> str:
    """The device of most of the worst listed findings; empty where none has more than half of them."""
    worst = [finding for finding in group.findings if finding.severity is group.severity]
    named = Counter(finding.device for finding in worst if finding.device and finding.device.Manufacturer)
    if not named:
        return ""
    device, number = named.most_common(1)[0]
    if 2 * number <= len(worst):
        return ""
    share = "all" if number == len(worst) else "most"
    which = f"the {group.severity} one" if len(worst) == 1 else f"{share} of the {group.severity} ones"
    return f"; {which} on {device.label}"
