"""A lossy copy of an image has kept the SOP Instance UID of the original.

## What it finds
SOP Instance UIDs of which the archive holds objects in two or more transfer syntaxes, at least one of them with lossy
compression and at least one without, counted per series. JPEG 2000, HTJ2K and near-lossless JPEG-LS syntaxes that can
hold either count as lossy only if Lossy Image Compression says 01 in that copy and not in the other.

## Why it matters
Lossy compression after the fact makes another image: PS3.3 C.7.6.1 asks for a new SOP Instance UID if the difference
may matter to a reader. With the old UID two contents have one name. A second send, a migration or a prefetch may
replace the original by the degraded copy, and nobody can tell from outside which one an archive returns. Reports refer
to pixels that no longer exist.

## How to confirm
1. Take the two files of the evidence: `dcmdump +P TransferSyntaxUID +P LossyImageCompression +P
   LossyImageCompressionRatio +P DerivationDescription FILE`.
2. Compare the path or the store that each lies in: a cache or a teleradiology copy, or the archive itself?
3. Ask the archive for the image with the transfer syntax of the original: if it answers with the lossy one only, the
   original is lost there.

## How to fix
1. Keep the original, and reject or delete the lossy copy where it counts as an object of its own.
2. Have the compressing component write a derived image: a new SOP Instance UID, Image Type DERIVED, Lossy Image
   Compression 01 with ratio and method, and Source Image Sequence.
3. Receivers that accept lossy copies of what they have must not overwrite: set the policy for a second object with a
   known UID to ignore, or to quarantine.

## Not a problem when
- The scan covered the archive and a viewer's cache together, and the copies in the cache never leave it.
- The image was acquired with lossy compression, and the uncompressed copy was made from it. Then both are equally
  lossy, and Lossy Image Compression must say 01 in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._syntaxes import EITHER, LOSSY
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
}
_JPEG = {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.50", "LossyImageCompression": "01"}
_J2K = {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.91"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="copies",
    subject=("SeriesInstanceUID", "SOPInstanceUID"),
    reads=("SOPInstanceUID", "SeriesInstanceUID", "TransferSyntaxUID", "LossyImageCompression"),
    sql=f"""
WITH versions AS (
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID) AS series,
    COUNT(*) AS objects,
    MIN(file_path) AS first_path,
    MAX(file_path) AS last_path
  FROM copies
  GROUP BY SOPInstanceUID
  HAVING MIN(TransferSyntaxUID) <> MAX(TransferSyntaxUID)
    AND MAX(CASE
      WHEN TransferSyntaxUID IN ({LOSSY}) THEN 1
      WHEN TransferSyntaxUID IN ({EITHER}) AND LossyImageCompression = '01' THEN 1
      ELSE 0
    END) = 1
    AND MIN(CASE
      WHEN TransferSyntaxUID IN ({LOSSY}) OR LossyImageCompression = '01' THEN 1
      ELSE 0
    END) = 0
)
SELECT
  series AS SeriesInstanceUID,
  CASE WHEN series IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(*) AS images,
  SUM(objects) AS objects,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(first_path) AS first_file_path,
  MAX(last_path) AS last_file_path
FROM versions
GROUP BY series
ORDER BY series
""",
    references=("PS3.3 C.7.6.1", "PS3.3 C.7.6.1.1.5", "PS3.3 C.12.1", "PS3.5 A.4"),
    sources=(
        Source("https://github.com/pydicom/pydicom/issues/2171", "2026-11-23"),
        Source("https://github.com/pydicom/pydicom/issues/726", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/lossy-same-sop-uid",),
    fires=(
        Example("an uncompressed image and its JPEG copy", [_CT, _JPEG], [_THE_SERIES]),
        Example(
            "a JPEG 2000 copy that says it is lossy",
            [{**_CT, "LossyImageCompression": "00"}, {**_J2K, "LossyImageCompression": "01"}],
            [_THE_SERIES],
        ),
        Example("a lossy copy that does not say so", [_CT, {**_JPEG, "LossyImageCompression": ""}], [_THE_SERIES]),
    ),
    silent=(
        Example("a lossless copy", [_CT, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70"}]),
        Example("a JPEG 2000 copy that does not say it is lossy", [_CT, _J2K]),
        Example("two equal lossy copies", [_JPEG, _JPEG]),
        Example("a lossy image that was decompressed", [_JPEG, {**_CT, "LossyImageCompression": "01"}]),
        Example("a lossy image under a UID of its own", [_CT, {**_JPEG, "SOPInstanceUID": "1.2.826.0.1.1.1.2"}]),
    ),
)
def lossy_copy_under_same_uid(row: Mapping[str, EvidenceValue]) -> str:
    """Count the images and name one."""
    images = int(row["images"] or 0)
    noun = "1 image has" if images == 1 else f"{images} images have"
    return f"{noun} a lossy and a lossless copy under one UID, for example {row['example_SOPInstanceUID']}"
