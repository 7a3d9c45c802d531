"""Several CT or PET slices of one series lie at one position, and nothing tells them apart.

## What it finds
CT and PET series of single-frame images in which two or more images with different SOP Instance UIDs have the same
position and orientation, and agree in Acquisition Number, Acquisition Time, Trigger Time, KVP and Image Type. Phases,
gates, energies and repeated acquisitions differ in one of these and are not reported. Localizers and copies of one SOP
Instance UID are left out.

- Some positions are repeated and others are not: medium severity. Single slices were stored twice.
- Every position occurs equally often: low. The series was stored twice under new UIDs, or it holds phases that only
  private attributes tell apart.

MR is left out, because too many of its attributes may tell images at one position apart;
`consistency/instance-number-duplicate` looks at MR.

## Why it matters
A volume needs one slice per position. Software that sorts by position puts the copies beside each other, so the
distance between neighbours becomes zero: it divides by it, doubles the length of the patient, or stops. A reader
scrolls through images twice, and a dose or count per slice comes out too high.

## How to confirm
1. List SOP Instance UID, Instance Number, Content Time and Instance Creation Time of the images at one position.
2. Compare their Pixel Data: `dcmdump +W DIR FILE` writes it to a file; take a digest of each. Equal: stored twice.
   Different: two reconstructions in one series; look at Convolution Kernel and Reconstruction Diameter.
3. Find what makes new UIDs when it sends again: a router, an importer, a converter.

## How to fix
1. Equal pixels: keep the set that the references of reports and presentation states name, and reject the other one
   (IHE IOCM).
2. Two reconstructions: ask for a series for each.
3. Correct the component that makes new SOP Instance UIDs for the same image.

## Not a problem when
- A cardiac or respiratory series holds phases that the vendor marks in private attributes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import CT, MR, NO_LOCALIZER, PT, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _again(number: int, **changes: str) -> list[dict[str, str]]:
    """The first slices once more, as other objects."""
    return slices(even(number), first=101, **changes)


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=(
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "SOPClassUID",
        "ImageType",
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "AcquisitionNumber",
        "AcquisitionTime",
        "TriggerTime",
        "KVP",
    ),
    sql=f"""
WITH repeating AS (
  SELECT SeriesInstanceUID
  FROM instances
  WHERE SOPClassUID IN ('{CT}', '{PT}') AND ImagePositionPatient IS NOT NULL AND {NO_LOCALIZER}
  GROUP BY SeriesInstanceUID, ImagePositionPatient
  HAVING COUNT(*) > 1
),
positions AS (
  SELECT
    SeriesInstanceUID,
    ImagePositionPatient,
    COUNT(DISTINCT SOPInstanceUID) AS images,
    CASE
      WHEN MIN(AcquisitionNumber) <> MAX(AcquisitionNumber)
        OR MIN(AcquisitionTime) <> MAX(AcquisitionTime)
        OR MIN(TriggerTime) <> MAX(TriggerTime)
        OR MIN(KVP) <> MAX(KVP)
        OR MIN(ImageType) <> MAX(ImageType)
      THEN 0 ELSE 1
    END AS alike,
    MIN(SOPInstanceUID) AS first_instance,
    MAX(SOPInstanceUID) AS last_instance
  FROM instances
  WHERE SOPClassUID IN ('{CT}', '{PT}')
    AND SeriesInstanceUID IN (SELECT SeriesInstanceUID FROM repeating)
    AND ImagePositionPatient IS NOT NULL
    AND {NO_LOCALIZER}
  GROUP BY SeriesInstanceUID, ImagePositionPatient, ImageOrientationPatient
)
SELECT
  SeriesInstanceUID,
  SUM(images) AS images,
  COUNT(*) AS positions,
  SUM(CASE WHEN images > 1 AND alike = 1 THEN 1 ELSE 0 END) AS repeated_and_alike,
  MIN(images) AS least_images,
  MAX(images) AS most_images,
  MIN(CASE WHEN images > 1 AND alike = 1 THEN first_instance END) AS first_SOPInstanceUID,
  MIN(CASE WHEN images > 1 AND alike = 1 THEN last_instance END) AS last_SOPInstanceUID
FROM positions
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING SUM(CASE WHEN images > 1 AND alike = 1 THEN 1 ELSE 0 END) > 0
ORDER BY SeriesInstanceUID
""",
    repeats=("SeriesInstanceUID", "ImagePositionPatient"),
    references=("PS3.3 C.7.6.2.1.1", "PS3.3 C.7.3.1"),
    sources=(Source("https://github.com/OHIF/Viewers/issues/3360", "2026-11-23"),),
    since="0.1.0",
    aliases=("geometry/slice-duplicate-position",),
    fires=(
        Example("three of 20 slices were stored twice", slices(even(20)) + _again(3), [THE_SERIES]),
        Example(
            "all slices twice, and no attribute tells them apart, a minor fault",
            slices(even(20)) + _again(20),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("one slice per position", slices(even(20))),
        Example("two copies of each slice", slices(even(20)) * 2),
        Example("a second phase", slices(even(20)) + _again(20, AcquisitionNumber="2")),
        Example(
            "a perfusion that repeats the slices every second",
            slices(even(20), AcquisitionTime="101500") + _again(20, AcquisitionTime="101501"),
        ),
        Example("two energies", slices(even(20), KVP="80") + _again(20, KVP="140")),
        Example("two gates of a heart", slices(even(20), TriggerTime="100") + _again(20, TriggerTime="300")),
        Example(
            "axial and coronal images that begin at one point",
            slices([0]) + slices([0], first=2, direction="1\\0\\0\\0\\0\\-1"),
        ),
        Example(
            "two scouts at one position",
            slices([0, 0], ImageType="ORIGINAL\\PRIMARY\\LOCALIZER"),
        ),
        Example("MR echoes", slices(even(3), SOPClassUID=MR) + _again(3, SOPClassUID=MR)),
    ),
)
def slice_position_repeated(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the positions; where all are repeated alike, whole phases or a whole copy are likelier than a fault."""
    repeated, positions = int(row["repeated_and_alike"] or 0), int(row["positions"] or 0)
    message = f"{repeated} of {positions} slice positions have several images that no attribute compared tells apart"
    whole = repeated == positions and row["least_images"] == row["most_images"]
    return Problem(message, Severity.LOW if whole else None)
