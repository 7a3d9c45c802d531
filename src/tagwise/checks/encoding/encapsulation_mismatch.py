"""Pixel data is encapsulated where the transfer syntax says native, or the reverse.

## What it finds
Pixel Data (7FE0,0010) in fragments, with undefined length, although the transfer syntax is an uncompressed one; and
Pixel Data with a length although the transfer syntax is a compressed one.

## Why it matters
The declaration decides how the bytes are read: compressed bytes shown as raw pixels are noise, raw pixels given to a
decoder are an error. Readers that notice refuse the image.

## How to confirm
`dcmdump +P TransferSyntaxUID +P PixelData FILE`. If the first fragment starts with FFD8, it is JPEG; FF4F is JPEG
2000.

## How to fix
1. Correct Transfer Syntax UID (0002,0010) to what the bytes are; `tagwise list transfer-syntaxes` has them all.
2. Find the program that decompresses, or compresses, and leaves the declaration as it was: gateways and scripts that
   set Pixel Data alone.

## Not a problem when
- Nothing: one of the two is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject

_NATIVE = [Given("PixelData", "OB", bytes(4))]
_FRAGMENTS = bytes.fromhex("e07f1000 4f420000 ffffffff feff00e0 00000000 feff00e0 04000000 ffd8ffd9 feffdde0 00000000")
_PIXEL_DATA = 0x7FE00010


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("TransferSyntaxUID", "PixelData"),
    references=("PS3.5 8.2", "PS3.5 A.4"),
    since="0.1.0",
    fires=(
        ObjectExample("fragments under Explicit VR Little Endian", content=part10(_FRAGMENTS), expect=["PixelData"]),
        ObjectExample(
            "raw pixels under JPEG Baseline",
            content=part10(data_set(_NATIVE), "1.2.840.10008.1.2.4.50"),
            expect=["PixelData"],
        ),
    ),
    silent=(
        ObjectExample("fragments under JPEG Baseline", content=part10(_FRAGMENTS, "1.2.840.10008.1.2.4.50")),
        ObjectExample("raw pixels under Explicit VR Little Endian", _NATIVE),
        ObjectExample(
            "raw pixels of an icon under JPEG Baseline, which may be native",
            content=part10(data_set([Given("IconImageSequence", "SQ", items=[_NATIVE])]), "1.2.840.10008.1.2.4.50"),
        ),
    ),
)
def encapsulation_mismatch(parsed: ParsedObject) -> Fault | None:
    """Say which of the two the bytes are."""
    pixels = parsed.root.get(_PIXEL_DATA)
    if pixels is None or parsed.declared is None:
        return None
    name = parsed.syntax
    if parsed.fragments is not None and parsed.declared.pixels == "native":
        return Fault(f"PixelData is in fragments, but the transfer syntax {name} is not compressed", pixels)
    if parsed.fragments is None and parsed.declared.pixels == "encapsulated" and pixels.length:
        return Fault(f"PixelData is not in fragments, but the transfer syntax {name} is compressed", pixels)
    return None
