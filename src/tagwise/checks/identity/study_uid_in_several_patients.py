"""One Study Instance UID occurs with more than one patient.

## What it finds
Study Instance UIDs whose objects name two or more Patient IDs, or one Patient ID with two different values of Issuer
of Patient ID. Spaces around the ID do not count. Objects without a Patient ID, or without an issuer, are not
compared: a value that is missing says nothing about who the patient is.

The finding counts names and birth dates too; names that differ in case or in trailing `^` only are one. Two IDs with
one name and one birth date are usually one person after a merge, and have medium severity, as has one ID with two
issuers. Two names or birth dates, or objects that lack one of them, may be two people: high.

## Why it matters
A study belongs to one patient. Archives whose key is the study UID file all of it under the patient who came first,
so that images of one person are read under the name of another. Archives whose key includes the patient ID show two
halves. Others refuse what arrives second, and the modality keeps trying.

## How to confirm
1. Ask the archive, and then the order filler, which patient the Accession Number of the study belongs to.
2. Look for a merge (HL7 ADT^A40) or a change of ID (ADT^A47) between the two store times. Objects that arrived after
   it with the old ID are the usual cause.
3. Compare Patient's Birth Date and Sex, and the images themselves if these differ. Read the modality's log: the wrong
   worklist entry, or the previous patient still selected, is the next most common cause.

## How to fix
- One person with two IDs: apply the merge to the stragglers with the archive's patient update (IHE Patient
  Information Reconciliation), not file by file. In dcm4chee, Accept Conflicting Patient ID set to MERGED refuses what
  is not merged.
- Two people: block the study for reading, tell the department, and separate the images by looking at them. Reject the
  wrong ones (IHE IOCM, reason "Incorrect Modality Worklist Entry") and send them again under the right patient with
  new study, series and instance UIDs.
- One ID with two issuers: set the issuer in one place, at the archive's door, and leave it to nobody else.

## Not a problem when
- A prefix or leading zeros were added to all Patient IDs at one date, and the archive treats both forms as one
  patient.
- The scan covers the archive and an older export that was made before a merge.
- Animals or research subjects are filed under a group, and the study is meant to show several of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "PatientID": "PID4711",
    "IssuerOfPatientID": "HOSPITAL-A",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700101",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate"),
    spares=(
        "IssuerOfPatientID",
        "PatientName",
        "PatientBirthDate",
    ),
    sql="""
SELECT
  StudyInstanceUID,
  COUNT(DISTINCT PatientID) AS patient_ids,
  COUNT(DISTINCT IssuerOfPatientID) AS issuers,
  COUNT(DISTINCT RTRIM(UPPER(PatientName), '^= ')) AS names,
  COUNT(DISTINCT PatientBirthDate) AS birth_dates,
  SUM(CASE WHEN PatientName IS NULL OR PatientBirthDate IS NULL THEN instances ELSE 0 END) AS without_name_or_birth,
  SUM(instances) AS instances,
  MIN(PatientID) AS first_PatientID,
  MAX(PatientID) AS last_PatientID,
  MIN(IssuerOfPatientID) AS first_IssuerOfPatientID,
  MAX(IssuerOfPatientID) AS last_IssuerOfPatientID
FROM facets
WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL
GROUP BY StudyInstanceUID
HAVING MIN(PatientID) <> MAX(PatientID)
  OR MIN(IssuerOfPatientID) <> MAX(IssuerOfPatientID)
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.2.1", "PS3.3 C.7.1.1", "PS3.3 A.1.2.2"),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/506", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4272", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4508", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/study-uid-multiple-patients",),
    fires=(
        Example(
            "two Patient IDs in one study",
            [_CT, {**_CT, "PatientID": "PID4712", "PatientName": "Roe^Richard", "PatientBirthDate": "19500505"}],
            [_THE_STUDY],
        ),
        Example(
            "two Patient IDs of one person after a merge, less severe",
            [_CT, {**_CT, "PatientID": "PID4712", "PatientName": "DOE^JANE^^^"}],
            [_THE_STUDY],
        ),
        Example(
            "one Patient ID of two issuers, who may mean two people",
            [_CT, {**_CT, "IssuerOfPatientID": "HOSPITAL-B"}],
            [_THE_STUDY],
        ),
        Example(
            "two patients in two series of one study",
            [
                _CT,
                {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "PatientID": "PID0815", "PatientName": "Roe^Richard"},
            ],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one patient", [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2"}]),
        Example("a report without a Patient ID", [_CT, {k: v for k, v in _CT.items() if k != "PatientID"}]),
        Example("a Patient ID with padding", [_CT, {**_CT, "PatientID": " PID4711 "}]),
        Example("an object without an issuer", [_CT, {k: v for k, v in _CT.items() if k != "IssuerOfPatientID"}]),
        Example(
            "an issuer without a Patient ID",
            [_CT, {**{k: v for k, v in _CT.items() if k != "PatientID"}, "IssuerOfPatientID": "HOSPITAL-B"}],
        ),
        Example(
            "two studies of two patients",
            [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "PatientID": "PID4712"}],
        ),
    ),
)
def study_uid_in_several_patients(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count IDs, issuers, names and birth dates; what looks like one person is the lesser case."""
    ids, issuers = int(row["patient_ids"] or 0), int(row["issuers"] or 0)
    names, births = int(row["names"] or 0), int(row["birth_dates"] or 0)
    persons = f"with {quantity(names, 'name')} and {quantity(births, 'birth date')}"
    if ids > 1:
        one_person = names == births == 1 and not int(row["without_name_or_birth"] or 0)
        return Problem(f"{ids} Patient IDs in one study, {persons}", Severity.MEDIUM if one_person else None)
    return Problem(f"one Patient ID of {issuers} issuers in one study, {persons}", Severity.MEDIUM)
