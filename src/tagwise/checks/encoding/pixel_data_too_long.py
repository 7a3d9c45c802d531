"""Pixel data is longer than the image.

## What it finds
Native Pixel Data (7FE0,0010) with more bytes than rows times columns times samples times bits times frames come to,
one pad byte left out.

## Why it matters
One of the numbers is wrong, or the pixels are: frames that no viewer shows, rows that are read with the wrong width.
Some readers refuse the image; others show the first part, and nobody misses the rest.

## How to confirm
`dcmdump +P Rows +P Columns +P SamplesPerPixel +P BitsAllocated +P NumberOfFrames +P PixelData FILE`, and multiply. A
surplus that is a whole number of frames points to Number of Frames.

## How to fix
1. Number of Frames missing or too small: the bytes decide, if the surplus is a multiple of one frame. Let the maker
   of the writing program confirm it.
2. A surplus of a few bytes: padding to a block size. Harmless for most readers; the writing program should pad to an
   even length only.

## Not a problem when
- The surplus is zeros, and every reader ignores it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.encoding._pixels import BITS, IMAGE, expected_bytes
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject

_PIXEL_DATA = 0x7FE00010


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=(
        "Rows",
        "Columns",
        "SamplesPerPixel",
        "BitsAllocated",
        "NumberOfFrames",
        "PhotometricInterpretation",
        "PixelData",
    ),
    references=("PS3.5 8.1", "PS3.3 C.7.6.3"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "the pixels of two frames in an image of one", [*IMAGE, Given("PixelData", "OW", bytes(16))], ["PixelData"]
        ),
        ObjectExample(
            "two bytes too many, a minor fault", [*IMAGE, Given("PixelData", "OW", bytes(10))], ["PixelData"]
        ),
    ),
    silent=(
        ObjectExample("as many bytes as the image needs", [*IMAGE, Given("PixelData", "OW", bytes(8))]),
        ObjectExample(
            "nine bits and a half: an image whose bytes are padded", [*BITS, Given("PixelData", "OB", bytes(2))]
        ),
        ObjectExample("pixels without a size", [Given("PixelData", "OW", bytes(8))]),
    ),
)
def pixel_data_too_long(parsed: ParsedObject) -> Fault | None:
    """Give both numbers; a surplus below one frame is rather padding."""
    expected = expected_bytes(parsed)
    pixels = parsed.root.get(_PIXEL_DATA)
    if (
        expected is None
        or pixels is None
        or not parsed.complete
        or pixels.length <= expected.whole + expected.whole % 2
    ):
        return None
    surplus = pixels.length - expected.whole
    message = f"PixelData has {pixels.length:,} bytes, the image needs {expected.whole:,}"
    return Fault(message, pixels, severity=None if surplus >= expected.frame else Severity.LOW)
