"""Contours, segments or registrations name images of another frame of reference.

## What it finds
Series of structure sets, segmentations and registrations in which an object refers to an image of the archive whose
Frame of Reference UID differs from the one that the object states for it: in the item of the sequence for structure
sets and registrations, in the object itself for segmentations. Images without a Frame of Reference UID are
`consistency/frame-of-reference-missing`.

## Why it matters
Contours and segments are coordinates. In another frame of reference the same numbers are another place in the patient:
a structure is drawn beside the organ, or a dose is calculated for the wrong volume. Some systems refuse to load the
pair; the dangerous ones load it, because they match by series only.

## How to confirm
1. Compare the two UIDs of the evidence, and look at which images have which: `dcmdump +P FrameOfReferenceUID FILE`.
2. Two scans of one patient with a new positioning between them: the contours belong to one of the two.
3. All objects of one tool: it makes up a new UID instead of copying the one of the images.
4. De-identified data: images and objects were processed in two runs.

## How to fix
1. Do not use the object for planning or measurement until its geometry was looked at on the images that it names.
2. If the contours fit the images, write the images' Frame of Reference UID into a new version of the object.
3. If they fit another series, that one is to be named; if the patient moved, a registration between both is needed.
4. Correct the tool: structure sets and segmentations take the UID from the images.

## Not a problem when
- The images were given a new Frame of Reference UID on purpose, and the object is an old version that nobody uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.links import ATTRIBUTES
from tagwise.checks.reference._links import CT, KEY_OBJECTS, SEGMENTATION, STRUCTURES, THE_SERIES, within
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_MOVED = {**CT, "FrameOfReferenceUID": "1.2.826.0.1.10"}


def _contours(frame: str = CT["FrameOfReferenceUID"]) -> dict[str, str]:
    return within(sequence="ReferencedFrameOfReferenceSequence", FrameOfReferenceUID=frame)


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="links",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
WITH stated AS (
  SELECT
    SeriesInstanceUID,
    SOPInstanceUID,
    found_series,
    found_frame,
    CASE
      WHEN named_frame IS NOT NULL THEN named_frame
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.66.4%' THEN FrameOfReferenceUID
    END AS frame
  FROM links
  WHERE found = 1 AND SeriesInstanceUID IS NOT NULL
)
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT SOPInstanceUID) AS objects,
  COUNT(DISTINCT found_series) AS image_series,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(frame) AS stated_FrameOfReferenceUID,
  MIN(found_frame) AS found_FrameOfReferenceUID,
  MIN(found_series) AS images_SeriesInstanceUID
FROM stated
WHERE frame <> found_frame
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.8.8.5", "PS3.3 C.7.4.1", "PS3.3 C.8.20.2", "PS3.3 C.20.2"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/3537", "2026-11-23"),
        Source("https://github.com/qurit/rt-utils/issues/29", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("reference/reference-for-mismatch",),
    fires=(
        Example(
            "contours name images that were taken after the patient moved",
            [_MOVED, STRUCTURES],
            [THE_SERIES],
            references=[_contours()],
        ),
        Example(
            "a segmentation with a frame of reference of its own",
            [_MOVED, SEGMENTATION],
            [THE_SERIES],
            references=[within(sequence="ReferencedSeriesSequence")],
        ),
    ),
    silent=(
        Example("contours in the images' frame", [CT, STRUCTURES], references=[_contours()]),
        Example("a segmentation in the images' frame", [CT, SEGMENTATION], references=[within()]),
        Example("a key object has no frame of reference", [CT, KEY_OBJECTS], references=[within()]),
        Example(
            "a registration between two frames names each with its own images",
            [
                CT,
                {**_MOVED, "SOPInstanceUID": "1.2.826.0.1.1.7.1", "SeriesInstanceUID": "1.2.826.0.1.1.7"},
                {**SEGMENTATION, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.1"},
            ],
            references=[
                within(sequence="RegistrationSequence", FrameOfReferenceUID="1.2.826.0.1.9"),
                within("1.2.826.0.1.1.7.1", sequence="RegistrationSequence", FrameOfReferenceUID="1.2.826.0.1.10"),
            ],
        ),
        Example("images that are not here", [STRUCTURES], references=[_contours("1.2.826.0.1.11")]),
        Example("images without a frame", [{**CT, "FrameOfReferenceUID": ""}, STRUCTURES], references=[_contours()]),
    ),
)
def frame_of_reference_mismatch(row: Mapping[str, EvidenceValue]) -> str:
    """Name both frames."""
    return (
        f"objects state the frame of reference {row['stated_FrameOfReferenceUID']} for images that have "
        f"{row['found_FrameOfReferenceUID']} (objects: {row['objects']})"
    )
