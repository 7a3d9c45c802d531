"""A slice does not say where it lies: position or orientation is missing.

## What it finds
CT, MR and PET images of one frame without Image Position (Patient) or Image Orientation (Patient), counted per series.
The three classes require both, localizers included. The severity is medium for original images and low for derived
ones (Image Type begins with DERIVED), which are often pictures made from slices.

## Why it matters
Without them nobody can tell left from right by computation, order the slices in space, put them beside those of
another series or measure across them. Viewers guess a direction and a spacing, or show no reference lines; planning
and navigation systems refuse the series.

## How to confirm
1. `dcmdump +P ImagePositionPatient +P ImageOrientationPatient +P SliceLocation +P ImageType FILE`.
2. All images of the series, and of every series from that source: a tool removed them. Look for a de-identification
   step or a converter in Contributing Equipment Sequence and in Implementation Version Name.
3. Some images only: screenshots that were stored with the class of the slices.

## How to fix
1. Fetch the series again from the scanner or the first archive, and replace the copies (first compare the SOP Instance
   UIDs).
2. Correct the tool. No profile of PS3.15 asks for the removal of geometry.
3. Screenshots: let the device store them as Secondary Capture.
4. If the originals are lost, mark the series as not for measurement. Slice Location is no substitute: its origin is
   arbitrary, and it has no direction.

## Not a problem when
- The images are phantoms or bench tests without a patient.
- A derived picture, such as a colour map or a rendering, kept the class of its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import SINGLE_FRAME_CLASSES, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=(
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "SOPClassUID",
        "ImageType",
        "ImagePositionPatient",
        "ImageOrientationPatient",
    ),
    sql=f"""
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(*) AS images,
  SUM(CASE WHEN ImagePositionPatient IS NULL THEN 1 ELSE 0 END) AS without_position,
  SUM(CASE WHEN ImageOrientationPatient IS NULL THEN 1 ELSE 0 END) AS without_orientation,
  SUM(CASE WHEN ImageType LIKE 'DERIVED%' THEN 0 ELSE 1 END) AS originals,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM instances
WHERE SOPClassUID IN ({SINGLE_FRAME_CLASSES})
  AND (ImagePositionPatient IS NULL OR ImageOrientationPatient IS NULL)
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2", "PS3.3 C.7.6.2.1.1"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/3360", "2026-11-23"),
        Source("https://github.com/mlavik1/UnityVolumeRendering/issues/26", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("slices without a position", slices(even(3), ImagePositionPatient=""), [THE_SERIES]),
        Example("slices without an orientation", slices(even(3), direction=""), [THE_SERIES]),
        Example(
            "a colour picture in the class of CT, a minor fault",
            slices([0], direction="", ImagePositionPatient="", ImageType="DERIVED\\SECONDARY\\SCREEN SAVE"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("slices with both", slices(even(3))),
        Example(
            "an enhanced image has both inside",
            slices([0], direction="", ImagePositionPatient="", SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1"),
        ),
        Example(
            "a screen capture needs neither",
            slices([0], direction="", ImagePositionPatient="", SOPClassUID="1.2.840.10008.5.1.4.1.1.7"),
        ),
        Example(
            "an X-ray image needs neither",
            slices([0], direction="", ImagePositionPatient="", SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1"),
        ),
    ),
)
def position_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count what lacks which; derived pictures are a lesser fault."""
    counts = {"without_position": "Image Position (Patient)", "without_orientation": "Image Orientation (Patient)"}
    parts = [f"{int(row[column] or 0)} without {name}" for column, name in counts.items() if int(row[column] or 0)]
    severity = None if int(row["originals"] or 0) else Severity.LOW
    return Problem(f"slices {' and '.join(parts)}, for example {row['example_SOPInstanceUID']}", severity)
