"""A sequence, an item or the fragments of pixel data end without their delimiter.

## What it finds
Sequences and items of undefined length, and encapsulated pixel data, whose delimiter is missing: another element, the
next item or the end of the object stands there. tagwise closes them at that place and reads on.

## Why it matters
Other readers go on looking for the delimiter: they take elements of the object for elements of the item, run to the
end of the file, or stop. Attributes that stand behind the sequence seem to be missing.

## How to confirm
`dcmdump FILE` warns, or prints the attributes behind the sequence one level too deep.

## How to fix
1. Ask the maker of the writing program for the delimiters of PS3.5 section 7.5.2, or to write lengths.
2. If the object ends there, it was cut off: fetch it again.

## Not a problem when
- Only the last delimiter of the object is missing, every reader copes, and nothing is behind it.
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

_OPEN = bytes.fromhex("08004011 53510000 ffffffff")
_ITEM = bytes.fromhex("feff00e0 0c000000 08005511 55490400 312e3200")
_OPEN_ITEM = bytes.fromhex("feff00e0 ffffffff 08005511 55490400 312e3200")
_ITEM_END = bytes.fromhex("feff0de0 00000000")
_END = bytes.fromhex("feffdde0 00000000")
_NEXT = data_set([Given("PatientID", "LO", "1234")])
_PIXELS = bytes.fromhex("e07f1000 4f420000 ffffffff feff00e0 00000000 feff00e0 04000000 ffd8ffd9")


def _repair(problem: ParseProblem, _parsed: ParsedObject) -> Iterator[Repair]:
    """Write the delimiter where the sequence ended in fact."""
    yield Rewritten("data", problem.message, "closed with its delimiter", problem.element)


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("unclosed",),
    references=(
        "PS3.5 7.5.2",
        "PS3.5 A.4",
    ),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "a sequence without a delimiter before the next element",
            content=part10(_OPEN + _ITEM + _NEXT),
            expect=["ReferencedImageSequence"],
        ),
        ObjectExample(
            "an item without a delimiter before the next item",
            content=part10(_OPEN + _OPEN_ITEM + _OPEN_ITEM + _ITEM_END + _END),
            expect=["ReferencedImageSequence"],
        ),
        ObjectExample("fragments without a delimiter", content=part10(_PIXELS), expect=["PixelData"]),
    ),
    silent=(
        ObjectExample(
            "delimiters everywhere",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("SOPInstanceUID", "UI", "1.2")]], undefined=True)],
        ),
        ObjectExample(
            "lengths everywhere",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("SOPInstanceUID", "UI", "1.2")]])],
        ),
        ObjectExample("an empty sequence", [Given("ReferencedImageSequence", "SQ")]),
    ),
)
def sequence_unclosed(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
