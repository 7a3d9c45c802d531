"""A UID breaks the encoding rules of PS3.5 section 9.1.

## What it finds
A Study, Series, SOP Instance, SOP Class or Frame of Reference UID that is not a list of numbers separated by single
dots. The finding says which rule is broken:

- characters other than the digits 0 to 9 and the dot, a space or a NUL in the middle included;
- an empty component: `1..2`, `.1.2` or `1.2.`;
- a component of two or more digits that starts with zero: `1.02`. The component `0` alone is legal.

Padding at the ends is removed first and has a check of its own, as has the length. SOP Instance UIDs are counted per
series, so that one device gives one finding per series and not one per image.

## Why it matters
Strict toolkits refuse such an object when it is read, sent or proposed in an association; lenient ones store it, and
the object becomes the one that cannot be moved, migrated or committed. Where a system drops leading zeros to repair
the value, the object is known under two UIDs, and references to it break.

## How to confirm
1. Print the value as it is: `dcmdump -Un +P StudyInstanceUID FILE`, with the attribute that the finding names.
2. Send the object to a strict receiver outside production and read its log. `dciodvfy FILE` reports the value too.
3. Compare with other objects of the same device and software version. If all have the fault, the device makes it; if
   only some have it, look at the router, the importer or the de-identification on their way.

## How to fix
1. Ask the vendor to create UIDs by PS3.5 Annex B (`2.25.` and a UUID as a decimal number) or under its registered
   root. Enclose one object and the rule it breaks.
2. At the door, refuse or quarantine such objects instead of repairing them one by one.
3. For what is stored, map every bad UID to one new valid UID, once, over the whole archive, references included, and
   keep the list of old and new UIDs. Do not just delete the offending characters: the result may belong to another
   object, and a second system will not do the same.

## Not a problem when
- The objects are phantoms or test data that never leave the archive.
- The device is gone, the archive and every viewer accept the value, and no migration is planned. Note the finding for
  the next migration, which will meet it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.identity._uids import CT, CT_SERIES, GROUPED, KEYWORDS, SUBJECTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_ALLOWED = frozenset("0123456789.")


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
    CASE WHEN TRANSLATE(uid, '0123456789.', '') <> '' THEN 1 ELSE 0 END AS bad_characters,
    CASE WHEN uid LIKE '%..%' OR uid LIKE '.%' OR uid LIKE '%.' THEN 1 ELSE 0 END AS empty_components,
    CASE
      WHEN REPLACE(REPLACE('.' || uid || '.', '.', '..'), '.0.', '') LIKE '%.0%' THEN 1 ELSE 0
    END AS leading_zeros
  FROM uids
  WHERE uid IS NOT NULL
)
SELECT
  {SUBJECTS},
  SUM(bad_characters) AS bad_characters,
  SUM(empty_components) AS empty_components,
  SUM(leading_zeros) AS leading_zeros
FROM judged
WHERE bad_characters + empty_components + leading_zeros > 0
{GROUPED}
""",
    references=("PS3.5 9.1", "PS3.5 6.2", "PS3.5 B"),
    sources=(
        Source("https://github.com/pydicom/pynetdicom/issues/88", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/859", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/1160", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/1503", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/uid-leading-zero", "identity/uid-bad-characters", "identity/uid-empty-component"),
    fires=(
        Example(
            "a study UID with a leading zero in one component",
            [{**CT, "StudyInstanceUID": "1.2.826.00.1.1"}],
            [{"StudyInstanceUID": "1.2.826.00.1.1"}],
        ),
        Example(
            "a series UID with an empty component",
            [{**CT, "SeriesInstanceUID": "1.2.826..1"}],
            [{"SeriesInstanceUID": "1.2.826..1"}],
        ),
        Example(
            "a frame of reference UID that ends with a dot",
            [{**CT, "FrameOfReferenceUID": "1.2.826.0.1."}],
            [{"FrameOfReferenceUID": "1.2.826.0.1."}],
        ),
        Example(
            "a private SOP class with letters",
            [{**CT, "SOPClassUID": "1.2.826.x.7"}],
            [{"SOPClassUID": "1.2.826.x.7"}],
        ),
        Example(
            "two SOP Instance UIDs with a space inside make one finding, for their series",
            [{**CT, "SOPInstanceUID": "1.2.826 1"}, {**CT, "SOPInstanceUID": "1.2.826 2"}],
            [CT_SERIES],
        ),
        Example(
            "an object without a series is named by its own UID",
            [{"SOPInstanceUID": "1.2.826.a", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}],
            [{"SOPInstanceUID": "1.2.826.a"}],
        ),
    ),
    silent=(
        Example("valid UIDs with the component 0", [CT]),
        Example("zeros at the end or in the middle of a component", [{**CT, "StudyInstanceUID": "1.2.100.2002.0.10"}]),
        Example("padding at the end, which uid-padded reports", [{**CT, "StudyInstanceUID": "1.2.826.0.1.1 "}]),
        Example("no frame of reference", [{k: v for k, v in CT.items() if k != "FrameOfReferenceUID"}]),
    ),
)
def uid_malformed(row: Mapping[str, EvidenceValue]) -> str:
    """Name the attribute, one value and the rules it breaks."""
    kinds = {
        "bad_characters": "characters other than digits and dots",
        "empty_components": "an empty component",
        "leading_zeros": "a leading zero",
    }
    broken = [words for column, words in kinds.items() if int(row[column] or 0) > 0]
    listed = " and ".join([", ".join(broken[:-1]), broken[-1]] if len(broken) > 1 else broken)
    attribute = str(row["attribute"])
    objects = int(row["objects"] or 0)
    if attribute == "SOPInstanceUID":
        noun = "SOP Instance UID has" if objects == 1 else "SOP Instance UIDs have"
        return f"{objects} {noun} {listed}, for example {str(row['example_SOPInstanceUID'])!r}"
    return f"{attribute} {str(row[attribute])!r} has {listed} (objects: {objects})"


@object_form(
    uid_malformed,
    target="values",
    vrs=("UI",),
    fires=(
        ObjectExample(
            "a leading zero, in any UID of the object", [Given("SOPInstanceUID", "UI", "1.2.03")], ["SOPInstanceUID"]
        ),
        ObjectExample(
            "letters in a reference",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("ReferencedSOPInstanceUID", "UI", "1.2.x")]])],
            ["ReferencedImageSequence[1].ReferencedSOPInstanceUID"],
        ),
    ),
    silent=(
        ObjectExample("a valid UID with a pad character", [Given("SOPInstanceUID", "UI", "1.2.0")]),
        ObjectExample("several UIDs", [Given("RelatedGeneralSOPClassUID", "UI", "1.2.3\\1.2.4")]),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Say which rules the value breaks."""
    for value in element.strings():
        if not value:
            continue
        components = value.split(".")
        broken = []
        if not set(value) <= _ALLOWED:
            broken.append("characters other than digits and dots")
        if "" in components:
            broken.append("an empty component")
        if any(len(component) > 1 and component[0] == "0" for component in components):
            broken.append("a leading zero")
        if broken:
            return f"{element.name} has {' and '.join(broken)}"
    return None
