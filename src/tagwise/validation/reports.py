"""Results of `tagwise check` for a person at a terminal, and as JSON (docs/check-json.md)."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

from tagwise import __version__
from tagwise.control.ruling import SetAside
from tagwise.findings import WORST_FIRST, Severity, severities_in_words
from tagwise.printable import encodable, escape_hidden_in_json, printable
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.findings import Finding, Place
    from tagwise.validation.result import CheckResult

    class Paint(Protocol):
        """Puts a text into styles, `bold` and the colours of a terminal."""

        def __call__(self, text: str, *styles: str) -> str: ...

    class Extra(Protocol):
        """What was done with, or asked about, an object besides checking it: a repair, a preflight."""

        def lines(self, paint: Paint, width: int) -> Iterator[str]:
            """For a terminal, below the name of the object; nothing where there is nothing to say."""

        def document(self) -> dict[str, Any]:
            """Its part of the JSON; keys that several have are lists."""

        def advice(self, check: str) -> str:
            """What to say below the findings of a check, "" for nothing."""

        def tally(self) -> str:
            """The word under which it is counted, "" where it is not."""

        def exit_code(self, fail_on: Severity) -> int:
            """As for `CheckResult`."""


FORMAT = 1
_INK = {Severity.HIGH: ("red", "bold"), Severity.MEDIUM: ("yellow",), Severity.LOW: ("blue",)}
_COLUMN = 8


def lines(result: CheckResult, paint: Paint, width: int, limit: int, extra: Sequence[Extra] = ()) -> Iterator[str]:
    """The findings of one object below its name, by check, the worst first; nothing where there are none.

    Args:
        limit: The most findings of one check that are listed; the rest is counted.
        extra: What else there is to say about the object; it stands in front of the findings.
    """
    more = [line for one in extra for line in one.lines(paint, width)]
    if not result.findings and not more:
        return
    yield paint(printable(result.source), "bold")
    yield from more
    for group in _by_check(result.findings):
        worst = max((finding.severity for finding in group), key=lambda severity: severity.rank)
        number = f" ({len(group):,} findings)" if len(group) > 1 else ""
        yield f"  {paint(worst.value.ljust(_COLUMN), *_INK[worst])}{group[0].check}{number}: {group[0].title}"
        for finding in group[:limit]:
            yield from wrapped(_sentence(finding), width, " " * (_COLUMN + 2))
        if len(group) > limit:
            yield f"{' ' * (_COLUMN + 2)}… and {len(group) - limit:,} more"
        for advice in (one.advice(group[0].check) for one in extra):
            yield from wrapped(advice, width, " " * (_COLUMN + 2)) if advice else ()
    yield ""


def _sentence(finding: Finding) -> str:
    """Where and what. A message that starts with the name of its element gets the whole path and the byte instead."""
    place = finding.place
    message = printable(finding.message)
    if place is None or not place.attribute:
        return message
    path = printable(_path(place))
    if place.offset is not None and "at byte" not in message:
        path = f"{path} at byte {place.offset:,}"
    name = place.attribute.rpartition(".")[2]
    for start in (f"{name} {place.tag}", name):
        if message.startswith(start):
            return f"{path}{message.removeprefix(start)}"
    return f"{path}: {message}"


def place_words(finding: Finding) -> str:
    """Where in its object a finding is: the path of the element, its tag, its byte; "" for the object as a whole."""
    place = finding.place
    if place is None:
        return ""
    at = "" if place.offset is None else f"byte {place.offset:,}"
    return ", ".join(filter(None, (_path(place), at)))


def _path(place: Place) -> str:
    return f"{place.attribute} {place.tag}" if place.tag and place.tag not in place.attribute else place.attribute


def wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    """A text in lines of at most `width` columns."""
    line = indent
    for word in text.split(" "):
        if len(line) > len(indent) and len(line) + 1 + len(word) > width:
            yield line
            line = indent
        line = f"{line} {word}" if len(line) > len(indent) else f"{line}{word}"
    yield line


def _by_check(findings: Iterable[Finding]) -> list[list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.check, []).append(finding)
    return sorted(groups.values(), key=lambda group: (-max(f.severity.rank for f in group), group[0].check))


class Tally:
    """What several results come to; it keeps counts, not findings, so that a million files can be checked."""

    def __init__(self) -> None:
        self.objects = 0
        self.severities: Counter[Severity] = Counter()
        self.checks: Counter[str] = Counter()
        self.extras: Counter[str] = Counter()
        self._worst: dict[str, int] = {}

    def add(self, result: CheckResult, extra: Iterable[Extra] = ()) -> None:
        """Count one result."""
        self.extras.update(filter(None, (one.tally() for one in extra)))
        self.objects += 1
        for finding in result.findings:
            self.severities[finding.severity] += 1
            self.checks[finding.check] += 1
            self._worst[finding.check] = max(finding.severity.rank, self._worst.get(finding.check, 0))

    def verdict(self) -> str:
        """The last line: how much was found, and where to read on."""
        objects = quantity(self.objects, "object")
        objects += "".join(f", {number:,} {word}" for word, number in sorted(self.extras.items()))
        if not self.severities:
            return f"{objects}, no findings"
        number = self.severities.total()
        graded = severities_in_words(self.severities)
        found = f"{objects}, {quantity(number, 'finding')} ({graded})"
        first = min(self.checks, key=lambda name: (-self._worst[name], -self.checks[name], name))
        if first.startswith("engine/"):
            return f"{found}. A check crashed: report it to tagwise, and do not rely on the rest."
        return f"{found}. `tagwise show {first}` explains the first to look at."


def document(result: CheckResult, extra: Iterable[Extra] = ()) -> dict[str, Any]:
    """One result as a structure."""
    found: dict[str, Any] = {
        "source": encodable(result.source),
        "SOPInstanceUID": result.SOPInstanceUID,
        "TransferSyntaxUID": result.TransferSyntaxUID,
        "complete": result.complete,
        "elements": result.elements,
        "undecided": result.undecided,
        "findings": [_finding(finding) for finding in result.findings],
        "set_aside": [
            _finding(finding) | {"status": finding.status.value, "reason": finding.reason}
            for finding in result.set_aside
        ],
    }
    for one in extra:
        for key, value in one.document().items():
            found[key] = [*found.get(key, []), *value] if isinstance(value, list) else value
    return found


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "basis": finding.basis.value,
        "attribute": place.attribute if place else "",
        "tag": place.tag if place else None,
        "offset": place.offset if place else None,
        "message": finding.message,
        "evidence": dict(finding.evidence),
        "page": finding.page,
    }


def json_head() -> str:
    """What stands before the objects of a JSON report."""
    return f'{{\n "tool": "tagwise {__version__}",\n "format": {FORMAT},\n "objects": ['


def json_object(result: CheckResult, extra: Iterable[Extra] = ()) -> str:
    """One object of a JSON report."""
    return escape_hidden_in_json(json.dumps(document(result, extra), indent=1, ensure_ascii=False))


def json_tail(tally: Tally, aside: SetAside | None = None) -> str:
    """What stands behind the objects of a JSON report."""
    told = (aside or SetAside()).to_dict()
    total = {severity.value: tally.severities[severity] for severity in WORST_FIRST}
    ending = f'"total": {json.dumps(total)},\n "set_aside": {json.dumps(told, ensure_ascii=False)}'
    return escape_hidden_in_json(f'],\n "checked": {tally.objects},\n {ending}\n}}')


def dumps(results: Sequence[CheckResult]) -> str:
    """Results as one JSON document."""
    tally = Tally()
    for result in results:
        tally.add(result)
    return json_head() + ",\n".join(map(json_object, results)) + json_tail(tally)
