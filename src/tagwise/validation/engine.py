"""Runs checks on one parsed object, in one pass over its elements. What is called for which VR is worked out once."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tagwise.checks.objects import Fault, object_registry
from tagwise.checks.patient_values import HIDDEN, shown
from tagwise.control.selection import EVERYTHING, Selection
from tagwise.findings import Basis, Confidence, Finding, Level, Place, Severity
from tagwise.standard import dictionary, vrs
from tagwise.standard.dictionary import tag_text
from tagwise.validation.objects import NOWHERE, Element
from tagwise.validation.sound import SOUND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tagwise.checks.objects import ObjectCheck
    from tagwise.standard.tags import KnownTag
    from tagwise.validation.objects import ParsedObject

logger = logging.getLogger(__name__)

CRASHED = "engine/check-crashed"

MAX_PER_CHECK = 50
"""Findings of one check on one object that are kept; the last one says how many more there are."""


MAX_SEEN = 8_192
"""Sound elements that are remembered."""

MAX_SEEN_BYTES = 65
"""One more than a value may have to be remembered."""

Judge = tuple["ObjectCheck", "Callable[..., Any]"]

_Key = tuple[int, str, int | bytes]
"""Tag, VR as written, and the value; the length of what has none in memory."""

_OF_BYTES = frozenset(vr for vr, rule in vrs.by_vr().items() if rule.kind != "text")


class Plan:
    """The checks of a selection, arranged by what they look at. It can be shared.

    Between objects it keeps only what it found sound, never what it found wrong: most elements of a series are alike.
    """

    def __init__(self, checks: Iterable[ObjectCheck], selection: Selection) -> None:
        self._selection = selection
        values: defaultdict[str, list[Judge]] = defaultdict(list)
        tags: defaultdict[int, list[Judge]] = defaultdict(list)
        kinds: defaultdict[str, list[Judge]] = defaultdict(list)
        same_tag, elements, data_sets, objects = list[Judge](), list[Judge](), list[Judge](), list[Judge]()
        for check in checks:
            judge = (check, check.judge)
            if check.target == "values":
                for vr in check.vrs:
                    values[vr].append(judge)
                if not check.vrs:
                    for keyword in check.reads:
                        tags[dictionary.by_keyword()[keyword].number].append(judge)
            elif check.target == "problems":
                for kind in check.problems:
                    kinds[kind].append(judge)
            else:
                {"tags": same_tag, "elements": elements, "data sets": data_sets, "object": objects}[
                    check.target
                ].append(judge)
        self._values = {vr: (SOUND.get(vr), tuple(judges)) for vr, judges in values.items()}
        self._tags, self._kinds = dict(tags), dict(kinds)
        self._elements, self._data_sets, self._objects = tuple(elements), tuple(data_sets), tuple(objects)
        self._same_tag = tuple(same_tag)
        self._of_shape = self._concerned  # one object, so that shapes know it again
        # For each VR as written, the tags about which the checks of tag and VR have nothing to say.
        self._sound_tags: dict[str, set[KnownTag]] = {vr: set() for vr in ("", *vrs.by_vr())}
        # Elements about which no check had anything to say, by what alone they judge.
        self._seen: set[_Key] = set()

    def run(self, parsed: ParsedObject, subject: Mapping[str, str], *, show_values: bool = False) -> list[Finding]:
        """The findings of one object: in the order of its bytes, those about the object as a whole first."""
        report = _Report(subject, self._selection, show_values=show_values)
        for problem in parsed.problems:
            for judge in self._kinds.get(problem.kind, ()):
                report.call(judge, problem.element, problem.offset, problem)
        for judge in self._objects:
            report.call(judge, None, None, parsed)
        for data_set in parsed.data_sets() if self._data_sets else ():
            for judge in data_set.shape.ask(self._of_shape):
                report.call(judge, None, data_set.start, data_set, parsed)
        self._each_element(parsed, report)
        return report.done()

    def _concerned(self, tags: tuple[int, ...]) -> tuple[Judge, ...]:
        """The checks of data sets that data sets with these tags, in this order, can concern."""
        return tuple(judge for judge in self._data_sets if judge[0].concerns is None or judge[0].concerns(tags))

    def _each_element(self, parsed: ParsedObject, report: _Report) -> None:
        """The hot loop: an element that was seen before, with the same value, costs one look into a set."""
        seen = set[_Key]() if parsed.big_endian or parsed.meta.big_endian else self._seen
        for element in parsed.elements:
            raw = element.raw
            key = (element.tag, element.written, element.length if raw is None else raw[:MAX_SEEN_BYTES])
            if key in seen:
                continue
            before = report.number
            self._element(element, report)
            if report.number == before and _is_alike(element):
                if len(seen) >= MAX_SEEN:
                    seen.clear()
                seen.add(key)

    def _element(self, element: Element, report: _Report) -> None:
        """Ask the checks of every element, of tag and VR, and of values where one is not sound at a glance."""
        for judge in self._elements:
            try:  # as `report.call`, without the cost of a call
                told = judge[1](element)
            except Exception as error:  # noqa: BLE001 - a check that crashes is a finding, never a lost report
                report.crash(judge[0], error, element)
            else:
                if told is not None:
                    report.take(judge[0], told, element, element.offset)
        if element.known not in self._sound_tags.get(element.written, ()):
            self._tag(element, self._same_tag, report)
        raw = element.raw
        if not raw:
            return
        element = element if element.vr != "UN" else _as_text(element)
        is_sound, judges = self._values.get(element.vr, (None, ()))
        if judges and not (is_sound is not None and is_sound(raw)):
            for judge in judges:
                report.call(judge, element, element.offset, element)
        for judge in self._tags.get(element.tag, ()):
            report.call(judge, element, element.offset, element)

    def _tag(self, element: Element, judges: Iterable[Judge], report: _Report) -> None:
        """Ask the checks of tag and VR, and remember where they have nothing to say."""
        before = report.number
        for judge in judges:
            report.call(judge, element, element.offset, element)
        if report.number == before and element.written in self._sound_tags:
            self._sound_tags[element.written].add(element.known)


class _Report:
    """Collects the findings of one object."""

    def __init__(self, subject: Mapping[str, str], selection: Selection, *, show_values: bool) -> None:
        self._subject, self._selection, self._show_values = subject, selection, show_values
        self._findings: list[Finding] = []
        self._counts: defaultdict[str, int] = defaultdict(int)
        self.number = 0
        self._crashed: set[str] = set()

    def call(self, judge: Judge, element: Element | None, offset: int | None, *arguments: object) -> None:
        """Ask one check; one that crashes becomes a finding, once for each object."""
        check, function = judge
        try:
            told = function(*arguments)
            if told is not None:
                self.take(check, told, element, offset)
        except Exception as error:  # noqa: BLE001 - a check that crashes is a finding, never a lost report
            self.crash(check, error, element)

    def take(self, check: ObjectCheck, told: Any, element: Element | None, offset: int | None) -> None:
        """Turn what a check returned into findings."""
        if isinstance(told, str):
            told = (Fault(told),)
        elif isinstance(told, Fault):
            told = (told,)
        for fault in told:
            self.number += 1
            self._add(check, fault, fault.at or element, fault.offset if fault.offset is not None else offset)

    def _add(self, check: ObjectCheck, fault: Fault, element: Element | None, offset: int | None) -> None:
        finding = Finding(
            check=check.name,
            title=check.title,
            severity=self._selection.severity(check, fault.severity or check.severity),
            confidence=check.confidence,
            basis=check.basis,
            level=Level.INSTANCE,
            subject=self._subject,
            message=fault.message,
            evidence={
                column: shown(column, value, show_values=self._show_values)
                for column, value in (*fault.evidence.items(), *self._value(check, element))
            },
            place=_place(element, fault.at, offset),
        )
        if self._selection.keeps(finding):
            self._counts[check.name] += 1
            if self._counts[check.name] <= MAX_PER_CHECK:
                self._findings.append(finding)

    def _value(self, check: ObjectCheck, element: Element | None) -> Iterable[tuple[str, str]]:
        """The value that a check of values judged, under a name that ends in its keyword."""
        if check.target != "values" or element is None or not element.raw:
            return ()
        text = element.raw[:256].decode("latin-1")
        if element.known.keyword:
            return ((f"value_{element.known.keyword}", text),)
        return (("value", text if self._show_values else HIDDEN),)

    def crash(self, check: ObjectCheck, error: Exception, element: Element | None) -> None:
        """Note a check that crashed, once for each object."""
        self.number += 1
        if check.name in self._crashed:
            return
        self._crashed.add(check.name)
        logger.error("check %s crashed with %s", check.name, type(error).__name__, exc_info=self._show_values)
        message = (
            f"{check.name} stopped with {type(error).__name__}; what it would have found in this object is missing"
        )
        self._findings.append(
            Finding(
                *(CRASHED, "A check could not finish", Severity.HIGH, Confidence.HIGH, Basis.PRACTICE, Level.INSTANCE),
                *(self._subject, message),
                evidence={"check": check.name},
                place=_place(element, element, None),
            )
        )

    def done(self) -> list[Finding]:
        """The findings in order, with a note for each check that had more than are kept."""
        findings = self._findings
        findings.sort(key=lambda finding: (finding.place is not None and finding.place.offset) or 0)
        for name, number in self._counts.items():
            if number > MAX_PER_CHECK:
                last = max(index for index, finding in enumerate(findings) if finding.check == name)
                kept = findings[last]
                more = f"{kept.message} (and {number - MAX_PER_CHECK:,} more of this kind in the object)"
                findings[last] = replace(kept, message=more)
        return findings


def _as_text(element: Element) -> Element:
    """An element with VR UN as the dictionary knows it: text is text all the same (PS3.5 6.2.2 note 2)."""
    if element.known.vr in _OF_BYTES:
        return element
    head = (element.tag, element.known, element.known.vr, element.written, element.offset, element.start)
    return Element(*head, element.length, element.raw, element.inside)


def _is_alike(element: Element) -> bool:
    """Whether every element with its tag, VR and value is judged alike, whatever the character set around it."""
    raw = element.raw
    if element.vr != (element.written or element.known.vr) or element.vr == "UN":
        return False
    if raw is None:
        return True
    return len(raw) < MAX_SEEN_BYTES and (element.vr in _OF_BYTES or (raw.isascii() and b"\x1b" not in raw))


def _place(element: Element | None, named: Element | None, offset: int | None) -> Place:
    if element is None:
        return Place(offset=offset)
    at = element.offset if named is not None else offset
    return Place(element.path, tag_text(element.tag), None if at == NOWHERE else at)


@lru_cache(maxsize=16)
def plan(selection: Selection = EVERYTHING) -> Plan:
    """The plan of a selection, worked out once."""
    return Plan((check for check in object_registry().values() if selection.runs(check)), selection)
