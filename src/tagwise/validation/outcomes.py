"""What `--fix` and `--target` add to the report of an object, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.printable import encodable, printable
from tagwise.validation.fixing import decision
from tagwise.validation.reports import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.findings import Severity
    from tagwise.validation.fixing import Change, FixResult
    from tagwise.validation.reports import Paint

_INDENT = " " * 10
_MOST = 20
"""Changes that a terminal shows; JSON has all."""


class Repaired(NamedTuple):
    """A repair, and where its copy went: "" where none was written."""

    fixed: FixResult
    written: str

    def lines(self, paint: Paint, width: int) -> Iterator[str]:
        """Where the copy is and every change in it, or why there is none."""
        changes, reason = self.fixed.changes, self.fixed.not_fixed
        if self.written:
            number = f"{len(changes):,} change{'' if len(changes) == 1 else 's'}"
            yield f"  {paint('fixed   ', 'green')}{number}, the copy is {printable(self.written)}"
        for change in changes[:_MOST]:
            yield from wrapped(printable(_sentence(change)), width, _INDENT)
        if len(changes) > _MOST:
            yield f"{_INDENT}… and {len(changes) - _MOST:,} more changes; --format json lists all"
        if reason:
            yield f"  {paint('not fixed', 'yellow')}"
            yield from wrapped(printable(reason), width, _INDENT)
        elif not changes and self.fixed.remaining:
            yield "  nothing here can be repaired without a decision; no copy was written"

    def document(self) -> dict[str, Any]:
        """Every change, and what to do about the findings that are left, by check."""
        left = dict.fromkeys(finding.check for finding in self.fixed.remaining)
        return {
            "fix": {
                "written": encodable(self.written) or None,
                "changes": [change._asdict() for change in self.fixed.changes],
                "not_fixed": self.fixed.not_fixed or None,
                "decide": {check: decision(check) for check in left},
            }
        }

    def advice(self, check: str) -> str:
        """The first step of the page."""
        step = decision(check)
        return f"to decide: {step}" if step else ""

    def tally(self) -> str:
        """Whether it was fixed."""
        return "fixed" if self.written else "not fixed" if self.fixed.not_fixed else ""

    def exit_code(self, _fail_on: Severity) -> int:
        """The findings that are left decide, not the repair."""
        return 0


def _sentence(change: Change) -> str:
    place = change.attribute
    if change.tag and change.tag not in place:
        place = f"{place} {change.tag}"
    return f"{place}{': ' if place else ''}{change.was} → {change.now} ({change.check})"
