"""Images on which people measure have no pixel spacing.

## What it finds
Series with images whose pixels have no size in millimetres, or the size zero:

- CT, MR and PET images of one frame without Pixel Spacing, which these classes require: medium severity;
- CR, DX, mammography, angiography and fluoroscopy images with neither Pixel Spacing nor Imager Pixel Spacing: medium
  for the digital X-ray and mammography classes, which require Imager Pixel Spacing, and low for the others.

An X-ray image that has Imager Pixel Spacing alone is in order. That value is the size at the detector, and the image
is enlarged by a factor that depends on the distances.

## Why it matters
Without a size viewers measure in pixels, or, worse, assume one millimetre, and write the length with the unit mm
beside it. A fracture gap, a lesion for follow-up or an implant is then measured wrong by a factor that nobody sees.

## How to confirm
1. `dcmdump +P PixelSpacing +P ImagerPixelSpacing +P ImageType +P ManufacturerModelName FILE`.
2. Image Type that begins with DERIVED or ends in a vendor's word for a screenshot: the object is a capture in the
   class of an image.
3. Look at the same image on the device. If lengths are right there, a converter or a de-identification tool has
   removed the attribute.

## How to fix
1. Correct the tool that removes it: no profile of PS3.15 asks for that.
2. Film digitizers and capture cards: enter the size, or calibrate with an object of known length, and record how in
   Pixel Spacing Calibration Type.
3. Until then set the viewers to show pixels, not millimetres, for such images.

## Not a problem when
- Nobody measures on them: scanned paper in the class of a radiograph, photographs of the screen, phantoms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import SINGLE_FRAME_CLASSES, THE_SERIES, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_ROOT = "1.2.840.10008.5.1.4.1.1."
_REQUIRE_AT_THE_DETECTOR = ("1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1")
"""Digital X-ray, mammography and intra-oral images, for presentation and for processing (PS3.3 C.8.11.4)."""

_OTHER_PROJECTIONS = ("1", "12.1", "12.2")
"""Computed radiography, angiography, fluoroscopy: Imager Pixel Spacing is optional."""


def _listed(ends: tuple[str, ...]) -> str:
    return ", ".join(f"'{_ROOT}{end}'" for end in ends)


def _projection(**changes: str) -> list[dict[str, str]]:
    return [{**one, **changes} for one in slices([0], SOPClassUID=f"{_ROOT}1.1", Modality="DX", PixelSpacing="")]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "Modality", "PixelSpacing", "ImagerPixelSpacing", "Rows"),
    sql=f"""
WITH spaced AS (
  SELECT
    SeriesInstanceUID, SOPClassUID, Modality, instances,
    CASE WHEN TRANSLATE(PixelSpacing, '0.\\ ', '') <> '' THEN 1 ELSE 0 END AS in_patient,
    CASE WHEN TRANSLATE(ImagerPixelSpacing, '0.\\ ', '') <> '' THEN 1 ELSE 0 END AS at_detector
  FROM images
  WHERE SeriesInstanceUID IS NOT NULL
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  MAX(CASE WHEN SOPClassUID IN ({_listed(_OTHER_PROJECTIONS)}) THEN 0 ELSE 1 END) AS required,
  MAX(CASE WHEN SOPClassUID IN ({SINGLE_FRAME_CLASSES}) THEN 1 ELSE 0 END) AS slices,
  MIN(Modality) AS its_Modality
FROM spaced
WHERE in_patient = 0
  AND (
    SOPClassUID IN ({SINGLE_FRAME_CLASSES})
    OR (at_detector = 0 AND SOPClassUID IN ({_listed(_REQUIRE_AT_THE_DETECTOR + _OTHER_PROJECTIONS)}))
  )
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.2", "PS3.3 10.7", "PS3.3 C.8.11.4"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/1490", "2026-11-23"),
        Source("https://github.com/cornerstonejs/cornerstoneWADOImageLoader/pull/261", "2026-11-23"),
        Source("https://github.com/cornerstonejs/cornerstone3D/pull/2403", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("CT slices without Pixel Spacing", slices([0, 2.5], PixelSpacing=""), [THE_SERIES]),
        Example("MR slices of spacing zero", slices([0], PixelSpacing="0\\0"), [THE_SERIES]),
        Example("a digital X-ray image without any size", _projection(), [THE_SERIES]),
        Example(
            "an angiogram without any size, a minor fault",
            _projection(SOPClassUID=f"{_ROOT}12.1", Modality="XA"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("slices with their spacing", slices([0, 2.5])),
        Example("an X-ray image with the size at the detector", _projection(ImagerPixelSpacing="0.143\\0.143")),
        Example("a calibrated X-ray image", _projection(PixelSpacing="0.13\\0.13")),
        Example(
            "an ultrasound image has its sizes in regions", slices([0], SOPClassUID=f"{_ROOT}6.1", PixelSpacing="")
        ),
        Example("an enhanced image has it inside", slices([0], SOPClassUID=f"{_ROOT}2.1", PixelSpacing="")),
        Example("a screen capture", slices([0], SOPClassUID=f"{_ROOT}7", PixelSpacing="")),
    ),
)
def pixel_spacing_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say which spacing is missing; where it is optional the fault is smaller."""
    which = "Pixel Spacing" if int(row["slices"] or 0) else "Pixel Spacing and Imager Pixel Spacing"
    severity = None if int(row["required"] or 0) else Severity.LOW
    return Problem(f"{row['its_Modality']} images without {which}, or with the value 0: {row['instances']}", severity)
