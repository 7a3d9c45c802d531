"""The transfer syntax is none of the standard.

## What it finds
Files whose Transfer Syntax UID (0002,0010) is not in the list of PS3.6, private ones included, or is in that list as
something else. In an archive it is one finding for each such UID. Retired transfer syntaxes have
`encoding/transfer-syntax-retired`.

## Why it matters
A reader that does not know the transfer syntax knows neither how elements are encoded nor how pixels are compressed:
it refuses the object, or guesses. No other system can convert the object.

## How to confirm
`dcmdump +P TransferSyntaxUID FILE`, then `tagwise show` with the UID.

## How to fix
1. A private transfer syntax: have the device send the object in one of the standard; it must offer Implicit VR Little
   Endian unless the image exists only in compressed form.
2. A SOP class in the place of the transfer syntax, or a misspelt UID: correct the writing program, and the files once
   the encoding is known.

## Not a problem when
- The UID is newer than the edition that tagwise holds; `tagwise --version` shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._syntaxes import counted, listed
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard import transfer_syntaxes, uids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import Element

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]
_CT = {"SeriesInstanceUID": "1.2.826.0.1.1.1", "TransferSyntaxUID": "1.2.840.10008.1.2.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("TransferSyntaxUID",),
    reads=("TransferSyntaxUID", "SeriesInstanceUID"),
    sql=counted(f"NOT IN ({listed(transfer_syntaxes.by_uid())})"),
    references=("PS3.6 A", "PS3.5 10"),
    sources=(Source("https://github.com/dcm4che/dcm4che/issues/929", "2026-11-23"),),
    since="0.1.0",
    fires=(
        Example(
            "two series in a private one make one finding",
            [
                {**_CT, "TransferSyntaxUID": "1.2.840.113619.5.2"},
                {"SeriesInstanceUID": "1.2.826.0.1.1.2", "TransferSyntaxUID": "1.2.840.113619.5.2"},
            ],
            [{"TransferSyntaxUID": "1.2.840.113619.5.2"}],
        ),
        Example(
            "the UID of a SOP class",
            [{**_CT, "TransferSyntaxUID": "1.2.840.10008.5.1.4.1.1.2"}],
            [{"TransferSyntaxUID": "1.2.840.10008.5.1.4.1.1.2"}],
        ),
    ),
    silent=(
        Example("explicit little endian", [_CT]),
        Example("a retired one, which is another check", [{**_CT, "TransferSyntaxUID": "1.2.840.10008.1.2.4.55"}]),
        Example("an object without file meta information", [{**_CT, "TransferSyntaxUID": ""}]),
    ),
)
def transfer_syntax_unknown(row: Mapping[str, EvidenceValue]) -> str:
    """Say what the UID is instead, and how much has it."""
    what = _instead(str(row["TransferSyntaxUID"]))
    return f"{what} (series: {row['series']}, instances: {row['instances']})"


@object_form(
    transfer_syntax_unknown,
    target="values",
    reads=("TransferSyntaxUID",),
    fires=(
        ObjectExample(
            "a private transfer syntax", content=part10(_DATA, "1.2.840.113619.5.2"), expect=["TransferSyntaxUID"]
        ),
        ObjectExample(
            "the UID of a SOP class", content=part10(_DATA, "1.2.840.10008.5.1.4.1.1.2"), expect=["TransferSyntaxUID"]
        ),
    ),
    silent=(
        ObjectExample("Explicit VR Little Endian", _DATA),
        ObjectExample("Explicit VR Big Endian, which is another check", _DATA, syntax="1.2.840.10008.1.2.2"),
        ObjectExample("JPEG Baseline", content=part10(_DATA, "1.2.840.10008.1.2.4.50")),
    ),
)
def of_one_object(element: Element) -> str | None:
    """Say what the UID is instead."""
    uid = element.stripped()
    return None if uid in transfer_syntaxes.by_uid() else _instead(uid)


def _instead(uid: str) -> str:
    entry = uids.by_uid().get(uid)
    if entry is not None:
        return f"the transfer syntax {uid} is a {entry.kind}: {entry.name}"
    owner = "in the list of PS3.6" if uid.startswith("1.2.840.10008.") else "of the standard, but private"
    return f"the transfer syntax {uid[:80]} is not {owner}"
