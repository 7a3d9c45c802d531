"""Pixel data in fragments has another VR than OB.

## What it finds
Encapsulated Pixel Data (7FE0,0010) with VR OW or UN. Fragments are bytes, so PS3.5 section A.4 has OB only, whatever
Bits Allocated is.

## Why it matters
A reader that goes by the VR swaps bytes, or refuses the image. Most readers look at the transfer syntax and do not
notice.

## How to confirm
`dcmdump +P PixelData FILE` prints the VR.

## How to fix
Ask the maker of the writing program to write OB for compressed pixels; programs that compress and keep the OW of the
raw pixels are the usual cause. In files at hand only the two letters of the VR are wrong.

## Not a problem when
- All readers ignore the VR of fragments, as most do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import NewVr
from tagwise.checks.writing import UNDEFINED, Given, header, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject

_PIXEL_DATA = 0x7FE00010
_JPEG = "1.2.840.10008.1.2.4.50"


def _fragments(vr: str) -> bytes:
    items = bytes.fromhex("feff00e0 00000000 feff00e0 04000000 ffd8ffd9 feffdde0 00000000")
    return header(_PIXEL_DATA, vr, UNDEFINED) + items


def _repair(parsed: ParsedObject) -> Iterator[Repair]:
    """Change the VR, not the fragments."""
    pixels = parsed.root.get(_PIXEL_DATA)
    if pixels is not None:
        yield NewVr(pixels, "OB")


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("PixelData",),
    references=("PS3.5 A.4", "PS3.5 8.2"),
    since="0.1.0",
    repair=_repair,
    fires=(ObjectExample("fragments as OW", content=part10(_fragments("OW"), _JPEG), expect=["PixelData"]),),
    silent=(
        ObjectExample("fragments as OB", content=part10(_fragments("OB"), _JPEG)),
        ObjectExample("native pixels as OW", [Given("PixelData", "OW", bytes(4))]),
    ),
)
def fragments_not_ob(parsed: ParsedObject) -> Fault | None:
    """Name the VR."""
    pixels = parsed.root.get(_PIXEL_DATA)
    if pixels is None or parsed.fragments is None or pixels.written in ("", "OB"):
        return None
    return Fault(f"PixelData is in fragments and has VR {pixels.written}, OB belongs there", pixels)
