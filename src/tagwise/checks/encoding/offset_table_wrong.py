"""The Basic Offset Table does not point to the frames.

## What it finds
Encapsulated pixel data whose Basic Offset Table is no list of 32 bit numbers, has another number of entries than the
object has frames, does not start with 0, does not rise, or points to places where no fragment begins.

## Why it matters
Viewers and web servers use the table to fetch one frame of many. They show another frame, a broken one, or the wrong
slide tile. Readers that ignore the table show everything well, so the fault is found late.

## How to confirm
`dcmdump +P PixelData FILE` lists the items with their lengths; the first is the table. Each offset counts from the
end of the table to the start of a fragment's item tag.

## How to fix
1. An empty table is always legal: the writing program may leave it out. Extended Offset Table (7FE0,0001) serves
   objects above 4 GB, whose offsets do not fit into 32 bits.
2. Write the object anew with a toolkit that counts the offsets; the fragments stay as they are.

## Not a problem when
- Every reader ignores the table.
"""

from __future__ import annotations

from struct import pack, unpack
from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject

_PIXEL_DATA = 0x7FE00010
_NUMBER_OF_FRAMES = 0x00280008


def _object(table: bytes) -> bytes:
    fragment = bytes.fromhex("feff00e0 04000000 ffd8ffd9")
    head = data_set([Given("NumberOfFrames", "IS", "2")]) + bytes.fromhex("e07f1000 4f420000 ffffffff feff00e0")
    end = bytes.fromhex("feffdde0 00000000")
    return part10(head + pack("<L", len(table)) + table + fragment * 2 + end, "1.2.840.10008.1.2.4.50")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("PixelData", "NumberOfFrames"),
    references=("PS3.5 A.4",),
    since="0.1.0",
    fires=(
        ObjectExample("an offset where no fragment begins", content=_object(pack("<2L", 0, 10)), expect=["PixelData"]),
        ObjectExample("one entry for two frames", content=_object(pack("<L", 0)), expect=["PixelData"]),
        ObjectExample("a table that does not start with 0", content=_object(pack("<2L", 12, 12)), expect=["PixelData"]),
        ObjectExample("a table of seven bytes", content=_object(b"1234567"), expect=["PixelData"]),
    ),
    silent=(
        ObjectExample("an entry for each frame", content=_object(pack("<2L", 0, 12))),
        ObjectExample("an empty table", content=_object(b"")),
    ),
)
def offset_table_wrong(parsed: ParsedObject) -> Fault | None:
    """Say what is wrong with the table."""
    table, fragments = parsed.offset_table, parsed.fragments
    if not table or not fragments:
        return None
    reason = _reason(table, {place.offset - fragments[0].offset for place in fragments}, _frames(parsed))
    return Fault(f"the Basic Offset Table {reason}", parsed.root.get(_PIXEL_DATA)) if reason else None


def _frames(parsed: ParsedObject) -> int | None:
    frames = parsed.root.get(_NUMBER_OF_FRAMES)
    return 1 if frames is None else frames.number()


def _reason(table: bytes, starts: set[int], frames: int | None) -> str:
    number, rest = divmod(len(table), 4)
    if rest:
        return f"has {len(table)} bytes, which is no number of 32 bit offsets"
    offsets = unpack(f"<{number}L", table)
    if frames is not None and number != frames:
        return f"has {number:,} offset{'s'[number == 1 :]}, the object {frames:,} frame{'s'[frames == 1 :]}"
    if offsets[0]:
        return f"starts with {offsets[0]:,}, the first frame is at 0"
    if list(offsets) != sorted(set(offsets)):
        return "does not rise from frame to frame"
    wrong = [offset for offset in offsets if offset not in starts]
    return f"points to {wrong[0]:,}, where no fragment begins" if wrong else ""
