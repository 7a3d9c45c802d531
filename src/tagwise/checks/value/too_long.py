"""A text is longer than its VR allows.

## What it finds
Values with more characters than PS3.5 section 6.2 allows: 16 for AE, CS, DS and SH, 12 for IS, 64 for LO, 64 for each
group of a person name, 1,024 for ST and 10,240 for LT. Each value of several counts alone, blanks and NULs at its end
do not. Characters are counted, not bytes: in UTF-8 or Japanese 64 characters may be 192 bytes. UIDs have
`identity/uid-too-long`.

In an archive it finds series with numbers of too many characters, among those that checks on geometry and pixel values
read: Instance Number, Image Position (Patient), Image Orientation (Patient), Slice Thickness, Pixel Spacing, Rescale
Slope and Rescale Intercept. Accession Number and Study ID of an archive have `study/accession-number-too-long`.

The severity of a decimal (DS) is low, of all else medium.

## Why it matters
Columns of databases and fields of HL7 v2 are as long as the VR. One system refuses the object, the next one cuts the
value without a word: two accession numbers that differ in the 17th character become one. Cloud stores refuse or drop
such values. A decimal that is cut may lose its exponent: 0.333333333333333333E-3 becomes a thousand times larger.

## How to confirm
1. Print the value: `dcmdump +L +P AccessionNumber FILE`, with the attribute that the finding names.
2. Ask the archive for the object by that value with C-FIND, and look how long the answer is.

## How to fix
1. Find where the value is made. Accession numbers and descriptions come from the worklist: the information system
   sends more than DICOM can carry, and HL7 v2 allows more. Agree on a shorter form there.
2. DS values with 17 and more characters come from programs that print all digits of a double: format them to 16
   characters.
3. Do not cut stored values without looking: what is cut off may be what tells two of them apart.

## Not a problem when
- Every system on the way keeps the whole value, which you tested with one object. The next migration will meet it
  again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import THE_SERIES, even, slices
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.value._numbers import LIMITS, grouped
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import vrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_VRS = ("AE", "CS", "DS", "IS", "LO", "LT", "PN", "SH", "ST")
_MOST = {vr: length for vr in _VRS if (length := vrs.by_vr()[vr].length)}
_WHOLE = frozenset({"LT", "ST"})


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SeriesInstanceUID", "SOPInstanceUID", *LIMITS),
    sql=grouped(
        " OR ".join(f"LENGTH({keyword}) > {limit}" for keyword, limit in LIMITS.items()),
        f"SUM(CASE WHEN LENGTH(InstanceNumber) > {LIMITS['InstanceNumber']} THEN 1 ELSE 0 END) AS whole_numbers,",
    ),
    references=("PS3.5 6.2", "PS3.5 6.2.1"),
    sources=(Source("https://github.com/pydicom/pydicom/issues/1632", "2026-11-23"),),
    since="0.1.0",
    fires=(
        Example(
            "a slope of 20 characters, a minor fault",
            slices(even(2), RescaleSlope="0.33333333333333333333"),
            [THE_SERIES],
        ),
        Example("an Instance Number of 13 digits", slices(even(2), InstanceNumber="0000000000001"), [THE_SERIES]),
    ),
    silent=(
        Example("plain numbers", slices(even(2))),
        Example(
            "six cosines of 16 characters",
            slices(even(2), direction="\\".join(["-0.1234567890123"] * 6)),
        ),
        Example("a spacing with decimal commas", slices(even(2), PixelSpacing="0,9\\0,9")),
    ),
)
def too_long(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the objects, and name one; a whole number that is cut is another number."""
    message = f"numbers with more characters than allowed (objects: {row['objects']})"
    severity = None if int(row["whole_numbers"] or 0) else Severity.LOW
    return Problem(f"{message}, for example in {row['example_SOPInstanceUID']}", severity)


@object_form(
    too_long,
    target="values",
    vrs=_VRS,
    fires=(
        ObjectExample(
            "an accession number of 17 characters",
            [Given("AccessionNumber", "SH", "A2026013100000017")],
            ["AccessionNumber"],
        ),
        ObjectExample(
            "all digits of a double, a minor fault",
            [Given("SliceThickness", "DS", "0.30000000000000004")],
            ["SliceThickness"],
        ),
        ObjectExample("a name group of 65 characters", [Given("PatientName", "PN", "A" * 65)], ["PatientName"]),
        ObjectExample(
            "a description of 65 characters", [Given("StudyDescription", "LO", "d" * 65)], ["StudyDescription"]
        ),
    ),
    silent=(
        ObjectExample("64 characters and a pad character", [Given("StudyDescription", "LO", b"d" * 64 + b" ")]),
        ObjectExample("two values of 40 characters", [Given("SoftwareVersions", "LO", "a" * 40 + "\\" + "b" * 40)]),
        ObjectExample(
            "40 characters that are 80 bytes in UTF-8",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 192"), Given("StudyDescription", "LO", "ä".encode() * 40)],
        ),
        ObjectExample("two name groups of 40 characters", [Given("PatientName", "PN", "A" * 40 + "=" + "B" * 40)]),
    ),
)
def of_one_object(element: Element) -> Fault | None:
    """Give the length and the limit; digits of a number that are too many are cut by nobody who needs them."""
    most = _MOST[element.vr]
    if len(element.raw or b"") <= most:
        return None
    text = element.text()
    parts = [text] if element.vr in _WHOLE else text.split("\\")
    if element.vr == "PN":
        parts = [group for part in parts for group in part.split("=")]
    longest = max(len(part.rstrip(" \0")) for part in parts)
    if longest <= most:
        return None
    what = "a group of" if element.vr == "PN" else "a value of"
    message = f"{element.name} has {what} {longest:,} characters, {element.vr} allows {most:,}"
    return Fault(message, severity=Severity.LOW if element.vr == "DS" else None)
