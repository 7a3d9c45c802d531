"""The file meta information lacks an attribute that every file needs.

## What it finds
Files without, or with an empty, Media Storage SOP Class UID, Media Storage SOP Instance UID, Transfer Syntax UID or
Implementation Class UID, or without File Meta Information Version. A missing transfer syntax is of medium severity,
the others are minor faults. Files without file meta information are found by `encoding/preamble-missing`.

## Why it matters
Without a transfer syntax a reader has to guess how the data set is encoded, and cannot know how pixels are
compressed. Importers that propose or store by the media storage UIDs refuse the file. Without Implementation Class
UID nobody knows which program wrote it.

## How to confirm
`dcmdump +P MediaStorageSOPClassUID +P MediaStorageSOPInstanceUID +P TransferSyntaxUID +P ImplementationClassUID
FILE`.

## How to fix
1. Ask the maker of the writing program for PS3.10 section 7.1; toolkits fill these attributes if they are asked for a
   file and not for a data set (`enforce_file_format=True` in pydicom).
2. Files at hand: copy the two UIDs from the data set, and set the transfer syntax that the bytes show.

## Not a problem when
- Only an archive that keeps its own record of these attributes reads the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import Added, NewValue, padded
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, Given, data_set, with_group_length
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]
_META = [
    Given("FileMetaInformationVersion", "OB", b"\0\1"),
    Given("MediaStorageSOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"),
    Given("MediaStorageSOPInstanceUID", "UI", "1.2.826.0.1.1"),
    Given("TransferSyntaxUID", "UI", EXPLICIT),
    Given("ImplementationClassUID", "UI", "1.2.826.0.1"),
]
_NEEDED = {given.number: given.name for given in _META}
_TRANSFER_SYNTAX = 0x00020010


def _without(name: str) -> bytes:
    elements = [given for given in _META if given.name != name]
    return bytes(128) + b"DICM" + with_group_length(data_set(elements)) + data_set(_DATA)


_OURS = b"2.25.84205509444773200977740485725669144255"
"""Implementation Class UID of tagwise (made from a UUID, PS3.5 B.2): it wrote the copy, whoever wrote the original."""


def _repair(parsed: ParsedObject) -> Iterator[Repair]:
    """Add what the data set and its encoding prove."""
    known = {
        0x00020001: (b"\0\1", "version 1"),
        0x00020002: ((parsed.root.text(0x00080016) or "").encode("latin-1"), "SOP Class UID of the data set"),
        0x00020003: ((parsed.root.text(0x00080018) or "").encode("latin-1"), "SOP Instance UID of the data set"),
        0x00020010: (proven_syntax(parsed).encode(), "the transfer syntax that the bytes show"),
        0x00020012: (_OURS, "that of tagwise, which wrote this copy"),
    }
    for tag, (raw, now) in known.items():
        element = parsed.meta.get(tag)
        if not raw or parsed.meta.has_value(tag):
            continue
        vr = "OB" if tag == 0x00020001 else "UI"
        if element is None:
            yield Added(parsed.meta, tag, vr, padded(raw, vr), now)
        else:
            yield NewValue(element, padded(raw, vr), "empty", now)


def proven_syntax(parsed: ParsedObject) -> str:
    """The transfer syntax of native data in their encoding; fragments do not say how they are compressed."""
    if parsed.fragments is not None or any(problem.kind == "deflate" for problem in parsed.problems):
        return ""
    if parsed.big_endian:
        return BIG_ENDIAN if parsed.explicit else ""
    return EXPLICIT if parsed.explicit else IMPLICIT


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=(
        "FileMetaInformationVersion",
        "MediaStorageSOPClassUID",
        "MediaStorageSOPInstanceUID",
        "TransferSyntaxUID",
        "ImplementationClassUID",
    ),
    references=("PS3.10 7.1",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample("no transfer syntax", content=_without("TransferSyntaxUID"), expect=[""]),
        ObjectExample(
            "no implementation class, a minor fault", content=_without("ImplementationClassUID"), expect=[""]
        ),
        ObjectExample(
            "no file meta information behind the prefix", content=bytes(128) + b"DICM" + data_set(_DATA), expect=[""]
        ),
    ),
    silent=(
        ObjectExample("all of them", _DATA),
        ObjectExample("a bare data set", content=data_set(_DATA)),
    ),
)
def meta_attribute_missing(parsed: ParsedObject) -> Iterator[Fault]:
    """List what is missing; a missing transfer syntax is worse than the others."""
    if (
        not parsed.is_part10
        or not (parsed.has_prefix or parsed.meta.elements)
        or (parsed.problems and not parsed.meta_end)
    ):
        return
    missing = [name for tag, name in _NEEDED.items() if not parsed.meta.has_value(tag)]
    if missing:
        severity = None if _NEEDED[_TRANSFER_SYNTAX] in missing else Severity.LOW
        yield Fault(
            f"the file meta information lacks {', '.join(missing)}", offset=parsed.meta_start, severity=severity
        )
