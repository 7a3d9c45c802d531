"""Objects have no Patient ID, or a stand-in that many people share.

## What it finds
Two things that have the same effect:

- studies whose objects have no Patient ID at all. The severity is high if no object of the study has one, and medium
  if the others have;
- values that are no ID but a word for its absence, such as `UNKNOWN`, `NONE`, `ANONYMOUS`, `W/I` for walk-in
  patients, or only zeros. There is one finding per value, with a study that has it. It is high if the value stands
  for two or more names or birth dates, medium if it stands for several studies, and low for one study.

## Why it matters
Patient ID is the key of the patient level. An archive puts everybody without one, or with one stand-in, into one
patient folder, where priors of strangers are offered to the reader. Others invent an ID, and the study is never
found again under the right one. Some refuse the object and the modality keeps it until its disk is full.

## How to confirm
1. Open a study: is there a name, and an Accession Number? The order then says who the patient is.
2. Read the modality's configuration for a default ID. Emergency and walk-in buttons often fill one in.
3. Look at Patient Identity Removed (0012,0062). `YES` means that the ID was taken out, not forgotten.

## How to fix
1. Assign the studies to the right patient with the archive's patient update, one by one, with the order as proof.
2. Give unidentified patients a new temporary ID for each encounter, with its own Issuer of Patient ID, and merge it
   when the person is known (HL7 ADT^A40).
3. Make the gateway hold objects without an ID back. In dcm4chee, the attribute Accept Missing Patient ID says what
   happens to them.

## Not a problem when
- Phantoms and calibration images are stored without a patient. An ID for each device keeps them apart from people.
- A set for teaching or research lost all IDs on purpose, and is used by study.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH, NAME, STAND_IN
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientID": "PID4711",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2"}
_OTHER = {**_SECOND, "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate"),
    grain={"PatientID": Level.INSTANCE, "PatientName": Level.PATIENT, "PatientBirthDate": Level.PATIENT},
    sql=f"""
WITH without_id AS (
  SELECT
    StudyInstanceUID,
    SUM(CASE WHEN PatientID IS NULL THEN instances ELSE 0 END) AS objects,
    COUNT(PatientID) AS rows_with_id
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
  GROUP BY StudyInstanceUID
  HAVING COUNT(PatientID) < COUNT(*)
),
stand_ins AS (
  SELECT
    MIN(StudyInstanceUID) AS StudyInstanceUID,
    SUM(instances) AS objects,
    COUNT(DISTINCT StudyInstanceUID) AS studies,
    COUNT(DISTINCT {NAME}) AS names,
    COUNT(DISTINCT {BIRTH}) AS birth_dates,
    PatientID
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND {STAND_IN}
  GROUP BY PatientID
)
SELECT
  StudyInstanceUID,
  objects,
  rows_with_id,
  0 AS stand_in_studies,
  0 AS names,
  0 AS birth_dates,
  NULL AS its_PatientID
FROM without_id
UNION ALL
SELECT StudyInstanceUID, objects, 0, studies, names, birth_dates, PatientID
FROM stand_ins
ORDER BY StudyInstanceUID, its_PatientID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4166", "2026-11-23"),
        Source("https://github.com/fli-iam/shanoir-ng/pull/3163", "2026-11-23"),
    ),
    about=("PatientID",),
    since="0.1.0",
    aliases=("patient/patient-id-missing",),
    fires=(
        Example("a study without a Patient ID", [{**_CT, "PatientID": ""}], [_THE_STUDY]),
        Example(
            "a report without the ID that the images have, less severe", [_CT, {**_CT, "PatientID": ""}], [_THE_STUDY]
        ),
        Example(
            "two people with the ID UNKNOWN",
            [{**_CT, "PatientID": "UNKNOWN"}, {**_OTHER, "PatientID": "UNKNOWN"}],
            [_THE_STUDY],
        ),
        Example(
            "two studies of one person with zeros for an ID, less severe",
            [{**_CT, "PatientID": "0000"}, {**_SECOND, "PatientID": "0000"}],
            [_THE_STUDY],
        ),
        Example("one study with the ID n/a, a minor fault", [{**_CT, "PatientID": "n/a"}], [_THE_STUDY]),
    ),
    silent=(
        Example("a Patient ID", [_CT]),
        Example("an ID that ends in zeros", [{**_CT, "PatientID": "1000"}]),
        Example("an ID that contains such a word", [{**_CT, "PatientID": "ANON-0017"}]),
        Example("a hanging protocol, which has no study and no patient", [{"SOPClassUID": "1.2.840.10008.5.1.4.38.1"}]),
    ),
)
def id_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Tell a missing ID from a stand-in, and say how many people may share it."""
    if not row["stand_in_studies"]:
        if row["rows_with_id"]:
            return Problem(f"{quantity(row['objects'], 'object')} of this study without a Patient ID", Severity.MEDIUM)
        return Problem(f"no object of this study has a Patient ID (objects: {row['objects']})")
    studies, names, births = (int(row[column] or 0) for column in ("stand_in_studies", "names", "birth_dates"))
    shared = f"a stand-in for a Patient ID is used in {quantity(studies, 'study')}"
    who = f"with {quantity(names, 'name')} and {quantity(births, 'birth date')}"
    if names > 1 or births > 1:
        return Problem(f"{shared} {who}")
    return Problem(f"{shared} {who}", Severity.MEDIUM if studies > 1 else Severity.LOW)
