"""A test patient or a phantom is stored among the patients.

## What it finds
Patients whose name contains one of the words TEST, TESTPATIENT, TESTING, PHANTOM, DUMMY, QA, QC, CALIBRATION or
SERVICE as a whole word, or whose Patient ID begins with TEST, PHANTOM or DUMMY followed by no other letter. Carets,
commas, underscores, hyphens, spaces and digits separate words, so that people called Testa or Tester are not named.

There is one finding per Patient ID, with the number of its studies, and none of them says that anything is broken.

## Why it matters
Quality images of all scanners often share one ID, and fill one patient folder with thousands of studies. They distort
statistics on dose, volume and turnaround, end in cohorts for research, and cost storage for as long as patients do.

## How to confirm
1. Open one of the studies: a phantom shows itself.
2. Ask the department whether it is a test patient of theirs, and whether anybody needs the images.

## How to fix
1. Send quality images to a store of their own, or give them an Issuer of Patient ID that filters can leave out.
   Phantoms are well described by Patient ID, Quality Control Image (0028,0300) set to YES, and a series
   description.
2. Delete test studies by the retention rules for technical data.
3. Exclude the issuer or the IDs from reports and cohorts.

## Not a problem when
- The archive has a rule for these patients, and everybody who counts knows it.
- The person really has such a name. It happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "PatientID": "PID4711", "PatientName": "Doe^Jane"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_WORDS = ("TEST", "TESTPATIENT", "TESTING", "PHANTOM", "DUMMY", "QA", "QC", "CALIBRATION", "SERVICE")
_SPLIT = "' ' || TRANSLATE(UPPER({}), '^=,_-./0123456789', '                 ') || ' '"
_BY_NAME = " OR ".join(f"name LIKE '% {word} %'" for word in _WORDS)
_BY_ID = " OR ".join(f"id LIKE ' {word} %'" for word in ("TEST", "PHANTOM", "DUMMY"))


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "PatientName"),
    sql=f"""
WITH words AS (
  SELECT
    StudyInstanceUID,
    PatientID,
    instances,
    {_SPLIT.format("COALESCE(PatientName, '')")} AS name,
    {_SPLIT.format("COALESCE(PatientID, '')")} AS id
  FROM (
    SELECT StudyInstanceUID, PatientID, PatientName, SUM(instances) AS instances
    FROM facets
    WHERE StudyInstanceUID IS NOT NULL
    GROUP BY StudyInstanceUID, PatientID, PatientName
  ) AS patients
)
SELECT
  MIN(StudyInstanceUID) AS StudyInstanceUID,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  SUM(instances) AS objects,
  PatientID AS its_PatientID
FROM words
WHERE {_BY_NAME} OR {_BY_ID}
GROUP BY PatientID
ORDER BY StudyInstanceUID, its_PatientID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(),
    since="0.1.0",
    aliases=("patient/test-patient-in-production",),
    fires=(
        Example("a name with the word Test", [{**_CT, "PatientName": "Test^Anna"}], [_THE_STUDY]),
        Example("a phantom of a modality", [{**_CT, "PatientName": "CT-Phantom^Head"}], [_THE_STUDY]),
        Example("a numbered test ID", [{**_CT, "PatientID": "TEST007"}], [_THE_STUDY]),
        Example(
            "two studies of one phantom make one finding",
            [
                {**_CT, "PatientID": "QA", "PatientName": "QA^Daily"},
                {**_CT, "PatientName": "QA^Daily", "PatientID": "QA", "StudyInstanceUID": "1.2.826.0.1.2"},
            ],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("a patient", [_CT]),
        Example("a person called Testa", [{**_CT, "PatientName": "Testa^Maria"}]),
        Example("a person called Tester", [{**_CT, "PatientName": "Tester^Max"}]),
        Example("an ID that begins with other letters", [{**_CT, "PatientID": "QAB4711"}]),
        Example("an ID that begins with TEST and goes on in letters", [{**_CT, "PatientID": "TESTA4711"}]),
        Example("an object without a patient", [{**_CT, "PatientID": "", "PatientName": ""}]),
    ),
)
def test_patient_in_archive(row: Mapping[str, EvidenceValue]) -> str:
    """Count the studies."""
    return f"a test patient or phantom, by its name or ID, with {quantity(row['studies'], 'study')}"
