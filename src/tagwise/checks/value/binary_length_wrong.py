"""A binary value does not hold whole numbers.

## What it finds
Elements of a binary VR whose length is no multiple of the size of one number: 2 bytes for US, SS and OW, 4 for UL,
SL, FL, AT, OL and OF, 8 for FD, SV, UV, OD and OV. In explicit VR the VR of the object counts, in implicit VR that of
the dictionary.

## Why it matters
The last number is cut, or the element has another VR than the reader believes. Toolkits refuse the element, the
object, or read the bytes as something else: a lookup table, a tag or a size is then wrong.

## How to confirm
1. `dcmdump FILE` prints the element with its length.
2. Two bytes where four belong point to a writer that took US for UL; text of digits in a binary element to one that
   confused IS with US.

## How to fix
1. Ask the maker of the writing program for the VR of the dictionary (`tagwise show` with the attribute).
2. A stored value can be written again only if you know which type the writer meant. Where it repeats another
   attribute, take it from there.

## Not a problem when
- Nothing: some reader stops at such an element sooner or later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import IMPLICIT, Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_SIZES = {
    **dict.fromkeys(("US", "SS", "OW"), 2),
    **dict.fromkeys(("UL", "SL", "FL", "AT", "OL", "OF"), 4),
    **dict.fromkeys(("FD", "SV", "UV", "OD", "OV"), 8),
}
_UNDEFINED = 0xFFFFFFFF


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="elements",
    references=("PS3.5 6.2", "PS3.5 7.1"),
    since="0.1.0",
    fires=(
        ObjectExample("three bytes for Rows", [Given("Rows", "US", b"\0\2\0")], ["Rows"]),
        ObjectExample(
            "a double of four bytes", [Given("RealWorldValueSlope", "FD", bytes(4))], ["RealWorldValueSlope"]
        ),
        ObjectExample(
            "two bytes for a number of 32 bits in implicit VR",
            [Given("SimpleFrameList", "UL", b"\1\0")],
            ["SimpleFrameList"],
            syntax=IMPLICIT,
        ),
    ),
    silent=(
        ObjectExample("two numbers", [Given("SimpleFrameList", "UL", (1, 2))]),
        ObjectExample("an empty element", [Given("Rows", "US", b"")]),
        ObjectExample(
            "an odd number of bytes in OB, which odd-length finds", [Given("EncapsulatedDocument", "OB", b"abc")]
        ),
    ),
)
def binary_length_wrong(element: Element) -> str | None:
    """Give the length and the size of one number."""
    size = _SIZES.get(element.vr)
    if size is None or element.length % size == 0 or element.length == _UNDEFINED:
        return None
    return f"{element.name} has {element.length:,} bytes, numbers of VR {element.vr} have {size} each"
