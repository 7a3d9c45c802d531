"""An element of undefined length is of a VR that cannot have it.

## What it finds
Elements with length FFFFFFFFH whose VR is neither SQ nor UN and which are no encapsulated pixel data.

## Why it matters
Nothing tells where such a value ends. Readers look for a delimiter through the rest of the object, or stop.

## How to confirm
`dcmdump FILE` reports the element at the offset that the finding names.

## How to fix
Ask the maker of the writing program; streaming writers that do not know the length beforehand use it where they must
not. An object at hand can only be repaired if the value consists of items.

## Not a problem when
- Nothing: PS3.5 section 7.1 allows it nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import NewVr
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject, ParseProblem


def _repair(problem: ParseProblem, _parsed: ParsedObject) -> Iterator[Repair]:
    """Call it the sequence that it is, where the dictionary has a sequence there and items were found."""
    element = problem.element
    if element is not None and element.items is not None and element.written and element.known.vr == "SQ":
        yield NewVr(element, "SQ")


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("undefined-length",),
    references=(
        "PS3.5 7.1",
        "PS3.5 7.1.1",
    ),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "a text of undefined length",
            content=part10(bytes.fromhex("08008010 55540000 ffffffff 61626364 00000000")),
            expect=["AdmittingDiagnosesDescription"],
        ),
    ),
    silent=(
        ObjectExample("a sequence of undefined length", [Given("ReferencedImageSequence", "SQ", undefined=True)]),
        ObjectExample(
            "encapsulated pixel data",
            content=part10(bytes.fromhex("e07f1000 4f420000 ffffffff feff00e0 00000000 feffdde0 00000000")),
        ),
    ),
)
def undefined_length_wrong(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
