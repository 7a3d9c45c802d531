"""Instance Numbers of a series of slices have a gap.

## What it finds
CT, MR and PET series of single-frame images in which numbers between the first and the last are missing. Numbers of
all objects of the series count as present, scouts and captures among them.

What the gap means depends on the geometry:

- Every position has one slice, and the steps are even: the slices are all there, and the numbering skips. Low.
- Positions are repeated (phases, echoes, b-values), or the steps are uneven: an image may have been lost. Medium.
- The steps have a hole as well: `geometry/slice-spacing-uneven` reports the series, and this check does not.

Where more than two fifths of the numbers in the range are missing, numbers are codes (thousands for phases, every
second number), and nothing is said. Images that are missing at the end leave no gap.

## Why it matters
A gap is often the only trace of images that were lost between scanner and archive: an association that was aborted, a
quota, a rejected object. In a dynamic series one missing image makes a whole phase unusable, and no hole shows in the
positions, because the other phases fill it.

## How to confirm
1. Ask the source for the number of its images (C-FIND at the SERIES level, or the console), and compare.
2. List Instance Number, Acquisition Number and Image Position (Patient) around the gap. A phase that lacks a position
   which its neighbours have is incomplete.
3. The same gap in each series of a device: its numbering has that habit.

## How to fix
1. Send or retrieve the series again, count, and ask for storage commitment.
2. If it is the device's habit, lower the severity of this check for that device; there is nothing to repair.

## Not a problem when
- Images were deleted on purpose before the series was sent, such as test shots.
- The scanner numbers images over several series.
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

_PHASES = [one for phase in range(3) for one in slices(even(10), first=10 * phase + 1, SOPClassUID=MR, Modality="MR")]


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
  MAX(objects) AS objects,
  MAX(numbers_expected) - MAX(numbers) AS numbers_missing,
  SUM(images) AS images,
  SUM(positions) AS positions,
  SUM(uneven) AS uneven_steps
FROM stacks
GROUP BY SeriesInstanceUID
HAVING MAX(numbers_expected) > MAX(numbers)
  AND MAX(objects) >= $min_objects
  AND (MAX(numbers_expected) - MAX(numbers)) * 100 <= MAX(numbers_expected) * $max_missing_percent
  AND SUM(holes) = 0
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.1", "PS3.3 C.7.3.1"),
    sources=(
        Source("https://github.com/rordenlab/dcm2niix/issues/416", "2026-11-23"),
        Source("https://github.com/rordenlab/dcm2niix/issues/357", "2026-11-23"),
    ),
    since="0.1.0",
    settings={
        # A pair of images with the numbers 1 and 3 says nothing.
        "min_objects": 5,
        # Every second number leaves nearly half of them out, and other codes more; a lossy transfer loses a few.
        "max_missing_percent": 40,
    },
    fires=(
        Example(
            "three phases of ten slices lack one image",
            [one for one in _PHASES if one["InstanceNumber"] != "14"],
            [THE_SERIES],
        ),
        Example(
            "an even series whose numbers skip one, a minor fault",
            slices(even(10)) + slices([place + 25 for place in even(10)], first=12),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("numbers from 1 to 20", slices(even(20))),
        Example("numbers from 101 to 120", slices(even(20), first=101)),
        Example("three whole phases", _PHASES),
        Example(
            "echoes that restart the number", slices(even(10), EchoNumbers="1") + slices(even(10), EchoNumbers="2")
        ),
        Example(
            "two scouts have the first numbers",
            slices([0, 0], ImageType="ORIGINAL\\PRIMARY\\LOCALIZER") + slices(even(20), first=3),
        ),
        Example("every second number", [one for n in range(9) for one in slices([2.5 * n], first=2 * n + 1)]),
        Example("phases at each thousand", slices(even(10), first=1) + slices(even(10), first=1001)),
        Example(
            "a hole in the positions too, which slice-spacing-uneven reports",
            slices(even(5)) + slices(even(20)[6:], first=7),
        ),
        Example("numbers that are none", slices(even(10), InstanceNumber="A1")),
        Example("no numbers", slices(even(10), InstanceNumber="")),
    ),
)
def instance_number_gap(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the numbers; an even series of single positions has lost nothing inside."""
    missing = int(row["numbers_missing"] or 0)
    noun = "1 Instance Number is" if missing == 1 else f"{missing} Instance Numbers are"
    message = f"{noun} missing between the first and the last (objects of the series: {row['objects']})"
    whole = row["images"] == row["positions"] and not int(row["uneven_steps"] or 0)
    if whole:
        return Problem(f"{message}; the slice positions are complete", Severity.LOW)
    return Problem(message)
