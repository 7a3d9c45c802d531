"""A UID is padded with spaces or with more than the one NUL that DICOM allows.

## What it finds
A Study, Series, SOP Instance, SOP Class or Frame of Reference UID that starts or ends with a space, a NUL or another
character without a glyph. The one NUL that makes the length of the value even is removed before the check, because it
is the only padding PS3.5 section 6.2 allows for UI. SOP Instance UIDs are counted per series.

## Why it matters
Two systems remove different characters. In a database that compares text as it is, `1.2.3` and `1.2.3` with a space
are two studies: images of one examination appear as two, a query for one of them misses the other, and an import
refuses the object because the UID in the message and the UID in the object differ.

## How to confirm
Look at the bytes, not at a dump, because most tools remove padding before they print:

    python -c "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).get_item('StudyInstanceUID').value)" FILE

A value that ends in `b' '` or in two zero bytes is the fault. Then query the archive for the study with C-FIND or
QIDO-RS by its trimmed UID and compare the number of instances with the number on disk.

## How to fix
1. Tell the vendor that UI is padded with one NUL and never with a space (PS3.5 section 6.2), and name the attribute.
2. Remove trailing spaces and NULs from UI values at the router, in all attributes at once: the references inside the
   object (Referenced SOP Sequence, Frame of Reference) carry the same padding.
3. Merge what the archive has already split: move the padded study to the study with the trimmed UID, in the archive's
   own tools, so that its database and its files agree.

## Not a problem when
- Every system that stores or compares the UID trims it, which is what most toolkits do. Then nothing is split, and
  the finding is a note for the next migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.identity._uids import CT, CT_SERIES, GROUPED, KEYWORDS, SUBJECTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.repairs import NewValue, padded
from tagwise.checks.uids import uid_rows
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.checks.repairs import Repair
    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_BLANKS = tuple(map(chr, (*range(33), 127, 160)))


# Two looks at the ends tell nearly all UIDs; TRIM, which costs twenty times as much, then sees few. A list of digits
# in place of LIKE would become a join.
_LAST = " AND ".join(f"{{uid}} NOT LIKE '%{digit}'" for digit in range(10))
_ODD_ENDS = f"""CASE
    WHEN {{uid}} NOT LIKE '1%' AND {{uid}} NOT LIKE '2%' OR {_LAST} THEN LENGTH(TRIM({{uid}})) ELSE 0
  END > 0"""
"""True for every UID with padding that is not blank, and for few others."""


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="stored",
    subject=KEYWORDS,
    reads=KEYWORDS,
    sql=f"""
WITH {uid_rows("stored", _ODD_ENDS)},
ends AS (
  SELECT
    attribute, uid, StudyInstanceUID, SeriesInstanceUID, FrameOfReferenceUID, SOPClassUID, objects,
    SUBSTRING(uid, 1, 1) AS first_character,
    SUBSTRING(uid, LENGTH(uid), 1) AS last_character
  FROM uids
)
SELECT
  {SUBJECTS},
  MAX(LENGTH(uid) - LENGTH(TRIM(uid))) AS spaces
FROM ends
WHERE (
    first_character NOT IN ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-', '_', '{{', '(', '"')
    AND UPPER(first_character) = LOWER(first_character)
  )
  OR (
    last_character NOT IN ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-', '_', '}}', ')', '"')
    AND UPPER(last_character) = LOWER(last_character)
  )
{GROUPED}
""",
    references=("PS3.5 6.2", "PS3.5 9.1"),
    sources=(
        Source("https://github.com/microsoft/dicom-server/pull/1795", "2026-11-23"),
        Source("https://github.com/microsoft/dicom-server/pull/1816", "2026-11-23"),
        Source("https://github.com/pydicom/pynetdicom/issues/240", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/uid-padding",),
    fires=(
        Example(
            "a study UID with a space at the end",
            [{**CT, "StudyInstanceUID": "1.2.826.0.1.1 "}],
            [{"StudyInstanceUID": "1.2.826.0.1.1 "}],
        ),
        Example(
            "a series UID with a second NUL",
            [{**CT, "SeriesInstanceUID": "1.2.826.0.1.1.1\0"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1\0"}],
        ),
        Example(
            "a frame of reference UID with a space in front",
            [{**CT, "FrameOfReferenceUID": " 1.2.826.0.1.1.9"}],
            [{"FrameOfReferenceUID": " 1.2.826.0.1.1.9"}],
        ),
        Example(
            "a SOP class UID with a space at the end",
            [{**CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2 "}],
            [{"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2 "}],
        ),
        Example(
            "two SOP Instance UIDs with spaces make one finding, for their series",
            [{**CT, "SOPInstanceUID": "1.2.826.0.1.1.1.1 "}, {**CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2 "}],
            [CT_SERIES],
        ),
    ),
    silent=(
        Example("UIDs without padding, or whose one legal NUL the scan has removed", [CT]),
        Example(
            "a UID with a letter at the end, which uid-malformed reports", [{**CT, "StudyInstanceUID": "1.2.826.a"}]
        ),
        Example("a frame of reference UID that is present and empty", [{**CT, "FrameOfReferenceUID": ""}]),
    ),
)
def uid_padded(row: Mapping[str, EvidenceValue]) -> str:
    """Say what pads which attribute; the value itself is printed with its pad characters visible."""
    attribute = str(row["attribute"])
    objects = int(row["objects"] or 0)
    spaces = int(row["spaces"] or 0)
    pad = f"{spaces} space{'s' if spaces > 1 else ''}" if spaces else "characters that have no glyph"
    if attribute == "SOPInstanceUID":
        noun = "SOP Instance UID is" if objects == 1 else "SOP Instance UIDs are"
        return f"{objects} {noun} padded with {pad}, for example {str(row['example_SOPInstanceUID'])!r}"
    return f"{attribute} {str(row[attribute])!r} is padded with {pad} (objects: {objects})"


def _repair(element: Element) -> Iterator[Repair]:
    """Strip each UID, and pad the last with a NUL where the length is odd."""
    values = (element.raw or b"").decode("latin-1").split("\\")
    bare = "\\".join(value.strip("".join(_BLANKS)) for value in values).encode("latin-1")
    now = "one NUL at its end" if len(bare) % 2 else "no padding"
    yield NewValue(element, padded(bare, "UI"), "blanks, NULs or control characters around it", now)


@object_form(
    uid_padded,
    target="values",
    vrs=("UI",),
    repair=_repair,
    fires=(
        ObjectExample(
            "a blank behind any UID of the object", [Given("SOPInstanceUID", "UI", b"1.2.3 ")], ["SOPInstanceUID"]
        ),
        ObjectExample("two NULs", [Given("SOPInstanceUID", "UI", b"1.2.34\0\0")], ["SOPInstanceUID"]),
    ),
    silent=(
        ObjectExample("one NUL to an even length", [Given("SOPInstanceUID", "UI", b"1.2.3\0")]),
        ObjectExample("an empty UID", [Given("FrameOfReferenceUID", "UI", b"")]),
        ObjectExample("several UIDs", [Given("RelatedGeneralSOPClassUID", "UI", "1.2.3\\1.2.34")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Say what pads the value."""
    raw = element.raw or b""
    if raw[-1:] == b"\0" and len(raw) % 2 == 0:
        raw = raw[:-1]
    for value in raw.decode("latin-1").split("\\"):
        bare = value.strip("".join(_BLANKS))
        if bare != value and bare:
            blanks = len(value) - len(value.strip(" "))
            pad = f"{blanks} space{'s' if blanks > 1 else ''}" if blanks else "characters that have no glyph"
            return f"{element.name} is padded with {pad}"
    return None
