"""A few series of a device have UIDs of another origin than all the others.

## What it finds
Device models (Manufacturer and Manufacturer's Model Name) of which a few series carry a Series Instance UID with an
unusual root, the first four numbers of the UID, or `2.25`. What is usual is learnt from the archive: a root is
unusual if less than 2 of 100 series of the model have it, and the model has at least 100 series. Only modalities
that acquire are compared, since reports and secondary captures are written by many systems in the name of the
scanner.

A scanner writes its UIDs itself, below one or two roots of its vendor. So another root says that some system replaced
the UID on the way. `min_series` and `percent` change the rule.

## Why it matters
The scanner's own copy, its worklist entries and every object that refers to the series still know the old UID. If a
router replaces UIDs while an examination is being sent, the series is split in two. And images with new UIDs may be a
second copy of an examination that the archive holds already.

## How to confirm
1. Open the example series: Implementation Version Name, Source Application Entity Title, Contributing Equipment
   Sequence and Original Attributes Sequence name the system that wrote the file last.
2. Look for the same patient, date and Series Number under the usual root: a twin is a copy.
3. Ask whether these series came from outside, on CD or through a portal. Import tools often write new UIDs.

## How to fix
1. Set the router or the archive to leave UIDs as they are, unless it de-identifies.
2. Where a twin exists, keep the original and reject the other (IHE IOCM).
3. Where nothing else is wrong, leave the stored series alone.

## Not a problem when
- Examinations from other hospitals were imported under new UIDs on purpose.
- A software update changed the root of the device a few days ago: the new root becomes usual with time.
- Some series were de-identified for teaching and stay in the archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_SCANNER = {"Modality": "MR", "Manufacturer": "ACME", "ManufacturerModelName": "Scan 1"}
_THE_MODEL = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1"}
_SMALL = {"min_series": 10, "percent": 20}


def _series(root: str, number: int) -> list[dict[str, str]]:
    return [{**_SCANNER, "SeriesInstanceUID": f"{root}.{place}"} for place in range(1, number + 1)]


@check(
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.DEVICE,
    relation="facets",
    subject=("Manufacturer", "ManufacturerModelName"),
    reads=("SeriesInstanceUID", "Modality", "Manufacturer", "ManufacturerModelName"),
    sql=f"""
WITH rooted AS (
  SELECT DISTINCT
    Manufacturer,
    ManufacturerModelName,
    SeriesInstanceUID,
    CASE
      WHEN SeriesInstanceUID LIKE '2.25.%' THEN '2.25'
      ELSE REGEXP_EXTRACT(SeriesInstanceUID, '^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+')
    END AS root
  FROM facets
  WHERE SeriesInstanceUID IS NOT NULL
    AND Manufacturer IS NOT NULL
    AND ManufacturerModelName IS NOT NULL
    AND Modality NOT IN ({NOT_ACQUIRED})
),
counted AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    COUNT(*) AS series,
    MIN(SeriesInstanceUID) AS example,
    SUM(COUNT(*)) OVER (PARTITION BY Manufacturer, ManufacturerModelName) AS of_model
  FROM rooted
  GROUP BY Manufacturer, ManufacturerModelName, root
)
SELECT
  Manufacturer,
  ManufacturerModelName,
  SUM(series) AS series,
  COUNT(*) AS roots,
  MAX(of_model) AS series_of_model,
  MIN(example) AS example_SeriesInstanceUID
FROM counted
WHERE of_model >= $min_series AND series * 100 < $percent * of_model
GROUP BY Manufacturer, ManufacturerModelName
ORDER BY Manufacturer, ManufacturerModelName
""",
    references=("PS3.5 9", "PS3.5 B"),
    sources=(
        Source("https://github.com/rordenlab/dcm2niix/issues/599", "2026-11-23"),
        Source("https://github.com/rordenlab/dcm2niix/issues/655", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/uid-root-vendor-mismatch",),
    settings={"min_series": 100, "percent": 2},
    fires=(
        Example(
            "one series of twenty has a UUID where the scanner writes its own root",
            [*_series("1.2.826.0.1", 19), *_series("2.25", 1)],
            [_THE_MODEL],
            settings=_SMALL,
        ),
        Example(
            "two series with two other roots make one finding",
            [*_series("1.2.826.0.1", 19), *_series("1.2.276.0.1", 1), *_series("1.3.6.1.4.1", 1)],
            [_THE_MODEL],
            settings=_SMALL,
        ),
    ),
    silent=(
        Example("one root", _series("1.2.826.0.1", 20), settings=_SMALL),
        Example("too few series to learn from", [*_series("1.2.826.0.1", 19), *_series("2.25", 1)]),
        Example(
            "a scanner that uses two roots",
            [*_series("1.2.826.0.1", 10), *_series("2.25", 10)],
            settings=_SMALL,
        ),
        Example(
            "a structured report of a workstation that names the scanner",
            [*_series("1.2.826.0.1", 19), {**_SCANNER, "Modality": "SR", "SeriesInstanceUID": "2.25.17"}],
            settings=_SMALL,
        ),
    ),
)
def uid_root_unusual(row: Mapping[str, EvidenceValue]) -> str:
    """Count the series and show one root."""
    uid = str(row["example_SeriesInstanceUID"])
    root = "2.25" if uid.startswith("2.25.") else ".".join(uid.split(".")[:4])
    number = int(row["series"] or 0)
    noun = "1 series" if number == 1 else f"{number} series"
    return f"{noun} of {row['series_of_model']} have a Series Instance UID of an unusual root, such as {root}"
