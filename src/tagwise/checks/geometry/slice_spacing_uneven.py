"""The slices of a series are not evenly spaced: one is missing, or the steps differ.

## What it finds
CT, MR and PET series of single-frame images in which two neighbours are farther apart, or closer together, than the
others. Slices are sorted along the direction in which they are stacked, which also works for oblique ones; positions
that occur more than once (phases, echoes) count once, and localizers are left out. Each set of parallel slices is
looked at on its own.

- A step that is two, three or more times the usual one, where the Instance Numbers skip as many: slices are missing.
  High severity.
- The same without a skip in the numbers: medium in CT and PET. In MR it is low, because two slabs in one series, such
  as both breasts or two parts of the spine, look the same.
- Steps that are more than a tenth off and no multiple of the usual one: low.

A series is looked at if it has at least five positions, and it has to be mostly even: where more than a fifth of its
steps are odd, the slices were placed by hand, and nothing is said. What is missing at either end cannot be seen.

## Why it matters
A lesion on a slice that did not arrive is not read. Software that builds a volume assumes equal steps: reformats bend,
distances and volumes come out wrong, a dose calculation works on a shortened patient. Some tools refuse the series,
most say nothing.

## How to confirm
1. List Instance Number, Image Position (Patient) and Slice Location of the series, sorted by position; the hole is
   where the step is largest.
2. Ask the source for its number of images: C-FIND at the SERIES level with Number of Series Related Instances, or the
   image count on the scanner's console.
3. Look into the log of the receiver for that time: an association that was aborted, a full disk, a rejected object.

## How to fix
1. Send or retrieve the series again; an archive that holds the other slices under the same UIDs takes only what it
   lacks. Compare the counts afterwards, and ask for storage commitment.
2. If the scanner no longer has it, look in other archives, on media and in the backup. If it cannot be found, tell the
   readers: a comment in the study, or IHE IOCM, rejects an incomplete series.
3. If the slices never existed (a stopped scan, a protocol with two spacings), keep the series, and let volume software
   resample it.

## Not a problem when
- The protocol wants it: thin slices through the joints and thick ones between, or two slabs in one series.
- The archive keeps a selection of the images on purpose, such as a teaching file.
- Somebody deleted slices on purpose, for example because of a wrong breath hold that was repeated.
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

_WITHOUT_SIXTH = slices(even(5)) + slices(even(20)[6:], first=7)
_OBLIQUE = "0.7071068\\0.7071068\\0\\0\\0\\-1"


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="stacks",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
SELECT
  SeriesInstanceUID,
  SUM(images) AS images,
  SUM(positions) AS positions,
  SUM(holes) AS holes,
  SUM(holes_in_numbers) AS holes_in_numbers,
  CAST(SUM(missing) AS BIGINT) AS slices_missing,
  SUM(uneven) AS uneven_steps,
  MAX(usual_mm) AS usual_mm,
  MAX(largest_mm) AS largest_mm,
  MIN(its_Modality) AS its_Modality
FROM stacks
WHERE holes + uneven > 0
  AND positions >= $min_positions
  AND (holes + uneven) * 100 <= (positions - 1) * $max_odd_percent
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2.1.1", "PS3.3 C.7.6.2"),
    sources=(
        Source("https://github.com/Slicer/Slicer/issues/4005", "2026-11-23"),
        Source("https://github.com/DIAGNijmegen/rse-panimg/issues/7", "2026-11-23"),
        Source("https://github.com/moloney/dcmstack/issues/55", "2026-11-23"),
        Source("https://github.com/OHIF/Viewers/issues/4352", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("geometry/slice-gap", "geometry/slice-gap-geometry"),
    settings={
        # With four positions one hole is a third of all steps: no step is the usual one.
        "min_positions": 5,
        # Series that were placed by hand, or have two spacings, are above it; a few lost slices stay below.
        "max_odd_percent": 20,
    },
    fires=(
        Example("the sixth of 20 slices is missing, and its number too", _WITHOUT_SIXTH, [THE_SERIES]),
        Example(
            "three slices in a row are missing from oblique slices",
            [
                {**one, "ImagePositionPatient": f"{0.7071068 * place:.4f}\\{-0.7071068 * place:.4f}\\40"}
                for place in even(20)
                for one in slices([place], first=int(place / 2.5) + 1, direction=_OBLIQUE)
                if not 20 <= place < 27.5
            ],
            [THE_SERIES],
        ),
        Example(
            "a hole, but the numbers go on, less severe",
            slices(even(5) + even(20)[6:]),
            [THE_SERIES],
        ),
        Example(
            "two slabs in one MR series, a minor fault",
            slices(even(10) + [place + 100 for place in even(10)], SOPClassUID=MR, Modality="MR"),
            [THE_SERIES],
        ),
        Example(
            "a CT whose second part was reconstructed with another offset, a minor fault",
            slices(even(10) + [place + 1.2 for place in even(20)[10:]]),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("an even series", slices(even(20))),
        Example("three phases of the same slices", [one for _ in range(3) for one in slices(even(20))]),
        Example("coordinates that were rounded to a tenth of a millimetre", slices([0, 1.3, 2.5, 3.8, 5, 6.3, 7.5])),
        Example(
            "a phase whose positions differ in the last digit",
            slices(even(20)) + slices([place + 0.012 for place in even(20)], first=21),
        ),
        Example(
            "the direction wobbles in the last digit from slice to slice",
            [
                {**one, "ImageOrientationPatient": f"1\\{0.004999 + 0.000001 * (number % 3):.6f}\\0\\0\\1\\0"}
                for number, one in enumerate(slices(even(20)))
            ],
        ),
        Example("four slices by hand", slices([0, 10, 14, 31])),
        Example("slices of a high resolution lung CT, placed by hand", slices([0, 9, 20, 33, 41, 55, 62, 80])),
        Example(
            "two scouts beside the slices",
            slices(even(20)) + slices([500, 900], first=21, ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
        Example(
            "three planes of a survey, four slices each",
            [
                one
                for direction in ("1\\0\\0\\0\\1\\0", "1\\0\\0\\0\\0\\-1", "0\\1\\0\\0\\0\\-1")
                for one in slices(even(4), direction=direction, SOPClassUID=MR, Modality="MR")
            ],
        ),
        Example("an enhanced image has its positions inside", slices([0], SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1")),
        Example("coordinates that are no numbers", slices(even(20), ImagePositionPatient="a\\b\\nan")),
    ),
)
def slice_spacing_uneven(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the slices that fit into the holes; numbers that skip as well leave no doubt."""
    holes, skipping = int(row["holes"] or 0), int(row["holes_in_numbers"] or 0)
    usual, largest = f"{float(row['usual_mm'] or 0):.2f}", f"{float(row['largest_mm'] or 0):.2f}"
    if not holes:
        odd = int(row["uneven_steps"] or 0)
        noun = "1 step between slices differs" if odd == 1 else f"{odd} steps between slices differ"
        return Problem(f"{noun} from the usual {usual} mm (positions: {row['positions']})", Severity.LOW)
    missing = int(row["slices_missing"] or 0)
    room = "1 slice" if missing == 1 else f"{missing} slices"
    where = "1 hole has" if holes == 1 else f"{holes} holes have"
    message = f"{where} room for {room}: the largest step is {largest} mm, the usual one {usual} mm"
    if skipping:
        return Problem(f"{message}; Instance Numbers skip there too")
    return Problem(message, Severity.LOW if row["its_Modality"] == "MR" else Severity.MEDIUM)
