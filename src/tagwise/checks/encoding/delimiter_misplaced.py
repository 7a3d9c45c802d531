"""A delimiter or an item stands where none belongs.

## What it finds
Item and sequence delimiters between elements that are in no open item, behind items or sequences whose length says
where they end, or between items; and elements where an item of a sequence should begin.

## Why it matters
A strict reader stops there, and everything behind it is lost. A tolerant one ends the wrong sequence: attributes
change their level, and a value of the object becomes one of an item.

## How to confirm
`dcmdump FILE` warns at the offset that the finding names.

## How to fix
Ask the maker of the writing program to write either lengths or delimiters (PS3.5 section 7.5). Programs that turn one
form into the other and forget half of it are the usual cause. Read the file with a tolerant toolkit, compare the
attributes, and write it anew.

## Not a problem when
- A single sequence delimiter stands behind a sequence with a length, and every reader skips it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import Rewritten
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject, ParseProblem

_FIRST, _LAST = data_set([Given("Modality", "CS", "OT")]), data_set([Given("PatientID", "LO", "1234")])
_END = bytes.fromhex("feffdde0 00000000")
_SEQUENCE = bytes.fromhex("08004011 53510000 0c000000 08005511 55490400 312e3200")


def _repair(problem: ParseProblem, _parsed: ParsedObject) -> Iterator[Repair]:
    """Leave a delimiter out; what stands where an item belongs is lost with any reading, so it is left alone."""
    if problem.kind == "delimiter":
        yield Rewritten("data", problem.message, "left out", problem.element)


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=(
        "delimiter",
        "not-an-item",
    ),
    references=(
        "PS3.5 7.5",
        "PS3.5 7.5.2",
    ),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample("a sequence delimiter between elements", content=part10(_FIRST + _END + _LAST), expect=[""]),
        ObjectExample(
            "an element where an item should begin",
            content=part10(_SEQUENCE + _LAST),
            expect=["ReferencedImageSequence"],
        ),
    ),
    silent=(
        ObjectExample(
            "delimiters where they belong", [Given("ReferencedImageSequence", "SQ", items=[[]], undefined=True)]
        ),
        ObjectExample("no delimiters", [Given("ReferencedImageSequence", "SQ", items=[[]])]),
    ),
)
def delimiter_misplaced(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
