"""Slices of one series have different pixel spacings.

## What it finds
CT, MR and PET series of single-frame images in which Pixel Spacing has values that differ by more than one percent.
Less is a matter of writing: 0.976562 and 0.9765625 are one spacing. Localizers are left out.

The severity is medium if images of one Image Type differ. If each Image Type has one spacing, different kinds of
images were put into one series, and the severity is low.

## Why it matters
Software that builds a volume uses the spacing of one image for all of them. Lengths, areas and volumes that are
measured in the other images are wrong by the ratio of the two spacings, and nothing on the screen says so. Planning
and texture analysis inherit the error.

## How to confirm
1. Count the images of the series by Pixel Spacing, Rows, Columns and Reconstruction Diameter.
2. Different spacing with one matrix size: two fields of view. Different spacing and size, equal product: the same
   field resampled.
3. Measure a known length, such as the table, in an image of each kind.

## How to fix
1. Ask for one series per field of view: a new reconstruction has a new Series Instance UID.
2. For exports that build volumes, group by series and Pixel Spacing.
3. In the archive do not edit Pixel Spacing: each value is most likely right for its own image.

## Not a problem when
- Images are looked at and measured one by one, with the spacing of each.
- Spacing follows a lens or a projection that changes from image to image, in research reconstructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks.geometry._slices import NO_LOCALIZER, PT, SINGLE_FRAME_CLASSES, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "ImageType", "PixelSpacing", "Rows"),
    sql=f"""
WITH numbers AS (
  SELECT
    SeriesInstanceUID, SOPClassUID, ImageType, instances,
    TRY_CAST(SUBSTRING(PixelSpacing, 1, STRPOS(PixelSpacing, '\\') - 1) AS DOUBLE) AS between_rows,
    TRY_CAST(SUBSTRING(PixelSpacing, STRPOS(PixelSpacing, '\\') + 1) AS DOUBLE) AS between_columns
  FROM images
  WHERE SOPClassUID IN ({SINGLE_FRAME_CLASSES})
    AND {NO_LOCALIZER}
),
kinds AS (
  SELECT
    SeriesInstanceUID,
    SUM(instances) AS instances,
    MIN(between_rows) AS rows_low, MAX(between_rows) AS rows_high,
    MIN(between_columns) AS columns_low, MAX(between_columns) AS columns_high
  FROM numbers
  WHERE between_rows > 0 AND between_columns > 0
  GROUP BY SeriesInstanceUID, SOPClassUID, ImageType
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  COUNT(*) AS image_types,
  MAX(CASE
    WHEN rows_high * 100 > rows_low * (100 + $percent) OR columns_high * 100 > columns_low * (100 + $percent)
    THEN 1 ELSE 0
  END) AS within_a_type,
  LEAST(MIN(rows_low), MIN(columns_low)) AS smallest_mm,
  GREATEST(MAX(rows_high), MAX(columns_high)) AS largest_mm
FROM kinds
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MAX(rows_high) * 100 > MIN(rows_low) * (100 + $percent)
  OR MAX(columns_high) * 100 > MIN(columns_low) * (100 + $percent)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2", "PS3.3 10.7"),
    sources=(),
    since="0.1.0",
    aliases=("geometry/pixel-spacing-inconsistent",),
    settings={
        # A tenth of it is what writers lose by rounding; a hundredth of a length is less than a reader can measure.
        "percent": 1,
    },
    fires=(
        Example(
            "two fields of view in one series",
            slices(even(4)) + slices([12.5], first=5, PixelSpacing="0.7\\0.7"),
            [THE_SERIES],
        ),
        Example(
            "reformats of another spacing in the series, a minor fault",
            slices(even(4))
            + slices([0], first=5, PixelSpacing="0.5\\0.5", ImageType="DERIVED\\SECONDARY\\REFORMATTED"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one spacing", slices(even(4))),
        Example(
            "one spacing, written with fewer digits",
            slices(even(4), PixelSpacing="0.9765625\\0.9765625")
            + slices([12.5], first=5, PixelSpacing="0.976562\\0.976562"),
        ),
        Example("pixels that are not square", slices(even(4), SOPClassUID=PT, PixelSpacing="4\\2")),
        Example(
            "a scout has its own spacing",
            slices(even(4)) + slices([0], first=5, PixelSpacing="0.6\\0.6", ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
        Example("a spacing that is no number", slices(even(4)) + slices([0], first=5, PixelSpacing="wide")),
    ),
)
def pixel_spacing_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the extremes; different kinds of images in one series are a lesser fault."""
    message = (
        f"Pixel Spacing differs within {row['instances']} images: "
        f"from {float(row['smallest_mm'] or 0):g} to {float(row['largest_mm'] or 0):g} mm"
    )
    if int(row["within_a_type"] or 0):
        return Problem(message)
    return Problem(f"{message}, each Image Type has its own", Severity.LOW)
