"""The objects of one series have different Frame of Reference UIDs.

## What it finds
Series in which two or more values of Frame of Reference UID occur. Objects without one are not compared: ultrasound,
projection X-ray, photographs and slide labels need none.

The severity is medium where software builds a volume from the images of a series: CT, MR, PET, nuclear medicine and
intravascular pull-backs. Elsewhere it is low. Mammograms, angiograms, eyes and slides are opened one by one, and each
may have its own frame of reference; segmentations, RT objects and reports are opened by their references, not as a
series.

## Why it matters
The Frame of Reference says that coordinates can be compared. PS3.3 section C.7.4.1 allows one per series. If images
of a series differ, reformats and distances across them are wrong, or the viewer refuses to build a volume; structures
and segmentations fit one part only.

## How to confirm
1. Count objects by Frame of Reference UID. As many values as objects: a de-identification tool or a converter made a
   new UID for each file. Two values in two blocks: two acquisitions.
2. For two blocks, compare Acquisition Time, Table Position and Image Position (Patient) at the change. A pause and a
   jump mean that the patient was positioned anew.
3. Check the source: does the scanner's own copy have one value?

## How to fix
- One value per file: repeat the de-identification with a tool that maps equal UIDs to equal UIDs, and replace the
  objects. PS3.15 Annex E asks for this consistency.
- The patient was positioned anew: the second part needs a series of its own. Ask the vendor to start one, and split
  stored series with a new Series Instance UID where volumes are made from them.
- The values were damaged, the geometry is right: restore the scanner's value in the archive, with its own tools. The
  objects that refer to the series (RT Structure Set, Segmentation, Spatial Registration) still hold it.

## Not a problem when
- Localizers whose coordinates nobody uses share a series with a volume. It breaks the rule all the same.
- Each view of a tomosynthesis examination, each eye or each slide has its own coordinates, and they share a series.
- Several registrations, segmentations or RT objects were collected in one series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_STACKED = {"CT", "MR", "PT", "NM", "ST", "IVUS", "IVOCT"}
"""Modalities whose series viewers open as one volume."""

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.1.9",
    "Modality": "CT",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "FrameOfReferenceUID", "Modality"),
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT FrameOfReferenceUID) AS frames_of_reference,
  SUM(instances) AS instances,
  MIN(FrameOfReferenceUID) AS first_FrameOfReferenceUID,
  MAX(FrameOfReferenceUID) AS last_FrameOfReferenceUID,
  MIN(Modality) AS its_Modality
FROM facets
WHERE SeriesInstanceUID IS NOT NULL AND FrameOfReferenceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MIN(FrameOfReferenceUID) <> MAX(FrameOfReferenceUID)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.4.1", "PS3.3 A.1.2.5", "PS3.15 E"),
    sources=(
        Source("https://github.com/slicebox/slicebox/issues/290", "2026-11-23"),
        Source("https://github.com/OHIF/Viewers/issues/3537", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/frame-of-reference-inconsistent",),
    fires=(
        Example(
            "a CT series with two frames of reference",
            [_CT, {**_CT, "FrameOfReferenceUID": "1.2.826.0.1.1.10"}],
            [_THE_SERIES],
        ),
        Example(
            "segmentations of two frames of reference in one series, a minor fault",
            [{**_CT, "Modality": "SEG"}, {**_CT, "Modality": "SEG", "FrameOfReferenceUID": "1.2.826.0.1.1.10"}],
            [_THE_SERIES],
        ),
        Example(
            "two views of a breast tomosynthesis in one series, a minor fault",
            [{**_CT, "Modality": "MG"}, {**_CT, "Modality": "MG", "FrameOfReferenceUID": "1.2.826.0.1.1.10"}],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("one frame of reference", [_CT, _CT]),
        Example("an image without one", [_CT, {k: v for k, v in _CT.items() if k != "FrameOfReferenceUID"}]),
        Example(
            "two series after two positionings",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "FrameOfReferenceUID": "1.2.826.0.1.1.10"}],
        ),
        Example(
            "ultrasound has no frame of reference",
            [{"SeriesInstanceUID": "1.2.826.0.1.1.3", "Modality": "US"}] * 2,
        ),
    ),
)
def frame_of_reference_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether each object has its own, which points to de-identification."""
    frames, instances = int(row["frames_of_reference"] or 0), int(row["instances"] or 0)
    each = ", one for each" if frames == instances else ""
    severity = None if row["its_Modality"] in _STACKED else Severity.LOW
    return Problem(f"{frames} Frame of Reference UIDs in {instances} instances of this series{each}", severity)
