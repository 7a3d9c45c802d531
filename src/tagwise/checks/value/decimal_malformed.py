"""A decimal number is not written as one.

## What it finds
Values of VR DS that are no number in decimal notation: a comma for the decimal point, a unit behind the number,
blanks inside, `NaN` or `inf`, hexadecimal digits, words. Blanks at either end are allowed, an exponent too. Empty
values between backslashes are not judged.

## Why it matters
Geometry and the scaling of pixels are decimals: a Pixel Spacing that cannot be read means no measurement, a Rescale
Slope that one reader takes for 1 means wrong Hounsfield units. `0,5` is read as 0 by some and as 5 by others.

## How to confirm
1. Print the value: `dcmdump +P PixelSpacing FILE`, with the attribute that the finding names.
2. A comma points to a program that formats numbers by the language of its computer. Look whether devices in another
   language setting write a point.

## How to fix
1. Ask the maker of the writing program to format numbers independently of the language (PS3.5 section 6.2). Where the
   value is not a number, the attribute is left empty or left out.
2. Do not replace commas in stored objects by hand: in an attribute of two values the comma may be the backslash that
   is missing.

## Not a problem when
- The attribute is not used by any software that measures or computes. Check this for each attribute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_FORM = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("DS",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a decimal comma", [Given("SliceThickness", "DS", "2,5")], ["SliceThickness"]),
        ObjectExample("a unit behind the number", [Given("KVP", "DS", "120 kV")], ["KVP"]),
        ObjectExample("no number", [Given("RescaleSlope", "DS", "NaN")], ["RescaleSlope"]),
        ObjectExample("the second of two values", [Given("PixelSpacing", "DS", "0.5\\0.5mm")], ["PixelSpacing"]),
    ),
    silent=(
        ObjectExample("an exponent", [Given("RescaleSlope", "DS", "-1.5e-03")]),
        ObjectExample("blanks around each value", [Given("PixelSpacing", "DS", " 0.5 \\ 0.5 ")]),
        ObjectExample("a point at the end and at the start", [Given("PixelSpacing", "DS", "1.\\.5")]),
        ObjectExample("an empty value", [Given("SliceThickness", "DS", "")]),
    ),
)
def decimal_malformed(element: Element) -> str | None:
    """Say which value is no number."""
    for number, value in enumerate(element.strings(), start=1):
        if value and _FORM.fullmatch(value) is None:
            cause = ": it has a comma for the decimal point" if re.fullmatch(r"[+-]?\d*,\d+", value) else ""
            return f"{element.name} is no decimal number in value {number}{cause}"
    return None
