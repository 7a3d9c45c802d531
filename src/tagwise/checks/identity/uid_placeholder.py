"""A UID is a placeholder such as 1.2.3, or a UID that the standard itself defines.

## What it finds
A Study, Series, SOP Instance or Frame of Reference UID that nobody can have created for this one object:

- a value under `1.2.840.10008`, the root of the standard: a SOP Class or transfer syntax UID in the place of an
  instance. Frame of Reference UIDs are left out of this rule, because PS3.6 defines some for atlases, and so are the
  SOP Instance UIDs of the color palettes that PS3.6 defines;
- digits without a dot, such as `0` or a date;
- a counted value: `1.2.3`, `1.2.3.4`, and so on up to `1.2.3.4.5.6.7.8.9`;
- one digit over and over: `0.0`, `1.1.1.1`, `9.99.9`;
- fewer than 8 characters. The shortest registered roots alone are about that long, and an instance needs a suffix.

Longer values that start with `1.2.3.` are left alone: they were invented, but they may well be different from each
other. SOP Instance UIDs are counted per series. In one object, references to other objects are looked at too, and a
SOP Class UID of zeros.

## Why it matters
A placeholder comes from a template, a phantom or a test, and every object made from it has the same one. Two patients
whose objects share a Study Instance UID end up in one study, and a store that keeps one object per SOP Instance UID
overwrites the first with the second.

## How to confirm
Count what shares the value: query the archive for it at the PATIENT, STUDY and SERIES level. Read Manufacturer,
Software Versions and Implementation Version Name of two objects to find what wrote them, and look at its default
settings.

## How to fix
1. Correct the template or the default in the writing software. It has to create a UID for each study, series and
   instance, by PS3.5 Annex B if it has no root.
2. Give the stored objects new UIDs. Group them by patient, date and device first: the placeholder says nothing about
   which objects belong together.
3. Put the value on the gateway's list of refused UIDs, so that the next template is noticed on its first object.

## Not a problem when
- The archive is a test system, or the object is a quality phantom that exists once.
- An atlas gave the Frame of Reference UID: values under `1.2.840.10008.1.4` are meant to be shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.checks.identity._uids import CT, CT_SERIES, GROUPED, KEYWORDS, SUBJECTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="uids",
    subject=KEYWORDS,
    reads=KEYWORDS,
    spares=("FrameOfReferenceUID",),
    sql=f"""
WITH judged AS (
  SELECT
    attribute, uid, StudyInstanceUID, SeriesInstanceUID, FrameOfReferenceUID, SOPClassUID, objects,
    CASE
      WHEN attribute = 'FrameOfReferenceUID' THEN 0
      WHEN attribute = 'SOPInstanceUID' AND uid LIKE '1.2.840.10008.1.5.%' THEN 0
      WHEN uid = '1.2.840.10008' OR uid LIKE '1.2.840.10008.%' THEN 1
      ELSE 0
    END AS standard_uids,
    CASE
      WHEN TRANSLATE(uid, '0123456789', '') = '' OR LENGTH(uid) < 8 THEN 1
      WHEN uid IN (
        '1.2.3.4', '1.2.3.4.5', '1.2.3.4.5.6', '1.2.3.4.5.6.7', '1.2.3.4.5.6.7.8', '1.2.3.4.5.6.7.8.9'
      ) THEN 1
      WHEN REPLACE(REPLACE(uid, '.', ''), SUBSTRING(uid, 1, 1), '') = '' THEN 1
      ELSE 0
    END AS dummies
  FROM uids
  WHERE uid IS NOT NULL AND attribute <> 'SOPClassUID'
)
SELECT
  {SUBJECTS},
  SUM(standard_uids) AS standard_uids,
  SUM(dummies) AS dummies
FROM judged
WHERE standard_uids + dummies > 0
{GROUPED}
""",
    references=("PS3.5 9", "PS3.5 B", "PS3.6 A"),
    sources=(),
    since="0.1.0",
    fires=(
        Example(
            "a study UID of a template", [{**CT, "StudyInstanceUID": "1.2.3.4.5"}], [{"StudyInstanceUID": "1.2.3.4.5"}]
        ),
        Example("a study UID of zero", [{**CT, "StudyInstanceUID": "0"}], [{"StudyInstanceUID": "0"}]),
        Example(
            "a study UID that is a date", [{**CT, "StudyInstanceUID": "20240131"}], [{"StudyInstanceUID": "20240131"}]
        ),
        Example(
            "a series UID of one digit",
            [{**CT, "SeriesInstanceUID": "1.1.1.1.1.1"}],
            [{"SeriesInstanceUID": "1.1.1.1.1.1"}],
        ),
        Example(
            "the SOP class in the place of the SOP instance",
            [{**CT, "SOPInstanceUID": "1.2.840.10008.5.1.4.1.1.2"}],
            [CT_SERIES],
        ),
        Example(
            "a transfer syntax as the series UID",
            [{**CT, "SeriesInstanceUID": "1.2.840.10008.1.2.1"}],
            [{"SeriesInstanceUID": "1.2.840.10008.1.2.1"}],
        ),
        Example(
            "a short frame of reference UID",
            [{**CT, "FrameOfReferenceUID": "1.2.3"}],
            [{"FrameOfReferenceUID": "1.2.3"}],
        ),
    ),
    silent=(
        Example("UIDs under a registered root", [CT]),
        Example(
            "a UUID as a UID has three components only",
            [{**CT, "StudyInstanceUID": "2.25.329800735698586629295641978511506172918"}],
        ),
        Example(
            "the frame of reference of an atlas that PS3.6 defines",
            [{**CT, "FrameOfReferenceUID": "1.2.840.10008.1.4.1.1"}],
        ),
        Example(
            "a root that starts with the same digits as the standard's",
            [{**CT, "StudyInstanceUID": "1.2.840.100086.1"}],
        ),
        Example(
            "the palette Hot Iron, a SOP Instance UID that PS3.6 defines",
            [{"SOPClassUID": "1.2.840.10008.5.1.4.39.1", "SOPInstanceUID": "1.2.840.10008.1.5.1"}],
        ),
        Example(
            "a digest in the place of a UID, which uid-malformed reports",
            [{**CT, "StudyInstanceUID": "05fa52f0e599f17b8186ff18fcdf2b55"}],
        ),
        Example("an invented root whose values differ", [{**CT, "StudyInstanceUID": "1.2.3.4.20240131.17"}]),
    ),
)
def uid_placeholder(row: Mapping[str, EvidenceValue]) -> str:
    """Tell a UID of the standard from a dummy."""
    attribute = str(row["attribute"])
    kind = "a UID of the standard" if int(row["standard_uids"] or 0) else "a placeholder"
    if attribute == "SOPInstanceUID":
        example = str(row["example_SOPInstanceUID"])
        return f"SOPInstanceUID is {kind}, for example {example!r} (objects of this series: {row['objects']})"
    return f"{attribute} {str(row[attribute])!r} is {kind} (objects: {row['objects']})"


_REGISTERED = "1.2.840.10008"
_OF_THE_STANDARD = frozenset(["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
_CLASSES = frozenset(["SOPClassUID", "ReferencedSOPClassUID"])
_COUNTED = frozenset(".".join("123456789"[:length]) for length in range(3, 10))


@object_form(
    uid_placeholder,
    target="values",
    reads=(
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "FrameOfReferenceUID",
        "ReferencedSOPInstanceUID",
        "ReferencedSOPClassUID",
        "SOPClassUID",
    ),
    fires=(
        ObjectExample(
            "a study UID of a template", [Given("StudyInstanceUID", "UI", "1.2.3.4.5")], ["StudyInstanceUID"]
        ),
        ObjectExample(
            "the SOP class in the place of the SOP instance",
            [Given("SOPInstanceUID", "UI", "1.2.840.10008.5.1.4.1.1.2")],
            ["SOPInstanceUID"],
        ),
        ObjectExample(
            "a reference to nothing",
            [
                Given(
                    "ReferencedImageSequence",
                    "SQ",
                    items=[[Given("ReferencedSOPClassUID", "UI", "0"), Given("ReferencedSOPInstanceUID", "UI", "0")]],
                )
            ],
            ["ReferencedImageSequence[1].ReferencedSOPClassUID", "ReferencedImageSequence[1].ReferencedSOPInstanceUID"],
        ),
    ),
    silent=(
        ObjectExample("a UID under a registered root", [Given("SOPInstanceUID", "UI", "1.2.826.0.1.3680043.10.1")]),
        ObjectExample(
            "a UUID as a UID", [Given("StudyInstanceUID", "UI", "2.25.329800735698586629295641978511506172")]
        ),
        ObjectExample("the frame of an atlas", [Given("FrameOfReferenceUID", "UI", "1.2.840.10008.1.4.1.1")]),
        ObjectExample("the palette Hot Iron", [Given("SOPInstanceUID", "UI", "1.2.840.10008.1.5.1")]),
        ObjectExample("a digest, which uid-malformed reports", [Given("StudyInstanceUID", "UI", "05fa52f0e599f17b")]),
        ObjectExample("a SOP class", [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.2")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Tell a UID of the standard from a dummy."""
    uid, name = element.stripped(), element.name
    if name in _CLASSES:
        return None if uid.strip("0.") or not uid else f"{element.label} is a placeholder"
    if f"{uid}.".startswith(f"{_REGISTERED}."):
        is_palette = name == "SOPInstanceUID" and uid.startswith(f"{_REGISTERED}.1.5.")
        return None if is_palette or name not in _OF_THE_STANDARD else f"{element.label} is a UID of the standard"
    is_dummy = uid in _COUNTED or not uid.replace(".", "").strip(uid[:1])
    return f"{element.label} is a placeholder" if uid and (is_dummy or len(uid) < 8 or uid.isdigit()) else None
