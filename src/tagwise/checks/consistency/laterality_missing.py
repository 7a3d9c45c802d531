"""A device sends images of a paired body part without left or right.

## What it finds
Devices whose images have neither Laterality nor Image Laterality although they show one side of the body: X-ray
images (CR, DX, RG) with a paired part in Body Part Examined, such as hand, foot, knee, shoulder or hip, and
photographs and tomographies of the eye (OP, OPT).

If at least half of such images of the device lack the side, the severity is medium, else low. Not looked at are
mammograms (`consistency/mammography-view-missing`), dental images, whose side follows from the tooth, and
measurements of the eye, which say the side in other attributes.

## Why it matters
The side is then known from the marker in the picture or from a description only. Hanging protocols cannot place the
image, priors of the other side are offered for comparison, and algorithms guess.

## How to confirm
1. Open the example study and look for the marker, and for words such as `LT` or `links` in Series Description,
   Acquisition Device Processing Description and View Code Sequence.
2. Ask whether the device asks the user for the side, or takes it from the protocol.

## How to fix
1. Set the side in the device's protocols, one for each side; Image Laterality is required for DX, Laterality for CR
   if the part is a paired one.
2. Take it from the procedure code at the gateway, where codes name the side.
3. For stored images, only a person who sees the marker can set it.

## Not a problem when
- Both sides are in one picture. Image Laterality should then be B.
- Body Part Examined is a fixed value of the device that says nothing about the image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.checks._modalities import listed
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_PAIRED = (
    "ACJOINT", "ANKLE", "ARM", "CALCANEUS", "CALF", "CLAVICLE", "ELBOW", "EYE", "FEMUR", "FINGER", "FOOT", "FOREARM",
    "HAND", "HIP", "HUMERUS", "KNEE", "LEG", "PATELLA", "RADIUS", "SCAPULA", "SHOULDER", "THIGH", "THUMB", "TIBIA",
    "TOE", "ULNA", "WRIST",
)  # fmt: skip
_DX = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1",
    "Modality": "DX",
    "BodyPartExamined": "HAND",
    "ImageLaterality": "R",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Plate 1",
    "StationName": "DX1",
}
_NO_SIDE = {**_DX, "ImageLaterality": ""}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Plate 1", "StationName": "DX1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.DEVICE,
    relation="instances",
    subject=DEVICE,
    reads=(
        "Modality",
        "BodyPartExamined",
        "Laterality",
        "ImageLaterality",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH paired AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    SeriesInstanceUID,
    StudyInstanceUID,
    Modality,
    COUNT(*) AS objects,
    SUM(CASE WHEN Laterality IS NULL AND ImageLaterality IS NULL THEN 1 ELSE 0 END) AS without
  FROM instances
  WHERE Modality IN ('OP', 'OPT')
    OR (Modality IN ('CR', 'DX', 'RG') AND UPPER(BodyPartExamined) IN ({listed(_PAIRED)}))
  GROUP BY Manufacturer, ManufacturerModelName, StationName, SeriesInstanceUID, StudyInstanceUID, Modality
)
{
        by_device(
            '''
  SUM(objects) AS objects,
  SUM(without) AS objects_without,
  MIN(CASE WHEN without > 0 THEN Modality END) AS its_Modality,
  MIN(CASE WHEN without > 0 THEN StudyInstanceUID END) AS example_StudyInstanceUID''',
            "paired",
            "SUM(without) > 0",
        ).strip()
    }
""",
    references=("PS3.3 C.7.3.1", "PS3.3 C.8.11.2", "PS3.3 C.8.17.5"),
    sources=(
        Source("https://github.com/DIAGNijmegen/rse-grand-challenge/issues/1379", "2026-11-23"),
        Source("https://github.com/ImagingDataCommons/highdicom/pull/49", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/laterality-missing-paired",),
    fires=(
        Example("hands without a side", [_NO_SIDE], [_THE_DEVICE]),
        Example("an eye without a side", [{**_NO_SIDE, "Modality": "OP", "BodyPartExamined": ""}], [_THE_DEVICE]),
        Example("one of three hands without a side, a minor fault", [_DX, _DX, _NO_SIDE], [_THE_DEVICE]),
        Example("a knee in small letters", [{**_NO_SIDE, "Modality": "CR", "BodyPartExamined": "knee"}], [_THE_DEVICE]),
    ),
    silent=(
        Example("a side for the image", [_DX]),
        Example("a side for the series", [{**_NO_SIDE, "Laterality": "L"}]),
        Example("both sides in one picture", [{**_DX, "ImageLaterality": "B"}]),
        Example("a chest", [{**_NO_SIDE, "BodyPartExamined": "CHEST"}]),
        Example("an image without a body part", [{**_NO_SIDE, "BodyPartExamined": ""}]),
        Example(
            "a CT of a shoulder, where coordinates tell the side",
            [{**_NO_SIDE, "Modality": "CT", "BodyPartExamined": "SHOULDER"}],
        ),
        Example("a visual field, which has Measurement Laterality", [{**_NO_SIDE, "Modality": "OPV"}]),
        Example("a report on a hand", [{**_NO_SIDE, "Modality": "SR"}]),
    ),
)
def laterality_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the images; a few among many are a lesser fault."""
    objects, without = int(row["objects"] or 0), int(row["objects_without"] or 0)
    message = f"{without} of {quantity(objects, 'image')} of paired body parts without Laterality or Image Laterality"
    return Problem(message, None if without * 2 >= objects else Severity.LOW)
