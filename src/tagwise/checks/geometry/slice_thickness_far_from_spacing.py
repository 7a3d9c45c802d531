"""The slices of a CT series are much farther apart, or much closer, than they are thick.

## What it finds
CT series of at least ten evenly spaced single-frame slices whose usual distance is more than twice the Slice Thickness,
or less than a quarter of it. Both are legal and common in certain protocols, so the severity is low.

A larger distance means that parts of the patient were not imaged, as in high resolution CT of the lung. A much smaller
one means overlapping reconstruction, or that Slice Thickness is not what its name says.

## Why it matters
Much software takes Slice Thickness for the distance between slices. It then stretches or squeezes the volume by the
ratio of the two, and measures lengths and volumes wrong in one direction only, which is easily overlooked. Where there
are gaps, no volume measurement is valid at all.

## How to confirm
1. Take Image Position (Patient) of two neighbours, compute the distance along the normal of the slices, and compare
   with Slice Thickness and, if present, Spacing Between Slices.
2. Read the protocol on the scanner: collimation, reconstructed thickness, increment.

## How to fix
1. In software compute the distance from the positions; never use Slice Thickness for it.
2. If Slice Thickness is wrong (zero, the collimation instead of the reconstructed thickness), report it to the vendor.
3. If the protocol leaves gaps by mistake, tell those who own it.

## Not a problem when
- High resolution CT with gaps, or heavily overlapping thin slices, are what the protocol wants.
- Volumes are made by software that uses positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.geometry._slices import MR, THE_SERIES, even, slices
from tagwise.checks.stacks import ATTRIBUTES
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="stacks",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
SELECT
  SeriesInstanceUID,
  SUM(positions) AS positions,
  MAX(usual_mm) AS usual_mm,
  MIN(thinnest_mm) AS thinnest_mm,
  MAX(thickest_mm) AS thickest_mm
FROM stacks
WHERE its_Modality = 'CT'
  AND positions >= $min_positions
  AND holes + uneven = 0
  AND thinnest_mm > 0
  AND (usual_mm * 100 > thickest_mm * $max_percent OR usual_mm * 100 < thinnest_mm * $min_percent)
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2", "PS3.3 C.7.6.2.1.1"),
    sources=(
        Source("https://github.com/QIICR/dcmqi/pull/89", "2026-11-23"),
        Source("https://github.com/BRAINSia/BRAINSTools/issues/334", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("geometry/slice-thickness-vs-spacing",),
    settings={
        # Fewer slices are single levels, from which nobody builds a volume.
        "min_positions": 10,
        # Gaps as wide as a slice are usual in screening; more than that leaves more unseen than seen.
        "max_percent": 200,
        # Overlap of a half or two thirds is a reconstruction habit; beyond that the thickness is doubtful.
        "min_percent": 25,
    },
    fires=(
        Example("slices of 1 mm every 10 mm", slices(even(12, step=10), SliceThickness="1"), [THE_SERIES]),
        Example(
            "slices every half millimetre that claim to be 5 mm thick",
            slices(even(40, step=0.5), SliceThickness="5"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("slices that touch", slices(even(20))),
        Example("slices that overlap by half", slices(even(20, step=1.25))),
        Example("no Slice Thickness", slices(even(12, step=10), SliceThickness="")),
        Example("a thickness of zero, which says that it is not known", slices(even(12), SliceThickness="0")),
        Example("MR slices with gaps", slices(even(12, step=10), SOPClassUID=MR, Modality="MR", SliceThickness="1")),
        Example("six levels through the discs", slices(even(6, step=30))),
    ),
)
def slice_thickness_far_from_spacing(row: Mapping[str, EvidenceValue]) -> str:
    """Set the two beside each other."""
    usual, thinnest, thickest = (float(row[name] or 0) for name in ("usual_mm", "thinnest_mm", "thickest_mm"))
    thickness = f"{thinnest:g}" if thinnest == thickest else f"{thinnest:g} to {thickest:g}"
    return f"slices are {usual:.2f} mm apart and {thickness} mm thick (positions: {row['positions']})"
