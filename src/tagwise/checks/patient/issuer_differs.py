"""One patient has a Patient ID under two issuers, or with and without one.

## What it finds
- Patient IDs that occur under two or more values of Issuer of Patient ID with the same name and birth date, in
  different studies: one finding each, of medium severity. One ID of two issuers with different names is right: that
  is what issuers are for.
- Patient IDs that occur both with an issuer and without one, for the same name and birth date. All of them make one
  finding of low severity, with their number.

Two issuers within one study are reported by `identity/study-uid-in-several-patients`.

Where no object has an issuer, nothing is found, although two hospitals may feed the archive. Institution Name cannot
show that: it is free text with many spellings for one house. What harms then is one ID for two people, and this is
found by `patient/id-of-two-persons`.

## Why it matters
An archive that knows issuers treats the pair of ID and issuer as the key. So the history of one person is divided,
and an object that arrives for an existing study under the other issuer is refused. Dcm4chee answers with the
message that the Patient ID differs from the one received before.

## How to confirm
1. List studies by issuer and by sending device or AE title. One device or one interface usually writes another
   spelling, or the archive fills in its own issuer when the sender has none.
2. Look for the date from which objects have an issuer: the setting was introduced then.

## How to fix
1. Decide on one value for each assigning authority, and map every other spelling to it at the archive's door (in
   dcm4chee, an attribute coercion by AE title).
2. Merge the divided patients with the archive's tools, the official issuer being the one that stays.
3. Use the same value in HL7 messages (PID-3.4), or merges will not reach the studies.

## Not a problem when
- Two authorities really gave the same number to one person, and the archive links both IDs.
- The archive adds the issuer in its database, and the files keep what the sender wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH, NAME
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientID": "PID4711",
    "IssuerOfPatientID": "HOSPITAL-A",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "IssuerOfPatientID": "HOSP_A"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate"),
    sql=f"""
WITH persons AS (
  SELECT
    PatientID,
    MIN(StudyInstanceUID) AS first_study,
    MAX(StudyInstanceUID) AS last_study,
    COUNT(DISTINCT StudyInstanceUID) AS studies,
    COUNT(DISTINCT IssuerOfPatientID) AS issuers,
    MIN(IssuerOfPatientID) AS first_issuer,
    MAX(IssuerOfPatientID) AS last_issuer
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND PatientName IS NOT NULL AND {BIRTH} IS NOT NULL
  GROUP BY PatientID, {NAME}, {BIRTH}
  HAVING COUNT(DISTINCT StudyInstanceUID) > 1
    AND COUNT(IssuerOfPatientID) > 0
    AND (MIN(IssuerOfPatientID) <> MAX(IssuerOfPatientID) OR COUNT(IssuerOfPatientID) < COUNT(*))
)
SELECT
  first_study AS StudyInstanceUID,
  last_study AS last_StudyInstanceUID,
  1 AS patients,
  studies,
  issuers,
  first_issuer AS first_IssuerOfPatientID,
  last_issuer AS last_IssuerOfPatientID
FROM persons
WHERE issuers > 1
UNION ALL
SELECT MIN(first_study), MAX(last_study), COUNT(*), SUM(studies), 1, MIN(first_issuer), MAX(last_issuer)
FROM persons
WHERE issuers = 1
HAVING COUNT(*) > 0
ORDER BY StudyInstanceUID, issuers, last_StudyInstanceUID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4508", "2026-11-23"),),
    about=("IssuerOfPatientID",),
    since="0.1.0",
    aliases=("patient/patient-id-two-issuers", "patient/patient-id-no-issuer"),
    fires=(
        Example("two spellings of one issuer", [_CT, _SECOND], [_THE_STUDY]),
        Example("a study without an issuer, a minor fault", [_CT, {**_SECOND, "IssuerOfPatientID": ""}], [_THE_STUDY]),
        Example(
            "two patients with and without an issuer make one finding, a minor fault",
            [
                _CT,
                {**_SECOND, "IssuerOfPatientID": ""},
                {**_CT, "PatientID": "P2", "StudyInstanceUID": "1.2.826.0.1.3"},
                {**_CT, "PatientID": "P2", "StudyInstanceUID": "1.2.826.0.1.4", "IssuerOfPatientID": ""},
            ],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one issuer", [_CT, {**_SECOND, "IssuerOfPatientID": "HOSPITAL-A"}]),
        Example("no issuer anywhere", [{**_CT, "IssuerOfPatientID": ""}, {**_SECOND, "IssuerOfPatientID": ""}]),
        Example("one number of two issuers for two people", [_CT, {**_SECOND, "PatientName": "Roe^Richard"}]),
        Example("two issuers in one study, which another check reports", [_CT, {**_CT, "IssuerOfPatientID": "HOSP_A"}]),
        Example("people without birth dates", [{**_CT, "PatientBirthDate": ""}, {**_SECOND, "PatientBirthDate": ""}]),
    ),
)
def issuer_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Tell two issuers of one patient from the count of patients with and without one."""
    issuers, patients = int(row["issuers"] or 0), int(row["patients"] or 0)
    if issuers > 1:
        return Problem(f"one Patient ID, name and birth date under {issuers} issuers in {row['studies']} studies")
    who = "1 patient has" if patients == 1 else f"{patients} patients have"
    return Problem(f"{who} studies with and without Issuer of Patient ID", Severity.LOW)
