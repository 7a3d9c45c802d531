"""One manufacturer is written in several ways.

## What it finds
Values of Manufacturer that are equal when case, spaces and punctuation are ignored, such as `SIEMENS` and `Siemens`, or
`GE MEDICAL SYSTEMS` and `GE Medical Systems`. One finding per name, with the number of spellings. A change of the name
itself, such as Siemens Healthineers, is another manufacturer to this check.

## Why it matters
Statistics, rules and this report count by manufacturer. Each spelling makes a group of its own: a firmware fault that
would stand out is spread over two rows, and a routing rule that names one spelling misses the other.

## How to confirm
1. List Manufacturer, model and software version with the number of series. A change of spelling with a software update
   is the usual reason.
2. Look for a component that rewrites the value, such as a de-identification tool or a gateway.

## How to fix
1. In rules and statistics compare in a form without case and punctuation.
2. Do not change stored objects: the value is what the device wrote, and nothing else shows which software wrote them.

## Not a problem when
- Nobody counts or routes by manufacturer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "Manufacturer": "ACME Imaging"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("Manufacturer",),
    reads=("Manufacturer", "SeriesInstanceUID"),
    sql="""
WITH names AS (
  SELECT
    Manufacturer,
    SeriesInstanceUID,
    UPPER(TRANSLATE(Manufacturer, ' .,-_()/&', '')) AS plain
  FROM facets
  WHERE Manufacturer IS NOT NULL
)
SELECT
  MIN(Manufacturer) AS Manufacturer,
  COUNT(DISTINCT Manufacturer) AS spellings,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  MAX(Manufacturer) AS last_Manufacturer
FROM names
WHERE plain <> ''
GROUP BY plain
HAVING MIN(Manufacturer) <> MAX(Manufacturer)
ORDER BY plain
""",
    references=("PS3.3 C.7.5.1",),
    sources=(),
    since="0.1.0",
    aliases=("device/manufacturer-spelling",),
    fires=(
        Example(
            "capitals and a comma",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "Manufacturer": "ACME, IMAGING"}],
            [{"Manufacturer": "ACME Imaging"}],
        ),
    ),
    silent=(
        Example("one spelling", [_CT, _CT]),
        Example("a longer name is another name", [_CT, {**_CT, "Manufacturer": "ACME Imaging Healthcare"}]),
        Example("one spelling with padding", [_CT, {**_CT, "Manufacturer": "ACME Imaging "}]),
        Example(
            "no manufacturer", [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}, {"SeriesInstanceUID": "1.2.826.0.1.1.2"}]
        ),
    ),
)
def manufacturer_spelled_variously(row: Mapping[str, EvidenceValue]) -> str:
    """Name two of the spellings."""
    first, last = row["Manufacturer"], row["last_Manufacturer"]
    return (
        f"{row['spellings']} spellings of one manufacturer, {first!r} and {last!r} among them (series: {row['series']})"
    )
