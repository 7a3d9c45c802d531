"""A text is longer than its VR allows.

## What it finds
Values with more characters than PS3.5 section 6.2 allows: 16 for AE, CS, DS and SH, 12 for IS, 64 for LO, 64 for each
group of a person name, 1,024 for ST and 10,240 for LT. Each value of several counts alone, blanks and NULs at its end
do not. Characters are counted, not bytes: in UTF-8 or Japanese 64 characters may be 192 bytes. UIDs have
`identity/uid-too-long`.

## Why it matters
Columns of databases and fields of HL7 v2 are as long as the VR. One system refuses the object, the next one cuts the
value without a word: two accession numbers that differ in the 17th character become one. Cloud stores refuse or drop
such values.

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

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import vrs

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_VRS = ("AE", "CS", "DS", "IS", "LO", "LT", "PN", "SH", "ST")
_MOST = {vr: length for vr in _VRS if (length := vrs.by_vr()[vr].length)}
_WHOLE = frozenset({"LT", "ST"})


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=_VRS,
    references=("PS3.5 6.2", "PS3.5 6.2.1"),
    since="0.1.0",
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
def too_long(element: Element) -> Fault | None:
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
