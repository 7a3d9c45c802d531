"""One examination is stored under two Study Instance UIDs.

## What it finds
Studies whose images were acquired by the same device (model and serial number, or station) in the same instant,
under the same modality and Series Number, as images of another study, while the SOP Instance UIDs differ. A device
cannot do that: one of the two studies is a copy with new UIDs. Instance number 1 of each series is compared, so
that an archive of ten million objects is searched in a second.

If two or more series agree, the severity is medium; one series alone is low, since a single series is sometimes filed
into a second study on purpose. Images without Acquisition Time, or with a time of zero, are not compared.

## Why it matters
The examination counts twice: in statistics, in dose sums, in storage, and in research, where a copy in the training
set and one in the test set spoil the result. A report and its presentation states belong to one of the two only.

## How to confirm
1. Compare the roots of the two Study Instance UIDs with those of other studies of the device. The one with the
   device's own root is the original.
2. Implementation Version Name, Contributing Equipment Sequence and the time of storage tell which system made the
   copy: an import from CD, a migration, a de-identification that ran twice.
3. If the patients differ, find out at once which one is right. The finding says so.

## How to fix
1. Keep the study with the original UIDs and reject the other (IHE IOCM), after its reports and annotations were
   moved.
2. Let import tools keep UIDs, and ask the archive first whether it has the study.
3. De-identification: derive new UIDs from the old ones in the same way each time, so that a second run gives the
   same.

## Not a problem when
- One acquisition was split into two studies for two orders, and both keep a part of the images.
- De-identified copies are kept beside the originals, and nobody counts both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "PatientID": "PID4711",
    "Modality": "CT",
    "SeriesNumber": "2",
    "InstanceNumber": "1",
    "AcquisitionDate": "20240131",
    "AcquisitionTime": "101530.120000",
    "ManufacturerModelName": "Scan 1",
    "DeviceSerialNumber": "100",
}
_NEXT = {
    "SeriesInstanceUID": "1.2.826.0.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.2.1",
    "SeriesNumber": "3",
    "AcquisitionTime": "101733.480000",
}
_COPIED = {"StudyInstanceUID": "2.25.1", "SeriesInstanceUID": "2.25.2", "SOPInstanceUID": "2.25.3"}
_COPY = {**_CT, **_COPIED}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="instances",
    subject=("StudyInstanceUID",),
    reads=(
        "StudyInstanceUID",
        "SOPInstanceUID",
        "PatientID",
        "Modality",
        "SeriesNumber",
        "InstanceNumber",
        "AcquisitionDate",
        "AcquisitionTime",
        "ManufacturerModelName",
        "DeviceSerialNumber",
        "StationName",
    ),
    sql=f"""
WITH twins AS (
  SELECT
    MIN(StudyInstanceUID) AS first_study,
    MAX(StudyInstanceUID) AS last_study,
    CASE WHEN MIN(PatientID) <> MAX(PatientID) THEN 1 ELSE 0 END AS patients_differ,
    Modality
  FROM instances
  WHERE InstanceNumber = '1'
    AND StudyInstanceUID IS NOT NULL
    AND SeriesNumber IS NOT NULL
    AND AcquisitionDate IS NOT NULL
    AND TRANSLATE(AcquisitionTime, '0.:', '') <> ''
    AND COALESCE(DeviceSerialNumber, StationName) IS NOT NULL
    AND Modality NOT IN ({NOT_ACQUIRED})
  GROUP BY
    AcquisitionDate, AcquisitionTime, Modality, SeriesNumber, ManufacturerModelName,
    COALESCE(DeviceSerialNumber, StationName)
  HAVING MIN(StudyInstanceUID) <> MAX(StudyInstanceUID)
    AND MIN(SOPInstanceUID) <> MAX(SOPInstanceUID)
)
SELECT
  first_study AS StudyInstanceUID,
  MIN(last_study) AS last_StudyInstanceUID,
  COUNT(*) AS series,
  MAX(patients_differ) AS patients_differ,
  MIN(Modality) AS its_Modality
FROM twins
GROUP BY first_study
ORDER BY first_study
""",
    references=("PS3.3 C.7.2.1", "PS3.3 C.7.6.1", "PS3.5 9"),
    sources=(),
    since="0.1.0",
    aliases=("study/study-duplicated-new-uids",),
    fires=(
        Example(
            "two series of an examination in two studies",
            [_CT, {**_CT, **_NEXT}, _COPY, {**_CT, **_NEXT, **_COPIED, "SOPInstanceUID": "2.25.4"}],
            [_THE_STUDY],
        ),
        Example("one series in two studies, a minor fault", [_CT, _COPY], [_THE_STUDY]),
        Example("a copy under another patient, a minor fault", [_CT, {**_COPY, "PatientID": "R1"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one study", [_CT, {**_CT, **_NEXT}]),
        Example("two examinations of one protocol", [_CT, {**_COPY, "AcquisitionTime": "111530.120000"}]),
        Example("two scanners at the same time", [_CT, {**_COPY, "DeviceSerialNumber": "200"}]),
        Example(
            "a time that de-identification made zero",
            [{**_CT, "AcquisitionTime": "000000.000000"}, {**_COPY, "AcquisitionTime": "000000.000000"}],
        ),
        Example(
            "images that do not name a device", [{**_CT, "DeviceSerialNumber": ""}, {**_COPY, "DeviceSerialNumber": ""}]
        ),
        Example(
            "one instance in two studies, which another check reports", [_CT, {**_CT, "StudyInstanceUID": "2.25.1"}]
        ),
        Example("a capture that copies the time of its source", [_CT, {**_COPY, "Modality": "OT"}]),
    ),
)
def exam_stored_twice(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the series that agree; two patients are worth a word."""
    series = int(row["series"] or 0)
    noun = "1 series was" if series == 1 else f"{series} series were"
    under = ", under another patient" if row["patients_differ"] else ""
    message = (
        f"{noun} acquired in the same instant by the same device as in study {row['last_StudyInstanceUID']}{under}"
    )
    return Problem(message, Severity.LOW if series == 1 else None)
