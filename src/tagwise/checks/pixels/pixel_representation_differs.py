"""Slices of one series disagree whether their numbers have a sign.

## What it finds
CT, MR and PET series of single-frame images in which Pixel Representation is 0 in some images and 1 in others.
Localizers are left out. The severity is medium if images of one Image Type differ, and low if each Image Type has one
value.

Bits Stored is not compared. Some CT scanners write for each slice only as many bits as its brightest pixel needs, which
is legal.

## Why it matters
Software that takes the sign from the first image reads the others wrong: values below zero become the largest ones, so
that air turns white, or bright values turn negative. Statistics over the volume and automatic windows fail with it.

## How to confirm
1. Count the images by Pixel Representation, Rescale Intercept and Image Type.
2. Open the series and scroll over the border: does the contrast jump?

## How to fix
1. In software use the value of each image.
2. Ask the vendor for a series of its own for each kind of image.
3. Leave the stored attribute as it is; it belongs to the pixels.

## Not a problem when
- All software that reads the series unpacks each image by its own header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import NO_LOCALIZER, SINGLE_FRAME_CLASSES, THE_SERIES, even, slices
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
    reads=("SeriesInstanceUID", "SOPClassUID", "ImageType", "PixelRepresentation", "Rows"),
    sql=f"""
WITH kinds AS (
  SELECT
    SeriesInstanceUID,
    SUM(instances) AS instances,
    SUM(CASE WHEN PixelRepresentation = '1' THEN instances ELSE 0 END) AS signed,
    MIN(PixelRepresentation) AS first_sign,
    MAX(PixelRepresentation) AS last_sign
  FROM images
  WHERE SOPClassUID IN ({SINGLE_FRAME_CLASSES})
    AND PixelRepresentation IN ('0', '1')
    AND {NO_LOCALIZER}
  GROUP BY SeriesInstanceUID, SOPClassUID, ImageType
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  SUM(signed) AS signed,
  MAX(CASE WHEN first_sign <> last_sign THEN 1 ELSE 0 END) AS within_a_type
FROM kinds
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MIN(first_sign) <> MAX(last_sign)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.3",),
    sources=(Source("https://github.com/innolitics/dicom-numpy/issues/15", "2026-11-23"),),
    since="0.1.0",
    aliases=("pixels/bits-inconsistent",),
    fires=(
        Example(
            "one slice with a sign",
            slices(even(3), PixelRepresentation="0") + slices([7.5], first=4, PixelRepresentation="1"),
            [THE_SERIES],
        ),
        Example(
            "a reformat with a sign in the series, a minor fault",
            slices(even(3), PixelRepresentation="0")
            + slices([0], first=4, PixelRepresentation="1", ImageType="DERIVED\\SECONDARY\\REFORMATTED"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one value", slices(even(3), PixelRepresentation="1")),
        Example(
            "each slice has as many bits as it needs",
            slices(even(3), PixelRepresentation="0", BitsStored="12")
            + slices([7.5], first=4, PixelRepresentation="0", BitsStored="11"),
        ),
        Example(
            "a scout",
            slices(even(3), PixelRepresentation="1")
            + slices([0], first=4, PixelRepresentation="0", ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
    ),
)
def pixel_representation_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the images that have a sign."""
    message = f"{row['signed']} of {row['instances']} images have a sign in their pixel values"
    if int(row["within_a_type"] or 0):
        return Problem(message)
    return Problem(f"{message}, each Image Type has its own", Severity.LOW)
