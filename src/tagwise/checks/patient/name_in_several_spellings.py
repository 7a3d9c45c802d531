"""The name of one patient is spelled differently in different studies.

## What it finds
Patient IDs, with their issuer, whose studies carry two or more spellings of the name while birth date and sex do not
contradict each other. Case, trailing `^` and the parts of a name in further scripts do not count.

A study that has two spellings itself is left to `patient/demographics-differ-in-study`, and an ID with two birth
dates or sexes to `patient/id-of-two-persons`.

## Why it matters
It is a nuisance rather than a danger: a search by name finds a part of the studies, and programs that key on name and
ID show two patients. A name without carets (`Doe Jane`) is one long family name to software that sorts by it.

## How to confirm
1. Compare the spellings with the patient administration. Marriage, a missing middle name, a nickname, umlauts
   written as two letters, and family and given name exchanged are the common forms.
2. See which device writes the other spelling: one that types names by hand does so in every study.

## How to fix
1. Send the right name once for the patient (HL7 ADT^A08); the archive should apply it to all studies.
2. Let every modality take names from the worklist.
3. Never merge patients because of a name, and never split them because of one.

## Not a problem when
- The person changed the name, and old studies keep the name of their time.
- The archive answers queries from its database, which has one name for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.patient._patients import BIRTH, ONE_SCRIPT, SEX, STAND_IN
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


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
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
    MIN({ONE_SCRIPT}) AS name,
    COUNT(DISTINCT {ONE_SCRIPT}) AS names,
    MIN({BIRTH}) AS first_birth,
    MAX({BIRTH}) AS last_birth,
    MIN({SEX}) AS first_sex,
    MAX({SEX}) AS last_sex
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND NOT {STAND_IN}
  GROUP BY PatientID, IssuerOfPatientID, StudyInstanceUID
)
SELECT
  MIN(StudyInstanceUID) AS StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID,
  COUNT(DISTINCT name) AS spellings,
  COUNT(*) AS studies
FROM studies
WHERE names = 1
GROUP BY PatientID, IssuerOfPatientID
HAVING MIN(name) <> MAX(name)
  AND COALESCE(MIN(first_birth), '') = COALESCE(MAX(last_birth), '')
  AND COALESCE(MIN(first_sex), '') = COALESCE(MAX(last_sex), '')
ORDER BY StudyInstanceUID, last_StudyInstanceUID
""",
    references=("PS3.3 C.7.1.1", "PS3.5 6.2.1"),
    sources=(Source("https://github.com/fli-iam/shanoir-ng/issues/3497", "2026-11-23"),),
    about=("PatientName",),
    since="0.1.0",
    aliases=("patient/patient-name-variants",),
    fires=(
        Example("a name without its caret", [_CT, {**_SECOND, "PatientName": "Doe Jane"}], [_THE_STUDY]),
        Example("a new family name", [_CT, {**_SECOND, "PatientName": "Roe^Jane"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one spelling", [_CT, _SECOND]),
        Example("capitals and empty components", [_CT, {**_SECOND, "PatientName": "DOE^JANE^^^"}]),
        Example("a name in one script and in two", [_CT, {**_SECOND, "PatientName": "Doe^Jane=土井^ジェーン"}]),
        Example("a study without a name", [_CT, {**_SECOND, "PatientName": ""}]),
        Example(
            "two birth dates, which patient/id-of-two-persons reports",
            [_CT, {**_SECOND, "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"}],
        ),
        Example("two patients", [_CT, {**_SECOND, "PatientID": "PID4712", "PatientName": "Roe^Richard"}]),
        Example(
            "a stand-in for an ID, which patient/id-missing reports",
            [{**_CT, "PatientID": "UNKNOWN"}, {**_SECOND, "PatientID": "UNKNOWN", "PatientName": "Roe^Richard"}],
        ),
    ),
)
def name_in_several_spellings(row: Mapping[str, EvidenceValue]) -> str:
    """Count spellings and studies."""
    return f"{row['spellings']} spellings of the name of one patient in {row['studies']} studies"
