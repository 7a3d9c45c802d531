"""One Series Instance UID is used for more than one series.

## What it finds
A Series Instance UID under which the archive holds objects of more than one study, patient, modality, device or
Series Number. The finding says which of the five differ.

A series belongs to one study, has one modality and one number, and comes from one piece of equipment. So a second value
of any of these means that two series share the UID, or that objects were added to a series that is not theirs:

- more than one study or patient, or two modalities that both acquire, such as CT and MR: high severity;
- a capture, report, segmentation or other derived object beside an acquired modality, another Series Number, or two
  Device Serial Numbers: medium;
- two spellings of manufacturer or model without two serial numbers, or two devices in a series of reports,
  presentation states or other derived objects, which several workstations write: low.

Counting the instances of a series does not show this: two series
of 40 slices under one UID make 80, which is a normal number.

## Why it matters
Archives, viewers and gateways key a series on this UID. The second series is filed under the first: the number of
series drops, unlike images are stacked in one view, and where the patients differ half of an examination can be read
under another person's name. Storage that keys files by UID may overwrite the first series.

## How to confirm
Take two objects of the series, one with each value named in the evidence, and compare Instance Creation Date and Time,
Device Serial Number and Protocol Name. Objects made minutes apart by two devices, or months apart by one, are two
series. Then look at the findings by device: one model with one software version that stands out is a firmware fault.

## How to fix
1. Where only patients differ, start with `identity/study-uid-in-several-patients`: the study was merged or corrected in
   part, and the series is sound. Splitting it would do harm.
2. Where studies and patients differ, block the series for reading until the order and the pixel content tell whose
   each image is. Correct it by rejecting the wrong objects (IHE IOCM) and sending them again with new UIDs, not by
   editing single files.
3. Where one person's series share the UID, give the later one a new Series Instance UID at the router or in the
   archive, keep the list of old and new UIDs, and update the objects that refer to it (presentation states, SR,
   segmentations, RT).
4. Report the device, its software version and two example objects to the vendor.

## Not a problem when
- A study was split or moved on purpose, and the archive keeps both copies.
- Only the device or the Series Number differs, because post-processing added derived images to the acquired series.
  PS3.3 C.7.3.1 asks for a new series then; no image is lost, but viewers show both together.
- The names of one device are spelled in two ways in one series, which a software update in between can cause.
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
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "PatientID": "P1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
    "SeriesNumber": "1",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "DeviceSerialNumber": "100",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}

_NOUNS = {
    "studies": "studies",
    "patients": "patients",
    "modalities": "modalities",
    "devices": "devices",
    "series_numbers": "series numbers",
}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=(
        "SeriesInstanceUID",
        "StudyInstanceUID",
        "PatientID",
        "Modality",
        "SeriesNumber",
        "Manufacturer",
        "ManufacturerModelName",
        "DeviceSerialNumber",
    ),
    spares=(
        "PatientID",
        "Modality",
        "SeriesNumber",
        "Manufacturer",
        "ManufacturerModelName",
        "DeviceSerialNumber",
    ),
    sql=f"""
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  COUNT(DISTINCT PatientID) AS patients,
  COUNT(DISTINCT Modality) AS modalities,
  COUNT(DISTINCT SeriesNumber) AS series_numbers,
  GREATEST(
    COUNT(DISTINCT Manufacturer), COUNT(DISTINCT ManufacturerModelName), COUNT(DISTINCT DeviceSerialNumber)
  ) AS devices,
  COUNT(DISTINCT DeviceSerialNumber) AS serial_numbers,
  COUNT(DISTINCT CASE
    WHEN Modality NOT IN ({NOT_ACQUIRED}) THEN Modality
  END) AS acquired,
  SUM(instances) AS instances,
  MIN(StudyInstanceUID) AS first_StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID,
  MIN(PatientID) AS first_PatientID,
  MAX(PatientID) AS last_PatientID,
  MIN(Modality) AS first_Modality,
  MAX(Modality) AS last_Modality,
  MIN(SeriesNumber) AS first_SeriesNumber,
  MAX(SeriesNumber) AS last_SeriesNumber
FROM facets
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MIN(StudyInstanceUID) <> MAX(StudyInstanceUID)
  OR MIN(PatientID) <> MAX(PatientID)
  OR MIN(Modality) <> MAX(Modality)
  OR MIN(SeriesNumber) <> MAX(SeriesNumber)
  OR MIN(Manufacturer) <> MAX(Manufacturer)
  OR MIN(ManufacturerModelName) <> MAX(ManufacturerModelName)
  OR MIN(DeviceSerialNumber) <> MAX(DeviceSerialNumber)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1", "PS3.3 C.7.5.1", "PS3.3 A.1.2.3", "PS3.5 9"),
    sources=(
        Source("https://github.com/SlicerRt/SlicerRT/issues/272", "2026-11-23"),
        Source("https://github.com/nipy/heudiconv/issues/624", "2026-11-23"),
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=(
        "identity/series-uid-multiple-modalities",
        "identity/series-uid-multiple-studies",
        "identity/series-uid-multiple-patients",
        "consistency/series-number-inconsistent",
        "consistency/manufacturer-inconsistent",
    ),
    fires=(
        Example("a CT and an MR share one series UID", [_CT, {**_CT, "Modality": "MR"}], [_THE_SERIES]),
        Example("two studies share one series UID", [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.2"}], [_THE_SERIES]),
        Example("two patients share one series UID", [_CT, {**_CT, "PatientID": "P2"}], [_THE_SERIES]),
        Example("two scanners share one series UID", [_CT, {**_CT, "DeviceSerialNumber": "200"}], [_THE_SERIES]),
        Example("two series numbers under one series UID", [_CT, {**_CT, "SeriesNumber": "2"}], [_THE_SERIES]),
        Example("a capture of modality OT added to a CT, less severe", [_CT, {**_CT, "Modality": "OT"}], [_THE_SERIES]),
        Example(
            "a scanner renamed by an update, a minor fault",
            [_CT, {**_CT, "Manufacturer": "ACME Healthcare"}],
            [_THE_SERIES],
        ),
        Example(
            "presentation states of two workstations in one series, a minor fault",
            [{**_CT, "Modality": "PR"}, {**_CT, "Modality": "PR", "DeviceSerialNumber": "200"}],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("one series of two images", [_CT, _CT]),
        Example("a scout without a series number", [_CT, {k: v for k, v in _CT.items() if k != "SeriesNumber"}]),
        Example(
            "two series of one study",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "SeriesNumber": "2", "Modality": "SR"}],
        ),
    ),
)
def series_uid_reused(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name what differs; the worst of it says how severe the finding is."""
    differ = [f"{row[column]} {noun}" for column, noun in _NOUNS.items() if int(row[column] or 0) > 1]
    listed = " and ".join([", ".join(differ[:-1]), differ[-1]] if len(differ) > 1 else differ)
    number = {column: int(row[column] or 0) for column in (*_NOUNS, "serial_numbers", "acquired")}
    if number["studies"] > 1 or number["patients"] > 1 or number["acquired"] > 1:
        severity = None
    elif number["modalities"] > 1 or number["series_numbers"] > 1:
        severity = Severity.MEDIUM
    else:
        severity = Severity.MEDIUM if number["acquired"] and number["serial_numbers"] > 1 else Severity.LOW
    return Problem(f"{listed} use this series UID", severity)
