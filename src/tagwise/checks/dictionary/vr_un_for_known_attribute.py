"""An attribute of the standard has the VR UN.

## What it finds
Elements in explicit VR with UN although the dictionary knows the attribute. UN is for writers that did not know it.

## Why it matters
Readers that do not look the VR up treat the value as bytes: it is neither shown nor searched, a sequence is not
opened, and a de-identification that goes by VR leaves the text in.

## How to confirm
`dcmdump FILE` prints UN at the attribute that the finding names.

## How to fix
Update the dictionary of the program that turned implicit into explicit VR; it is older than the attribute. In stored
objects the VR can be put right, because the bytes are those of implicit VR little endian.

## Not a problem when
- Readers look the attribute up, as PS3.5 section 6.2.2 allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import NewVr
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import Element


def _repair(element: Element) -> Iterator[Repair]:
    """Give it the VR of the dictionary where there is only one; a sequence would have to be written anew."""
    if len(element.known.vrs) == 1 and element.known.vr not in ("SQ", "UN") and element.items is None:
        yield NewVr(element, element.known.vr)


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="tags",
    references=("PS3.5 6.2.2",),
    since="0.1.0",
    repair=_repair,
    fires=(ObjectExample("a description as UN", [Given("SeriesDescription", "UN", b"head")], ["SeriesDescription"]),),
    silent=(
        ObjectExample("a private element as UN", [Given("00090010", "LO", "maker"), Given("00091001", "UN", b"ab")]),
        ObjectExample("an attribute that nobody knows", [Given("00083FFE", "UN", b"ab")]),
        ObjectExample("a description with its VR", [Given("SeriesDescription", "LO", "head")]),
    ),
)
def vr_un_for_known_attribute(element: Element) -> str | None:
    """Name the VR that belongs there."""
    if element.written != "UN" or not element.known.keyword:
        return None
    return f"{element.name} has VR UN, {' or '.join(sorted(element.known.vrs))} belongs there"
