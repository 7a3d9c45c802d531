"""Objects are kept in a transfer syntax that is retired or private.

## What it finds
One finding per transfer syntax of the archive that the standard has retired (Explicit VR Big Endian, the JPEG
processes beyond baseline, extended and lossless) or has never registered: low severity. Unregistered syntaxes are
private to a vendor, or a damaged UID.

## Why it matters
Cloud stores, web viewers and newer libraries leave retired syntaxes out. Such objects stay behind in a migration, or
arrive and cannot be opened. It is easier to convert them while the software that reads them still runs.

## How to confirm
1. Open an object with each viewer and tool in use, and send one to the next archive.
2. List the devices and the years: usually one modality of one time.

## How to fix
1. Convert to Explicit VR Little Endian (`dcmconv +te` or `dcmdjpeg`), best in the course of a migration. Lossless
   conversion keeps the SOP Instance UID; a retired lossy syntax stays lossy, and Lossy Image Compression must say 01.
2. Compare the pixels before and after on a sample. Big endian words with 8-bit pixels are the classic trap.
3. Private syntaxes: convert with the vendor's tool, or note that the objects open only there.

## Not a problem when
- The archive converts on retrieval, and no other system reads its files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import transfer_syntaxes, uids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _current() -> str:
    registered = uids.by_uid()
    listed = (uid for uid in transfer_syntaxes.by_uid() if uid not in registered or not registered[uid].retired)
    return ", ".join(f"'{uid}'" for uid in listed)


_CT = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "TransferSyntaxUID": "1.2.840.10008.1.2.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("TransferSyntaxUID",),
    reads=("TransferSyntaxUID", "SeriesInstanceUID"),
    sql=f"""
SELECT
  TransferSyntaxUID,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  SUM(instances) AS instances,
  MIN(SeriesInstanceUID) AS example_SeriesInstanceUID
FROM facets
WHERE TransferSyntaxUID IS NOT NULL
  AND TransferSyntaxUID NOT IN ({_current()})
GROUP BY TransferSyntaxUID
ORDER BY TransferSyntaxUID
""",
    references=("PS3.5 A", "PS3.6 A", "PS3.5 10"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/2279", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4che/issues/929", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example(
            "two series in big endian make one finding",
            [
                {**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.2"},
                {"SeriesInstanceUID": "1.2.826.0.1.1.2", "TransferSyntaxUID": "1.2.840.10008.1.2.2"},
            ],
            [{"TransferSyntaxUID": "1.2.840.10008.1.2.2"}],
        ),
        Example(
            "a private syntax",
            [{**_CT, "TransferSyntaxUID": "1.2.840.113619.5.2"}],
            [{"TransferSyntaxUID": "1.2.840.113619.5.2"}],
        ),
    ),
    silent=(
        Example("explicit little endian", [_CT]),
        Example("deflated, which is rare and current", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.1.99"}]),
        Example("high-throughput JPEG 2000, which is new", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.201"}]),
        Example("an object without file meta information", [{**_CT, "TransferSyntaxUID": ""}]),
    ),
)
def transfer_syntax_retired(row: Mapping[str, EvidenceValue]) -> str:
    """Name the syntax, if it has a name."""
    uid = str(row["TransferSyntaxUID"])
    known = uids.by_uid().get(uid)
    what = f"retired transfer syntax {known.name}" if known else f"transfer syntax {uid}, which is not registered"
    return f"{what} (series: {row['series']}, instances: {row['instances']})"
