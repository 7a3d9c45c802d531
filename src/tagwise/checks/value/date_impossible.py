"""A date has the right form but is on no calendar.

## What it finds
Values of VR DA, and the date part of DT, with eight digits that are no day: month 00 or 13, day 00 or 32, 29 February
of a common year. Values in another form are found by `value/date-malformed`. Zeros only, `00000000`, are found too:
many systems write them for "not known".

## Why it matters
Databases refuse the value or store nothing, and the object fails to import, often long after it was accepted. Software
that computes with dates stops, or moves 31 April to 1 May without saying so; ages and intervals are then wrong.

## How to confirm
1. Print the value: `dcmdump +P StudyDate FILE`, with the attribute that the finding names.
2. Compare with the request in the information system and with other objects of the study.
3. If the day is above 12 and the month looks like a day, the writer swapped them: look at its language settings.

## How to fix
1. A date that is not known is left empty where the attribute may be empty (type 2), and left out where it is optional.
2. Have the interface that fills the worklist checked: most dates are copied from there by the modality.
3. Correct stored objects in the archive's own tools, with the right date from the request; do not guess it.

## Not a problem when
- Nothing reads this attribute. That is rarely known: patient and study dates are read everywhere.
"""

from __future__ import annotations

import datetime as dt
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
    vrs=("DA", "DT"),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a month 13", [Given("StudyDate", "DA", "20261301")], ["StudyDate"]),
        ObjectExample("29 February of a common year", [Given("StudyDate", "DA", "20250229")], ["StudyDate"]),
        ObjectExample(
            "zeros for a date that is not known", [Given("PatientBirthDate", "DA", "00000000")], ["PatientBirthDate"]
        ),
        ObjectExample(
            "a day 31 April in a date and time",
            [Given("AcquisitionDateTime", "DT", "20260431120000")],
            ["AcquisitionDateTime"],
        ),
        ObjectExample(
            "the second of two dates",
            [Given("DateOfLastCalibration", "DA", b"20260101\\20260230 ")],
            ["DateOfLastCalibration"],
        ),
    ),
    silent=(
        ObjectExample("29 February of a leap year", [Given("StudyDate", "DA", "20240229")]),
        ObjectExample("an empty date", [Given("StudyDate", "DA", "")]),
        ObjectExample("a date in another form, which date-malformed finds", [Given("StudyDate", "DA", "2026.13.01")]),
        ObjectExample(
            "a date and time that is known to the month only", [Given("AcquisitionDateTime", "DT", "202602")]
        ),
        ObjectExample("a year before 1900", [Given("PatientBirthDate", "DA", "18991231")]),
    ),
)
def date_impossible(element: Element) -> str | None:
    """Name the part that no calendar has."""
    for value in element.strings():
        digits = value[:8]
        if len(digits) == 8 and digits.isdecimal() and (element.vr == "DT" or len(value) == 8):
            wrong = _wrong_part(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            if wrong:
                return f"{element.name} is on no calendar: {wrong}"
    return None


def _wrong_part(year: int, month: int, day: int) -> str:
    if not year and not month and not day:
        return "it is zeros only"
    if not 1 <= month <= 12:
        return f"there is no month {month:02}"
    try:
        dt.date(year or 4, month, day)
    except ValueError:
        return f"month {month:02} has no day {day:02}" + ("" if month != 2 or day != 29 else " in that year")
    return ""
