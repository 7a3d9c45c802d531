"""Copies of one SOP Instance UID differ in content.

## What it finds
SOP Instance UIDs that occur in two or more objects of the same transfer syntax whose headers differ, counted per
series. The header is everything in the data set before Pixel Data; the scan keeps a digest of it. The finding also
counts what kind of attribute differs, because that decides how bad it is:

- patient (Patient ID, Name, Birth Date or Sex), or image (SOP class, rows, columns, number of frames, image type):
  high severity, because the copies are two different objects to a reader;
- anything else: medium.

Pixels are not read. So copies with equal headers and different pixels are seen only when the files differ by more
than 1,024 bytes, more than the file meta information explains. They are counted apart and have medium severity. Two
pixel arrays of equal length under equal headers stay unseen.

Copies in different transfer syntaxes are not compared: an archive may keep a compressed copy under the same UID if
the compression is lossless.

## Why it matters
What a reader sees depends on which copy the archive returns. The other copy is lost at the next migration, because
both claim to be the same object, and a receiver keeps the first or the last. The differing copies come from
re-processing, redaction, a demographic correction that reached one store only, or a UID that two objects share.

## How to confirm
1. `dcmdump FILE1 > 1.txt`, `dcmdump FILE2 > 2.txt`, `diff 1.txt 2.txt`: which attributes differ?
2. Compare Pixel Data: `dcmdump +W DIR FILE` writes it to a file; take a digest of each.
3. Compare Instance Creation Date and Time, Contributing Equipment Sequence and Implementation Version Name to find
   which system wrote the later copy and when.

## How to fix
- Two different images: keep both. The later one gets a new SOP Instance UID and, if it was made from the first, the
  value DERIVED in Image Type and a reference to its source.
- One image with corrected demographics: make the archive's current state the only one. Re-export from the archive,
  and delete the stale copy where it lies, with the archive's tools.
- At the receiver, set an explicit policy for a second object with a known UID: ignore when equal, quarantine when
  not. Overwriting without a comparison is how originals get lost.

## Not a problem when
- The scan covers the archive and a cache, or two exports, and one of them is older than a patient update or merge.
- A router adds attributes to every object on its way (coercion, Contributing Equipment Sequence, private elements),
  and both sides of it were scanned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT: dict[str, str | int] = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
    "PatientID": "P1",
    "Rows": "512",
    "Columns": "512",
    "file_size": 526000,
    "header_digest": "aa",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=(
        "SOPInstanceUID",
        "SOPClassUID",
        "TransferSyntaxUID",
        "SeriesInstanceUID",
        "PatientID",
        "PatientName",
        "PatientBirthDate",
        "PatientSex",
        "ImageType",
        "NumberOfFrames",
        "Rows",
        "Columns",
    ),
    sql="""
WITH repeated AS (
  SELECT SOPInstanceUID
  FROM instances
  WHERE SOPInstanceUID IS NOT NULL
  GROUP BY SOPInstanceUID
  HAVING COUNT(*) > 1
),
compared AS (
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID) AS series,
    CASE WHEN MIN(header_digest) <> MAX(header_digest) THEN 1 ELSE 0 END AS headers_differ,
    CASE
      WHEN MIN(PatientID) <> MAX(PatientID)
        OR MIN(PatientName) <> MAX(PatientName)
        OR MIN(PatientBirthDate) <> MAX(PatientBirthDate)
        OR MIN(PatientSex) <> MAX(PatientSex)
      THEN 1 ELSE 0
    END AS patients_differ,
    CASE
      WHEN MIN(SOPClassUID) <> MAX(SOPClassUID)
        OR MIN("Rows") <> MAX("Rows")
        OR MIN("Columns") <> MAX("Columns")
        OR MIN(NumberOfFrames) <> MAX(NumberOfFrames)
        OR MIN(ImageType) <> MAX(ImageType)
      THEN 1 ELSE 0
    END AS images_differ,
    CASE
      WHEN MIN(header_digest) = MAX(header_digest) AND MAX(file_size) - MIN(file_size) > 1024 THEN 1 ELSE 0
    END AS only_sizes_differ
  FROM instances
  WHERE SOPInstanceUID IN (SELECT SOPInstanceUID FROM repeated)
  GROUP BY SOPInstanceUID, TransferSyntaxUID
)
SELECT
  series AS SeriesInstanceUID,
  CASE WHEN series IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  SUM(headers_differ) AS headers_differ,
  SUM(patients_differ) AS patients_differ,
  SUM(images_differ) AS images_differ,
  SUM(only_sizes_differ) AS only_sizes_differ,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM compared
WHERE headers_differ + only_sizes_differ > 0
GROUP BY series
ORDER BY series
""",
    references=("PS3.3 C.12.1", "PS3.3 C.12.4", "PS3.4 B", "PS3.5 9"),
    sources=(
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4754", "2026-11-23"),
        Source("https://github.com/horosproject/horos/issues/476", "2026-11-23"),
        Source("https://github.com/pymedphys/pymedphys/pull/1161", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/sop-uid-reused",),
    fires=(
        Example(
            "one UID, two patients",
            [_CT, {**_CT, "PatientID": "P2", "header_digest": "bb"}],
            [_THE_SERIES],
        ),
        Example(
            "one UID, two image sizes",
            [_CT, {**_CT, "Rows": "256", "Columns": "256", "header_digest": "bb"}],
            [_THE_SERIES],
        ),
        Example("one UID, headers differ elsewhere", [_CT, {**_CT, "header_digest": "bb"}], [_THE_SERIES]),
        Example("equal headers, one file is 100 kB shorter", [_CT, {**_CT, "file_size": 426000}], [_THE_SERIES]),
        Example(
            "copies without a series are named by their own UID",
            [
                {"SOPInstanceUID": "1.2.826.0.1.9", "header_digest": "aa"},
                {"SOPInstanceUID": "1.2.826.0.1.9", "header_digest": "bb"},
            ],
            [{"SOPInstanceUID": "1.2.826.0.1.9"}],
        ),
    ),
    silent=(
        Example("two equal copies", [_CT, _CT]),
        Example("equal headers, file meta information written by two programs", [_CT, {**_CT, "file_size": 526064}]),
        Example(
            "a losslessly compressed copy",
            [_CT, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70", "file_size": 210000, "header_digest": "bb"}],
        ),
        Example(
            "two instances of a series", [_CT, {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2", "header_digest": "bb"}]
        ),
    ),
)
def sop_uid_different_content(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say what differs; patient or image is worse than the rest."""
    headers, sizes = int(row["headers_differ"] or 0), int(row["only_sizes_differ"] or 0)
    patients, images = int(row["patients_differ"] or 0), int(row["images_differ"] or 0)
    example = f", for example {row['example_SOPInstanceUID']}"
    if not headers:
        return Problem(
            f"copies of different size under equal headers (SOP Instance UIDs: {sizes}){example}", Severity.MEDIUM
        )
    kinds = [f"the patient in {patients} of them"] * (patients > 0) + [f"the image in {images}"] * (images > 0)
    what = f", {' and '.join(kinds)}" if kinds else ", but neither patient nor image attributes"
    message = f"copies whose headers differ (SOP Instance UIDs: {headers}){what}{example}"
    return Problem(message, None if kinds else Severity.MEDIUM)
