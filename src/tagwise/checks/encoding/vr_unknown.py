"""An element has a VR that does not exist.

## What it finds
Elements in explicit VR whose two letters are none of the 34 VRs of PS3.5 section 6.2: typing errors of a writing
program, `??` and blanks where it did not know, damaged bytes. Each data set gives one finding, for the first.

## Why it matters
How many bytes the length has depends on the VR. A reader guesses, and a wrong guess costs the rest of the object.
Strict readers refuse it at once.

## How to confirm
`dcmdump FILE` warns at the offset that the finding names.

## How to fix
1. Ask the maker of the writing program to use UN where it does not know the VR (PS3.5 section 6.2.2).
2. If only few objects have it and the letters look like noise, bytes were damaged: fetch the object again.

## Not a problem when
- The object follows an edition of the standard with a VR newer than tagwise knows; `tagwise --version` shows the
  editions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

_FIRST, _LAST = data_set([Given("Modality", "CS", "OT")]), data_set([Given("PatientID", "LO", "1234")])


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("unknown-vr",),
    references=(
        "PS3.5 6.2",
        "PS3.5 7.1.2",
    ),
    since="0.1.0",
    fires=(
        ObjectExample(
            "two letters that are no VR",
            content=part10(_FIRST + bytes.fromhex("09001100 58580400 61626364") + _LAST),
            expect=["(0009,0011)"],
        ),
        ObjectExample(
            "question marks",
            content=part10(_FIRST + bytes.fromhex("09001100 3f3f0400 61626364") + _LAST),
            expect=["(0009,0011)"],
        ),
    ),
    silent=(
        ObjectExample("UN for what is not known", [Given("00090010", "LO", "maker"), Given("00091001", "UN", b"abcd")]),
        ObjectExample("known VRs", [Given("Modality", "CS", "OT")]),
    ),
)
def vr_unknown(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
