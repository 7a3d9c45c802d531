"""A text is padded with NULs, or a date and code with what is no blank.

## What it finds
Text that ends in one NUL or more where a blank belongs: only UI is padded with a NUL. UIDs padded with blanks are
found by `identity/uid-padded`. It is a minor fault where one NUL makes the length even, and more where several NULs
fill the value up.

## Why it matters
Software that removes blanks keeps the NUL: `CT` and `CT` with a NUL are two modalities for a database, a filter for
one does not find the other, and PostgreSQL refuses text with a NUL.

## How to confirm
`python -c "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).get_item(sys.argv[2]).value)" FILE Modality`
prints the bytes.

## How to fix
1. Ask the maker of the writing program to pad with a blank, 20H (PS3.5 section 6.2).
2. Replace trailing NULs at the router, in all text but UI.

## Not a problem when
- Every reader removes NULs, as most toolkits do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import NewValue, padded
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import Element


def _repair(element: Element) -> Iterator[Repair]:
    """Take the NULs away, and pad as the VR has it."""
    raw = element.raw or b""
    bare = raw.rstrip(b"\0")
    yield NewValue(element, padded(bare, element.vr), f"{len(raw) - len(bare):,} x 00H at its end", _pads(bare))


def _pads(bare: bytes) -> str:
    return "one blank" if len(bare) % 2 else "no padding"


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UR", "UT"),
    references=("PS3.5 6.2",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "a description filled up with NULs",
            [Given("StudyDescription", "LO", "head" + "\0" * 12)],
            ["StudyDescription"],
        ),
        ObjectExample("one NUL for padding, a minor fault", [Given("PatientID", "LO", "123\0")], ["PatientID"]),
    ),
    silent=(
        ObjectExample("a blank for padding", [Given("PatientID", "LO", "123")]),
        ObjectExample("a NUL behind a UID", [Given("SOPInstanceUID", "UI", "1.2.3")]),
        ObjectExample("an empty value", [Given("PatientID", "LO", "")]),
    ),
)
def padding_wrong(element: Element) -> Fault | None:
    """Count the NULs; one that makes the length even is a matter of taste for most readers."""
    raw = element.raw or b""
    number = len(raw) - len(raw.rstrip(b"\0"))
    if not number:
        return None
    if number == 1:
        return Fault(f"{element.name} is padded with a NUL where a blank belongs", severity=Severity.LOW)
    return Fault(f"{element.name} ends in {number:,} NULs, padding is one blank at most")
