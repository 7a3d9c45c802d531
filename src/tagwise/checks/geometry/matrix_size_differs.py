"""Slices of one series have different numbers of rows or columns.

## What it finds
CT, MR and PET series of single-frame images in which Rows or Columns has two or more values. Localizers are left out,
and so are secondary captures, which belong to another SOP class.

The severity is medium if images of one Image Type differ. If each Image Type has one size, different kinds of images
were put into one series, and the severity is low.

## Why it matters
Slices of different size cannot form a volume. Some software takes the size of the first image and crops or stretches
the rest, some stops with an error that names an array shape, some drops the images that do not fit.

## How to confirm
1. Count the images of the series by Rows, Columns and Image Type.
2. One image that differs: a screenshot, a scout or a reformat that was stored with the class of the slices. Two
   blocks: two acquisitions or two reconstructions under one series UID; see `identity/series-uid-reused`.
3. Compare Pixel Spacing: size and spacing change together when a series was resampled.

## How to fix
1. Ask the vendor, or the author of the reconstruction, for one series per matrix size.
2. For exports that build volumes, group by series, rows and columns.
3. Stored series are better left alone if the viewers in use show all images.

## Not a problem when
- Images are looked at one by one, as in a series of reformats with different fields of view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks.geometry._slices import MR, NO_LOCALIZER, SINGLE_FRAME_CLASSES, THE_SERIES, even, slices
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
    reads=("SeriesInstanceUID", "SOPClassUID", "ImageType", "Rows", "Columns"),
    sql=f"""
WITH kinds AS (
  SELECT
    SeriesInstanceUID,
    SUM(instances) AS instances,
    MIN("Rows") AS first_rows, MAX("Rows") AS last_rows,
    MIN("Columns") AS first_columns, MAX("Columns") AS last_columns
  FROM images
  WHERE SOPClassUID IN ({SINGLE_FRAME_CLASSES})
    AND {NO_LOCALIZER}
  GROUP BY SeriesInstanceUID, SOPClassUID, ImageType
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  COUNT(*) AS image_types,
  MAX(CASE WHEN first_rows <> last_rows OR first_columns <> last_columns THEN 1 ELSE 0 END) AS within_a_type,
  MIN(first_rows) AS first_Rows,
  MAX(last_rows) AS last_Rows,
  MIN(first_columns) AS first_Columns,
  MAX(last_columns) AS last_Columns
FROM kinds
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MIN(first_rows) <> MAX(last_rows) OR MIN(first_columns) <> MAX(last_columns)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.3", "PS3.3 C.7.6.2"),
    sources=(),
    since="0.1.0",
    aliases=("geometry/matrix-size-inconsistent",),
    fires=(
        Example(
            "one slice of 256 rows among slices of 512",
            slices(even(4)) + slices([12.5], first=5, Rows="256", Columns="256"),
            [THE_SERIES],
        ),
        Example(
            "a reformat of another size in the series, a minor fault",
            slices(even(4)) + slices([0], first=5, Columns="320", ImageType="DERIVED\\SECONDARY\\REFORMATTED"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one size", slices(even(4))),
        Example(
            "a scout is larger",
            slices(even(4)) + slices([0], first=5, Rows="888", ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
        Example(
            "a dose page among the slices is a secondary capture",
            slices(even(4)) + slices([0], first=5, Rows="1024", SOPClassUID="1.2.840.10008.5.1.4.1.1.7"),
        ),
        Example(
            "X-ray images of two collimations",
            slices([0], SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1", Modality="DX")
            + slices([0], Rows="2022", SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1", Modality="DX"),
        ),
        Example("MR slices that are not square", slices(even(4), SOPClassUID=MR, Rows="256", Columns="232")),
    ),
)
def matrix_size_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name the extremes; different kinds of images in one series are a lesser fault."""
    parts = [
        f"{keyword} from {row[f'first_{keyword}']} to {row[f'last_{keyword}']}"
        for keyword in ("Rows", "Columns")
        if row[f"first_{keyword}"] != row[f"last_{keyword}"]
    ]
    message = f"{row['instances']} images differ in size: {' and '.join(parts)}"
    if int(row["within_a_type"] or 0):
        return Problem(message)
    return Problem(f"{message}, each Image Type has its own", Severity.LOW)
