"""A series, or one image, says left and right at once.

## What it finds
Series in which

- an image has Laterality L and Image Laterality R, or the reverse: high severity, one of the two names the wrong
  side;
- some objects have Laterality L and others R: medium. Laterality describes the series, so one side needs a series
  of its own. Each image may still carry its right side.

Image Laterality may change from image to image; that alone is no fault. Values other than left and right (B for both,
U for unpaired) are not compared.

## Why it matters
The side decides where somebody is operated. A viewer that shows the label of the series, or of its first image,
puts L on the picture of the right hand. Algorithms that flip images to one side flip the wrong one.

## How to confirm
1. Look at the images: the lead marker in the picture is the truth, then the order.
2. One image contradicts itself: find who wrote each attribute. A correction at the console often changes one of the
   two.
3. L and R in one series: both sides were acquired under one protocol step.

## How to fix
1. A radiographer must look at every image concerned and correct it with the archive's tools, with a note who did so.
   Tell the readers of studies that were reported already.
2. For both sides in one series, remove Laterality, set Image Laterality in each image, or let the device start a
   series for each side.
3. Report contradictions to the vendor, with an example object.

## Not a problem when
- Never for an image that contradicts itself.
- Left and right are one series by habit, and all viewers in use show the side of each image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_HAND = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "Laterality": "L"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "Laterality", "ImageLaterality"),
    sql="""
WITH sides AS (
  SELECT
    SeriesInstanceUID,
    UPPER(SUBSTRING(Laterality, 1, 1)) AS series_side,
    UPPER(SUBSTRING(ImageLaterality, 1, 1)) AS image_side,
    COUNT(*) AS objects
  FROM instances
  WHERE SeriesInstanceUID IS NOT NULL AND Laterality IS NOT NULL
  GROUP BY SeriesInstanceUID, Laterality, ImageLaterality
)
SELECT
  SeriesInstanceUID,
  SUM(CASE WHEN series_side = 'L' THEN objects ELSE 0 END) AS lefts,
  SUM(CASE WHEN series_side = 'R' THEN objects ELSE 0 END) AS rights,
  SUM(CASE WHEN series_side <> image_side AND image_side IN ('L', 'R') THEN objects ELSE 0 END) AS contradicting
FROM sides
WHERE series_side IN ('L', 'R')
GROUP BY SeriesInstanceUID
HAVING MIN(series_side) <> MAX(series_side)
  OR MAX(CASE WHEN series_side <> image_side AND image_side IN ('L', 'R') THEN 1 ELSE 0 END) = 1
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1", "PS3.3 C.7.6.1"),
    sources=(Source("https://github.com/ImagingDataCommons/highdicom/pull/49", "2026-11-23"),),
    since="0.1.0",
    aliases=("consistency/laterality-inconsistent", "consistency/laterality-conflict"),
    fires=(
        Example(
            "an image with Laterality L and Image Laterality R", [{**_HAND, "ImageLaterality": "R"}], [_THE_SERIES]
        ),
        Example(
            "a left series with an image of the right breast among those of the left",
            [{**_HAND, "ImageLaterality": "L"}, {**_HAND, "ImageLaterality": "R"}],
            [_THE_SERIES],
        ),
        Example("both hands in one series, less severe", [_HAND, {**_HAND, "Laterality": "R"}], [_THE_SERIES]),
        Example(
            "both hands in one series, each image with its side, less severe",
            [{**_HAND, "ImageLaterality": "L"}, {"Laterality": "R", "ImageLaterality": "R", **_THE_SERIES}],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("one side", [{**_HAND, "ImageLaterality": "L"}, _HAND]),
        Example(
            "mammograms of both sides, without Laterality for the series",
            [{**_THE_SERIES, "ImageLaterality": "L"}, {**_THE_SERIES, "ImageLaterality": "R"}],
        ),
        Example("a left series with an image of both sides", [_HAND, {**_HAND, "ImageLaterality": "B"}]),
        Example("a side and none", [_HAND, {**_HAND, "Laterality": ""}]),
        Example("two series", [_HAND, {"SeriesInstanceUID": "1.2.826.0.1.1.2", "Laterality": "R"}]),
    ),
)
def laterality_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """An image that contradicts itself is worse than a series with both sides."""
    if row["contradicting"]:
        return Problem(
            f"Laterality and Image Laterality contradict each other in {quantity(row['contradicting'], 'object')}"
        )
    return Problem(f"Laterality is L in {row['lefts']} and R in {row['rights']} objects of one series", Severity.MEDIUM)
