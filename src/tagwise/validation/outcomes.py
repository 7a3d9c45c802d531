"""What `--fix` and `--target` add to the report of an object, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge.target_rules import EFFECTS
from tagwise.printable import encodable, printable
from tagwise.quantities import quantity
from tagwise.validation.fixing import decision
from tagwise.validation.reports import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.findings import Severity
    from tagwise.validation.fixing import Change, FixResult
    from tagwise.validation.reports import Paint
    from tagwise.validation.targets import Preflight

_INDENT = " " * 10
_MOST = 20
"""Changes that a terminal shows; JSON has all."""


class Repaired(NamedTuple):
    """A repair, and where its copy went: "" where none was written."""

    fixed: FixResult
    written: str

    def lines(self, paint: Paint, width: int) -> Iterator[str]:
        """Where the copy is and every change in it, or why there is none."""
        changes, reason, spared = self.fixed.changes, self.fixed.not_fixed, len(self.fixed.waived)
        if self.written:
            number = quantity(len(changes), "change")
            yield f"  {paint('fixed   ', 'green')}{number}, the copy is {printable(self.written)}"
        for change in changes[:_MOST]:
            yield from wrapped(printable(_sentence(change)), width, _INDENT)
        if len(changes) > _MOST:
            yield f"{_INDENT}… and {len(changes) - _MOST:,} more changes; --format json lists all"
        if spared:
            yield f"  {paint('waived  ', 'yellow')}{spared:,} change{'' if spared == 1 else 's'} not made"
        if reason:
            yield f"  {paint('not fixed', 'yellow')}"
            yield from wrapped(printable(reason), width, _INDENT)
        elif not changes and not spared and self.fixed.remaining:
            yield "  nothing here can be repaired without a decision; no copy was written"

    def document(self) -> dict[str, Any]:
        """Every change, and what to do about the findings that are left, by check."""
        left = dict.fromkeys(finding.check for finding in self.fixed.remaining)
        return {
            "fix": {
                "written": encodable(self.written) or None,
                "changes": [change._asdict() for change in self.fixed.changes],
                "waived": [change._asdict() for change in self.fixed.waived],
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


_VERDICT_INK = {"refused": ("red", "bold"), "unclear": ("red", "bold"), "altered": ("yellow",), "accepted": ("green",)}


class Judged(NamedTuple):
    """The verdict of one destination."""

    preflight: Preflight

    def lines(self, paint: Paint, width: int) -> Iterator[str]:
        """The verdict, then what happens, the worst first, each with its source and date."""
        judged = self.preflight
        yield f"  {paint(judged.verdict.ljust(10), *_VERDICT_INK[judged.verdict])}{judged.target}: {judged.name}"
        for effect in sorted(judged.effects, key=lambda one: -EFFECTS.index(one.effect)):
            attribute = f"{printable(effect.attribute)}: " if effect.attribute else ""
            inferred = " [inferred: no source states it]" if effect.inferred else ""
            disagrees = f" (elsewhere: {effect.disagrees})" if effect.disagrees else ""
            told = f"{effect.effect}: {attribute}{printable(effect.message)}{inferred}{disagrees}"
            yield from wrapped(told, width, _INDENT)
            for source in effect.sources:
                yield f"{_INDENT}  {source.url} ({source.when})"

    def document(self) -> dict[str, Any]:
        """Verdict and effects."""
        judged = self.preflight
        effects = [
            {
                "effect": one.effect,
                "attribute": one.attribute,
                "message": one.message,
                "inferred": one.inferred,
                "disagrees": one.disagrees,
                "sources": [
                    {"url": source.url, "dated": source.dated, "taken": source.taken} for source in one.sources
                ],
            }
            for one in judged.effects
        ]
        return {"targets": [{"target": judged.target, "verdict": judged.verdict, "effects": effects}]}

    def advice(self, _check: str) -> str:
        """Nothing: the findings have their pages."""
        return ""

    def tally(self) -> str:
        """The verdict with its destination."""
        return f"{self.preflight.verdict} by {self.preflight.target}"

    def exit_code(self, fail_on: Severity) -> int:
        """As its verdict."""
        return self.preflight.exit_code(fail_on)
