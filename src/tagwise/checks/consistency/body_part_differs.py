"""Images of one series name different body parts.

## What it finds
CT, MR, PET and projection X-ray series in which Body Part Examined has two or more values. Case does not count, and
images without a value are not compared. Localizers are left out.

## Why it matters
Routing, hanging protocols, prefetching of priors and AI orchestration choose by body part, most of them by the value in
the first image that they see. A mixed series takes one path today and another one after the next migration.

## How to confirm
1. Count the images by Body Part Examined, Acquisition Number and Protocol Name.
2. Values that change with the acquisition: one scan over two regions, of which each protocol step wrote its own.
   One image that differs: typed in at the console, or a capture.

## How to fix
1. On the device let one protocol write one value; for scans over several regions there are codes for combinations.
2. Route by Procedure Code or by the order where body parts are unreliable.
3. In stored series a change is rarely worth its risk.

## Not a problem when
- The device describes each image on purpose, as in a series of X-ray images of several regions, and nothing routes by
  this attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
    "ImageType": "ORIGINAL\\PRIMARY\\AXIAL",
    "BodyPartExamined": "CHEST",
    "Rows": "512",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "Modality", "ImageType", "BodyPartExamined", "Rows"),
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT UPPER(BodyPartExamined)) AS body_parts,
  SUM(instances) AS instances,
  MIN(UPPER(BodyPartExamined)) AS first_BodyPartExamined,
  MAX(UPPER(BodyPartExamined)) AS last_BodyPartExamined
FROM images
WHERE SeriesInstanceUID IS NOT NULL
  AND BodyPartExamined IS NOT NULL
  AND Modality IN ('CT', 'MR', 'PT', 'CR', 'DX', 'MG', 'XA', 'RF')
  AND (ImageType IS NULL OR UPPER(ImageType) NOT LIKE '%LOCALIZER%')
GROUP BY SeriesInstanceUID
HAVING MIN(UPPER(BodyPartExamined)) <> MAX(UPPER(BodyPartExamined))
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1", "PS3.16 L"),
    sources=(),
    since="0.1.0",
    aliases=("consistency/body-part-inconsistent",),
    fires=(Example("chest and abdomen in one series", [_CT, {**_CT, "BodyPartExamined": "ABDOMEN"}], [_THE_SERIES]),),
    silent=(
        Example("one body part", [_CT, _CT]),
        Example("one body part in two spellings of case", [_CT, {**_CT, "BodyPartExamined": "Chest"}]),
        Example("some images without a value", [_CT, {**_CT, "BodyPartExamined": ""}]),
        Example(
            "a scout of the whole body",
            [_CT, {**_CT, "BodyPartExamined": "WHOLEBODY", "ImageType": "ORIGINAL\\PRIMARY\\LOCALIZER"}],
        ),
        Example(
            "an ultrasound series over several organs",
            [{**_CT, "Modality": "US"}, {**_CT, "Modality": "US", "BodyPartExamined": "ABDOMEN"}],
        ),
    ),
)
def body_part_differs(row: Mapping[str, EvidenceValue]) -> str:
    """Count the values; a body part is a patient value and stays in the evidence."""
    return f"{row['body_parts']} values of Body Part Examined in {row['instances']} images of this series"
