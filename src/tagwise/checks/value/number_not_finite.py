"""A floating point number is NaN or infinite.

## What it finds
Values of VR FL and FD that are no number (NaN) or infinite. PS3.5 allows them in general, but no attribute of an
image, a dose or a geometry means one. Bulk data (OF, OD) is not looked at: parametric maps use NaN for pixels without
a value.

## Why it matters
Every computation with the value gives NaN: a mean, a dose, a position is gone without an error. JSON has no such
number, so that DICOMweb gateways fail or write something that others cannot read.

## How to confirm
`dcmdump +P RealWorldValueSlope FILE`, with the attribute that the finding names, prints nan or inf.

## How to fix
Ask the maker of the writing program to leave the attribute out, or empty, where there is no value: a division by zero
stands behind most of them.

## Not a problem when
- A private attribute uses NaN as its sign for "not measured".
"""

from __future__ import annotations

import math
from struct import iter_unpack
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_CODES = {"FL": ("f", 4), "FD": ("d", 8)}


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    target="values",
    vrs=("FL", "FD"),
    references=("PS3.5 6.2", "PS3.18 F.2.3"),
    since="0.1.0",
    fires=(
        ObjectExample("no number", [Given("RealWorldValueSlope", "FD", float("nan"))], ["RealWorldValueSlope"]),
        ObjectExample(
            "an infinite number",
            [Given("ContrastBolusT1Relaxivity", "FL", float("inf"))],
            ["ContrastBolusT1Relaxivity"],
        ),
    ),
    silent=(
        ObjectExample("a number", [Given("RealWorldValueSlope", "FD", 0.5)]),
        ObjectExample("zero", [Given("RealWorldValueSlope", "FD", 0.0)]),
    ),
)
def number_not_finite(element: Element) -> str | None:
    """Say which value it is."""
    code, size = _CODES[element.vr]
    raw = element.raw or b""
    order = ">" if element.inside.big_endian else "<"
    for number, (value,) in enumerate(iter_unpack(order + code, raw[: len(raw) // size * size]), start=1):
        if not math.isfinite(value):
            return f"{element.name} has {'no number' if math.isnan(value) else 'an infinite number'} in value {number}"
    return None
