"""A device sends mammograms without side or view.

## What it finds
Devices whose mammograms (for presentation or for processing)

- have neither Image Laterality nor Laterality: medium severity, Image Laterality is required;
- have a side but no View Position (CC, MLO, …): low. The standard requires the view in View Code Sequence, which
  stands in a sequence and is not looked at here, and much software reads View Position.

Tomosynthesis objects are left out, because side and view stand in their functional groups.

## Why it matters
A mammogram is read as one of four: right and left, CC and MLO. Without side and view, hanging protocols leave the
viewport empty, computer-aided detection refuses the image, and quality programs do not count it.

## How to confirm
1. `dcmdump +P ImageLaterality +P ViewPosition +P ViewCodeSequence FILE` on an image of the example study.
2. Digitised films and old CR plates are the usual writers; a stereotactic or specimen unit has views that no list
   knows.
3. If only research copies are concerned, the de-identification tool removed the attributes.

## How to fix
1. Ask the vendor for Image Laterality and View Code Sequence (context group 4014), and View Position beside them.
2. Where View Code Sequence is there, let the gateway derive View Position from it.
3. For stored images, a radiographer can read the marker in the picture.

## Not a problem when
- The images show specimens, phantoms or calibration fields.
- View Code Sequence is filled and every consumer reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_MG = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.2",
    "ImageLaterality": "R",
    "ViewPosition": "MLO",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Mammo 1",
    "StationName": "MG1",
}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Mammo 1", "StationName": "MG1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.DEVICE,
    relation="instances",
    subject=DEVICE,
    reads=(
        "SOPClassUID",
        "ImageLaterality",
        "Laterality",
        "ViewPosition",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH mammograms AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    SeriesInstanceUID,
    StudyInstanceUID,
    COUNT(*) AS images,
    SUM(CASE WHEN ImageLaterality IS NULL AND Laterality IS NULL THEN 1 ELSE 0 END) AS without_side,
    SUM(CASE WHEN ViewPosition IS NULL THEN 1 ELSE 0 END) AS without_view
  FROM instances
  WHERE SOPClassUID IN ('1.2.840.10008.5.1.4.1.1.1.2', '1.2.840.10008.5.1.4.1.1.1.2.1')
  GROUP BY Manufacturer, ManufacturerModelName, StationName, SeriesInstanceUID, StudyInstanceUID
)
{
        by_device(
            '''
  SUM(images) AS images,
  SUM(without_side) AS without_side,
  SUM(without_view) AS without_view,
  MIN(CASE WHEN without_side + without_view > 0 THEN StudyInstanceUID END) AS example_StudyInstanceUID''',
            "mammograms",
            "SUM(without_side) + SUM(without_view) > 0",
        ).strip()
    }
""",
    references=("PS3.3 C.8.11.7", "PS3.3 C.8.11.5"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/2019", "2026-11-23"),
        Source("https://github.com/nroduit/Weasis/issues/203", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/mammo-view-missing",),
    fires=(
        Example("a mammogram without a side", [{**_MG, "ImageLaterality": ""}], [_THE_DEVICE]),
        Example(
            "a mammogram without side and view", [{**_MG, "ImageLaterality": "", "ViewPosition": ""}], [_THE_DEVICE]
        ),
        Example("a mammogram without View Position, a minor fault", [_MG, {**_MG, "ViewPosition": ""}], [_THE_DEVICE]),
    ),
    silent=(
        Example("four views", [{**_MG, "ImageLaterality": s, "ViewPosition": v} for s in "RL" for v in ("CC", "MLO")]),
        Example("a side for the series", [{**_MG, "ImageLaterality": "", "Laterality": "L"}]),
        Example(
            "a tomosynthesis, whose side stands in its functional groups",
            [{**_MG, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.13.1.3", "ImageLaterality": "", "ViewPosition": ""}],
        ),
    ),
)
def mammography_view_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """A missing side is worse than a missing View Position."""
    side, view = int(row["without_side"] or 0), int(row["without_view"] or 0)
    parts = [f"{side} without a side"] if side else []
    parts += [f"{view} without View Position"] if view else []
    return Problem(
        f"of {quantity(row['images'], 'mammogram')} of this device, {' and '.join(parts)}",
        None if side else Severity.LOW,
    )
