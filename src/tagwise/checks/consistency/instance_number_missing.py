"""Images that are sorted by number have no Instance Number.

## What it finds
CT, MR, PET, ultrasound, angiography and fluoroscopy series with images whose Instance Number is missing or empty.
Reports, presentation states and other objects without pixels are not looked at.

The attribute has type 2: it must be there, and may be empty. So a value that is missing is no error of the standard,
and the severity is low.

## Why it matters
Much software sorts by this number, or takes it for the file name in an export. Without it slices come in the order of
their arrival or their UIDs, and some converters stop or write one file over the other.

## How to confirm
1. Export the series with the tool that the users have, and count the files.
2. Look for the writer: the images have a number on the scanner in nearly all cases, so a converter or a de-identifier
   took it away. PS3.15 Annex E does not ask for that.

## How to fix
1. Correct the tool, and fetch the images again.
2. Otherwise number them once, by position for slices and by Acquisition Time or Content Time for clips, before they
   are stored anywhere else.

## Not a problem when
- All software in use sorts by position and time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "Modality": "CT",
    "InstanceNumber": "",
    "Rows": "512",
}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPInstanceUID", "Modality", "InstanceNumber", "Rows"),
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(*) AS images,
  MIN(Modality) AS its_Modality,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM instances
WHERE InstanceNumber IS NULL
  AND "Rows" IS NOT NULL
  AND SeriesInstanceUID IS NOT NULL
  AND Modality IN ('CT', 'MR', 'PT', 'US', 'IVUS', 'XA', 'RF')
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.1", "PS3.15 E"),
    sources=(Source("https://github.com/rordenlab/dcm2niix/issues/341", "2026-11-23"),),
    since="0.1.0",
    fires=(Example("CT images without a number", [_CT], [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}]),),
    silent=(
        Example("a CT image with a number", [{**_CT, "InstanceNumber": "1"}]),
        Example("a photograph", [{**_CT, "Modality": "XC"}]),
        Example("a dose report in a CT series", [{**_CT, "Rows": ""}]),
    ),
)
def instance_number_missing(row: Mapping[str, EvidenceValue]) -> str:
    """Count the images and name one."""
    return f"{row['its_Modality']} images without Instance Number: {row['images']}"
