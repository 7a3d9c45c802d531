"""CT slices of one series are turned into Hounsfield units by different rules.

## What it finds
CT series of single-frame images in which Rescale Slope or Rescale Intercept has two or more values. Values that differ
only in how the number is written (1 and 1.000) are one. Localizers and PET are left out: in PET each slice has its own
slope as a rule.

The severity is medium if images of one Image Type differ. If each Image Type has one rule, different kinds of images
were put into one series, and the severity is low.

## Why it matters
Each image is right by itself. But much software reads slope and intercept once, from the first image, and uses them
for the whole volume: Hounsfield units are then shifted in part of the slices, and thresholds, bone and calcium scores,
dose calculations and AI input change at a border that nobody sees in the usual window.

## How to confirm
1. Count the images of the series by Rescale Slope, Rescale Intercept, Pixel Representation and Bits Stored.
2. Measure air beside the patient in an image of each kind with the viewer in use: about -1000 everywhere means that
   it uses the values of each image.
3. A change at one slice with another Acquisition Number: two reconstructions in one series.

## How to fix
1. In software apply slope and intercept image by image.
2. Report the device and its software version to the vendor, with one image of each kind.
3. Do not change the values in stored images: pixels and rule belong together.

## Not a problem when
- All software that reads the series rescales each image by its own values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import CT, NO_LOCALIZER, PT, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _plain(column: str) -> str:
    """A number without the zeros behind the point, which say nothing."""
    return f"CASE WHEN {column} LIKE '%.%' THEN RTRIM(RTRIM({column}, '0'), '.') ELSE {column} END"


def _ct(*places: float, first: int = 1, **changes: str) -> list[dict[str, str]]:
    return slices(places, first=first, **{"RescaleSlope": "1", "RescaleIntercept": "-1024", **changes})


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "ImageType", "RescaleSlope", "RescaleIntercept"),
    sql=f"""
WITH rules AS (
  SELECT
    SeriesInstanceUID,
    ImageType,
    {_plain("RescaleSlope")} AS slope,
    {_plain("RescaleIntercept")} AS intercept
  FROM instances
  WHERE SOPClassUID = '{CT}'
    AND SeriesInstanceUID IS NOT NULL
    AND RescaleSlope IS NOT NULL
    AND RescaleIntercept IS NOT NULL
    AND {NO_LOCALIZER}
),
kinds AS (
  SELECT
    SeriesInstanceUID,
    COUNT(*) AS images,
    MIN(slope) AS first_slope, MAX(slope) AS last_slope,
    MIN(intercept) AS first_intercept, MAX(intercept) AS last_intercept
  FROM rules
  GROUP BY SeriesInstanceUID, ImageType
)
SELECT
  SeriesInstanceUID,
  SUM(images) AS images,
  MAX(CASE WHEN first_slope <> last_slope OR first_intercept <> last_intercept THEN 1 ELSE 0 END) AS within_a_type,
  MIN(first_slope) AS first_RescaleSlope,
  MAX(last_slope) AS last_RescaleSlope,
  MIN(first_intercept) AS first_RescaleIntercept,
  MAX(last_intercept) AS last_RescaleIntercept
FROM kinds
GROUP BY SeriesInstanceUID
HAVING MIN(first_slope) <> MAX(last_slope) OR MIN(first_intercept) <> MAX(last_intercept)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.8.2.1", "PS3.3 C.11.1"),
    sources=(
        Source("https://github.com/innolitics/dicom-numpy/issues/1", "2026-11-23"),
        Source("https://github.com/notmatthancock/pylidc/pull/32", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("pixels/rescale-inconsistent",),
    fires=(
        Example("two intercepts in one series", _ct(0) + _ct(2.5, first=2, RescaleIntercept="0"), [THE_SERIES]),
        Example(
            "a map with another slope beside the slices, a minor fault",
            _ct(0) + _ct(2.5, first=2, RescaleSlope="0.1", ImageType="DERIVED\\PRIMARY\\AXIAL"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one rule", _ct(*even(3))),
        Example("one rule, written in two ways", _ct(0) + _ct(2.5, first=2, RescaleSlope="1.0")),
        Example(
            "each PET slice has its slope",
            _ct(0, SOPClassUID=PT) + _ct(2.5, first=2, SOPClassUID=PT, RescaleSlope="1.7"),
        ),
        Example(
            "a scout without Hounsfield units",
            _ct(0) + _ct(2.5, first=2, RescaleIntercept="0", ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
        Example("two series, two rules", _ct(0) + _ct(0, SeriesInstanceUID="1.2.826.7", RescaleIntercept="0")),
    ),
)
def rescale_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the extremes; different kinds of images in one series are a lesser fault."""
    parts = [
        f"{name} {row[f'first_{keyword}']} and {row[f'last_{keyword}']}"
        for keyword, name in (("RescaleSlope", "slope"), ("RescaleIntercept", "intercept"))
        if row[f"first_{keyword}"] != row[f"last_{keyword}"]
    ]
    message = f"{row['images']} CT images with rescale {' and '.join(parts)}"
    if int(row["within_a_type"] or 0):
        return Problem(message)
    return Problem(f"{message}, each Image Type has its own", Severity.LOW)
