"""Whether a finding counts: new, known from a baseline, or waived. One ruling is one run, and keeps its counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tagwise.control import baseline
from tagwise.control.selection import ENGINE
from tagwise.findings import Status
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tagwise.control.baseline import Key
    from tagwise.control.waivers import Waiver
    from tagwise.findings import Finding


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver, how many findings it took away, and whether its date has passed, after which it takes away none."""

    waiver: Waiver
    findings: int
    expired: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """What a report says about findings that do not count. `gone` are those of the baseline that were not met again."""

    known: int = 0
    waived: int = 0
    gone: int | None = None
    waivers: tuple[WaiverUse, ...] = ()

    @property
    def total(self) -> int:
        """Findings that do not count."""
        return self.known + self.waived

    def to_dict(self) -> dict[str, Any]:
        """The counts and the waivers for JSON."""
        return {
            "known": self.known,
            "waived": self.waived,
            "gone": self.gone,
            "waivers": [
                {
                    "check": use.waiver.check,
                    "uid": use.waiver.uid,
                    "path": use.waiver.path,
                    "attribute": use.waiver.attribute,
                    "device": use.waiver.device,
                    "reason": use.waiver.reason,
                    "until": use.waiver.until.isoformat() if use.waiver.until else None,
                    "findings": use.findings,
                    "expired": use.expired,
                }
                for use in self.waivers
            ],
        }

    def sentences(self) -> Iterable[str]:
        """One sentence for each thing that somebody should know; none where nothing was set aside."""
        if self.known:
            yield f"{quantity(self.known, 'finding')} known from the baseline"
        if self.gone:
            yield f"{quantity(self.gone, 'finding')} of the baseline not met again"
        for use in self.waivers:
            words = use.waiver.described
            if use.expired:
                yield f"expired on {use.waiver.until}, no longer applied: waiver of {words}"
            elif not use.findings:
                yield f"without effect: waiver of {words}"
            else:
                end = f", until {use.waiver.until}" if use.waiver.until else ""
                yield f"{quantity(use.findings, 'finding')} waived: {words} ({use.waiver.reason}{end})"


class Ruling:
    """Rules on findings one by one, in their order: a baseline knows how many of a kind there were.

    Args:
        today: The day for which waivers are judged.
        known: How many findings of each key are in the baseline; None where there is none.
        records: Whether findings are noted down for a new baseline.
    """

    def __init__(
        self,
        waivers: Iterable[Waiver] = (),
        known: Mapping[Key, int] | None = None,
        *,
        today: date,
        records: bool = False,
    ) -> None:
        self._waivers = tuple(waivers)
        self._today = today
        self._left = None if known is None else Counter(known)
        self._used = [0] * len(self._waivers)
        self._active = [(place, waiver) for place, waiver in enumerate(self._waivers) if not waiver.expired(today)]
        self._records = records
        self._number: Counter[Status] = Counter()
        self.recorded: Counter[Key] = Counter()

    @property
    def is_idle(self) -> bool:
        """Whether every finding is new and nothing is noted down."""
        return not self._active and self._left is None and not self._records

    def waives(self, finding: Finding) -> bool:
        """Whether a waiver that still holds accepts the finding; it is not counted."""
        return not finding.check.startswith(f"{ENGINE}/") and any(one.covers(finding) for _, one in self._active)

    @property
    def has_waivers(self) -> bool:
        """Whether any waiver holds today."""
        return bool(self._active)

    def rule(self, finding: Finding) -> Finding:
        """The finding with its status. What the engine says about itself always counts."""
        if self.is_idle or finding.check.startswith(f"{ENGINE}/"):
            return finding
        for place, waiver in self._active:
            if waiver.covers(finding):
                self._used[place] += 1
                self._number[Status.WAIVED] += 1
                return replace(finding, status=Status.WAIVED, reason=waiver.reason)
        if self._records:
            self.recorded[baseline.key(finding)] += 1
        if self._left is None:
            return finding
        key = baseline.key(finding)
        if self._left[key] <= 0:
            return finding
        self._left[key] -= 1
        self._number[Status.KNOWN] += 1
        return replace(finding, status=Status.KNOWN)

    def summary(self) -> SetAside:
        """What was set aside so far."""
        uses = (
            WaiverUse(waiver, number, waiver.expired(self._today))
            for waiver, number in zip(self._waivers, self._used, strict=True)
        )
        return SetAside(
            known=self._number[Status.KNOWN],
            waived=self._number[Status.WAIVED],
            gone=None if self._left is None else sum(number for number in self._left.values() if number > 0),
            waivers=tuple(uses),
        )
