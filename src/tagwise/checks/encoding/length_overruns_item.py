"""An element is longer than its item, or an item longer than its sequence.

## What it finds
Lengths that contradict each other: an element claims more bytes than its item has left, or an item more than its
sequence. tagwise takes the length behind which another element can begin, and says which one it did not believe.

## Why it matters
Readers choose differently: one cuts the value, one lets it run into the next item, one stops. The attributes behind
it differ from system to system.

## How to confirm
`dcmdump FILE` warns at the offset that the finding names.

## How to fix
Find the program that changed a value inside a sequence without changing the lengths around it: anonymizers and
scripts that replace bytes do. Then write the object anew from its source; a repaired copy needs a look at every
attribute of the sequence.

## Not a problem when
- Nothing: at least one reader gets it wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

_SEQUENCE = bytes.fromhex("08004011 53510000 14000000 feff00e0 0c000000 08005511 55490800 312e3200")
_ITEM = bytes.fromhex("08004011 53510000 12000000 feff00e0 0c000000 08005511 55490400 312e3200")
_LAST = data_set([Given("PatientID", "LO", "1234")])


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("overrun",),
    references=("PS3.5 7.5",),
    since="0.1.0",
    fires=(
        ObjectExample(
            "an element that ends behind its item",
            content=part10(_SEQUENCE + _LAST),
            expect=["ReferencedImageSequence[1].ReferencedSOPInstanceUID"],
        ),
        ObjectExample(
            "an item that ends behind its sequence", content=part10(_ITEM + _LAST), expect=["ReferencedImageSequence"]
        ),
    ),
    silent=(
        ObjectExample(
            "lengths that fit", [Given("ReferencedImageSequence", "SQ", items=[[Given("PatientID", "LO", "12")]])]
        ),
        ObjectExample(
            "undefined lengths",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("PatientID", "LO", "12")]], undefined=True)],
        ),
    ),
)
def length_overruns_item(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
