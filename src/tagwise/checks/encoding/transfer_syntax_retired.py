"""Objects are kept in a transfer syntax that is retired.

## What it finds
Explicit VR Big Endian, the JPEG processes beyond baseline, extended and lossless, and whatever else PS3.6 lists as
retired. In an archive it is one finding for each of these transfer syntaxes, in a check of files one for each file. A
UID that is no transfer syntax of the standard has `encoding/transfer-syntax-unknown`.

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

## Not a problem when
- The archive converts on retrieval, and no other system reads its files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._syntaxes import RETIRED, counted, listed
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import uids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]
_CT = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "TransferSyntaxUID": "1.2.840.10008.1.2.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("TransferSyntaxUID",),
    reads=("TransferSyntaxUID", "SeriesInstanceUID"),
    sql=counted(f"IN ({listed(RETIRED)})"),
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
            "progressive JPEG",
            [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.55"}],
            [{"TransferSyntaxUID": "1.2.840.10008.1.2.4.55"}],
        ),
    ),
    silent=(
        Example("explicit little endian", [_CT]),
        Example("deflated, which is rare and current", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.1.99"}]),
        Example("high-throughput JPEG 2000, which is new", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.201"}]),
        Example("a private one, which is another check", [{**_CT, "TransferSyntaxUID": "1.2.840.113619.5.2"}]),
        Example("an object without file meta information", [{**_CT, "TransferSyntaxUID": ""}]),
    ),
)
def transfer_syntax_retired(row: Mapping[str, EvidenceValue]) -> str:
    """Name the syntax."""
    name = uids.by_uid()[str(row["TransferSyntaxUID"])].name
    return f"retired transfer syntax {name} (series: {row['series']}, instances: {row['instances']})"


@object_form(
    transfer_syntax_retired,
    target="values",
    reads=("TransferSyntaxUID",),
    fires=(
        ObjectExample(
            "Explicit VR Big Endian", [Given("Modality", "CS", "OT")], ["TransferSyntaxUID"], "1.2.840.10008.1.2.2"
        ),
        ObjectExample(
            "progressive JPEG", content=part10(_DATA, "1.2.840.10008.1.2.4.55"), expect=["TransferSyntaxUID"]
        ),
    ),
    silent=(
        ObjectExample("Explicit VR Little Endian", _DATA),
        ObjectExample("JPEG Baseline", content=part10(_DATA, "1.2.840.10008.1.2.4.50")),
        ObjectExample("a private one, which is another check", content=part10(_DATA, "1.2.840.113619.5.2")),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Name the syntax."""
    uid = element.stripped()
    return f"the transfer syntax {uids.by_uid()[uid].name} is retired" if uid in RETIRED else None
