"""One Patient ID belongs to objects with different birth dates or sexes.

## What it finds
Patient IDs, together with their issuer, under which two studies disagree about birth date, or about sex as F
against M. Missing values, sex O, stand-in birth dates such as 19000101 and stand-in IDs (`patient/id-missing`) are
not compared.

If two of birth date, sex and name differ, the ID most likely means two people: high severity. If one differs, it is
more often a correction or a typing error that did not reach every study: medium. So it is if one of the birth dates
is a first of January, which emergency departments enter for people whom they do not know yet.

A study whose own objects disagree is left to `patient/demographics-differ-in-study`.

## Why it matters
The archive shows both people's studies as one history. A reader compares with the priors of somebody else, and an
allergy or implant note reaches the wrong person. Gateways that check birth date and sex as a second proof of identity
refuse one of the two.

## How to confirm
1. Compare the two example studies: name, Accession Number, and the images themselves (age, sex, earlier surgery).
2. Ask the patient administration for the history of the ID: given out again, merged, corrected?
3. If one study stands alone against many, read the worklist log of its modality for that hour: the wrong entry was
   picked, and then the true patient lacks a study.

## How to fix
- Two people: block the wrong studies for reading, assign them to the right ID (IHE Patient Information
  Reconciliation), and report it as an incident where the images were already read.
- One person: take the values of the patient administration and apply them to all studies with the archive's patient
  update (HL7 ADT^A08).
- IDs of two hospitals that number in the same way: set Issuer of Patient ID by sender at the archive's door, so
  that the key has two parts.

## Not a problem when
- A correction is known, and the archive shows the right values from its database though old files keep theirs.
- The legal sex of a person was changed.
- De-identified studies were shifted in time with an offset per study.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH, NAME, SEX, STAND_IN
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientID": "PID4711",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
    "PatientSex": "F",
}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_THE_STUDY_KNOWN = {"StudyInstanceUID": "1.2.826.0.1.2"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex"),
    sql=f"""
WITH studies AS (
  SELECT
    PatientID,
    IssuerOfPatientID,
    StudyInstanceUID,
    MIN({NAME}) AS name,
    MIN({BIRTH}) AS birth,
    MIN({SEX}) AS sex
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND NOT {STAND_IN}
  GROUP BY PatientID, IssuerOfPatientID, StudyInstanceUID
  HAVING COUNT(DISTINCT {BIRTH}) <= 1 AND COUNT(DISTINCT {SEX}) <= 1
),
compared AS (
  SELECT
    PatientID,
    IssuerOfPatientID,
    StudyInstanceUID,
    name,
    birth,
    sex,
    MIN(birth) OVER (PARTITION BY PatientID, IssuerOfPatientID) AS first_birth,
    MAX(birth) OVER (PARTITION BY PatientID, IssuerOfPatientID) AS last_birth
  FROM studies
)
SELECT
  COALESCE(
    MIN(CASE WHEN first_birth <> last_birth AND birth = first_birth THEN StudyInstanceUID END),
    MIN(CASE WHEN sex = 'F' THEN StudyInstanceUID END)
  ) AS StudyInstanceUID,
  COALESCE(
    MIN(CASE WHEN first_birth <> last_birth AND birth = last_birth THEN StudyInstanceUID END),
    MIN(CASE WHEN sex = 'M' THEN StudyInstanceUID END)
  ) AS other_StudyInstanceUID,
  COUNT(*) AS studies,
  COUNT(DISTINCT birth) AS birth_dates,
  COUNT(DISTINCT sex) AS sexes,
  COUNT(DISTINCT name) AS names,
  MAX(CASE WHEN birth LIKE '%0101' THEN 1 ELSE 0 END) AS born_on_new_year
FROM compared
GROUP BY PatientID, IssuerOfPatientID
HAVING MIN(birth) <> MAX(birth) OR MIN(sex) <> MAX(sex)
ORDER BY StudyInstanceUID, other_StudyInstanceUID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/2758", "2026-11-23"),
        Source("https://github.com/fli-iam/shanoir-ng/issues/3497", "2026-11-23"),
    ),
    about=("PatientID",),
    since="0.1.0",
    aliases=("patient/patient-id-same-different-person",),
    fires=(
        Example(
            "two names and two birth dates under one ID",
            [_CT, {**_SECOND, "PatientName": "Roe^Richard", "PatientBirthDate": "19950505"}],
            [_THE_STUDY],
        ),
        Example(
            "two names and two sexes under one ID",
            [_CT, {**_SECOND, "PatientName": "Roe^Richard", "PatientSex": "M"}],
            [_THE_STUDY],
        ),
        Example(
            "day and month of birth exchanged, less severe",
            [_CT, {**_SECOND, "PatientBirthDate": "19700504"}],
            [_THE_STUDY],
        ),
        Example(
            "an unknown person whose name and birth date became known, less severe",
            [{**_CT, "PatientName": "Unknown^Female", "PatientBirthDate": "19800101"}, _SECOND],
            [_THE_STUDY_KNOWN],
        ),
        Example("one name, F and M, less severe", [_CT, {**_SECOND, "PatientSex": "M"}], [_THE_STUDY]),
        Example(
            "F and M without a birth date, less severe",
            [{**_CT, "PatientBirthDate": ""}, {**_SECOND, "PatientBirthDate": "", "PatientSex": "m"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one person with two studies", [_CT, _SECOND]),
        Example("a person who married", [_CT, {**_SECOND, "PatientName": "Roe^Jane"}]),
        Example("a study without birth date and sex", [_CT, {**_SECOND, "PatientBirthDate": "", "PatientSex": ""}]),
        Example("a birth date that stands for unknown", [_CT, {**_SECOND, "PatientBirthDate": "19000101"}]),
        Example("the old form of the same date", [_CT, {**_SECOND, "PatientBirthDate": "1970.04.05"}]),
        Example("sex O says nothing", [_CT, {**_SECOND, "PatientSex": "O"}]),
        Example(
            "one ID of two issuers, who may number alike",
            [
                {**_CT, "IssuerOfPatientID": "A"},
                {**_SECOND, "IssuerOfPatientID": "B", "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"},
            ],
        ),
        Example(
            "a stand-in for an ID, which patient/id-missing reports",
            [{**_CT, "PatientID": "NONE"}, {**_SECOND, "PatientID": "NONE", "PatientBirthDate": "19500505"}],
        ),
        Example("a study that disagrees with itself", [_CT, {**_CT, "PatientBirthDate": "19500505"}, _SECOND]),
    ),
)
def id_of_two_persons(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count what differs; one difference alone is more often a correction than a second person."""
    counts = {
        "birth dates": int(row["birth_dates"] or 0),
        "sexes": int(row["sexes"] or 0),
        "names": int(row["names"] or 0),
    }
    differ = [f"{number} {noun}" for noun, number in counts.items() if number > 1]
    message = f"{' and '.join(differ)} under one Patient ID in {row['studies']} studies"
    return Problem(message, Severity.MEDIUM if len(differ) < 2 or row["born_on_new_year"] else None)
