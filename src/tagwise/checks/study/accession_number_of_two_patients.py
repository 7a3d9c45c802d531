"""One Accession Number belongs to two patients.

## What it finds
Accession Numbers that occur in studies of two or more Patient IDs:

- the names or birth dates differ, or are not known: high severity;
- name and birth date are the same, which is one person with two IDs: medium;
- each Patient ID has an issuer of its own: medium, since two hospitals number their orders alike;
- the number has one to three characters: medium, since somebody typed it for want of an order;
- more than ten patients (`max_patients`): low, because that is a stand-in for a number and nobody takes it for one.

Issuer of Accession Number stands in a sequence, which an archive-wide query does not have; so Issuer of Patient ID
tells hospitals apart. Two patients within one study are reported by `identity/study-uid-in-several-patients`.

## Why it matters
Reports, downloads and HL7 results are addressed by the Accession Number. Whoever asks for it receives both studies,
or the one that comes first: a report is filed under the wrong person, or images are handed to a stranger.

## How to confirm
1. Ask the order filler whose order it is.
2. Compare the dates of the two studies. The same hour on one device: the wrong worklist entry was picked for one
   patient. Years apart: the numbers of the information system started anew. Two sites: two numbering circles.
3. A number such as `1` or `123` was typed at the console: there was no worklist entry.

## How to fix
1. Wrong worklist entry: block the study, assign it to the right order and patient, and look for the order that now
   has no images. Report it as an incident if it was already read.
2. Two numbering circles: add a prefix per site at the gateway, or use Issuer of Accession Number Sequence and make
   every consumer read it.
3. Numbers that started anew: ask the information system's vendor for a new range.

## Not a problem when
- De-identified sets have dummy numbers.
- One person has two IDs and the archive links them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH, NAME
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "AccessionNumber": "A4711",
    "PatientID": "PID4711",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "PatientID": "PID0815"}
_OTHER = {**_SECOND, "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=(
        "AccessionNumber",
        "StudyInstanceUID",
        "PatientID",
        "IssuerOfPatientID",
        "PatientName",
        "PatientBirthDate",
    ),
    spares=("IssuerOfPatientID",),
    grain={
        "AccessionNumber": Level.STUDY,
        "PatientID": Level.STUDY,
        "IssuerOfPatientID": Level.PATIENT,
        "PatientName": Level.PATIENT,
        "PatientBirthDate": Level.PATIENT,
    },
    sql=f"""
WITH persons AS (
  SELECT
    AccessionNumber,
    StudyInstanceUID,
    PatientID,
    IssuerOfPatientID,
    {NAME} AS name,
    {BIRTH} AS birth
  FROM facets
  WHERE AccessionNumber IS NOT NULL AND StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL
)
SELECT
  MIN(StudyInstanceUID) AS StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  COUNT(DISTINCT PatientID) AS patient_ids,
  COUNT(DISTINCT IssuerOfPatientID) AS issuers,
  COUNT(DISTINCT name) AS names,
  COUNT(DISTINCT birth) AS birth_dates,
  SUM(CASE WHEN name IS NULL OR birth IS NULL THEN 1 ELSE 0 END) AS without_name_or_birth,
  MIN(LENGTH(AccessionNumber)) AS its_length,
  CAST($max_patients AS INTEGER) AS max_patients
FROM persons
GROUP BY AccessionNumber
HAVING MIN(PatientID) <> MAX(PatientID) AND MIN(StudyInstanceUID) <> MAX(StudyInstanceUID)
ORDER BY StudyInstanceUID, last_StudyInstanceUID
""",
    references=("PS3.3 C.7.2.1", "PS3.3 C.7.1.1"),
    sources=(Source("https://github.com/RSNA/anonymizer/issues/17", "2026-11-23"),),
    since="0.1.0",
    aliases=("study/accession-multiple-patients",),
    settings={"max_patients": 10},
    fires=(
        Example("one number, two people", [_CT, _OTHER], [_THE_STUDY]),
        Example(
            "one number, two IDs without names",
            [{**_CT, "PatientName": ""}, {**_SECOND, "PatientName": ""}],
            [_THE_STUDY],
        ),
        Example(
            "two people with a number typed by hand, less severe",
            [{**_CT, "AccessionNumber": "1"}, {**_OTHER, "AccessionNumber": "1"}],
            [_THE_STUDY],
        ),
        Example("one person with two IDs, less severe", [_CT, _SECOND], [_THE_STUDY]),
        Example(
            "two hospitals with the same number, less severe",
            [{**_CT, "IssuerOfPatientID": "A"}, {**_OTHER, "IssuerOfPatientID": "B"}],
            [_THE_STUDY],
        ),
        Example(
            "a number that many patients have, a minor fault",
            [
                {**_CT, "StudyInstanceUID": f"1.2.826.0.1.{n}", "PatientID": f"PID{n}", "AccessionNumber": "NONE"}
                for n in range(1, 12)
            ],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one number, one patient, two studies", [_CT, {**_SECOND, "PatientID": "PID4711"}]),
        Example("two numbers", [_CT, {**_OTHER, "AccessionNumber": "A4712"}]),
        Example("no numbers", [{**_CT, "AccessionNumber": ""}, {**_OTHER, "AccessionNumber": ""}]),
        Example("a study without a Patient ID", [_CT, {**_OTHER, "PatientID": ""}]),
        Example(
            "two patients in one study, which another check reports",
            [_CT, {**_OTHER, "StudyInstanceUID": "1.2.826.0.1.1"}],
        ),
    ),
)
def accession_number_of_two_patients(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count patients; one person, two issuers and stand-ins are lesser cases."""
    ids, issuers = int(row["patient_ids"] or 0), int(row["issuers"] or 0)
    message = f"one Accession Number in {row['studies']} studies of {ids} Patient IDs"
    if ids > int(row["max_patients"] or 0):
        return Problem(f"{message}: more likely a stand-in than a number", Severity.LOW)
    if int(row["its_length"] or 0) < 4:
        return Problem(f"{message}, too short to come from an order", Severity.MEDIUM)
    if issuers == ids:
        return Problem(f"{message} from {issuers} issuers", Severity.MEDIUM)
    if row["names"] == 1 and row["birth_dates"] == 1 and not row["without_name_or_birth"]:
        return Problem(f"{message} with one name and birth date", Severity.MEDIUM)
    return Problem(f"{message} with {quantity(row['names'], 'name')} and {quantity(row['birth_dates'], 'birth date')}")
