"""The walk over the elements of a data set (PS3.5 chapter 7), up to the last one that is wanted.

Lengths are not trusted, nesting costs no memory, and a value that is not wanted is stepped over, not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import DamagedEncoding, LimitExceeded, ReadError, Truncated
from tagwise.standard import vrs
from tagwise.standard.dictionary import tag_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagwise.scanning.window import Window

SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
"""The value representations whose length has 16 bits in explicit VR (PS3.5 table 7.1-2)."""

LONG_VRS = frozenset(vr.encode() for vr in vrs.LONG)
"""The value representations whose length has 32 bits in explicit VR (PS3.5 table 7.1-1)."""

UNDEFINED = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_END = 0xFFFEE00D
SEQUENCE_END = 0xFFFEE0DD
_SEQUENCE_TAGS = frozenset({ITEM, SEQUENCE_END})

MAX_VALUE = 64 * 1024
"""Bytes that a wanted value may have; a longer one is no text that a person or a device means."""

BULK = 0xFFFF
"""A value longer than this is left out of the header digest, so that it need not be read."""


class ByteOrder(NamedTuple):
    """How numbers are unpacked in one byte order."""

    sign: str
    explicit: Callable[[bytes, int], tuple[int, int, bytes, int]]
    """Group, element, VR and 16-bit length."""
    implicit: Callable[[bytes, int], tuple[int, int, int]]
    """Group, element and 32-bit length."""
    length: Callable[[bytes, int], tuple[int]]
    """The 32-bit length behind a VR of LONG_VRS."""


def _byte_order(sign: str) -> ByteOrder:
    return ByteOrder(
        sign,
        Struct(sign + "HH2sH").unpack_from,
        Struct(sign + "HHL").unpack_from,
        Struct(sign + "L").unpack_from,
    )


LITTLE = _byte_order("<")
BIG = _byte_order(">")


def is_implicit(data: bytes, position: int) -> bool:
    """Tell whether the element at `position` has no VR; two capital letters make one, as for pydicom.

    An implicit length looks like two letters only from 16 KiB on, and no first element is that long.
    """
    vr = data[position + 4 : position + 6]
    return not (len(vr) == 2 and 0x40 < vr[0] < 0x5B and 0x40 < vr[1] < 0x5B)


@dataclass(slots=True)
class Found:
    """What a walk fills: per wanted attribute its undecoded text (bytes as Latin-1) and its VR (empty: not stated)."""

    texts: list[str | None]
    vrs: list[bytes]


class _Head(NamedTuple):
    """Tag, VR, length and the offset of the value of one element."""

    tag: int
    vr: bytes
    size: int
    start: int


@dataclass(slots=True)
class Walk:
    """One pass over the elements with tags above `after`, up to `last`; ends at another tag, or with the object.

    Elements that are out of order, but before that end, are found; of an element that occurs twice the later one
    counts.
    """

    window: Window
    order: ByteOrder
    implicit: bool
    wanted: Mapping[int, int]
    """Tag to position in `found`."""
    names: Mapping[int, str]
    """Tag to keyword, for messages."""
    found: Found
    after: int
    last: int
    _inside: tuple[int, int] | None = field(default=None)

    def run(self, at: int) -> int:  # noqa: C901, PLR0912 -- the hot loop: a call per element would halve the speed
        """Walk from the offset `at` on and return the offset where the walk ended.

        The loop takes what is plain: a known VR, a length below 64 KiB, an element that lies in the window.
        Everything else is left to `_step`, which knows all the rules.

        Raises:
            Truncated: The object ends inside an element.
            DamagedEncoding: A value of undefined length does not consist of items.
            LimitExceeded: A wanted value is longer than MAX_VALUE, or the walk is longer than MAX_WALKED.
            FileUnavailable: The operating system refuses to read.
        """
        window, implicit, wanted, after, last = self.window, self.implicit, self.wanted, self.after, self.last
        texts, vrs = self.found.texts, self.found.vrs
        _, unpack, unpack_implicit, unpack_length = self.order
        short, long, bulk = SHORT_VRS, LONG_VRS, BULK
        while True:
            data, text, base = window.data, window.text, window.base
            position, limit = at - base, len(data)
            safe = limit - 12
            while position <= safe:
                if implicit:
                    group, element, size = unpack_implicit(data, position)
                    vr = b""
                    start = position + 8
                    if size > bulk:
                        break
                else:
                    group, element, vr, size = unpack(data, position)
                    if vr in short:
                        start = position + 8
                    elif vr in long:
                        size = unpack_length(data, position + 8)[0]
                        start = position + 12
                        if size > bulk:
                            break
                    else:
                        break
                end = start + size
                if end > limit:
                    break
                tag = group << 16 | element
                if tag in wanted:
                    index = wanted[tag]
                    texts[index] = text[start:end]
                    vrs[index] = vr
                elif not after < tag <= last:
                    if tag > last:
                        return base + position
                    break
                position = end
            at = base + position
            following = self._step(at)
            if following < 0:
                return at
            at = following

    def _step(self, at: int) -> int:
        """The offset after the element at `at`, or -1 where the walk ends before it."""
        window = self.window
        position = window.ready(at, 12)
        start = window.data[position : position + 8]
        if len(start) < 8 and not any(start):
            return self._end(at)
        if self._is_outside(start):
            return -1
        head = self._head(at, implicit=self.implicit)
        if not head.tag and not head.size:
            return self._padding(at)
        if head.size == UNDEFINED:
            self._inside = head.tag, at
            after = self._after_items(head.start)
            self._inside = None
            return after
        index = self.wanted.get(head.tag)
        if index is None:
            return self._after_value(at, head)
        text = self._value(at, head)
        self.found.texts[index] = text
        self.found.vrs[index] = head.vr
        return head.start + head.size

    def _is_outside(self, start: bytes) -> bool:
        """Tell whether an element that starts like this ends the walk; two bytes, the group, may be enough.

        The tag 0 does not end a data set: what it means, `_padding` and `_head` see.
        """
        byteorder = "little" if self.order is LITTLE else "big"
        lowest, highest = (
            int.from_bytes(tag[:2], byteorder) << 16 | int.from_bytes(tag[2:4], byteorder)  # type: ignore[arg-type]
            for tag in (start + bytes(4 - min(len(start), 4)), start + b"\xff\xff\xff\xff")
        )
        return lowest > self.last or (highest <= self.after and self.after > 0)

    def _padding(self, at: int) -> int:
        """Zeros instead of an element end the object if they last to its end; many of them are a file half written."""
        position = self.window.ready(at, BULK)
        zeros = self.window.data[position:]
        if len(zeros) >= BULK or any(zeros):
            raise DamagedEncoding(f"zeros instead of an element from byte {at} of {self.window.where} on")
        return self._end(at)

    def _end(self, at: int) -> int:
        """The object ends between two elements, perhaps padded with zeros: well, unless there should be more of it."""
        if self.window.broken:
            raise self.window.broken
        if self.window.cut:
            raise Truncated(f"{self.window.where} stops at byte {at}, earlier than it says itself", offset=at)
        return -1

    def _head(self, at: int, *, implicit: bool) -> _Head:
        window = self.window
        position = window.ready(at, 12)
        data = window.data
        there = len(data) - position
        if there < 8:
            raise self._cut(at, "an element", 8, there)
        group, element, vr, size = self.order.explicit(data, position)
        tag = group << 16 | element
        # A VR that is no letters: some writers change to implicit VR within a data set (pydicom issues 1035, 1067).
        # A VR of unknown letters has a 16-bit length, as for pydicom; VRs of the future will have 32 (PS3.5 7.1.2).
        if implicit or (vr not in SHORT_VRS and vr not in LONG_VRS and not b"AA" <= vr <= b"ZZ"):
            return _Head(tag, b"", self.order.implicit(data, position)[2], at + 8)
        if vr not in LONG_VRS:
            return _Head(tag, vr, size, at + 8)
        if there < 12:
            raise self._cut(at, self._name(tag), 12, there)
        return _Head(tag, vr, self.order.length(data, position + 8)[0], at + 12)

    def _value(self, at: int, head: _Head) -> str:
        """The value of a wanted element."""
        window = self.window
        _, _, size, start = head
        end = start + size
        if size > MAX_VALUE:
            self._after_value(at, head)  # an end that is not there is the better explanation
            raise LimitExceeded(f"{self._name(head.tag)} at byte {at} has {size} bytes, more than {MAX_VALUE}")
        position = window.ready(at, end - at) + start - at
        text = window.text[position : position + size]
        if len(text) < size:
            raise self._cut(at, self._name(head.tag), size, len(text))
        if size > BULK:
            window.leave_out(start, end)
        return text

    def _after_value(self, at: int, head: _Head) -> int:
        """The offset after a value of defined length that nobody wants."""
        window = self.window
        tag, _, size, start = head
        end = start + size
        if size > BULK:
            window.leave_out(start, end)
            there = window.reach(end) - start
        else:
            position = window.ready(at, end - at)
            there = len(window.data) - position - (start - at)
        if there < size:
            raise self._cut(at, self._name(tag), size, there)
        return end

    def _after_items(self, at: int) -> int:  # noqa: C901, PLR0912 -- the other hot loop
        """The offset after a value of undefined length: a sequence, or fragments (PS3.5 7.5 and A.4).

        `depth` counts what is open: odd inside a sequence, even inside an item. An item may be implicit VR inside
        explicit VR: UN of undefined length must be (PS3.5 6.2.2, CP-246), and then all within it is.
        """
        window = self.window
        _, unpack, unpack_implicit, _ = self.order
        short, bulk = SHORT_VRS, BULK
        depth = 1
        implicit, implicit_since = self.implicit, 0
        while depth:
            in_item = depth % 2 == 0
            position = window.ready(at, 12)
            data = window.data
            vr = data[position + 4 : position + 6] if in_item and not implicit else b"\0\0"
            if position + 12 > len(data) or (vr != b"\0\0" and vr not in short):
                tag, _, size, start = self._head(at, implicit=implicit or not in_item)
            elif vr == b"\0\0":  # a sequence, an implicit item, or the end of an explicit one
                group, element, size = unpack_implicit(data, position)
                tag, start = group << 16 | element, at + 8
            else:
                group, element, _, size = unpack(data, position)
                tag, start = group << 16 | element, at + 8
            if tag == ITEM_END:
                at = start
                if in_item:  # one that ends no item does no harm
                    depth -= 1
                    if depth < implicit_since:
                        implicit, implicit_since = self.implicit, 0
            elif in_item == (tag in _SEQUENCE_TAGS):
                raise self._misplaced(at, tag)
            elif tag == SEQUENCE_END:
                at = start
                depth -= 1
            elif size == UNDEFINED:
                depth += 1
                at = start
                if not in_item and not implicit:
                    position = window.ready(at, 6)
                    if is_implicit(window.data, position):
                        implicit, implicit_since = True, depth
            elif size <= bulk and position + (start - at) + size <= len(data):
                at = start + size
            else:
                at = self._after_value(at, _Head(tag, vr, size, start))
        return at

    def _misplaced(self, at: int, tag: int) -> DamagedEncoding:
        detail = f"{tag_text(tag)} at byte {at} of {self.window.where} cannot stand there"
        if self._inside:
            outer_tag, outer_at = self._inside
            detail += f", inside {self._name(outer_tag)} at byte {outer_at}"
        return DamagedEncoding(detail)

    def _name(self, tag: int) -> str:
        return f"{tag_text(tag)} {self.names[tag]}" if tag in self.names else tag_text(tag)

    def _cut(self, at: int, what: str, claimed: int, there: int) -> ReadError:
        if self.window.broken:
            return self.window.broken
        detail = f"{what} at byte {at} of {self.window.where} claims {claimed} bytes, {max(there, 0)} are there"
        if self._inside:
            tag, outer_at = self._inside
            detail += f"; it is inside {self._name(tag)} at byte {outer_at}"
        return Truncated(detail, offset=at)
