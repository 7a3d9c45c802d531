"""What the parser says when something breaks: one sentence each, with the place, the likely cause and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.standard.dictionary import tag_text
from tagwise.validation.objects import UNDEFINED

if TYPE_CHECKING:
    from tagwise.standard.tags import KnownTag
    from tagwise.validation.objects import Element

FETCH = "it was cut off while it was written, sent or copied; fetch it again from where it came from"
LOST = "a length before it is wrong, or bytes were lost or changed there"
PIXEL_DATA = 0x7FE00010


def called(known: KnownTag, tag: int) -> str:
    """Keyword and tag, or the tag alone."""
    return f"{known.keyword} {tag_text(tag)}" if known.keyword else tag_text(tag)


def cut(element: Element, there: int) -> str:
    """An element that the object is too short for."""
    claimed = "an undefined length" if element.length == UNDEFINED else f"{element.length:,} bytes"
    damaged = element.length > 0x7FFFFFFF and element.tag != PIXEL_DATA
    cause = "that length is damaged, or the data set is in another transfer syntax than it says"
    where = "" if element.inside.sequence is None else f", inside {element.path.rpartition('.')[0]}"
    told = f"{element.label} at byte {element.offset:,}{where} claims {claimed}, {there:,} are there"
    return f"{told}: {cause}" if damaged else f"{told}: the object ends too early, {FETCH}"


def cut_item(sequence: Element, number: int, at: int, length: int, there: int) -> str:
    """An item that the object is too short for."""
    told = f"{sequence.label} has an item {number} at byte {at:,} that claims {length:,} bytes, {there:,} are there"
    return f"{told}: the object was cut off, or the length is damaged"


def cut_head(end: int, inside: str) -> str:
    """An object that ends before the length of an element."""
    return f"the object ends at byte {end:,} in the head of an element{inside}: {FETCH}"


def cut_fragments(element: Element, at: int) -> str:
    """Pixel data that ends between its fragments."""
    told = f"{element.label} ends at byte {at:,} in the middle of its fragments"
    return f"{told}: the object was cut off, or the length of a fragment is wrong"


def shorter(where: str, end: int) -> str:
    """A file that stopped giving bytes, or a deflate stream that is not complete."""
    return f"{where} stops at byte {end:,}, earlier than it says itself: {FETCH}"


def no_head(known: KnownTag, tag: int, at: int) -> str:
    """Bytes that are no element in any reading."""
    told = f"{called(known, tag)} at byte {at:,} has neither a VR nor a length that fits"
    return f"{told}, so nothing behind it can be read: {LOST}"


def no_tag(tag: int, at: int) -> str:
    """A tag beyond those of a data set."""
    return f"{tag_text(tag)} at byte {at:,} is no tag of a data set: {LOST}"


def no_item(sequence: Element, tag: int, at: int) -> str:
    """An element in a sequence, outside of an item."""
    told = f"{sequence.label} has {tag_text(tag)} at byte {at:,}, where an item should begin"
    return f"{told}; the rest of the sequence was left out"


def no_end(element: Element) -> str:
    """A value of undefined length that does not consist of items."""
    told = f"{element.label} at byte {element.offset:,} has undefined length and no items"
    return f"{told}, so its end cannot be found"


def overrun(element: Element, end: int) -> str:
    """An element that is longer than its item."""
    told = f"{element.label} at byte {element.offset:,} claims {element.length:,} bytes"
    return f"{told}, but its item ends at byte {end:,}"


def overrun_item(sequence: Element, number: int, at: int, end: int, sequence_end: int) -> str:
    """An item that is longer than its sequence."""
    told = f"{sequence.label} has an item {number} at byte {at:,} that ends at byte {end:,}"
    return f"{told}, behind its sequence, which ends at byte {sequence_end:,}"


def unclosed(sequence: Element, number: int, at: int) -> str:
    """A sequence, or the item with this number, that has no delimiter."""
    item = f"item {number} of " if number else ""
    return f"{item}{sequence.label} at byte {sequence.offset:,} has no delimiter before byte {at:,}"


def zeros(at: int, rest: int | None) -> str:
    """Zeros where an element should begin, `rest` bytes before the end where that is known."""
    before = "" if rest is None else f", {rest:,} bytes before the end"
    told = f"zeros stand where an element should begin, from byte {at:,} on{before}"
    return f"{told}: the file was not written to its end, or the storage lost that part"


def left_over(left: int, at: int) -> str:
    """A few bytes behind the last element."""
    follow = "1 byte that can be no element follows" if left == 1 else f"{left} bytes that can be no element follow"
    return f"{follow} the last one, at byte {at:,}"
