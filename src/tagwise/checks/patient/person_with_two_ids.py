"""One name and birth date occur under two Patient IDs of one issuer.

## What it finds
People, told apart by full name and birth date, whose studies have two or more Patient IDs from the same issuer (or
all without one), and whose sex does not contradict. A name must have at least two components, and a birth date that
stands for unknown does not count. IDs that differ in leading zeros, case or hyphens only are reported by
`patient/id-in-several-spellings`.

Low instead of medium severity is given to:

- birth dates on the first of January, which many registries give to people who do not know theirs;
- more than five IDs (`max_ids`): that is a stand-in for a name and a date rather than a person.

## Why it matters
Most often one person was registered twice, or a merge in the patient administration did not reach the archive. Half
of the prior studies, and their reports, stay unknown to the reader.

## How to confirm
1. Give the list to the patient administration. Only they can say whether it is one person; address and insurance
   number decide, not the images.
2. If they merged the two long ago, read the log of the interface: was the HL7 ADT^A40 sent, and did the archive
   accept it?

## How to fix
1. Let the patient administration merge, so that every system receives the same message.
2. Repeat a lost merge message for the archive; do not edit the studies.
3. If duplicates come in pairs of seconds, the archive created the patient twice while two studies arrived at once.
   Its vendor has to lock that.

## Not a problem when
- They are two people. In a big archive, common names meet on one birth date more often than one expects.
- A person has an ID for clinical care and another one for a study, on purpose.
- Two hospitals share the archive without issuers: set Issuer of Patient ID by sender, and the finding goes.
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
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "PatientID": "PID0815"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex"),
    grain={"PatientBirthDate": Level.PATIENT, "PatientSex": Level.PATIENT},
    sql=f"""
WITH persons AS (
  SELECT
    StudyInstanceUID,
    PatientID,
    IssuerOfPatientID,
    {NAME} AS name,
    {BIRTH} AS birth,
    {SEX} AS sex,
    LTRIM(UPPER(TRANSLATE(PatientID, ' -.', '')), '0') AS normal
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND NOT {STAND_IN}
)
SELECT
  MIN(StudyInstanceUID) AS StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID,
  COUNT(DISTINCT normal) AS patient_ids,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  MAX(CASE WHEN birth LIKE '%0101' THEN 1 ELSE 0 END) AS born_on_new_year,
  CAST($max_ids AS INTEGER) AS max_ids,
  MIN(PatientID) AS first_PatientID,
  MAX(PatientID) AS last_PatientID
FROM persons
WHERE name LIKE '%_^_%' AND birth IS NOT NULL
GROUP BY name, birth, IssuerOfPatientID
HAVING MIN(normal) <> MAX(normal)
  AND COUNT(DISTINCT sex) <= 1
  AND COUNT(DISTINCT StudyInstanceUID) > 1
ORDER BY StudyInstanceUID, first_PatientID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/3154", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4935", "2026-11-23"),
    ),
    about=("PatientID",),
    since="0.1.0",
    aliases=("patient/patient-same-person-two-ids",),
    settings={"max_ids": 5},
    fires=(
        Example("one name and birth date, two IDs", [_CT, _SECOND], [_THE_STUDY]),
        Example(
            "a person born on the first of January, a minor fault",
            [{**_CT, "PatientBirthDate": "19700101"}, {**_SECOND, "PatientBirthDate": "19700101"}],
            [_THE_STUDY],
        ),
        Example(
            "many IDs with the name of a stand-in, a minor fault",
            [
                {**_CT, "StudyInstanceUID": f"1.2.826.0.1.{n}", "PatientID": f"R{n}", "PatientName": "Anon^Anon"}
                for n in range(1, 8)
            ],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one ID", [_CT, {**_SECOND, "PatientID": "PID4711"}]),
        Example("twins", [_CT, {**_SECOND, "PatientName": "Doe^Mary"}]),
        Example("two people of one name", [_CT, {**_SECOND, "PatientBirthDate": "19950505"}]),
        Example("a name and birth date of a woman and a man", [_CT, {**_SECOND, "PatientSex": "M"}]),
        Example("two issuers", [{**_CT, "IssuerOfPatientID": "A"}, {**_SECOND, "IssuerOfPatientID": "B"}]),
        Example("a family name alone", [{**_CT, "PatientName": "Doe"}, {**_SECOND, "PatientName": "Doe"}]),
        Example(
            "de-identified people without birth dates",
            [{**_CT, "PatientBirthDate": ""}, {**_SECOND, "PatientBirthDate": ""}],
        ),
        Example(
            "IDs with and without zeros, which another check reports",
            [{**_CT, "PatientID": "0815"}, {**_SECOND, "PatientID": "815"}],
        ),
    ),
)
def person_with_two_ids(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the IDs; what looks like a stand-in or a guessed birth date is worth less."""
    ids = int(row["patient_ids"] or 0)
    message = f"one name and birth date under {ids} Patient IDs in {row['studies']} studies"
    if ids > int(row["max_ids"] or 0):
        return Problem(f"{message}: more likely a stand-in than a person", Severity.LOW)
    return Problem(message, Severity.LOW if row["born_on_new_year"] else None)
