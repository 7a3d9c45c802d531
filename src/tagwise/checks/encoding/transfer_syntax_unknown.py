"""The transfer syntax is none of the standard, or retired.

## What it finds
Files whose Transfer Syntax UID (0002,0010) is not in the list of PS3.6, private ones included, or is a retired one
other than Explicit VR Big Endian. A retired one is a minor fault.

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

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import uids

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]
_BIG_ENDIAN = "1.2.840.10008.1.2.2"


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    reads=("TransferSyntaxUID",),
    references=("PS3.6 A", "PS3.5 10"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a private transfer syntax", content=part10(_DATA, "1.2.840.113619.5.2"), expect=["TransferSyntaxUID"]
        ),
        ObjectExample(
            "the UID of a SOP class", content=part10(_DATA, "1.2.840.10008.5.1.4.1.1.2"), expect=["TransferSyntaxUID"]
        ),
        ObjectExample(
            "a retired one, a minor fault",
            content=part10(_DATA, "1.2.840.10008.1.2.4.55"),
            expect=["TransferSyntaxUID"],
        ),
    ),
    silent=(
        ObjectExample("Explicit VR Little Endian", _DATA),
        ObjectExample("Explicit VR Big Endian, retired and still read", _DATA, syntax="1.2.840.10008.1.2.2"),
        ObjectExample("JPEG Baseline", content=part10(_DATA, "1.2.840.10008.1.2.4.50")),
    ),
)
def transfer_syntax_unknown(element: Element) -> Fault | None:
    """Say what the UID is instead."""
    uid = element.stripped()
    entry = uids.by_uid().get(uid)
    if entry is None:
        owner = "in the list of PS3.6" if uid.startswith("1.2.840.10008.") else "of the standard, but private"
        return Fault(f"the transfer syntax {uid[:80]} is not {owner}")
    if entry.kind != "Transfer Syntax":
        return Fault(f"the transfer syntax {uid} is a {entry.kind}: {entry.name}")
    if entry.retired and uid != _BIG_ENDIAN:
        return Fault(f"the transfer syntax {uid} is retired", severity=Severity.LOW)
    return None
