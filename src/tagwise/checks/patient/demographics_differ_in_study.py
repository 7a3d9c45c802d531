"""The objects of one study disagree about birth date, sex or name of the patient.

## What it finds
Studies with one Patient ID, or none, in which two objects carry different birth dates, sexes (F against M) or names.
Names that differ in case or in trailing `^` are one, and of a name in several scripts the first is compared. Stand-in
birth dates such as 19000101 are not compared.

- two or three of birth date, sex and name differ: high severity, because the images may show two people;
- birth date or sex alone: medium, more often an object that was made with default values;
- the name alone: low, a correction that did not reach all objects, or a workstation with its own spelling.

Two Patient IDs in one study are reported by `identity/study-uid-in-several-patients`.

## Why it matters
All of a study is read as one patient's. If half of the images are another person's, a finding is reported for the
wrong one. Even where it is only a default value, second proofs of identity fail, and clouds that group by patient
attributes split the study.

## How to confirm
1. The evidence names the modalities of two sides. Images against images of the same device: look at the pixels.
   Reports or structure sets against images: look at the default values of the workstation.
2. Compare the times at which the objects were made with the time of a correction in the patient administration.

## How to fix
1. Apply the values of the order to the whole study with the archive's study or patient update.
2. If the images belong to two people, block the study and separate it as `identity/study-uid-in-several-patients`
   says.
3. Let the workstation copy the patient module of its source images instead of asking its user.

## Not a problem when
- An archive corrects demographics in its database only, and the scan read the files behind it.
- A study of a newborn carries the mother's values in its first images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks.patient._patients import BIRTH, ONE_SCRIPT, SEX
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "Modality": "CT",
    "PatientID": "PID4711",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
    "PatientSex": "F",
}
_SR = {**_CT, "Modality": "SR"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "Modality"),
    sql=f"""
WITH persons AS (
  SELECT
    StudyInstanceUID,
    PatientID,
    Modality,
    instances,
    {ONE_SCRIPT} AS name,
    {BIRTH} AS birth,
    {SEX} AS sex
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
)
SELECT
  StudyInstanceUID,
  COUNT(DISTINCT birth) AS birth_dates,
  COUNT(DISTINCT sex) AS sexes,
  COUNT(DISTINCT name) AS names,
  SUM(instances) AS instances,
  MIN(Modality) AS first_Modality,
  MAX(Modality) AS last_Modality
FROM persons
GROUP BY StudyInstanceUID
HAVING COUNT(DISTINCT PatientID) <= 1
  AND (MIN(birth) <> MAX(birth) OR MIN(sex) <> MAX(sex) OR MIN(name) <> MAX(name))
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.1.1", "PS3.3 A.1.2.2"),
    sources=(),
    about=("PatientBirthDate", "PatientSex", "PatientName"),
    since="0.1.0",
    aliases=("patient/patient-demographics-in-study",),
    fires=(
        Example(
            "two names and two birth dates in one study",
            [_CT, {**_CT, "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"}],
            [_THE_STUDY],
        ),
        Example("a report with sex M, less severe", [_CT, {**_SR, "PatientSex": "M"}], [_THE_STUDY]),
        Example(
            "a report with another birth date, less severe",
            [_CT, {**_SR, "PatientBirthDate": "19700504"}],
            [_THE_STUDY],
        ),
        Example("a name without its caret, a minor fault", [_CT, {**_SR, "PatientName": "Doe Jane"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one person", [_CT, _SR]),
        Example("a name in capitals with empty components", [_CT, {**_SR, "PatientName": "DOE^JANE^^^"}]),
        Example("a name in one script and in two", [_CT, {**_SR, "PatientName": "Doe^Jane=土井^ジェーン"}]),
        Example("a report without birth date and sex", [_CT, {**_SR, "PatientBirthDate": "", "PatientSex": ""}]),
        Example("a birth date that stands for unknown", [_CT, {**_SR, "PatientBirthDate": "19000101"}]),
        Example(
            "two patients in a study, which another check reports", [_CT, {**_CT, "PatientID": "P2", "PatientSex": "M"}]
        ),
    ),
)
def demographics_differ_in_study(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count what differs, and name the modalities at the ends."""
    counts = [("birth dates", row["birth_dates"]), ("sexes", row["sexes"]), ("names", row["names"])]
    differ = [(noun, number) for noun, number in counts if int(number or 0) > 1]
    among = {str(row[column]) for column in ("first_Modality", "last_Modality") if row[column]}
    of = f", among {' and '.join(sorted(among))}" if among else ""
    message = f"{' and '.join(f'{number} {noun}' for noun, number in differ)} in one study{of}"
    if len(differ) > 1:
        return Problem(message)
    return Problem(message, Severity.LOW if differ[0][0] == "names" else Severity.MEDIUM)
