"""CT slices cannot be turned into Hounsfield units: slope or intercept is missing.

## What it finds
CT images of one frame without Rescale Slope or Rescale Intercept, counted per series. Both are required in this class.
Localizers are left out, because their pixels are no Hounsfield units in any case. The severity is medium for original
images and low for derived ones, which are often pictures made from slices.

## Why it matters
Without the two values a viewer shows raw numbers, and each one guesses something else: the usual windows show black or
white, thresholds for bone, fat and calcium fail, planning systems refuse the images or calculate a wrong dose.

## How to confirm
1. `dcmdump +P RescaleSlope +P RescaleIntercept +P RescaleType +P BitsStored +P ImageType FILE`.
2. Compare with the copy on the scanner. If the values are there, a converter or a de-identification tool removed them.
3. Measure air and water in the raw numbers, to know whether the usual values would fit.

## How to fix
1. Fetch the images again from the scanner or the first archive.
2. Correct the tool that removes them: no profile of PS3.15 asks for that.
3. If they are lost, take the values of another series of the same device, software version and kernel, and only after
   air and water fit in an image of each series. Write down what was done in Derivation Description.

## Not a problem when
- The images are screenshots or colour maps in the class of CT, which nobody measures on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks.geometry._slices import CT, MR, NO_LOCALIZER, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "ImageType", "RescaleSlope", "RescaleIntercept"),
    sql=f"""
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(*) AS images,
  SUM(CASE WHEN ImageType LIKE 'DERIVED%' THEN 0 ELSE 1 END) AS originals,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM instances
WHERE SOPClassUID = '{CT}'
  AND (RescaleSlope IS NULL OR RescaleIntercept IS NULL)
  AND {NO_LOCALIZER}
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.8.2.1", "PS3.3 C.8.2.1.1.2"),
    sources=(),
    since="0.1.0",
    aliases=("pixels/ct-rescale-missing",),
    fires=(
        Example("slices without slope and intercept", slices(even(3)), [THE_SERIES]),
        Example("slices without an intercept", slices(even(3), RescaleSlope="1"), [THE_SERIES]),
        Example(
            "a colour map without them, a minor fault",
            slices([0], ImageType="DERIVED\\SECONDARY\\PERFUSION"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("slices with both", slices(even(3), RescaleSlope="1", RescaleIntercept="-1024")),
        Example("a scout", slices([0], ImageType="ORIGINAL\\PRIMARY\\LOCALIZER")),
        Example("MR has no such units", slices(even(3), SOPClassUID=MR)),
        Example("an enhanced CT has them inside", slices([0], SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1")),
    ),
)
def rescale_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the images and name one; derived pictures are a lesser fault."""
    severity = None if int(row["originals"] or 0) else Severity.LOW
    example = row["example_SOPInstanceUID"]
    return Problem(f"{row['images']} CT images without Rescale Slope or Intercept, for example {example}", severity)
