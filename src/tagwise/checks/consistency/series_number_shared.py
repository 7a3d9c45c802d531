"""Several series of one study and device have the same Series Number.

## What it finds
Studies in which two or more CT, MR or PET series of one device share a Series Number. Secondary captures, and the
other modalities, where every image may be a series with number 1, are left out.

- Series that also have the same SOP class and Frame of Reference look like one acquisition that was torn in two:
  medium severity.
- Series that differ in one of these are only numbered alike: low.

Eight and more series with hardly more images than series are reported by `identity/series-uid-per-image`.

## Why it matters
Converters and scripts for research group by Series Number, and mix the images of both. If one acquisition was torn,
each half is analysed as if it were the whole: a time series with the wrong length, a volume with gaps.

## How to confirm
1. List instance numbers and acquisition times of both series. Numbers that continue (1 to 93, 94 to 398) were one
   series. Equal numbers and positions are two reconstructions, or a copy.
2. Compare with the scanner's console. If it shows one series, the UID was changed on the way; Original Attributes
   Sequence (0400,0561) then names the old value and the system that changed it.
3. Series that begin again at 1: the patient was registered anew on the console and sent into the same study.

## How to fix
1. Torn series: send the series again from the scanner, and reject the halves. Repair the router or archive that
   changes UIDs while a series is coming in.
2. Numbered alike: let consumers group by Series Instance UID. Stored numbers need no change.

## Not a problem when
- Magnitude and phase, or several reconstructions, have one number by the vendor's design.
- The software in use groups by Series Instance UID.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_MR = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.1.9",
    "Modality": "MR",
    "SeriesNumber": "14",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "DeviceSerialNumber": "100",
}
_SECOND = {**_MR, "SeriesInstanceUID": "1.2.826.0.1.1.2"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=(
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPClassUID",
        "Modality",
        "SeriesNumber",
        "FrameOfReferenceUID",
        "Manufacturer",
        "ManufacturerModelName",
        "DeviceSerialNumber",
        "StationName",
    ),
    sql="""
WITH alike AS (
  SELECT
    StudyInstanceUID, Manufacturer, ManufacturerModelName, DeviceSerialNumber, StationName, Modality, SeriesNumber,
    COUNT(DISTINCT SeriesInstanceUID) AS series,
    SUM(instances) AS images,
    MIN(SeriesInstanceUID) AS first_series,
    MAX(SeriesInstanceUID) AS last_series
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND SeriesInstanceUID IS NOT NULL
    AND SeriesNumber IS NOT NULL
    AND Modality IN ('CT', 'MR', 'PT')
    AND (SOPClassUID IS NULL OR SOPClassUID NOT LIKE '1.2.840.10008.5.1.4.1.1.7%')
  GROUP BY
    StudyInstanceUID, Manufacturer, ManufacturerModelName, DeviceSerialNumber, StationName, Modality, SeriesNumber,
    SOPClassUID, FrameOfReferenceUID
),
numbered AS (
  SELECT
    StudyInstanceUID,
    Modality,
    SeriesNumber,
    SUM(series) AS series,
    MAX(CASE WHEN first_series <> last_series THEN 1 ELSE 0 END) AS torn,
    MIN(first_series) AS first_series,
    MAX(last_series) AS last_series
  FROM alike
  GROUP BY
    StudyInstanceUID, Manufacturer, ManufacturerModelName, DeviceSerialNumber, StationName, Modality, SeriesNumber
  HAVING MIN(first_series) <> MAX(last_series) AND NOT (SUM(series) >= 8 AND SUM(images) * 4 <= SUM(series) * 5)
)
SELECT
  StudyInstanceUID,
  COUNT(*) AS shared_numbers,
  SUM(series) AS series,
  SUM(torn) AS torn,
  MIN(Modality) AS its_Modality,
  MIN(SeriesNumber) AS example_SeriesNumber,
  MIN(first_series) AS first_SeriesInstanceUID,
  MAX(last_series) AS last_SeriesInstanceUID
FROM numbered
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.3.1",),
    sources=(
        Source("https://github.com/rordenlab/dcm2niix/issues/599", "2026-11-23"),
        Source("https://github.com/rordenlab/dcm2niix/issues/655", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/series-split-same-number",),
    fires=(
        Example("a time series of which the UID was changed half-way", [_MR, _SECOND], [_THE_STUDY]),
        Example(
            "numbers that began anew after the patient was registered again, a minor fault",
            [_MR, {**_SECOND, "FrameOfReferenceUID": "1.2.826.0.1.1.10"}],
            [_THE_STUDY],
        ),
        Example(
            "single-frame and enhanced images under one number, a minor fault",
            [_MR, {**_SECOND, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4.1"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("two numbers", [_MR, {**_SECOND, "SeriesNumber": "15"}]),
        Example("CT and PET of one scanner", [{**_MR, "Modality": "CT"}, {**_SECOND, "Modality": "PT"}]),
        Example("two scanners that both begin with 1", [_MR, {**_SECOND, "DeviceSerialNumber": "200"}]),
        Example("two studies", [_MR, {**_SECOND, "StudyInstanceUID": "1.2.826.0.1.2"}]),
        Example("series without a number", [{**_MR, "SeriesNumber": ""}, {**_SECOND, "SeriesNumber": ""}]),
        Example(
            "two captured dose reports with number 999",
            [
                {**row, "Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "SeriesNumber": "999"}
                for row in (_MR, _SECOND)
            ],
        ),
        Example("presentation states with number 1", [{**_MR, "Modality": "PR"}, {**_SECOND, "Modality": "PR"}]),
        Example(
            "X-ray images, each a series with number 1", [{**_MR, "Modality": "DX"}, {**_SECOND, "Modality": "DX"}]
        ),
    ),
)
def series_number_shared(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count numbers and series; what looks torn is the worse case."""
    under = quantity(row["shared_numbers"], "Series Number")
    message = f"{row['series']} {row['its_Modality']} series of one device share {under} in this study"
    if row["torn"]:
        return Problem(f"{message}, with the same SOP class and frame of reference")
    return Problem(message, Severity.LOW)
