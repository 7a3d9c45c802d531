"""An attribute is there although its condition forbids it.

## What it finds
Attributes of type 1C and 2C whose condition is not met, and for which the standard does not say that they may be
there otherwise; and those that a condition forbids outright.

## Why it matters
Two attributes that exclude each other say two things, and readers choose differently: a code with a short and a long
value, a size given in two ways.

## How to confirm
Look at the attributes that the condition names; conditions are of an older edition than modules, so read the current
sentence in PS3.3 before anything is changed.

## How to fix
1. Have the writing program leave it out.
2. Stored objects: leave it out of copies that a strict receiver refuses; the archive may keep it.

## Not a problem when
- A later edition allows the attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk, _words
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_LUT = [
    Given("LUTDescriptor", "US", (2, 0, 16)),
    Given("ModalityLUTType", "LO", "OD"),
    Given("LUTData", "US", (0, 1)),
]


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.5 7.4",),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a rescale line beside a table that does the same",
            _samples.capture(
                Given("RescaleIntercept", "DS", "0"),
                Given("RescaleSlope", "DS", "1"),
                Given("RescaleType", "LO", "US"),
                Given("ModalityLUTSequence", "SQ", items=[_LUT]),
            ),
            ["RescaleIntercept", "ModalityLUTSequence"],
        ),
    ),
    silent=(
        ObjectExample("neither", _samples.capture()),
        ObjectExample(
            "a rescale line alone",
            _samples.capture(
                Given("RescaleIntercept", "DS", "0"), Given("RescaleSlope", "DS", "1"), Given("RescaleType", "LO", "US")
            ),
        ),
        ObjectExample(
            "Planar Configuration with one sample, about which the standard says nothing",
            _samples.capture(Given("PlanarConfiguration", "US", 0)),
        ),
    ),
)
def attribute_not_allowed(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each and the condition."""
    found = _walk.examined(parsed)
    for one in found.forbidden if found else ():
        element, then = one.element, one.condition.then
        words = "and is forbidden where" if then == "forbidden" else "and belongs there only where"
        told = f"{element.label} is there, {words} {_words.under(one.condition, one.how)}"
        yield Fault(told, element)
