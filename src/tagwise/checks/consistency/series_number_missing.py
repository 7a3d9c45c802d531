"""A device sends images without a Series Number.

## What it finds
Devices with series in which no object has a Series Number, counted for modalities that acquire. Reports, presentation
states and other derived objects are left out. An empty value is legal (Type 2), so the severity is low.

## Why it matters
Viewers sort the series of a study by this number and show such series first, last or in random order. Converters that
group by it take all series without a number for one, and drop images that seem to be duplicates.

## How to confirm
1. Open the example study: is the number missing in all series of the device, or in those of one protocol?
2. Compare with the device's console. If it shows numbers, the router or a de-identification profile removed them.

## How to fix
1. Ask the vendor for a counter per study.
2. Let the router leave the attribute alone; no de-identification profile of PS3.15 removes it.
3. Let scripts group by Series Instance UID.

## Not a problem when
- The device makes one series per study, and nobody sorts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CR = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CR",
    "SeriesNumber": "1",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Plate 1",
    "StationName": "CR1",
}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Plate 1", "StationName": "CR1"}
_WITHOUT = {**_CR, "SeriesNumber": ""}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.DEVICE,
    relation="facets",
    subject=DEVICE,
    reads=(
        "SeriesNumber",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Modality",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH series AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    SeriesInstanceUID,
    MIN(StudyInstanceUID) AS study,
    MIN(Modality) AS modality,
    CASE WHEN MIN(SeriesNumber) IS NULL THEN 1 ELSE 0 END AS without
  FROM facets
  WHERE Modality NOT IN ({NOT_ACQUIRED})
  GROUP BY Manufacturer, ManufacturerModelName, StationName, SeriesInstanceUID
)
{
        by_device(
            '''
  COUNT(*) AS series,
  SUM(without) AS series_without,
  MIN(CASE WHEN without = 1 THEN modality END) AS its_Modality,
  MIN(CASE WHEN without = 1 THEN study END) AS example_StudyInstanceUID''',
            "series",
            "MAX(without) = 1",
        ).strip()
    }
""",
    references=("PS3.3 C.7.3.1",),
    sources=(Source("https://github.com/rordenlab/dcm2niix/issues/218", "2026-11-23"),),
    since="0.1.0",
    fires=(
        Example("a device without numbers", [_WITHOUT], [_THE_DEVICE]),
        Example(
            "a device that forgets some",
            [_CR, {**_WITHOUT, "SeriesInstanceUID": "1.2.826.0.1.1.2"}],
            [_THE_DEVICE],
        ),
        Example(
            "a device that does not name itself",
            [{k: v for k, v in _WITHOUT.items() if k not in _THE_DEVICE}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
    ),
    silent=(
        Example("a number", [_CR]),
        Example("the number zero", [{**_CR, "SeriesNumber": "0"}]),
        Example("a report without a number", [{**_WITHOUT, "Modality": "SR"}]),
        Example("a scout without the number that the series has", [_CR, _WITHOUT]),
    ),
)
def series_number_missing(row: Mapping[str, EvidenceValue]) -> str:
    """Count the series."""
    return f"{row['series_without']} of {row['series']} series of this device have no Series Number"
