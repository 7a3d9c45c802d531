"""A file has no preamble, or the prefix DICM is not where it belongs.

## What it finds
Files that start with their first element, or with DICM, instead of 128 bytes of preamble and DICM at byte 128. tagwise
reads them all the same and checks what follows.

## Why it matters
The preamble and the prefix are how software tells a DICOM file from any other. Importers that look for DICM at byte 128
refuse the file as "not DICOM"; others guess the transfer syntax, because there is no file meta information to say it.

## How to confirm
`xxd -s 128 -l 4 FILE` prints 4449 434d (DICM) in a sound file. `dcmftest FILE` says no for such a file.

## How to fix
1. Look for what wrote it: programs that save a C-STORE data set as it came from the network, old ACR-NEMA exports, and
   web clients that cut the first 132 bytes. Let it write Part 10 files.
2. A data set whose transfer syntax is known is made a file by `dcmconv --read-dataset --read-xfer-implicit IN OUT` (or
   `-xe`, `-xb` for explicit VR); by hand, pydicom's `dcmread(path, force=True)` and
   `save_as(path, enforce_file_format=True)`.

## Not a problem when
- The bytes are the payload of a network message and were never meant to be a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.encoding.meta_attribute_missing import proven_syntax
from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import Rewritten
from tagwise.checks.writing import Given, data_set, meta, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject, ParseProblem

_ELEMENTS = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]

_SOP_CLASS, _SOP_INSTANCE, _SYNTAX = 0x00080016, 0x00080018, 0x00020010


def _repair(_problem: ParseProblem, parsed: ParsedObject) -> Iterator[Repair]:
    """Put zeros and the prefix in front, where the file meta information is there or can be made."""
    can_be_made = proven_syntax(parsed) and parsed.root.has_value(_SOP_CLASS) and parsed.root.has_value(_SOP_INSTANCE)
    if parsed.meta.has_value(_SYNTAX) or can_be_made:
        yield Rewritten("preamble", "no 128 bytes of preamble with DICM behind them", "128 zeros and DICM")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("preamble",),
    references=("PS3.10 7.1",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample("a data set that was saved as it came", content=data_set(_ELEMENTS), expect=[""]),
        ObjectExample("DICM at byte 0", content=b"DICM" + meta() + data_set(_ELEMENTS), expect=[""]),
        ObjectExample("file meta information without a preamble", content=meta() + data_set(_ELEMENTS), expect=[""]),
    ),
    silent=(
        ObjectExample("a sound file", _ELEMENTS),
        ObjectExample("a preamble that is a TIFF header", content=b"II*\0" + part10(_ELEMENTS)[4:]),
        ObjectExample("a file that is no object at all", content=b"%PDF-1.7 and so on, which unreadable-object finds"),
    ),
)
def preamble_missing(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
