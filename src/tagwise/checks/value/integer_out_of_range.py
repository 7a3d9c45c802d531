"""A whole number is beyond 31 bits.

## What it finds
Values of VR IS below -2,147,483,648 or above 2,147,483,647. They are written well, but the VR does not allow them.
Values of more than 12 characters are found by `value/too-long` as well.

## Why it matters
Software keeps such numbers in 32 bits. One program refuses the value, the next one wraps around and gets a negative
number: images are sorted wrongly, or two instances get the same number.

## How to confirm
Print the value: `dcmdump +P InstanceNumber FILE`, with the attribute that the finding names. Numbers of this size are
mostly time stamps, or parts of a UID.

## How to fix
1. Ask the maker of the writing program for numbers that count something: Series Number and Instance Number start at
   1.
2. In stored objects give new numbers in the order of the old ones, the whole series at once.

## Not a problem when
- The attribute is informative only, and no software sorts by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("IS",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a time stamp for a number", [Given("SeriesNumber", "IS", "20260131104")], ["SeriesNumber"]),
        ObjectExample("one above the limit", [Given("InstanceNumber", "IS", "2147483648")], ["InstanceNumber"]),
    ),
    silent=(
        ObjectExample("the largest number", [Given("InstanceNumber", "IS", "2147483647")]),
        ObjectExample("the smallest number", [Given("InstanceNumber", "IS", "-2147483648")]),
        ObjectExample(
            "no number at all, which number-malformed finds", [Given("InstanceNumber", "IS", "99999999999A")]
        ),
    ),
)
def integer_out_of_range(element: Element) -> str | None:
    """Say which value does not fit."""
    for number, value in enumerate(element.strings(), start=1):
        digits = value.lstrip("+-")
        if digits.isdecimal() and digits.isascii() and not -0x80000000 <= _number(value) <= 0x7FFFFFFF:
            return f"{element.name} has a value {number} that does not fit into 32 bits"
    return None


def _number(value: str) -> int:
    try:
        return int(value[:20])
    except ValueError:  # two signs: no number, and not ours to judge
        return 0
