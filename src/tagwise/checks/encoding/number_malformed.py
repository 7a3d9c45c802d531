"""Numbers that are written as text are no numbers: a decimal comma, or too many characters.

## What it finds
Series with objects in which Instance Number, Image Position (Patient), Image Orientation (Patient), Slice Thickness,
Pixel Spacing, Rescale Slope or Rescale Intercept has a decimal comma, or is longer than its value representation
allows: 16 characters for each decimal string (DS), 12 for each integer string (IS).

The severity is medium for a comma and low for the length. These are the attributes that the checks on geometry and
pixel values read; a number that cannot be read is left out there.

## Why it matters
Strict readers refuse the object; others stop at the comma and read 0,5 as 0. A value of more than 16 characters is cut
by some databases, which changes 0.333333333333333333E-3 into something a thousand times larger.

## How to confirm
1. `dcmdump +P ImagePositionPatient +P PixelSpacing +P SliceThickness +P RescaleSlope FILE`.
2. A comma points to a program that formats numbers in the language of the computer. Seventeen digits point to one that
   prints floating point numbers without a limit.

## How to fix
1. Correct the writer: a point, and at most 16 characters, rounded and not cut.
2. Stored objects: a comma can be replaced safely where the attribute has a fixed number of values. Leave values that
   are only too long; cutting them changes what they mean.

## Not a problem when
- A value is a few characters too long, and every reader in use takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_LIMITS = {
    "InstanceNumber": 12,
    "ImagePositionPatient": 3 * 16 + 2,
    "ImageOrientationPatient": 6 * 16 + 5,
    "SliceThickness": 16,
    "PixelSpacing": 2 * 16 + 1,
    "RescaleSlope": 16,
    "RescaleIntercept": 16,
}
"""Attributes, and the characters that all their values and the backslashes between them may have (PS3.5 6.2)."""

_COMMA = " OR ".join(f"{keyword} LIKE '%,%'" for keyword in _LIMITS)
_LONG = " OR ".join(f"LENGTH({keyword}) > {limit}" for keyword, limit in _LIMITS.items())


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SeriesInstanceUID", "SOPInstanceUID", *_LIMITS),
    sql=f"""
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(*) AS objects,
  SUM(CASE WHEN {_COMMA} THEN 1 ELSE 0 END) AS with_comma,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM instances
WHERE {_COMMA}
  OR {_LONG}
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.5 6.2",),
    sources=(
        Source("https://github.com/pydicom/pydicom/issues/1632", "2026-11-23"),
        Source("https://github.com/tomaroberts/nii2dcm/issues/48", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("encoding/vr-value-invalid",),
    fires=(
        Example("a spacing with decimal commas", slices(even(2), PixelSpacing="0,9\\0,9"), [THE_SERIES]),
        Example(
            "a slope of 20 characters, a minor fault",
            slices(even(2), RescaleSlope="0.33333333333333333333"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("plain numbers", slices(even(2))),
        Example(
            "six cosines of 16 characters",
            slices(even(2), direction="\\".join(["-0.1234567890123"] * 6)),
        ),
        Example("an exponent", slices(even(2), RescaleSlope="1.02609e-08")),
    ),
)
def number_malformed(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say which of the two it is, and name an object."""
    comma, example = int(row["with_comma"] or 0), row["example_SOPInstanceUID"]
    if comma:
        return Problem(f"numbers with a decimal comma (objects: {comma}), for example in {example}")
    message = f"numbers with more characters than allowed (objects: {row['objects']}), for example in {example}"
    return Problem(message, Severity.LOW)
