"""A multi-frame image was split into parts, and some parts are missing.

## What it finds
Concatenations (Concatenation UID) of which fewer parts are in the archive than In-concatenation Total Number says, or,
where that number is absent, than the highest In-concatenation Number found. Copies of one part count once.

## Why it matters
The parts are one image: a slide, a long run, a dynamic volume. Viewers that join them show a hole, stop, or take the
parts that are there for the whole; none of the parts says by itself that others are missing. If the last parts are lost
and no total was written, even this check cannot see it.

## How to confirm
1. List In-concatenation Number, In-concatenation Total Number and Concatenation Frame Offset Number of the parts.
2. Ask the source, or another archive, for the series at the IMAGE level, and compare SOP Instance UIDs.
3. Read the receiver's log: parts are large, and time limits and size limits meet them first.

## How to fix
1. Fetch or send the missing parts again. Parts that are there already are ignored by receivers that know the UIDs.
2. Raise the limits that cut the transfer: maximum size of a request, idle timeout, space for temporary files.
3. If a part is lost for good, reject the whole concatenation, so that nobody takes it for complete.

## Not a problem when
- The parts are still arriving: a scan in the middle of a transfer sees half of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _part(number: str, total: str = "3", **changes: str) -> dict[str, str]:
    return {
        "SeriesInstanceUID": "1.2.826.0.1.1.1",
        "SOPInstanceUID": f"1.2.826.0.1.1.1.{number}",
        "ConcatenationUID": "1.2.826.0.1.5",
        "InConcatenationNumber": number,
        "InConcatenationTotalNumber": total,
        **changes,
    }


def _number(column: str) -> str:
    """A column as a number, NULL where its text is none: a cast that fails would stop the check."""
    is_number = f"TRANSLATE({column}, '0123456789', '') = '' AND LENGTH({column}) < 6"
    return f"CASE WHEN {is_number} THEN CAST({column} AS INTEGER) END"


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "ConcatenationUID"),
    reads=("SeriesInstanceUID", "ConcatenationUID", "InConcatenationNumber", "InConcatenationTotalNumber"),
    sql=f"""
WITH parts AS (
  SELECT
    SeriesInstanceUID,
    ConcatenationUID,
    {_number("InConcatenationNumber")} AS part,
    {_number("InConcatenationTotalNumber")} AS total
  FROM instances
  WHERE ConcatenationUID IS NOT NULL
)
SELECT
  MIN(SeriesInstanceUID) AS SeriesInstanceUID,
  ConcatenationUID,
  COUNT(DISTINCT part) AS parts_present,
  GREATEST(COALESCE(MAX(total), 0), MAX(part)) AS parts_expected
FROM parts
WHERE part IS NOT NULL
GROUP BY ConcatenationUID
HAVING COUNT(DISTINCT part) < GREATEST(COALESCE(MAX(total), 0), MAX(part))
ORDER BY ConcatenationUID
""",
    references=("PS3.3 C.7.6.16.2.2.4", "PS3.3 C.7.6.16.1.1"),
    sources=(),
    since="0.1.0",
    fires=(
        Example(
            "the second of three parts is missing",
            [_part("1"), _part("3")],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "ConcatenationUID": "1.2.826.0.1.5"}],
        ),
        Example(
            "a gap where no total was written",
            [_part("1", ""), _part("3", "")],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1", "ConcatenationUID": "1.2.826.0.1.5"}],
        ),
    ),
    silent=(
        Example("three of three parts", [_part("1"), _part("2"), _part("3")]),
        Example("two copies of each part", [_part("1", "2"), _part("2", "2")] * 2),
        Example("an image that was never split", [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}]),
        Example("numbers that are none", [_part("one"), _part("two")]),
    ),
)
def concatenation_incomplete(row: Mapping[str, EvidenceValue]) -> str:
    """Count the parts that are there and those that should be."""
    return f"{row['parts_present']} of {row['parts_expected']} parts of this concatenation are in the archive"
