"""A UID is longer than 64 characters.

## What it finds
A Study, Series, SOP Instance, SOP Class or Frame of Reference UID of more than 64 characters, padding not counted.
For SOP Instance UIDs, which are counted per series, the check also cuts every value at 64 characters and counts how
many remain different: if fewer remain, a system that cuts them makes two objects one, and the severity is high.

## Why it matters
64 is the limit of the value representation UI, and database columns, network libraries and cloud imports are built
for it. One system refuses the object, the next cuts the value without a word. A cut UID no longer equals the UID in
the references, and when two cut UIDs are equal one object overwrites the other.

## How to confirm
1. Read the whole value: `dcmdump -Un +P SOPInstanceUID FILE`. `dcmdump` cuts long values unless `+L` is given.
2. Look at its end. A date, a counter or a second UID after a valid UID means that software appended a suffix.
3. Ask the archive for the object by its full UID with C-FIND at the IMAGE level, then by its first 64 characters. If
   only the second query answers, the archive has cut the value.

## How to fix
1. Find the component that appends: converters, secondary capture makers, splitters and de-identification tools do, as
   do devices whose own UIDs are close to 64 characters. It must create a new UID instead, by PS3.5 Annex B.
2. Give stored objects new UIDs from a mapping table and update the objects that refer to them.
3. Where two objects have already become one, fetch the lost one again from the modality or from the first archive,
   and prove it with storage commitment under the new UID.

## Not a problem when
- Nothing: the limit has no exception. The harm is small only while the object stays in the one system that wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.identity._uids import CT, CT_SERIES, GROUPED, KEYWORDS, SUBJECTS
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_64 = "1.2.826.0.1.3680043.10.363.5421649119139350670558684743636101576"


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="uids",
    subject=KEYWORDS,
    reads=KEYWORDS,
    spares=("FrameOfReferenceUID",),
    sql=f"""
SELECT
  {SUBJECTS},
  MAX(LENGTH(uid)) AS longest,
  COUNT(DISTINCT uid) AS long_uids,
  COUNT(DISTINCT SUBSTRING(uid, 1, 64)) AS long_uids_when_cut
FROM uids
WHERE LENGTH(uid) > 64
{GROUPED}
""",
    references=("PS3.5 9.1", "PS3.5 6.2", "PS3.5 B"),
    sources=(
        Source("https://github.com/pydicom/pynetdicom/issues/549", "2026-11-23"),
        Source("https://github.com/pydicom/pynetdicom/issues/769", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example(
            "a study UID of 65 characters", [{**CT, "StudyInstanceUID": _64 + "1"}], [{"StudyInstanceUID": _64 + "1"}]
        ),
        Example(
            "a series UID of 66 characters",
            [{**CT, "SeriesInstanceUID": _64 + ".1"}],
            [{"SeriesInstanceUID": _64 + ".1"}],
        ),
        Example(
            "a frame of reference UID of 65 characters",
            [{**CT, "FrameOfReferenceUID": _64 + "1"}],
            [{"FrameOfReferenceUID": _64 + "1"}],
        ),
        Example("a SOP class UID of 65 characters", [{**CT, "SOPClassUID": _64 + "1"}], [{"SOPClassUID": _64 + "1"}]),
        Example(
            "two SOP Instance UIDs that are equal when cut at 64 characters",
            [{**CT, "SOPInstanceUID": _64 + ".1"}, {**CT, "SOPInstanceUID": _64 + ".2"}],
            [CT_SERIES],
        ),
    ),
    silent=(
        Example("a study UID of exactly 64 characters", [{**CT, "StudyInstanceUID": _64}]),
        Example("64 characters and a pad character", [{**CT, "StudyInstanceUID": _64 + " "}]),
        Example("ordinary UIDs", [CT]),
    ),
)
def uid_too_long(row: Mapping[str, EvidenceValue]) -> Problem:
    """Give the length; UIDs that become equal when cut lose objects, the others disturb."""
    attribute = str(row["attribute"])
    uids, when_cut = int(row["long_uids"] or 0), int(row["long_uids_when_cut"] or 0)
    if when_cut < uids:
        return Problem(f"{uids} UIDs of up to {row['longest']} characters become {when_cut} when cut at 64")
    noun = f"{uids} SOP Instance UIDs have up to" if attribute == "SOPInstanceUID" else f"{attribute} has"
    return Problem(f"{noun} {row['longest']} characters, 64 are allowed (objects: {row['objects']})", Severity.MEDIUM)


@object_form(
    uid_too_long,
    target="values",
    vrs=("UI",),
    fires=(
        ObjectExample("65 characters", [Given("SOPInstanceUID", "UI", _64 + "1")], ["SOPInstanceUID"]),
        ObjectExample(
            "the second of two UIDs",
            [Given("RelatedGeneralSOPClassUID", "UI", "1.2\\" + _64 + "1")],
            ["RelatedGeneralSOPClassUID"],
        ),
    ),
    silent=(
        ObjectExample("64 characters", [Given("SOPInstanceUID", "UI", _64)]),
        ObjectExample(
            "two UIDs of 40 characters", [Given("RelatedGeneralSOPClassUID", "UI", _64[:40] + "\\" + _64[:40])]
        ),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Give the length."""
    longest = max(map(len, element.strings()), default=0)
    return f"{element.name} has {longest} characters, 64 are allowed" if longest > 64 else None
