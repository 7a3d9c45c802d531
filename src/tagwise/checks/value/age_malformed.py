"""An age is not written as three digits and D, W, M or Y.

## What it finds
Values of VR AS that are not exactly four characters: three digits, then D for days, W for weeks, M for months or Y
for years. 45Y lacks the leading zero, 045 the unit, 045y has the wrong case, and 45 YEARS is text.

## Why it matters
Patient's Age is used for dose reports, for the choice of reference values and by AI software that is approved for
some ages only. A reader that takes the first three characters as the number and the fourth as the unit gets nothing,
or another age: `45Y ` may be read as 45 of an unknown unit.

## How to confirm
`dcmdump +P PatientAge FILE`, with the attribute that the finding names. Compare with Patient's Birth Date and Study
Date.

## How to fix
1. Ask the maker of the writing program for the four characters (PS3.5 section 6.2).
2. Stored values can be computed again from birth date and study date, which are the better source in any case.

## Not a problem when
- Birth date and study date are there and every reader computes the age from them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_FORM = re.compile(r"\d{3}[DWMY]")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("AS",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("no leading zero", [Given("PatientAge", "AS", "45Y")], ["PatientAge"]),
        ObjectExample("no unit", [Given("PatientAge", "AS", "0045")], ["PatientAge"]),
        ObjectExample("a unit in lower case", [Given("PatientAge", "AS", "045y")], ["PatientAge"]),
    ),
    silent=(
        ObjectExample("45 years", [Given("PatientAge", "AS", "045Y")]),
        ObjectExample("18 months", [Given("PatientAge", "AS", "018M")]),
        ObjectExample("an empty age", [Given("PatientAge", "AS", "")]),
    ),
)
def age_malformed(element: Element) -> str | None:
    """Say how the value differs from three digits and a unit."""
    for value in element.strings():
        if value and _FORM.fullmatch(value) is None:
            return (
                f"{element.name} is not three digits and D, W, M or Y: it has {len(value)} characters in another form"
            )
    return None
