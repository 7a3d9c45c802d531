"""Studies of different patients share a Frame of Reference UID.

## What it finds
A Frame of Reference UID that occurs in two or more studies with different Patient IDs. UIDs of the standard, which
name the coordinates of an atlas and are shared on purpose, are left out. Different Patient IDs inside one study are
`identity/study-uid-in-several-patients`.

The severity is high. It is medium if name and birth date are filled and equal throughout, because then the IDs are
likely to belong to one person.

## Why it matters
Equal Frame of Reference UIDs say that coordinates can be compared. Viewers then link and fuse the series without
asking, draw reference lines of one into the other, and offer structures and registrations across them: two people are
laid over each other. Planning systems use the UID as the key that ties dose, structures and images together.

## How to confirm
1. List the studies of the UID with Patient ID, Study Date, Manufacturer and station.
2. All studies of one device or converter: it writes a constant, often one compiled into the software.
3. A few studies of one person under two IDs: merged or corrected patients, with one study missed.
4. De-identified data: the tool replaced Patient IDs and left the Frame of Reference UIDs, or maps all of them to one.

## How to fix
1. A constant: have the writer corrected. Each positioning of a patient needs a UID of its own.
2. For the stored studies, give each its own new UID, the same in every object of the study that had the old one, the
   RT objects, segmentations and registrations among them.
3. One person under two IDs: merge the patients in the archive.
4. Block automatic fusion for the studies concerned until then.

## Not a problem when
- The person has two IDs on purpose, for example one for a trial.
- All of them are phantoms and test studies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_ONE = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.9",
    "PatientID": "P1",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700101",
}
_OTHER = {
    **_ONE,
    "StudyInstanceUID": "1.2.826.0.1.2",
    "SeriesInstanceUID": "1.2.826.0.1.2.1",
    "PatientID": "P2",
    "PatientName": "Roe^Richard",
    "PatientBirthDate": "19551231",
}
_THE_FRAME = {"FrameOfReferenceUID": "1.2.826.0.1.9"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("FrameOfReferenceUID",),
    reads=("FrameOfReferenceUID", "PatientID", "PatientName", "PatientBirthDate", "StudyInstanceUID"),
    sql="""
SELECT
  FrameOfReferenceUID,
  COUNT(DISTINCT PatientID) AS patients,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  SUM(instances) AS instances,
  CASE
    WHEN MIN(RTRIM(UPPER(PatientName), '^= ')) = MAX(RTRIM(UPPER(PatientName), '^= '))
      AND MIN(PatientBirthDate) = MAX(PatientBirthDate)
      AND COUNT(*) = COUNT(PatientName)
      AND COUNT(*) = COUNT(PatientBirthDate)
    THEN 1 ELSE 0
  END AS one_person,
  MIN(StudyInstanceUID) AS first_StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID
FROM facets
WHERE FrameOfReferenceUID IS NOT NULL
  AND PatientID IS NOT NULL
  AND FrameOfReferenceUID NOT LIKE '1.2.840.10008.%'
GROUP BY FrameOfReferenceUID
HAVING MIN(PatientID) <> MAX(PatientID) AND MIN(StudyInstanceUID) <> MAX(StudyInstanceUID)
ORDER BY FrameOfReferenceUID
""",
    references=("PS3.3 C.7.4.1", "PS3.5 9", "PS3.6 A"),
    sources=(Source("https://github.com/SlicerUltrasound/SlicerUltrasound/pull/185", "2026-11-23"),),
    since="0.1.0",
    aliases=("identity/frame-of-reference-multiple-patients",),
    fires=(
        Example("a converter writes one frame of reference for everybody", [_ONE, _OTHER], [_THE_FRAME]),
        Example(
            "one person with two IDs, less severe",
            [_ONE, {**_OTHER, "PatientName": "DOE^JANE", "PatientBirthDate": "19700101"}],
            [_THE_FRAME],
        ),
    ),
    silent=(
        Example(
            "two studies of one patient in one frame of reference",
            [_ONE, {**_ONE, "StudyInstanceUID": "1.2.826.0.1.2"}],
        ),
        Example("two patients, two frames of reference", [_ONE, {**_OTHER, "FrameOfReferenceUID": "1.2.826.0.1.10"}]),
        Example(
            "the frame of reference of an atlas",
            [{**one, "FrameOfReferenceUID": "1.2.840.10008.1.4.1.1"} for one in (_ONE, _OTHER)],
        ),
        Example(
            "two Patient IDs in one study, which study-uid-in-several-patients reports",
            [_ONE, {**_OTHER, "StudyInstanceUID": "1.2.826.0.1.1"}],
        ),
    ),
)
def frame_of_reference_in_several_patients(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count patients and studies; one person with two IDs is a lesser fault."""
    message = f"{row['patients']} Patient IDs in {row['studies']} studies share this Frame of Reference UID"
    if int(row["one_person"] or 0):
        return Problem(f"{message}; name and birth date are equal", Severity.MEDIUM)
    return Problem(message)
