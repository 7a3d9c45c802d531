"""A number that is written as text is not written as one.

## What it finds
Values of VR DS that are no number in decimal notation: a comma for the decimal point, a unit behind the number,
blanks inside, `NaN` or `inf`, hexadecimal digits, words. Values of VR IS that are anything but digits with a sign:
1.0, 1e3, 12A, #4. Blanks at either end are allowed, in DS an exponent too. Empty values between backslashes are not
judged.

In an archive it finds the decimal comma, in the attributes that checks on geometry and pixel values read: Instance
Number, Image Position (Patient), Image Orientation (Patient), Slice Thickness, Pixel Spacing, Rescale Slope and Rescale
Intercept. A number that cannot be read is left out there.

Numbers that are written well have checks of their own: `value/too-long` for 17 and more characters,
`value/integer-out-of-range` for whole numbers beyond 31 bits.

## Why it matters
Geometry and the scaling of pixels are decimals: a Pixel Spacing that cannot be read means no measurement, a Rescale
Slope that one reader takes for 1 means wrong Hounsfield units. `0,5` is read as 0 by some and as 5 by others. Instance
Number and Number of Frames decide order and size: a reader that refuses `1.0` for the number of frames refuses the
object, one that falls back on 1 loses the others.

## How to confirm
1. Print the value: `dcmdump +P PixelSpacing FILE`, with the attribute that the finding names.
2. A comma points to a program that formats numbers by the language of its computer. Look whether devices in another
   language setting write a point. A point in a whole number shows that it was a decimal in the program that wrote it.

## How to fix
1. Ask the maker of the writing program to format numbers independently of the language, whole ones with digits only
   (PS3.5 section 6.2). Where the value is not a number, the attribute is left empty or left out.
2. Do not replace commas in stored objects by hand where the attribute may have several values: the comma may be the
   backslash that is missing. Where it has a fixed number of values, as Pixel Spacing, a point is safe.
3. A whole number like 4.0 can be corrected to 4. One with letters belongs into another attribute: Series Description
   or Acquisition Number are where people look for it.

## Not a problem when
- The attribute is not used by any software that measures, computes, sorts or counts. Check this for each attribute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.geometry._slices import THE_SERIES, even, slices
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.value._numbers import LIMITS, grouped
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_FORMS = {"DS": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"), "IS": re.compile(r"[+-]?\d+")}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SeriesInstanceUID", "SOPInstanceUID", *LIMITS),
    sql=grouped(" OR ".join(f"{keyword} LIKE '%,%'" for keyword in LIMITS), ""),
    references=("PS3.5 6.2",),
    sources=(
        Source("https://github.com/pydicom/pydicom/issues/1632", "2026-11-23"),
        Source("https://github.com/tomaroberts/nii2dcm/issues/48", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=(
        "encoding/number-malformed",
        "encoding/vr-value-invalid",
        "value/decimal-malformed",
        "value/integer-malformed",
    ),
    fires=(
        Example("a spacing with decimal commas", slices(even(2), PixelSpacing="0,9\\0,9"), [THE_SERIES]),
        Example("a slope with a decimal comma", slices(even(2), RescaleSlope="1,5"), [THE_SERIES]),
    ),
    silent=(
        Example("plain numbers", slices(even(2))),
        Example("an exponent", slices(even(2), RescaleSlope="1.02609e-08")),
        Example("a slope of 20 characters", slices(even(2), RescaleSlope="0.33333333333333333333")),
    ),
)
def number_malformed(row: Mapping[str, EvidenceValue]) -> str:
    """Count the objects, and name one."""
    return f"numbers with a decimal comma (objects: {row['objects']}), for example in {row['example_SOPInstanceUID']}"


@object_form(
    number_malformed,
    target="values",
    vrs=("DS", "IS"),
    fires=(
        ObjectExample("a decimal comma", [Given("SliceThickness", "DS", "2,5")], ["SliceThickness"]),
        ObjectExample("a unit behind the number", [Given("KVP", "DS", "120 kV")], ["KVP"]),
        ObjectExample("no number", [Given("RescaleSlope", "DS", "NaN")], ["RescaleSlope"]),
        ObjectExample("the second of two values", [Given("PixelSpacing", "DS", "0.5\\0.5mm")], ["PixelSpacing"]),
        ObjectExample("a decimal for a whole number", [Given("InstanceNumber", "IS", "1.0")], ["InstanceNumber"]),
        ObjectExample("a whole number with an exponent", [Given("NumberOfFrames", "IS", "1e3")], ["NumberOfFrames"]),
        ObjectExample("letters", [Given("SeriesNumber", "IS", "12A")], ["SeriesNumber"]),
    ),
    silent=(
        ObjectExample("an exponent", [Given("RescaleSlope", "DS", "-1.5e-03")]),
        ObjectExample("blanks around each value", [Given("PixelSpacing", "DS", " 0.5 \\ 0.5 ")]),
        ObjectExample("a point at the end and at the start", [Given("PixelSpacing", "DS", "1.\\.5")]),
        ObjectExample("an empty value", [Given("SliceThickness", "DS", "")]),
        ObjectExample("a sign and blanks around", [Given("InstanceNumber", "IS", " -4 ")]),
        ObjectExample("leading zeros", [Given("SeriesNumber", "IS", "0007")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Say which value is no number."""
    form = _FORMS[element.vr]
    for number, value in enumerate(element.strings(), start=1):
        if value and form.fullmatch(value) is None:
            if element.vr == "IS":
                return f"{element.name} is no whole number in value {number}: only digits and a sign are allowed"
            cause = ": it has a comma for the decimal point" if re.fullmatch(r"[+-]?\d*,\d+", value) else ""
            return f"{element.name} is no decimal number in value {number}{cause}"
    return None
