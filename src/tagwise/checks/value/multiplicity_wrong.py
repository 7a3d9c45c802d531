r"""An attribute has too many or too few values.

## What it finds
Attributes of the dictionary with another number of values than their VM allows: two Patient IDs in one element, a
Pixel Spacing of one value, an Image Orientation of five. Text is counted by its backslashes, binary values by their
length. Empty elements, private elements and VRs whose backslash is part of the text (ST, LT, UT, UR) are not judged.

## Why it matters
A backslash inside a description, typed by a person or made from a Windows path, splits the text in two. Readers take
the first part, all parts as a list, or stop: an ID loses its end, and two patients are one. Geometry with a number
missing cannot be used.

## How to confirm
1. Print the value: `dcmdump +P StudyDescription FILE`, with the attribute that the finding names.
2. In Japanese, Chinese and Korean text the byte 5CH can be half of a character: check Specific Character Set.

## How to fix
1. Text with a backslash: have the writing program replace it, by a slash for example, before it stores the value. An
   HL7 v2 interface that does not undo the escapes of HL7 (`\\T\\`, `\\S\\`) is a usual source.
2. Numbers that are missing come back only from the maker of the writing program.

## Not a problem when
- The object follows a later edition of the standard in which the attribute may have more values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "AT": 4, "FD": 8, "SV": 8, "UV": 8}
_SPLIT = frozenset(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UC", "UI"])


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="elements",
    references=("PS3.5 6.4", "PS3.6 6"),
    since="0.1.0",
    aliases=("value/backslash-in-text",),
    fires=(
        ObjectExample(
            "a path in a description", [Given("StudyDescription", "LO", "C:\\temp\\a")], ["StudyDescription"]
        ),
        ObjectExample("one value for the spacing", [Given("PixelSpacing", "DS", "0.5")], ["PixelSpacing"]),
        ObjectExample(
            "five numbers for the orientation",
            [Given("ImageOrientationPatient", "DS", "1\\0\\0\\0\\1")],
            ["ImageOrientationPatient"],
        ),
        ObjectExample("two numbers for Rows", [Given("Rows", "US", (512, 512))], ["Rows"]),
    ),
    silent=(
        ObjectExample("two values where two belong", [Given("PixelSpacing", "DS", "0.5\\0.5")]),
        ObjectExample("an empty element", [Given("PixelSpacing", "DS", "")]),
        ObjectExample("a backslash in a text where it means itself", [Given("ImageComments", "LT", "C:\\temp")]),
        ObjectExample(
            "several values where any number is allowed", [Given("ImageType", "CS", "ORIGINAL\\PRIMARY\\AXIAL")]
        ),
        ObjectExample(
            "a Japanese character with the byte 5CH",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 13"), Given("StudyDescription", "LO", b"\x95\x5c")],
        ),
    ),
)
def multiplicity_wrong(element: Element) -> str | None:
    """Give the number of values and how many are allowed."""
    known = element.known
    if not element.raw or not known.keyword or (known.least <= 1 and known.most is None and known.step == 1):
        return None
    number = _number(element)
    if not number or (
        number >= known.least and (known.most is None or number <= known.most) and not number % known.step
    ):
        return None
    return f"{element.name} has {quantity(number, 'value')}, {_allowed(element)}"


def _number(element: Element) -> int:
    """How many values there are, 0 where that is not for us to judge."""
    raw, vr = element.raw or b"", element.vr
    if vr in _SPLIT:
        if b"\\" in raw:  # in some character sets half of a letter is the byte of a backslash
            return 1 + (raw.count(b"\\") if raw.isascii() else element.text().count("\\"))
        return int(element.known.least <= 1 or bool(raw.strip(b" \0")))  # blanks only: a value that is not there
    number, rest = divmod(len(raw), _SIZES.get(vr, len(raw) + 1))
    return 0 if rest else number  # binary-length-wrong finds the rest


def _allowed(element: Element) -> str:
    """How many values there may be, in words."""
    known = element.known
    if known.most == known.least:
        return f"exactly {known.least} belong{'s' if known.least == 1 else ''} there"
    if known.most is not None:
        return f"{known.least} to {known.most} belong there"
    return f"at least {known.least} belong there" + (f", in steps of {known.step}" if known.step > 1 else "")
