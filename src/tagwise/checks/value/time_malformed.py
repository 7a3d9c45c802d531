"""A time is not written as HHMMSS.FFFFFF, or is none of a day.

## What it finds
Values of VR TM that are not hours, minutes, seconds and a fraction, cut from the right as far as they are known:
10:45:30 with colons, one digit for the hour, a fraction without seconds, words, a time zone. Hours above 23, minutes
above 59 and seconds above 60 are found too; 60 is the leap second.

## Why it matters
A receiver that computes with the value stops or takes midnight. Times of acquisition and of injection decide the
decay correction of PET images: a value that one program reads as 9:05 and another as 90:5 changes the uptake.

## How to confirm
1. Print the value: `dcmdump +P StudyTime FILE`, with the attribute that the finding names.
2. Colons are the form of ACR-NEMA, the standard before DICOM 3.0. A value that ends in AM or PM was formatted for
   people.

## How to fix
1. Ask the maker of the writing program for HHMMSS in 24 hours, leading zeros included (PS3.5 section 6.2).
2. Stored values with colons can be converted without loss. Times of 24 hours and more need the day as well: ask what
   the device means by them.

## Not a problem when
- The object comes from before DICOM 3.0 and only software that reads the old form uses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_FORM = re.compile(r"(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("TM",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("a time with colons", [Given("StudyTime", "TM", "10:45:30")], ["StudyTime"]),
        ObjectExample("an hour of one digit", [Given("SeriesTime", "TM", "93000")], ["SeriesTime"]),
        ObjectExample("24 hours", [Given("StudyTime", "TM", "240000")], ["StudyTime"]),
        ObjectExample("a fraction of seven digits", [Given("StudyTime", "TM", "101530.1234567")], ["StudyTime"]),
        ObjectExample("a blank in front", [Given("StudyTime", "TM", " 101530")], ["StudyTime"]),
    ),
    silent=(
        ObjectExample("hours and minutes only", [Given("StudyTime", "TM", "1045")]),
        ObjectExample("a fraction of two digits", [Given("StudyTime", "TM", "104530.25")]),
        ObjectExample("a leap second", [Given("StudyTime", "TM", "235960")]),
        ObjectExample("an empty time", [Given("StudyTime", "TM", "")]),
    ),
)
def time_malformed(element: Element) -> str | None:
    """Say what is wrong with the form, or which part is out of range."""
    for value in (element.raw or b"").decode("latin-1").split("\\"):
        text = value.rstrip(" \0")
        if not text:
            continue
        match = _FORM.fullmatch(text)
        if match is None:
            reason = "it has colons" if ":" in text else f"it has {len(text)} characters in another form"
            return f"{element.name} is not written as HHMMSS.FFFFFF: {reason}"
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if hours > 23 or minutes > 59 or seconds > 60:
            return f"{element.name} is no time of a day: a part of it is out of range"
    return None
