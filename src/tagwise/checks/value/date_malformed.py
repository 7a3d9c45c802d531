"""A date is not written as eight digits.

## What it finds
Values of VR DA that are not YYYYMMDD: with dots, dashes or slashes between the parts, a year of two digits, a name of
a month, blanks in the middle, words, or a range of two dates, which only a query may hold. Eight digits that are no
day on a calendar are found by `value/date-impossible`.

## Why it matters
Most toolkits give up on such a value in their own way: one returns text where a date is expected and the program
stops, one stores nothing, one refuses the whole object. A worklist or an archive that sorts by date then hides the
study at the end of the list.

## How to confirm
1. Print the value: `dcmdump +P StudyDate FILE`, with the attribute that the finding names.
2. Look at Manufacturer and at the program that last wrote the file. Dots between the parts, 1995.01.31, are the form
   of ACR-NEMA, the standard before DICOM 3.0: expect other old habits in the same object.

## How to fix
1. Ask the maker of the writing program for YYYYMMDD (PS3.5 section 6.2). If a router or an import script fills the
   attribute, correct it there.
2. Where the order of the parts is known for certain, convert stored values once, by a rule for that device.
   03/04/2026 is two different days: without that certainty ask for the date in the information system.

## Not a problem when
- The object comes from before DICOM 3.0 and only software that reads the old form uses it.
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
    vrs=("DA",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("dots between the parts", [Given("StudyDate", "DA", "1995.01.31")], ["StudyDate"]),
        ObjectExample("a date with dashes", [Given("SeriesDate", "DA", "2026-01-31")], ["SeriesDate"]),
        ObjectExample("a year of two digits", [Given("StudyDate", "DA", "260131")], ["StudyDate"]),
        ObjectExample("a word", [Given("PatientBirthDate", "DA", "UNKNOWN")], ["PatientBirthDate"]),
        ObjectExample(
            "a range, which belongs into a query", [Given("StudyDate", "DA", "20260101-20260131")], ["StudyDate"]
        ),
    ),
    silent=(
        ObjectExample("eight digits", [Given("StudyDate", "DA", "20260131")]),
        ObjectExample("an empty date", [Given("StudyDate", "DA", "")]),
        ObjectExample("two dates with a pad character", [Given("DateOfLastCalibration", "DA", b"20260101\\20260131 ")]),
        ObjectExample("a day that does not exist, which date-impossible finds", [Given("StudyDate", "DA", "20260231")]),
    ),
)
def date_malformed(element: Element) -> str | None:
    """Say how the value differs from eight digits."""
    for value in element.strings():
        if value and not (len(value) == 8 and value.isascii() and value.isdecimal()):
            others = sorted({character for character in value if not character.isdecimal()} & set(".-/: "))
            if others:
                return f"{element.name} has {' and '.join(map(repr, others))} between its parts, a date is eight digits"
            return f"{element.name} is no date of eight digits: it has {len(value)} characters"
    return None
