"""A whole number is not written as one.

## What it finds
Values of VR IS that are anything but digits with a sign: 1.0, 1e3, 12A, #4, words. Blanks at either end are allowed.
Numbers that are written well but too large are found by `value/integer-out-of-range`.

## Why it matters
Instance Number and Number of Frames decide order and size: a reader that refuses `1.0` for the number of frames
refuses the object, one that stops at the point takes 1, one that falls back on 1 loses the others.

## How to confirm
Print the value: `dcmdump +P InstanceNumber FILE`, with the attribute that the finding names, and look whether all
objects of the device have it. A point shows a number that was a decimal in the program that wrote it.

## How to fix
1. Ask the maker of the writing program for digits only (PS3.5 section 6.2).
2. A value like 4.0 can be corrected to 4 in stored objects. A value with letters belongs into another attribute:
   Series Description or Acquisition Number are where people look for it.

## Not a problem when
- Nothing sorts or counts by the attribute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_FORM = re.compile(r"[+-]?\d+")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("IS",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a decimal", [Given("InstanceNumber", "IS", "1.0")], ["InstanceNumber"]),
        ObjectExample("an exponent", [Given("NumberOfFrames", "IS", "1e3")], ["NumberOfFrames"]),
        ObjectExample("letters", [Given("SeriesNumber", "IS", "12A")], ["SeriesNumber"]),
    ),
    silent=(
        ObjectExample("a sign and blanks around", [Given("InstanceNumber", "IS", " -4 ")]),
        ObjectExample("leading zeros", [Given("SeriesNumber", "IS", "0007")]),
        ObjectExample("an empty number", [Given("InstanceNumber", "IS", "")]),
    ),
)
def integer_malformed(element: Element) -> str | None:
    """Say which value is no whole number."""
    for number, value in enumerate(element.strings(), start=1):
        if value and _FORM.fullmatch(value) is None:
            return f"{element.name} is no whole number in value {number}: only digits and a sign are allowed"
    return None
