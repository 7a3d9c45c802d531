"""Slices or X-ray images of one series are compressed in different ways.

## What it finds
CT, MR, PET, CR, DX and mammography series whose images of one SOP class are in two or more transfer syntaxes. The
uncompressed syntaxes count as one, because archives and senders change between them freely.

The severity is medium if one of the syntaxes always loses detail and another does not, and low otherwise. Series whose
images are compressed one by one on purpose, such as ultrasound, endoscopy, photographs and the levels of a slide, are
left out.

## Why it matters
Part of the series came by another way: through another router, from another archive, or a compression job stopped in
the middle. A sender that negotiates one transfer syntax per class sends one part and fails with the other. Where one
part lost detail, a reader compares slices of different quality without knowing it.

## How to confirm
1. Count the objects by Transfer Syntax UID, and compare with the times at which the archive stored them.
2. Ask the archive's log for a compression job or a migration of that day.
3. For lossy images read Lossy Image Compression Ratio, and look for the originals at the source.

## How to fix
1. Let the compression job finish, or undo it.
2. Lossy among lossless: fetch the originals again, and replace the lossy copies before anything refers to them.
3. If only lossless syntaxes are mixed, let the archive convert on retrieval; nothing is lost.

## Not a problem when
- The archive stores what it receives, converts on request, and all parts are lossless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks._syntaxes import LOSSY, NATIVE
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
    "TransferSyntaxUID": "1.2.840.10008.1.2.1",
}
_LOSSLESS = {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.70"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "Modality", "TransferSyntaxUID"),
    sql=f"""
WITH families AS (
  SELECT
    SeriesInstanceUID,
    SOPClassUID,
    TransferSyntaxUID,
    instances,
    CASE WHEN TransferSyntaxUID IN ({NATIVE}) THEN 'uncompressed' ELSE TransferSyntaxUID END AS family,
    CASE WHEN TransferSyntaxUID IN ({LOSSY}) THEN 1 ELSE 0 END AS lossy
  FROM facets
  WHERE SeriesInstanceUID IS NOT NULL
    AND TransferSyntaxUID IS NOT NULL
    AND Modality IN ('CT', 'MR', 'PT', 'CR', 'DX', 'MG')
    AND SOPClassUID <> '1.2.840.10008.5.1.4.1.1.7'
    AND SOPClassUID NOT LIKE '1.2.840.10008.5.1.4.1.1.7.%'
),
classes AS (
  SELECT
    SeriesInstanceUID,
    COUNT(DISTINCT family) AS families,
    SUM(instances) AS instances,
    MIN(lossy) AS least_lossy,
    MAX(lossy) AS most_lossy,
    MIN(TransferSyntaxUID) AS first_syntax,
    MAX(TransferSyntaxUID) AS last_syntax
  FROM families
  GROUP BY SeriesInstanceUID, SOPClassUID
  HAVING MIN(family) <> MAX(family)
)
SELECT
  SeriesInstanceUID,
  MAX(families) AS transfer_syntaxes,
  SUM(instances) AS instances,
  MAX(most_lossy - least_lossy) AS lossy_and_lossless,
  MIN(first_syntax) AS first_TransferSyntaxUID,
  MAX(last_syntax) AS last_TransferSyntaxUID
FROM classes
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.5 A", "PS3.3 C.7.6.1.1.5"),
    sources=(),
    since="0.1.0",
    aliases=("encoding/transfer-syntax-mixed",),
    fires=(
        Example(
            "lossy slices among lossless ones",
            [_LOSSLESS, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.51"}],
            [_THE_SERIES],
        ),
        Example("a compression job that stopped halfway, a minor fault", [_CT, _LOSSLESS], [_THE_SERIES]),
    ),
    silent=(
        Example("one transfer syntax", [_LOSSLESS, _LOSSLESS]),
        Example("implicit and explicit", [_CT, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2"}]),
        Example("a copy that was sent deflated", [_CT, {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.1.99"}]),
        Example(
            "ultrasound clips in JPEG and images without compression",
            [
                {**_CT, "Modality": "US", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"},
                {**_LOSSLESS, "Modality": "US", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"},
            ],
        ),
        Example(
            "a report beside compressed images",
            [_LOSSLESS, {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.67"}],
        ),
    ),
)
def transfer_syntax_mixed_in_series(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the syntaxes; lossy among lossless is the serious case."""
    message = f"{row['transfer_syntaxes']} kinds of compression in {row['instances']} instances of this series"
    if int(row["lossy_and_lossless"] or 0):
        return Problem(f"{message}, lossy and lossless")
    return Problem(message, Severity.LOW)
