"""Some objects of a study are de-identified, and others are not.

## What it finds
Studies in which part of the objects says that the patient's identity was removed (Patient Identity Removed is YES) and
another part does not. The finding counts the Patient IDs: where both parts have one ID, the flag may only be missing,
and the severity is low; with two or more it is high.

## Why it matters
The pseudonym and the real Patient ID stand in one study, under one Study Instance UID: whoever has the shared part can
find the person. Where UIDs of one part were replaced and those of the other were not, structures, segmentations and
reports no longer find their images; `reference/object-missing` shows that.

## How to confirm
1. List the objects of the study by Patient Identity Removed, Patient ID and Modality. Reports, RT objects and
   segmentations are what tools leave out most often.
2. Look at the order of events: objects that were added after the de-identification, or a tool that knows only images?

## How to fix
1. Stop the sharing of the study.
2. De-identify the whole study again from the originals, in one run and with one table of UIDs.
3. Keep originals and de-identified copies apart: in other archives, and under other UIDs.

## Not a problem when
- Results that were made from de-identified images (segmentations, measurements) were added without the flag. They have
  the pseudonym, and the finding is low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "PatientID": "SUBJ012", "PatientIdentityRemoved": "YES"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "PatientIdentityRemoved"),
    sql="""
SELECT
  StudyInstanceUID,
  SUM(CASE WHEN PatientIdentityRemoved = 'YES' THEN instances ELSE 0 END) AS deidentified,
  SUM(CASE WHEN PatientIdentityRemoved = 'YES' THEN 0 ELSE instances END) AS others,
  COUNT(DISTINCT PatientID) AS patient_ids
FROM facets
WHERE StudyInstanceUID IS NOT NULL
GROUP BY StudyInstanceUID
HAVING MAX(CASE WHEN PatientIdentityRemoved = 'YES' THEN 1 ELSE 0 END) = 1
  AND MIN(CASE WHEN PatientIdentityRemoved = 'YES' THEN 1 ELSE 0 END) = 0
ORDER BY StudyInstanceUID
""",
    references=("PS3.15 E", "PS3.3 C.7.1.1"),
    sources=(Source("https://github.com/OHIF/Viewers/issues/1782", "2026-11-23"),),
    since="0.1.0",
    aliases=("privacy/deid-uid-partly-remapped",),
    fires=(
        Example(
            "a report with the real Patient ID beside de-identified images",
            [_CT, {**_CT, "PatientID": "4711", "PatientIdentityRemoved": ""}],
            [_THE_STUDY],
        ),
        Example(
            "a segmentation of the same pseudonym without the flag, a minor fault",
            [_CT, {**_CT, "PatientIdentityRemoved": ""}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("all objects de-identified", [_CT, _CT]),
        Example("none de-identified", [{**_CT, "PatientIdentityRemoved": "NO"}, {**_CT, "PatientIdentityRemoved": ""}]),
        Example(
            "another study of the same archive",
            [_CT, {"StudyInstanceUID": "1.2.826.0.1.2", "PatientID": "4711"}],
        ),
    ),
)
def deidentification_partial(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count both parts; one Patient ID in both is likely the pseudonym."""
    message = f"{row['deidentified']} instances are marked as de-identified, {row['others']} of the same study are not"
    if int(row["patient_ids"] or 0) > 1:
        return Problem(f"{message}, with {row['patient_ids']} Patient IDs")
    return Problem(message, Severity.LOW)
