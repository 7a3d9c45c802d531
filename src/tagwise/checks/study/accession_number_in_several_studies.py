"""One Accession Number of a patient belongs to several studies.

## What it finds
Accession Numbers under which one patient has two or more studies of modalities that acquire:

- two of them were made by one device on one day: medium severity, because an examination was split in two;
- they are more than 30 days apart (`max_days`): medium, because the number was used again. Numbers of one to three
  characters, which somebody typed for want of an order, are low;
- otherwise low: two devices for one order, each of which made a study of its own.

The standard allows several studies for one order, and some sites work that way.

## Why it matters
Most consumers expect one study for one order. A viewer that is called with the Accession Number opens the first
one, a report is attached to one of them, and converters stop with a message on conflicting identifiers. The reader
may not know that the other half exists.

## How to confirm
1. Compare Study Time and the devices. A gap of minutes on one device means a restart of the console, or a patient
   who was registered twice. Two devices at the same hour did not take the Study Instance UID from the worklist
   entry.
2. Count the images of each study against the protocol. Halves complete each other, copies have equal counts
   (`study/exam-stored-twice`).
3. Far dates: ask the order filler whether the number belongs to both.

## How to fix
1. Let devices take the Study Instance UID from the worklist. Two devices that serve one order then share a study.
2. Merge halves into the Study Instance UID of the order, with the archive's merge or move. Update the references.
3. A number that was used again needs a new one for the later study, assigned by the order filler.

## Not a problem when
- The site orders a bundle under one number and wants one study for each part or each device.
- Follow-up images of a long examination are made as a new study on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "AccessionNumber": "A4711",
    "PatientID": "PID4711",
    "StudyDate": "20240131",
    "Modality": "CT",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "StationName": "CT1",
}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=(
        "AccessionNumber",
        "PatientID",
        "StudyInstanceUID",
        "StudyDate",
        "Modality",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    spares=("ManufacturerModelName",),
    grain={"AccessionNumber": Level.STUDY, "StudyDate": Level.STUDY, "Modality": Level.SERIES},
    sql=f"""
WITH made AS (
  SELECT
    AccessionNumber,
    PatientID,
    COUNT(DISTINCT StudyInstanceUID) AS together,
    MIN(StudyInstanceUID) AS first_study,
    MAX(StudyInstanceUID) AS last_study,
    MIN(Modality) AS modality,
    TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d') AS day
  FROM facets
  WHERE AccessionNumber IS NOT NULL AND StudyInstanceUID IS NOT NULL AND Modality NOT IN ({NOT_ACQUIRED})
  GROUP BY AccessionNumber, PatientID, StudyDate, Modality, Manufacturer, ManufacturerModelName, StationName
)
SELECT
  MIN(first_study) AS StudyInstanceUID,
  MAX(last_study) AS last_StudyInstanceUID,
  SUM(CASE WHEN together > 1 AND day IS NOT NULL THEN 1 ELSE 0 END) AS splits_of_one_device_and_day,
  DATE_DIFF('day', MIN(day), MAX(day)) AS days,
  MIN(LENGTH(AccessionNumber)) AS its_length,
  CAST($max_days AS INTEGER) AS max_days,
  MIN(modality) AS first_Modality,
  MAX(modality) AS last_Modality
FROM made
GROUP BY AccessionNumber, PatientID
HAVING MIN(first_study) <> MAX(last_study)
ORDER BY StudyInstanceUID, last_StudyInstanceUID
""",
    references=("PS3.3 C.7.2.1", "PS3.3 A.1.2.2"),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/540", "2026-11-23"),
        Source("https://github.com/RSNA/anonymizer/issues/17", "2026-11-23"),
        Source("https://github.com/nipy/heudiconv/issues/126", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("study/accession-multiple-studies",),
    settings={"max_days": 30},
    fires=(
        Example("an examination of one device in two studies", [_CT, _SECOND], [_THE_STUDY]),
        Example("a number used again after a year", [_CT, {**_SECOND, "StudyDate": "20250131"}], [_THE_STUDY]),
        Example(
            "an X-ray and an ultrasound of one order, a minor fault",
            [{**_CT, "Modality": "DX"}, {**_SECOND, "Modality": "US"}],
            [_THE_STUDY],
        ),
        Example(
            "two days of one examination, a minor fault", [_CT, {**_SECOND, "StudyDate": "20240201"}], [_THE_STUDY]
        ),
        Example(
            "the number 1 typed again after a year, a minor fault",
            [{**_CT, "AccessionNumber": "1"}, {**_SECOND, "AccessionNumber": "1", "StudyDate": "20250131"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one study for one number", [_CT, {**_CT, "Modality": "SR"}]),
        Example("two numbers", [_CT, {**_SECOND, "AccessionNumber": "A4712"}]),
        Example("no numbers", [{**_CT, "AccessionNumber": ""}, {**_SECOND, "AccessionNumber": ""}]),
        Example("a report that was stored as a study of its own", [_CT, {**_SECOND, "Modality": "SR"}]),
        Example(
            "two patients with one number, which another check reports", [_CT, {**_SECOND, "PatientID": "PID0815"}]
        ),
    ),
)
def accession_number_in_several_studies(row: Mapping[str, EvidenceValue]) -> Problem:
    """Tell a split examination and a re-used number from two devices of one order."""
    days = int(row["days"] or 0)
    message = "one Accession Number in several studies of one patient"
    if row["splits_of_one_device_and_day"]:
        return Problem(f"{message}, two of them by one device on one day")
    if days > int(row["max_days"] or 0):
        return Problem(f"{message}, {days} days apart", Severity.LOW if int(row["its_length"] or 0) < 4 else None)
    both = row["first_Modality"] != row["last_Modality"]
    of = f" ({row['first_Modality']} and {row['last_Modality']})" if both else ""
    return Problem(f"{message}{of}", Severity.LOW)
