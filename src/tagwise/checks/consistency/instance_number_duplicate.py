"""Images of one series share an Instance Number.

## What it finds
Series in which two or more images with different SOP Instance UIDs have the same Instance Number. Copies of one SOP
Instance UID do not count, nor do objects without pixels, such as presentation states and reports, which are often all
number 1.

The standard does not ask for unique numbers. The finding is of medium severity only where a number is needed and
nothing replaces it: in CT, MR and PET series, which are sorted into a stack, and if no other attribute tells the
images apart. Those looked at are SOP Class UID, Acquisition Number, Temporal Position Identifier, Echo Numbers and
Image Type, which differ where a scanner counts anew for each phase, echo or kind of reconstruction. Everything else
is low. Segmentations and RT doses, which are objects of their own and often all number 1, are left out.

## Why it matters
Much software sorts by Instance Number, or names files by it. Images with one number appear in random order, change
places from one opening to the next, or overwrite each other in an export or a conversion to another format.

## How to confirm
1. List Instance Number, Acquisition Time, Image Position (Patient) and Image Type of the series, sorted by number.
2. Equal positions at different times: phases or echoes that are counted anew. Different positions at one time: a
   fault in the numbering. All equal: the same image stored twice under two SOP Instance UIDs.
3. Export the series with the tool that the users have and count the files.

## How to fix
- Sort by position, time and the attribute that differs, and name files by SOP Instance UID. This cures every case.
- Images stored twice: reject one set (IHE IOCM) and find the sender that makes new UIDs when it repeats.
- A numbering fault: report it to the vendor with the software version. A change of stored numbers is rarely worth it,
  since nothing refers to an object by number.

## Not a problem when
- Multi-echo, cardiac, perfusion and field map series restart the number on purpose, and the software in use sorts by
  more than the number.
- Magnitude and phase images, or several reconstructions, were put into one series.
- X-ray images, photographs and ultrasound clips, which are looked at one by one and hung by view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_STACKED = {"CT", "MR", "PT"}
"""Modalities whose single-frame images are sorted into a stack."""

_MR = {
    "Modality": "MR",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "InstanceNumber": "1",
    "AcquisitionNumber": "1",
    "ImageType": "ORIGINAL\\PRIMARY\\M\\ND",
    "Rows": "256",
}
_SECOND = {**_MR, "SOPInstanceUID": "1.2.826.0.1.1.1.2"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=(
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "SOPClassUID",
        "Modality",
        "InstanceNumber",
        "AcquisitionNumber",
        "TemporalPositionIdentifier",
        "EchoNumbers",
        "ImageType",
        "Rows",
    ),
    grain={"Modality": Level.SERIES},
    sql="""
WITH repeated AS (
  SELECT SeriesInstanceUID, InstanceNumber
  FROM instances
  WHERE SeriesInstanceUID IS NOT NULL AND InstanceNumber IS NOT NULL
  GROUP BY SeriesInstanceUID, InstanceNumber
  HAVING COUNT(*) > 1
),
numbered AS (
  SELECT
    SeriesInstanceUID,
    InstanceNumber,
    COUNT(*) AS objects,
    MIN(SOPInstanceUID) AS first_instance,
    MAX(SOPInstanceUID) AS last_instance,
    MIN(Modality) AS modality,
    CASE
      WHEN MIN(SOPClassUID) <> MAX(SOPClassUID)
        OR MIN(AcquisitionNumber) <> MAX(AcquisitionNumber)
        OR MIN(TemporalPositionIdentifier) <> MAX(TemporalPositionIdentifier)
        OR MIN(EchoNumbers) <> MAX(EchoNumbers)
        OR MIN(ImageType) <> MAX(ImageType)
      THEN 0 ELSE 1
    END AS alike
  FROM instances
  WHERE SeriesInstanceUID IN (SELECT SeriesInstanceUID FROM repeated)
    AND InstanceNumber IS NOT NULL
    AND SOPInstanceUID IS NOT NULL
    AND "Rows" IS NOT NULL
    AND (Modality IS NULL OR Modality NOT IN ('SEG', 'RTDOSE'))
  GROUP BY SeriesInstanceUID, InstanceNumber
  HAVING MIN(SOPInstanceUID) <> MAX(SOPInstanceUID)
)
SELECT
  SeriesInstanceUID,
  COUNT(*) AS repeated_numbers,
  SUM(alike) AS repeated_and_alike,
  SUM(objects) AS objects,
  MIN(modality) AS its_Modality,
  MIN(InstanceNumber) AS example_InstanceNumber,
  MIN(first_instance) AS first_SOPInstanceUID,
  MIN(last_instance) AS last_SOPInstanceUID
FROM numbered
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    repeats=("SeriesInstanceUID", "InstanceNumber"),
    references=("PS3.3 C.7.6.1", "PS3.3 C.7.3.1"),
    sources=(
        Source("https://github.com/rordenlab/dcm2niix/issues/837", "2026-11-23"),
        Source("https://github.com/rordenlab/dcm2niix/issues/287", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("two images with number 1 and nothing to tell them apart", [_MR, _SECOND], [_THE_SERIES]),
        Example(
            "two echoes with number 1, a minor fault",
            [_MR, {**_SECOND, "EchoNumbers": "2"}, {**_MR, "SOPInstanceUID": "1.2.826.0.1.1.1.3", "EchoNumbers": "1"}],
            [_THE_SERIES],
        ),
        Example(
            "two acquisitions with number 1, a minor fault", [_MR, {**_SECOND, "AcquisitionNumber": "2"}], [_THE_SERIES]
        ),
        Example(
            "magnitude and phase with number 1, a minor fault",
            [_MR, {**_SECOND, "ImageType": "ORIGINAL\\PRIMARY\\P\\ND"}],
            [_THE_SERIES],
        ),
        Example(
            "two phases with number 1, a minor fault",
            [{**_MR, "TemporalPositionIdentifier": "1"}, {**_SECOND, "TemporalPositionIdentifier": "2"}],
            [_THE_SERIES],
        ),
        Example(
            "two X-ray images with number 1, a minor fault",
            [{**_MR, "Modality": "DX"}, {**_SECOND, "Modality": "DX"}],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("two images, two numbers", [_MR, {**_SECOND, "InstanceNumber": "2"}]),
        Example("two copies of one image", [_MR, _MR]),
        Example("number 1 in two series", [_MR, {**_SECOND, "SeriesInstanceUID": "1.2.826.0.1.1.2"}]),
        Example("images without a number", [{**_MR, "InstanceNumber": ""}, {**_SECOND, "InstanceNumber": ""}]),
        Example("two presentation states with number 1", [{**_MR, "Rows": ""}, {**_SECOND, "Rows": ""}]),
        Example("two segmentations with number 1", [{**_MR, "Modality": "SEG"}, {**_SECOND, "Modality": "SEG"}]),
        Example(
            "the doses of two beams with number 1",
            [{**_MR, "Modality": "RTDOSE"}, {**_SECOND, "Modality": "RTDOSE"}],
        ),
    ),
)
def instance_number_duplicate(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the numbers; images that other attributes tell apart are a lesser fault."""
    numbers, alike = int(row["repeated_numbers"] or 0), int(row["repeated_and_alike"] or 0)
    noun = "1 Instance Number occurs" if numbers == 1 else f"{numbers} Instance Numbers occur"
    if not alike:
        return Problem(
            f"{noun} more than once in this series; class, acquisition, phase, echo or type differ", Severity.LOW
        )
    which = "" if alike == numbers else f" of {alike} of them"
    severity = None if row["its_Modality"] in _STACKED else Severity.LOW
    return Problem(
        f"{noun} more than once in this series, and no attribute compared tells the images{which} apart", severity
    )
