"""An object refers to images of another patient.

## What it finds
Series of reports, key objects, presentation states, segmentations, registrations and RT objects in which an object
refers to an object of the archive that has another Patient ID. The severity is high, and medium if name and birth date
are filled and equal in both: then one person has two IDs.

## Why it matters
A plan, a measurement or a report was made on the images of somebody else, or was filed under the wrong person. Whoever
opens it sees one name on the object and another person's images below it; a treatment may follow from it.

## How to confirm
1. Open both objects, and compare name, birth date, sex and the images.
2. Two IDs of one person: look for a merge or a change of ID that reached one of the two only.
3. Two persons: find out whether the images or the object were filed wrongly. The worklist entry of the workstation that
   made the object, and its log of that time, tell which images were open.

## How to fix
1. Two persons: block both studies, tell the department, and treat it as an incident. The author of the object decides
   what it is about; then it is made again for the right patient, and the wrong one is rejected (IHE IOCM).
2. One person: apply the merge to the object as well, with the archive's patient update.
3. De-identified sets: process objects and images in one run.

## Not a problem when
- The object compares patients on purpose, such as an atlas or a phantom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.links import ATTRIBUTES
from tagwise.checks.reference._links import CT, KEY_OBJECTS, THE_SERIES, within
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_SOMEBODY_ELSE = {**CT, "PatientID": "P2", "PatientName": "Roe^Richard", "PatientBirthDate": "19551231"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="links",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT SOPInstanceUID) AS objects,
  COUNT(DISTINCT to_instance) AS images,
  MIN(one_person) AS one_person,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(to_instance) AS to_ReferencedSOPInstanceUID,
  MIN(found_study) AS images_StudyInstanceUID
FROM links
WHERE found = 1 AND other_patient_id = 1 AND SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.17.2.1", "PS3.3 C.12.2", "PS3.3 C.7.1.1"),
    sources=(Source("https://github.com/qurit/rt-utils/issues/10", "2026-11-23"),),
    since="0.1.0",
    aliases=("reference/reference-cross-patient",),
    fires=(
        Example(
            "a key object on the images of another patient",
            [_SOMEBODY_ELSE, KEY_OBJECTS],
            [THE_SERIES],
            references=[within()],
        ),
        Example(
            "one person with two IDs, less severe",
            [{**CT, "PatientID": "P2", "PatientName": "DOE^JANE"}, KEY_OBJECTS],
            [THE_SERIES],
            references=[within()],
        ),
    ),
    silent=(
        Example("images of the same patient", [CT, KEY_OBJECTS], references=[within()]),
        Example(
            "a prior of the same patient",
            [{**CT, "StudyInstanceUID": "1.2.826.0.5"}, KEY_OBJECTS],
            references=[within()],
        ),
        Example("an object without Patient ID", [CT, {**KEY_OBJECTS, "PatientID": ""}], references=[within()]),
        Example("images that are not here", [KEY_OBJECTS], references=[within()]),
    ),
)
def other_patient(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count both sides; one person with two IDs is the lesser fault."""
    message = f"{row['objects']} objects refer to {row['images']} images with another Patient ID"
    if int(row["one_person"] or 0):
        return Problem(f"{message}; name and birth date are equal", Severity.MEDIUM)
    return Problem(message)
