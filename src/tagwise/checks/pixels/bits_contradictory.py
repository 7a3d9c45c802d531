"""Bits Allocated, Bits Stored and High Bit contradict each other.

## What it finds
Series with images in which

- Bits Stored is greater than Bits Allocated, or Bits Allocated is neither 1 nor a multiple of 8: high severity, because
  the pixels cannot be unpacked;
- High Bit is not one less than Bits Stored: medium. Old editions of the standard allowed other places of the bits,
  for overlays in the rest; hardly any software reads them;
- Pixel Representation is neither 0 nor 1: medium.

## Why it matters
The three numbers say where in each word the value stands. If they contradict each other, a viewer shifts or masks the
wrong bits: the image comes out too dark, with bands, or with bright dots where values were negative. Decoders of
compressed images take their own numbers from the stream, so that the error appears only after decompression.

## How to confirm
1. `dcmdump +P BitsAllocated +P BitsStored +P HighBit +P PixelRepresentation FILE`.
2. Look at the range of the pixel values: do they fit into Bits Stored?
3. Find the last writer in Implementation Version Name. Tools that convert from 8 to 16 bits often forget one of the
   numbers.

## How to fix
1. Correct the writer: High Bit is Bits Stored minus one.
2. In stored images correct the numbers only after the range of the pixels was looked at, and keep the original.

## Not a problem when
- The images come from before 2000, have overlays in the upper bits, and are never processed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CT = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Rows": "512",
    "BitsAllocated": "16",
    "BitsStored": "12",
    "HighBit": "11",
    "PixelRepresentation": "0",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "Rows", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    sql="""
WITH numbers AS (
  SELECT
    SeriesInstanceUID,
    instances,
    CAST(TRY_CAST(BitsAllocated AS INTEGER) AS BIGINT) AS allocated,
    CAST(TRY_CAST(BitsStored AS INTEGER) AS BIGINT) AS stored,
    CAST(TRY_CAST(HighBit AS INTEGER) AS BIGINT) AS high,
    PixelRepresentation AS sign
  FROM images
  WHERE SeriesInstanceUID IS NOT NULL
),
judged AS (
  SELECT
    SeriesInstanceUID, instances, allocated, stored, high,
    CASE WHEN stored > allocated OR (allocated <> 1 AND allocated % 8 <> 0) THEN 1 ELSE 0 END AS impossible,
    CASE WHEN high <> stored - 1 THEN 1 ELSE 0 END AS misplaced,
    CASE WHEN sign NOT IN ('0', '1') THEN 1 ELSE 0 END AS odd_sign
  FROM numbers
)
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  MAX(impossible) AS impossible,
  MAX(misplaced) AS misplaced,
  MAX(allocated) AS bits_allocated,
  MAX(stored) AS bits_stored,
  MAX(high) AS high_bit
FROM judged
WHERE impossible + misplaced + odd_sign > 0
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.6.3", "PS3.5 8.1.1"),
    sources=(Source("https://github.com/fo-dicom/fo-dicom/issues/1992", "2026-11-23"),),
    since="0.1.0",
    fires=(
        Example("12 bits stored in 8", [{**_CT, "BitsAllocated": "8"}], [_THE_SERIES]),
        Example("12 bits allocated", [{**_CT, "BitsAllocated": "12"}], [_THE_SERIES]),
        Example("12 bits stored up to bit 15, less severe", [{**_CT, "HighBit": "15"}], [_THE_SERIES]),
        Example("a sign of 2, less severe", [{**_CT, "PixelRepresentation": "2"}], [_THE_SERIES]),
    ),
    silent=(
        Example("12 of 16 bits", [_CT]),
        Example("16 bits with a sign", [{**_CT, "BitsStored": "16", "HighBit": "15", "PixelRepresentation": "1"}]),
        Example("a binary segmentation", [{**_CT, "BitsAllocated": "1", "BitsStored": "1", "HighBit": "0"}]),
        Example(
            "a parametric map of floating point numbers has only Bits Allocated",
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "Rows": "64", "BitsAllocated": "32"}],
        ),
        Example("8 bits of color", [{**_CT, "BitsAllocated": "8", "BitsStored": "8", "HighBit": "7"}]),
    ),
)
def bits_contradictory(row: Mapping[str, EvidenceValue]) -> Problem:
    """Give the numbers that cannot be true together."""
    numbers = f"{row['bits_stored']} of {row['bits_allocated']} bits stored, high bit {row['high_bit']}"
    images = f"images: {row['instances']}"
    if int(row["impossible"] or 0):
        if row["bits_stored"] is None or row["high_bit"] is None:
            return Problem(f"{row['bits_allocated']} bits allocated per sample ({images})")
        return Problem(f"{numbers} ({images})")
    if int(row["misplaced"] or 0):
        return Problem(f"{numbers} ({images})", Severity.MEDIUM)
    return Problem(f"Pixel Representation is neither 0 nor 1 ({images})", Severity.MEDIUM)


_ALLOCATED, _STORED, _HIGH, _SIGN = 0x00280100, 0x00280101, 0x00280102, 0x00280103


def _pixels(stored: int, high: int, allocated: int = 16) -> list[Given]:
    return [Given("BitsAllocated", "US", allocated), Given("BitsStored", "US", stored), Given("HighBit", "US", high)]


@object_form(
    bits_contradictory,
    target="object",
    reads=("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    fires=(
        ObjectExample("12 bits stored in 8", _pixels(12, 11, 8), ["BitsStored"]),
        ObjectExample("12 bits allocated", _pixels(12, 11, 12), ["BitsAllocated"]),
        ObjectExample("12 bits stored up to bit 15, less severe", _pixels(12, 15), ["HighBit"]),
        ObjectExample(
            "a sign of 2, less severe",
            [*_pixels(12, 11), Given("PixelRepresentation", "US", 2)],
            ["PixelRepresentation"],
        ),
    ),
    silent=(
        ObjectExample("12 of 16 bits", _pixels(12, 11)),
        ObjectExample("a binary segmentation", _pixels(1, 0, 1)),
        ObjectExample("Bits Allocated alone", [Given("BitsAllocated", "US", 32)]),
    ),
)
def of_one_object(parsed: ParsedObject) -> Iterator[Fault]:
    """Give the numbers that cannot be true together."""
    root = parsed.root
    allocated, stored, high = (root.number_of(tag) for tag in (_ALLOCATED, _STORED, _HIGH))
    if allocated is not None and allocated != 1 and allocated % 8:
        at = root.tags[_ALLOCATED]
        yield Fault(f"{at.label}: {allocated} bits allocated per sample", at)
    if allocated is not None and stored is not None and stored > allocated:
        at = root.tags[_STORED]
        yield Fault(f"{at.label}: {stored} of {allocated} bits stored", at)
    if stored is not None and high is not None and high != stored - 1:
        at = root.tags[_HIGH]
        yield Fault(f"{at.label}: {stored} bits stored, high bit {high}", at, severity=Severity.MEDIUM)
    sign = root.number_of(_SIGN)
    if sign is not None and sign not in (0, 1):
        at = root.tags[_SIGN]
        yield Fault(f"{at.label} is {sign}, neither 0 nor 1", at, severity=Severity.MEDIUM)
