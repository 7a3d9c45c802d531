"""One object is stored in several files with equal content.

## What it finds
SOP Instance UIDs that occur in two or more files of one series whose headers are equal and whose sizes differ by no
more than 1,024 bytes, which the file meta information explains. They are counted per series, with the number of files
that could go and the bytes that they take.

Only copies in one transfer syntax count: an archive may keep a compressed copy beside the original. Copies that
differ are reported by `identity/sop-uid-different-content`.

## Why it matters
Nothing is lost, but everything counts double: image numbers in reports, storage, the price of a migration. Software
that reads folders and not a database stacks each slice twice, and a volume comes out with twice the slices.

## How to confirm
1. Compare the two files in the evidence byte by byte. Equal files, or a difference in group 0002 only, are copies.
2. Look at the names. A number in brackets comes from an export that ran twice; two folders come from two import
   routes, or from media that were copied with their DICOMDIR.

## How to fix
1. If the folder belongs to an archive, ask the archive: it may know only one of the two files. Delete the other with
   its tools, never by hand.
2. In folders of exports, keep the file with the shorter path and remove the rest after a second look at the list.
3. Let the importer look the SOP Instance UID up before it writes, or name files by it.

## Not a problem when
- The scan covers an archive together with its cache, its backup or its export media.
- A test or teaching set repeats objects on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT: dict[str, str | int] = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
    "file_size": 526000,
    "header_digest": "aa",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="copies",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SOPInstanceUID", "SeriesInstanceUID", "TransferSyntaxUID"),
    sql="""
WITH alike AS (
  SELECT
    SOPInstanceUID,
    SeriesInstanceUID,
    COUNT(*) AS files,
    MIN(file_size) AS bytes,
    MIN(file_path) AS first_path,
    MAX(file_path) AS last_path
  FROM copies
  GROUP BY SOPInstanceUID, SeriesInstanceUID, TransferSyntaxUID, header_digest
  HAVING COUNT(*) > 1 AND MAX(file_size) - MIN(file_size) <= 1024
)
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(DISTINCT SOPInstanceUID) AS objects,
  SUM(files - 1) AS superfluous_files,
  SUM((files - 1) * bytes) AS superfluous_bytes,
  MIN(first_path) AS first_file_path,
  MIN(last_path) AS last_file_path
FROM alike
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.12.1", "PS3.5 9"),
    sources=(
        Source("https://github.com/rordenlab/dcm2niix/issues/837", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4754", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/sop-uid-duplicate-files",),
    fires=(
        Example("two equal files", [_CT, _CT], [_THE_SERIES]),
        Example(
            "two files that differ in the file meta information", [_CT, {**_CT, "file_size": 526042}], [_THE_SERIES]
        ),
        Example(
            "equal files of an object without a series",
            [{k: v for k, v in _CT.items() if k != "SeriesInstanceUID"}] * 2,
            [{"SOPInstanceUID": "1.2.826.0.1.1.1.1"}],
        ),
    ),
    silent=(
        Example("two objects", [_CT, {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2"}]),
        Example("two copies that differ, which is another check", [_CT, {**_CT, "header_digest": "bb"}]),
        Example(
            "a compressed copy beside the original",
            [_CT, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70", "file_size": 200000}],
        ),
        Example("equal headers, but much more pixel data in one", [_CT, {**_CT, "file_size": 1052000}]),
    ),
)
def object_stored_twice(row: Mapping[str, EvidenceValue]) -> str:
    """Say how many files could go, and what they take."""
    objects, files = int(row["objects"] or 0), int(row["superfluous_files"] or 0)
    kilobytes = int(row["superfluous_bytes"] or 0) // 1000
    size = f"{kilobytes // 1000:,} MB" if kilobytes >= 10_000 else f"{kilobytes} kB"
    noun = "1 object is" if objects == 1 else f"{objects} objects are"
    return f"{noun} stored more than once with equal content: {quantity(files, 'file')} too many, {size}"
