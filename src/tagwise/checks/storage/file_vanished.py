"""Files that an earlier scan found are gone, and no other file holds their objects.

## What it finds
Series of which files were there in an earlier scan of the same index and were missing in a later one, and whose objects
are in no other file. Moved and renamed files are not reported, because their objects are found elsewhere.

- Other objects of the series are still there: medium severity. Part of a series was lost, or deleted.
- Nothing of the series is left: low. Whole series disappear when studies are deleted, moved to another store or
  rejected.

The check compares files only. Whether the database of an archive still lists the objects, this index cannot tell.

## Why it matters
An archive that loses a volume, a mount or single files goes on as before: its database lists the images, and who opens
them gets an error. Part of a series is rarely deleted on purpose.

## How to confirm
1. Ask the archive for the objects: does it still list them? Then database and disk disagree.
2. Look at the time: all files of one volume at one moment is a mount, single files over weeks is a fault of disk or
   software, one study at once is a deletion.
3. Compare with the log of deletions and of the storage.

## How to fix
1. Restore the files from the second copy or the backup, with the archive stopped or by its own import.
2. Do not let the archive re-index before: it would forget that the objects existed.
3. If they were deleted on purpose, nothing is to do: remove the rows by scanning into a new index.

## Not a problem when
- Retention rules, rejections or a migration removed the objects.
- The last scan ran while a volume was not mounted. Scan again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
}
_GONE = {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2", "vanished": "2026-01-02 03:04:05"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="vanished",
    subject=("SeriesInstanceUID",),
    reads=("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"),
    sql="""
SELECT
  SeriesInstanceUID,
  COUNT(*) AS files,
  MAX(series_kept) AS part_is_left,
  MIN(StudyInstanceUID) AS its_StudyInstanceUID,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(file_path) AS example_file_path
FROM vanished
WHERE kept_elsewhere = 0 AND SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.4 J",),
    sources=(),
    since="0.1.0",
    aliases=("storage/file-missing-or-changed",),
    fires=(
        Example("one image of a series is gone", [_CT, _GONE], [_THE_SERIES]),
        Example("a whole series is gone, a minor fault", [_GONE], [_THE_SERIES]),
    ),
    silent=(
        Example("a file was moved", [_CT, {**_GONE, **_CT, "vanished": _GONE["vanished"]}]),
        Example("all files are there", [_CT]),
        Example("a file without a series", [_CT, {"SOPInstanceUID": "1.2.826.7", "vanished": _GONE["vanished"]}]),
    ),
)
def file_vanished(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether the rest of the series is still there."""
    files = int(row["files"] or 0)
    noun = "1 file is gone" if files == 1 else f"{files} files are gone"
    if int(row["part_is_left"] or 0):
        return Problem(f"{noun}, the rest of the series is there, for example {row['example_file_path']}")
    return Problem(f"{noun}, and nothing is left of the series", Severity.LOW)
