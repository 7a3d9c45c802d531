"""A few files of one series lie in the folder of another.

## What it finds
Folders that hold one series almost alone (at least 20 files, nine tenths of them of one series) and beside it a few
files of a series that has most of its files in another folder. Folders in which series are mixed by design, such as
one folder per study or per day, are not looked at.

## Why it matters
Tools that take a folder for a series put the stray file into the volume, the training set or the export. Backups and
deletions by folder take it along, or leave it behind. In an archive that sorts by header the file also shows that
somebody moved files by hand.

## How to confirm
1. Read the Series Instance UID of the file, and look for its neighbours in their own folder.
2. Does the own folder have the object as well? Then the stray file is a copy.
3. Compare the times at which the files were written, and look for a manual copy or an export of that day.

## How to fix
1. A copy: remove it, with the archive's tools where an archive owns the folder.
2. The only one of its kind: put it back by the archive's import, not by hand, so that database and disk agree.
3. Correct the export: one that names files by Instance Number alone mixes series.

## Not a problem when
- The folders belong to an archive that names them by its own numbers, and only it reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _files(folder: str, series: str, count: int, first: int = 1) -> list[dict[str, str]]:
    return [
        {"SeriesInstanceUID": f"1.2.826.0.1.1.{series}", "file_path": f"/archive/{folder}/{series}-{number}.dcm"}
        for number in range(first, first + count)
    ]


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID",),
    sql="""
WITH folders AS (
  SELECT
    SUBSTRING(file_path, 1, LENGTH(file_path) - STRPOS(REVERSE(file_path), '/')) AS folder,
    SeriesInstanceUID,
    COUNT(*) AS files,
    MIN(file_path) AS example
  FROM instances
  WHERE SeriesInstanceUID IS NOT NULL
  GROUP BY SUBSTRING(file_path, 1, LENGTH(file_path) - STRPOS(REVERSE(file_path), '/')), SeriesInstanceUID
),
shares AS (
  SELECT
    SeriesInstanceUID,
    files,
    example,
    SUM(files) OVER (PARTITION BY folder) AS in_folder,
    MAX(files) OVER (PARTITION BY folder) AS of_the_main_series,
    SUM(files) OVER (PARTITION BY SeriesInstanceUID) AS in_series
  FROM folders
)
SELECT
  SeriesInstanceUID,
  SUM(files) AS stray_files,
  MAX(in_series) AS files_of_the_series,
  COUNT(*) AS folders,
  MIN(example) AS example_file_path
FROM shares
WHERE in_folder >= $min_files
  AND of_the_main_series * 100 >= in_folder * $min_main_percent
  AND files < of_the_main_series
  AND files * 5 <= in_series
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1",),
    sources=(),
    since="0.1.0",
    settings={
        # In a smaller folder a stray file or two are already more than a tenth.
        "min_files": 20,
        # Below it series are mixed in the folder as a rule.
        "min_main_percent": 90,
    },
    fires=(
        Example(
            "one file of a series lies in the folder of another",
            _files("a", "1", 40) + _files("a", "2", 1) + _files("b", "2", 30, first=2),
            [{"SeriesInstanceUID": "1.2.826.0.1.1.2"}],
        ),
    ),
    silent=(
        Example("each series in its folder", _files("a", "1", 40) + _files("b", "2", 30)),
        Example("a scout beside the slices of its own series number", _files("a", "1", 40) + _files("a", "2", 2)),
        Example("one folder for a study", _files("a", "1", 40) + _files("a", "2", 30)),
        Example("a series over two folders", _files("a", "1", 40) + _files("b", "1", 40, first=41)),
    ),
)
def file_in_wrong_folder(row: Mapping[str, EvidenceValue]) -> str:
    """Count the strays and name one."""
    stray = int(row["stray_files"] or 0)
    noun = "1 file lies" if stray == 1 else f"{stray} files lie"
    return (
        f"{noun} in the folder of another series, the other {int(row['files_of_the_series'] or 0) - stray} elsewhere, "
        f"for example {row['example_file_path']}"
    )
