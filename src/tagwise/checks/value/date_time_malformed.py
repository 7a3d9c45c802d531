"""A date and time is not written as YYYYMMDDHHMMSS.FFFFFF&ZZXX.

## What it finds
Values of VR DT in another form: the ISO 8601 form with dashes, T and colons, a part of one digit, a fraction without
seconds, an offset from UTC without sign or beyond -1200 and +1400. Parts may be left out from the right, but not from
the middle. Months and days that no calendar has are found by `value/date-impossible`.

## Why it matters
DT carries what must be exact: acquisition, injection, contrast. Software that cannot read it falls back on date and
time in other attributes, or on none, and images are sorted or decay corrected by the wrong moment.

## How to confirm
1. Print the value: `dcmdump +P AcquisitionDateTime FILE`, with the attribute that the finding names.
2. Dashes, a T or a Z show that a program wrote its own text form of a time stamp.

## How to fix
1. Ask the maker of the writing program for the form of PS3.5 section 6.2; UTC is written as +0000, not as Z.
2. Values in ISO 8601 form can be converted without loss, the offset included.

## Not a problem when
- Nothing reads the attribute; most optional date times are only read by people.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_FORM = re.compile(r"\d{4}(?:\d\d(?:\d\d(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("DT",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample(
            "the ISO 8601 form", [Given("AcquisitionDateTime", "DT", "2026-01-31T10:45:30")], ["AcquisitionDateTime"]
        ),
        ObjectExample("Z for UTC", [Given("AcquisitionDateTime", "DT", "20260131104530Z")], ["AcquisitionDateTime"]),
        ObjectExample("25 hours", [Given("AcquisitionDateTime", "DT", "20260131250000")], ["AcquisitionDateTime"]),
        ObjectExample(
            "an offset of 15 hours",
            [Given("AcquisitionDateTime", "DT", "20260131104530+1500")],
            ["AcquisitionDateTime"],
        ),
    ),
    silent=(
        ObjectExample("all parts with an offset", [Given("AcquisitionDateTime", "DT", "20260131104530.123456+0100")]),
        ObjectExample("known to the month", [Given("AcquisitionDateTime", "DT", "202601")]),
        ObjectExample("a year with an offset", [Given("AcquisitionDateTime", "DT", "2026-0500")]),
        ObjectExample("an empty value", [Given("AcquisitionDateTime", "DT", "")]),
    ),
)
def date_time_malformed(element: Element) -> str | None:
    """Say what is wrong with the form, or which part is out of range."""
    for value in (element.raw or b"").decode("latin-1").split("\\"):
        text = value.rstrip(" \0")
        if not text:
            continue
        match = _FORM.fullmatch(text)
        if match is None:
            form = "YYYYMMDDHHMMSS.FFFFFF&ZZXX"
            return f"{element.name} is not written as {form}: it has {len(text)} characters in another form"
        hours, minutes, seconds, sign, zone_hours, zone_minutes = match.groups()
        if int(hours or 0) > 23 or int(minutes or 0) > 59 or int(seconds or 0) > 60:
            return f"{element.name} is no time of a day: a part of it is out of range"
        if sign and not _is_offset(sign, int(zone_hours), int(zone_minutes)):
            return f"{element.name} has an offset from UTC that no place has: -1200 to +1400 are allowed"
    return None


def _is_offset(sign: str, hours: int, minutes: int) -> bool:
    total = hours * 60 + minutes
    return minutes < 60 and total <= (14 * 60 if sign == "+" else 12 * 60)
