"""Each image of a series has a Series Instance UID of its own.

## What it finds
Studies in which eight or more series share modality, Series Number and device and have almost no more images than
series. Only the CT, MR and PET classes with one image per object are looked at: an enhanced object is a whole series,
and X-ray devices make series of one image on purpose.

Eight is more than the views of any localizer; the setting is `min_series`.

## Why it matters
It is the opposite of a re-used UID, and as harmful to viewers: a volume falls into dozens of series with one slice
each. No viewer stacks them, no converter joins them, and lists of series become useless. DICOM routers and clouds
that act once per series act hundreds of times.

## How to confirm
1. Sort the images of the study by Series Number and Instance Number. Rising instance numbers under one series number,
   each with another UID, prove it.
2. Compare the UIDs: if they differ in the last number only, the device appends the slice number to the series.
3. Compare with the same examination exported from the console as enhanced objects.

## How to fix
1. Report it to the vendor with the software version: this is a fault of one release. Canon MR V6.0SP2001 is known for
   it in functional and diffusion series.
2. Until it is repaired, let the scanner send enhanced multi-frame objects.
3. Give stored images of equal study, Series Number and description one new Series Instance UID, and keep the list of
   old and new values.

## Not a problem when
- A de-identification tool replaced UIDs per file and the set is not meant to be viewed. It is still wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_MR = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "Modality": "MR",
    "SeriesNumber": "5",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_AS_CT = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "Modality": "CT"}


def _images(series: int, each: int = 1, **attributes: str) -> list[dict[str, str]]:
    return [
        {**_MR, "SeriesInstanceUID": f"1.2.826.0.1.1.{n}", **attributes} for n in range(series) for _ in range(each)
    ]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=(
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPClassUID",
        "Modality",
        "SeriesNumber",
        "Manufacturer",
        "ManufacturerModelName",
    ),
    sql="""
WITH torn AS (
  SELECT
    StudyInstanceUID,
    SeriesNumber,
    Modality,
    COUNT(DISTINCT SeriesInstanceUID) AS series,
    SUM(instances) AS images
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND SeriesInstanceUID IS NOT NULL
    AND SeriesNumber IS NOT NULL
    AND SOPClassUID IN (
      '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.128'
    )
  GROUP BY StudyInstanceUID, SeriesNumber, Modality, Manufacturer, ManufacturerModelName
  HAVING COUNT(DISTINCT SeriesInstanceUID) >= $min_series
    AND SUM(instances) * 4 <= COUNT(DISTINCT SeriesInstanceUID) * 5
)
SELECT
  StudyInstanceUID,
  COUNT(*) AS series_numbers,
  SUM(series) AS series,
  SUM(images) AS images,
  MIN(Modality) AS its_Modality,
  MIN(SeriesNumber) AS example_SeriesNumber
FROM torn
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.3.1", "PS3.3 A.1.2.3"),
    sources=(Source("https://github.com/rordenlab/dcm2niix/issues/495", "2026-11-23"),),
    since="0.1.0",
    aliases=("identity/series-uid-per-slice",),
    settings={"min_series": 8},
    fires=(
        Example("twelve slices, twelve series UIDs, one series number", _images(12), [_THE_STUDY]),
        Example(
            "a CT of which a few images share a series UID",
            [{**row, **_AS_CT} for row in (*_images(12), *_images(1))],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example(
            "one series of twelve slices", [{**row, "SeriesInstanceUID": "1.2.826.0.1.1.1"} for row in _images(12)]
        ),
        Example("seven localizers of one image under one number", _images(7)),
        Example(
            "twelve series of one image with twelve numbers",
            [{**row, "SeriesNumber": str(n)} for n, row in enumerate(_images(12))],
        ),
        Example("enhanced objects, each a series", _images(12, SOPClassUID="1.2.840.10008.5.1.4.1.1.4.1")),
        Example("X-ray images, each a series", _images(12, SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1", Modality="DX")),
        Example("ten series of two echoes under one number", _images(10, each=2)),
        Example("series without a number", _images(12, SeriesNumber="")),
    ),
)
def series_uid_per_image(row: Mapping[str, EvidenceValue]) -> str:
    """Count images and series."""
    under = quantity(row["series_numbers"], "Series Number")
    return f"{row['images']} {row['its_Modality']} images of {under} are {row['series']} series"
