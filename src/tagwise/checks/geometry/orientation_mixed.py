"""A stray slice of another orientation lies in a stack.

## What it finds
CT, MR and PET series with a stack of at least ten parallel single-frame slices and a few others that lie in another
plane: at most a fifth of the images. Directions that differ by less than half a degree are one, and images whose Image
Type says LOCALIZER are left out. In CT and PET the severity is medium, in MR low.

A series of many planes is not reported, because it is meant to be one: three-plane surveys, slices that turn around
the heart or a joint, spine slices that follow the discs.

## Why it matters
Loaders take Image Orientation (Patient) from the first image and apply it to all. If the stray image comes first, the
whole volume is turned or flipped without a message; if it comes later, it is put between slices to which it does not
belong, and makes a step that looks like a missing slice. Others refuse the series.

## How to confirm
1. List Instance Number, Image Orientation (Patient) and Image Type of the series, and look at the few that differ.
   Number 1 or the last number: a scout or a reference image that the device adds.
2. Compare Acquisition Time: the same as the stack's means that the device put it there, another time means that it
   came from another series.

## How to fix
1. Ask the vendor to store scouts and reference lines in a series of their own, or at least to write LOCALIZER into
   the third value of Image Type, which software knows how to leave out.
2. For research and planning exports, select images by orientation before building volumes.
3. In the archive leave the series as it is. Nothing is lost, and a new Series Instance UID breaks references.

## Not a problem when
- The readers want the scout in the series, and the viewer shows images one by one.
- A reformat series ends with a few images in another plane on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import MR, THE_SERIES, even, slices
from tagwise.checks.stacks import ATTRIBUTES
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CORONAL = "1\\0\\0\\0\\0\\-1"


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="stacks",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(*) AS orientations,
  SUM(images) AS images,
  SUM(images) - MAX(images) AS stray_images,
  MIN(its_Modality) AS its_Modality
FROM stacks
GROUP BY SeriesInstanceUID
HAVING COUNT(*) > 1
  AND MAX(images) >= $min_stack
  AND (SUM(images) - MAX(images)) * 100 <= SUM(images) * $max_stray_percent
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2.1.1", "PS3.3 C.8.2.1.1.1"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/3360", "2026-11-23"),
        Source("https://github.com/dgobbi/vtk-dicom/issues/98", "2026-11-23"),
    ),
    since="0.1.0",
    settings={
        # Fewer parallel slices are a survey, or slices at a few levels of the spine.
        "min_stack": 10,
        # More of another plane are a second stack, which somebody wanted; strays are a few.
        "max_stray_percent": 20,
    },
    fires=(
        Example(
            "a scout without the word LOCALIZER before 20 slices",
            slices([0], direction=_CORONAL) + slices(even(20), first=2),
            [THE_SERIES],
        ),
        Example(
            "two coronal images after 30 axial ones, in an MR series, a minor fault",
            slices(even(30), SOPClassUID=MR, Modality="MR")
            + slices(even(2), first=31, direction=_CORONAL, SOPClassUID=MR, Modality="MR"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one orientation", slices(even(20))),
        Example(
            "a scout that says so",
            slices([0], direction=_CORONAL, ImageType="ORIGINAL\\PRIMARY\\LOCALIZER") + slices(even(20), first=2),
        ),
        Example(
            "a survey of three planes",
            [
                one
                for direction in ("1\\0\\0\\0\\1\\0", _CORONAL, "0\\1\\0\\0\\0\\-1")
                for one in slices(even(12), direction=direction, SOPClassUID=MR, Modality="MR")
            ],
        ),
        Example(
            "a projection that turns around the patient",
            [
                one
                for number, tilt in enumerate(("0.9\\0.4359", "0.8\\0.6", "0.6\\0.8", "0.4359\\0.9"), 1)
                for one in slices([0], first=number, direction=f"{tilt}\\0\\0\\0\\-1")
            ],
        ),
        Example(
            "the direction is written with six digits or with nine",
            slices(even(10), direction="0.999848\\0.017452\\0\\0\\0\\-1")
            + slices(even(2), first=11, direction="0.999847695\\0.017452406\\0\\0\\0\\-1"),
        ),
    ),
)
def orientation_mixed(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the strays; in MR they are usual."""
    stray = int(row["stray_images"] or 0)
    noun = "1 image lies" if stray == 1 else f"{stray} images lie"
    severity = Severity.LOW if row["its_Modality"] == "MR" else None
    return Problem(f"{noun} in another plane than the stack (images of the series: {row['images']})", severity)
