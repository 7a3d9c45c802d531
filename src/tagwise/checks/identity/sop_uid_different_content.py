"""Copies of one SOP Instance UID differ in content.

## What it finds
SOP Instance UIDs that occur in two or more objects of one series whose headers differ, counted per series. The header
is the data set as far as the scan reads it, to Lossy Image Compression (0028,2110); the scan keeps a digest of it,
from which values of more than 65,535 bytes are left out. The finding also counts what kind of attribute differs,
because that decides how bad it is:

- patient (Patient ID, Name, Birth Date or Sex), or image (SOP class, rows, columns, number of frames, image type):
  high severity, because the copies are two different objects to a reader. Names that differ in case or in trailing
  `^` only are one name;
- anything else: medium.

What comes later is not read, windows, overlays and pixels among it. So copies with equal headers and different pixels
are seen only when the files differ by more than 1,024 bytes, more than the file meta information explains. They are
counted apart and have medium severity. Two pixel arrays of equal length under equal headers stay unseen.

Copies in different transfer syntaxes have different bytes in any case, because an archive may keep a compressed copy
under the same UID if the compression is lossless. Of these only patient, SOP class, rows, columns and number of frames
are compared. Copies in different series are compared by patient and image only; that they exist at all is reported by
`identity/sop-uid-in-several-series`.

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
  or writes the same content in other bytes (sequences with and without length, group lengths, another character
  set), and both sides of it were scanned.
- The scanned folders hold originals and copies that were de-identified without new UIDs. Keep them apart: under one
  UID, each can overwrite the other.
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
    relation="copies",
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
WITH held AS (
  SELECT
    SOPInstanceUID, SeriesInstanceUID, TransferSyntaxUID, SOPClassUID, "Rows", "Columns", ImageType,
    COALESCE(NumberOfFrames, '1') AS frames,
    PatientID, RTRIM(UPPER(PatientName), '^= ') AS name, PatientBirthDate, PatientSex,
    header_digest, file_size, file_path
  FROM copies
),
compared AS (
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID) AS series,
    0 AS headers_differ,
    CASE
      WHEN MIN(PatientID) <> MAX(PatientID)
        OR MIN(name) <> MAX(name)
        OR MIN(PatientBirthDate) <> MAX(PatientBirthDate)
        OR MIN(PatientSex) <> MAX(PatientSex)
      THEN 1 ELSE 0
    END AS patients_differ,
    CASE
      WHEN MIN(SOPClassUID) <> MAX(SOPClassUID)
        OR MIN("Rows") <> MAX("Rows")
        OR MIN("Columns") <> MAX("Columns")
        OR MIN(frames) <> MAX(frames)
      THEN 1 ELSE 0
    END AS images_differ,
    0 AS only_sizes_differ,
    MIN(file_path) AS first_path,
    MAX(file_path) AS last_path
  FROM held
  GROUP BY SOPInstanceUID
  UNION ALL
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID),
    CASE WHEN MIN(header_digest) <> MAX(header_digest) THEN 1 ELSE 0 END,
    0,
    CASE WHEN MIN(ImageType) <> MAX(ImageType) THEN 1 ELSE 0 END,
    CASE
      WHEN MIN(header_digest) = MAX(header_digest) AND MAX(file_size) - MIN(file_size) > 1024 THEN 1 ELSE 0
    END,
    MIN(file_path),
    MAX(file_path)
  FROM held
  GROUP BY SOPInstanceUID, SeriesInstanceUID, TransferSyntaxUID
),
differing AS (
  SELECT
    SOPInstanceUID,
    MIN(series) AS series,
    MAX(headers_differ) AS headers_differ,
    MAX(patients_differ) AS patients_differ,
    MAX(images_differ) AS images_differ,
    MAX(only_sizes_differ) AS only_sizes_differ,
    MIN(first_path) AS first_path,
    MAX(last_path) AS last_path
  FROM compared
  WHERE headers_differ + patients_differ + images_differ + only_sizes_differ > 0
  GROUP BY SOPInstanceUID
),
listed AS (
  SELECT
    SOPInstanceUID, series, headers_differ, patients_differ, images_differ, only_sizes_differ,
    NULL AS first_path, NULL AS last_path
  FROM differing
  UNION ALL
  SELECT SOPInstanceUID, series, 0, 0, 0, 0, first_path, last_path
  FROM differing
  WHERE SOPInstanceUID IN (SELECT MIN(SOPInstanceUID) FROM differing GROUP BY series)
)
SELECT
  series AS SeriesInstanceUID,
  CASE WHEN series IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(DISTINCT SOPInstanceUID) AS different,
  SUM(headers_differ) AS headers_differ,
  SUM(patients_differ) AS patients_differ,
  SUM(images_differ) AS images_differ,
  SUM(CASE WHEN headers_differ + patients_differ + images_differ = 0 THEN only_sizes_differ ELSE 0 END)
    AS only_sizes_differ,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(first_path) AS first_file_path,
  MAX(last_path) AS last_file_path
FROM listed
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
        Example(
            "one UID, an image and a clip of two frames",
            [_CT, {**_CT, "NumberOfFrames": "2", "header_digest": "bb"}],
            [_THE_SERIES],
        ),
        Example("one UID, headers differ elsewhere", [_CT, {**_CT, "header_digest": "bb"}], [_THE_SERIES]),
        Example(
            "one UID, two patients, the second copy compressed",
            [
                _CT,
                {**_CT, "PatientID": "P2", "TransferSyntaxUID": "1.2.840.10008.1.2.4.70", "header_digest": "bb"},
            ],
            [_THE_SERIES],
        ),
        Example(
            "one UID, two patients in two series",
            [_CT, {**_CT, "PatientID": "P2", "SeriesInstanceUID": "1.2.826.0.1.1.2", "header_digest": "bb"}],
            [_THE_SERIES],
        ),
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
            "a copy in another series, which sop-uid-in-several-series reports",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "header_digest": "bb"}],
        ),
        Example(
            "a compressed copy whose patient's name is spelled in capitals",
            [
                {**_CT, "PatientName": "Doe^Jane"},
                {
                    **_CT,
                    "PatientName": "DOE^JANE^^^",
                    "TransferSyntaxUID": "1.2.840.10008.1.2.4.70",
                    "header_digest": "bb",
                },
            ],
        ),
        Example(
            "two instances of a series", [_CT, {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2", "header_digest": "bb"}]
        ),
    ),
)
def sop_uid_different_content(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say what differs; patient or image is worse than the rest."""
    different, sizes = int(row["different"] or 0), int(row["only_sizes_differ"] or 0)
    patients, images = int(row["patients_differ"] or 0), int(row["images_differ"] or 0)
    instances = "1 instance has" if different == 1 else f"{different} instances have"
    example = f"example {row['example_SOPInstanceUID']}"
    if sizes == different:
        return Problem(f"{instances} copies of different size under equal headers, {example}", Severity.MEDIUM)
    kinds = [f"the patient in {patients}"] * (patients > 0) + [f"the image in {images}"] * (images > 0)
    what = f": {' and '.join(kinds)}" if kinds else " in neither patient nor image attributes"
    return Problem(f"{instances} copies that differ{what}, {example}", None if kinds else Severity.MEDIUM)
