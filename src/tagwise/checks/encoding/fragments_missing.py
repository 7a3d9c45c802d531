"""There are fewer fragments of pixel data than frames.

## What it finds
Encapsulated pixel data with no fragment, or with fewer fragments than Number of Frames. A frame has at least one
fragment of its own, except in video transfer syntaxes, where one stream holds all of them.

## Why it matters
Frames are missing: the writer stopped early, or wrote the number of frames before it knew it. Viewers show the last
frames black, repeat one, or refuse the object.

## How to confirm
`dcmdump +P PixelData +P NumberOfFrames FILE` lists the fragments.

## How to fix
1. Fetch the object again from where it came from, and compare the number of fragments.
2. If the source has the same object, Number of Frames is wrong: ask the maker of the writing program which of the two
   it is before you change anything.

## Not a problem when
- The object is a header without pixels on purpose, as tests and metadata exports have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject

_PIXEL_DATA = 0x7FE00010
_NUMBER_OF_FRAMES = 0x00280008
_VIDEO = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (*range(100, 109),))


def _object(frames: int, fragments: int, syntax: str = "1.2.840.10008.1.2.4.50") -> bytes:
    head = data_set([Given("NumberOfFrames", "IS", str(frames))])
    start, end = bytes.fromhex("e07f1000 4f420000 ffffffff feff00e0 00000000"), bytes.fromhex("feffdde0 00000000")
    return part10(head + start + bytes.fromhex("feff00e0 04000000 ffd8ffd9") * fragments + end, syntax)


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("PixelData", "NumberOfFrames", "TransferSyntaxUID"),
    references=("PS3.5 A.4", "PS3.5 8.2"),
    since="0.1.0",
    fires=(
        ObjectExample("two fragments for three frames", content=_object(3, 2), expect=["PixelData"]),
        ObjectExample("no fragment at all", content=_object(1, 0), expect=["PixelData"]),
    ),
    silent=(
        ObjectExample("a fragment for each frame", content=_object(2, 2)),
        ObjectExample("several fragments for one frame", content=_object(1, 3)),
        ObjectExample("a video of many frames in one stream", content=_object(250, 1, "1.2.840.10008.1.2.4.102")),
    ),
)
def fragments_missing(parsed: ParsedObject) -> Fault | None:
    """Give both numbers."""
    fragments = parsed.fragments
    if fragments is None or not parsed.complete:
        return None
    frames = parsed.root.number_of(_NUMBER_OF_FRAMES)
    needed = 1 if frames is None or (parsed.syntax or "").startswith(_VIDEO) else frames
    if len(fragments) >= needed:
        return None
    message = f"PixelData has {quantity(len(fragments), 'fragment')} for {quantity(needed, 'frame')}"
    return Fault(message, parsed.root.get(_PIXEL_DATA))
