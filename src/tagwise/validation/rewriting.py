"""Writes a parsed object anew with repairs: what no repair concerns is copied byte for byte, pixel data always.

The form of the original stays: byte order, implicit or explicit VR, defined or undefined lengths. Lengths of items,
sequences and the file meta information are counted again, and every delimiter that belongs somewhere is written.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from tagwise.checks.repairs import Added, NewValue, NewVr, Padded, Removed, Rewritten, Sorted
from tagwise.scanning.elements import ITEM, ITEM_END, LONG_VRS, SEQUENCE_END
from tagwise.scanning.reader import DEFLATED
from tagwise.validation.objects import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import DataSet, Element, ParsedObject

_META_LENGTH = 0x00020000
_DELIMITERS = frozenset({ITEM_END, SEQUENCE_END})
PIXEL_DATA = 0x7FE00010


class Body:
    """The bytes that the offsets of the data set count from: the file, or what a deflated file holds."""

    def __init__(self, content: bytes, parsed: ParsedObject) -> None:
        self.content, self.parsed = content, parsed
        self.is_deflated = parsed.syntax in DEFLATED
        self.data = content
        self.start = parsed.data_start
        if self.is_deflated:
            self.data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content[parsed.data_start :])
            self.start = 0
        self.order = "big" if parsed.big_endian else "little"

    def number(self, at: int, size: int = 4) -> int:
        """The number at this offset, in the byte order of the data set."""
        return int.from_bytes(self.data[at : at + size], self.order)  # type: ignore[arg-type] # one of two words

    def tag_at(self, at: int) -> int:
        """The tag at this offset."""
        return self.number(at, 2) << 16 | self.number(at + 2, 2)

    def tag(self, number: int) -> bytes:
        """A tag as it is written here."""
        return self.size(number >> 16, 2) + self.size(number & 0xFFFF, 2)

    def size(self, number: int, size: int = 4) -> bytes:
        """A length as it is written here."""
        return number.to_bytes(size, self.order)  # type: ignore[arg-type] # one of two words

    def stop(self, element: Element) -> int:
        """Where an element without items of its own ends; fragments end in front of their delimiter."""
        if element.length != UNDEFINED:
            return element.start + element.length
        at = element.start
        while self.tag_at(at) == ITEM and at + 8 <= len(self.data):
            at += 8 + self.number(at + 4)
        return at

    def pixels(self) -> bytes:
        """The value of Pixel Data, fragments and offset table included; nothing where there is none."""
        element = self.parsed.root.get(PIXEL_DATA)
        return b"" if element is None or element.items is not None else self.data[element.start : self.stop(element)]

    def unread(self) -> int | None:
        """The offset of the first bytes that are neither in an element nor a delimiter, None where all are.

        Bytes behind the last element count only where the parser did not call them trailing.
        """
        at = self.parsed.root.start
        for start, stop in self._spans(self.parsed.root):
            if start < at or not self._is_delimiters(at, start):
                return at
            at = stop
        trails = any(problem.kind == "trailing" for problem in self.parsed.problems)
        return None if trails or self._is_delimiters(at, len(self.data)) else at

    def _is_delimiters(self, at: int, stop: int) -> bool:
        return (stop - at) % 8 == 0 and all(
            self.tag_at(place) in _DELIMITERS or (self.tag_at(place) == ITEM and not self.number(place + 4))
            for place in range(at, stop, 8)
        )

    def _spans(self, data_set: DataSet) -> Iterator[tuple[int, int]]:
        for element in data_set.elements:
            if element.items is None:
                yield element.offset, self.stop(element)
                continue
            yield element.offset, element.start
            for item in element.items:
                yield item.start - 8, item.start
                yield from self._spans(item)


class Rewriter:
    """One object with its repairs. `content` is the new file."""

    def __init__(self, body: Body, repairs: Iterable[Repair]) -> None:
        self._body, self._parsed = body, body.parsed
        self._values: dict[int, bytes] = {}
        self._pads: dict[int, bytes] = {}
        self._vrs: dict[int, str] = {}
        self._removed: set[int] = set()
        self._sorted: set[int] = set()
        self._added: dict[int, list[Added]] = {}
        self._meta_changed = False
        for repair in repairs:
            self._take(repair)

    def _take(self, repair: Repair) -> None:
        inside: DataSet | None = None
        if isinstance(repair, NewValue):
            self._values[id(repair.element)] = repair.raw
            inside = repair.element.inside
        elif isinstance(repair, Padded):
            self._pads[id(repair.element)] = repair.pad
            inside = repair.element.inside
        elif isinstance(repair, NewVr):
            self._vrs[id(repair.element)] = repair.vr
        elif isinstance(repair, Removed):
            self._removed.add(id(repair.element))
        elif isinstance(repair, Sorted):
            self._sorted.add(id(repair.data_set))
        elif isinstance(repair, Added):
            self._added.setdefault(id(repair.data_set), []).append(repair)
            inside = repair.data_set
        if inside is self._parsed.meta or (isinstance(repair, Rewritten) and repair.part == "meta"):
            self._meta_changed = True

    @property
    def content(self) -> bytes:
        """The whole file."""
        body, parsed = self._body, self._parsed
        preamble = body.content[:128] if parsed.meta_start == 132 else bytes(128)
        meta = self._meta() if self._meta_changed else body.content[parsed.meta_start : parsed.meta_end]
        front = body.data[body.start : parsed.root.start]
        data = front + self._data_set(parsed.root)
        if body.is_deflated:
            data = body.content[parsed.data_start :] if data == body.data else _deflated(data)
        return b"".join((preamble, b"DICM", meta, data))

    def _meta(self) -> bytes:
        """The file meta information in Explicit VR Little Endian, with its length in front (PS3.10 7.1)."""
        meta = self._parsed.meta
        written = [(one.tag, one.written or one.known.vr, self._meta_value(one)) for one in meta.elements]
        written += [(one.tag, one.vr, one.raw) for one in self._added.get(id(meta), ())]
        elements = b"".join(
            _explicit(tag, vr, raw) for tag, vr, raw in sorted(written, key=lambda one: one[0]) if tag != _META_LENGTH
        )
        return _explicit(_META_LENGTH, "UL", len(elements).to_bytes(4, "little")) + elements

    def _meta_value(self, element: Element) -> bytes:
        stop = element.start + element.length
        return self._values.get(id(element), self._body.content[element.start : stop]) + self._pads.get(
            id(element), b""
        )

    def _data_set(self, data_set: DataSet) -> bytes:
        elements = [one for one in data_set.elements if id(one) not in self._removed]
        if id(data_set) in self._sorted:
            elements.sort(key=lambda one: one.tag)
        written = [(one.tag, self._element(one)) for one in elements]
        for added in self._added.get(id(data_set), ()):
            place = next((at for at, (tag, _) in enumerate(written) if tag > added.tag), len(written))
            head = self._head(added.tag, self._new_vr(data_set, added), len(added.raw))
            written.insert(place, (added.tag, head + added.raw))
        return b"".join([content for _, content in written])

    def _new_vr(self, data_set: DataSet, added: Added) -> str:
        """The VR to write for an element that is added; "" in a data set of implicit VR."""
        if data_set.elements:
            return added.vr if data_set.elements[0].written else ""
        return added.vr if self._parsed.explicit else ""

    def _element(self, element: Element) -> bytes:
        body = self._body
        if element.items is not None:
            return self._sequence(element, element.items)
        stop = body.stop(element)
        raw = self._values.get(id(element))
        if raw is None and id(element) not in self._vrs and id(element) not in self._pads:
            whole = body.data[element.offset : stop]
            return whole if element.length != UNDEFINED else whole + self._end(SEQUENCE_END)
        raw = (body.data[element.start : stop] if raw is None else raw) + self._pads.get(id(element), b"")
        length = len(raw) if element.length != UNDEFINED else UNDEFINED
        end = b"" if element.length != UNDEFINED else self._end(SEQUENCE_END)
        return self._changed_head(element, length) + raw + end

    def _sequence(self, element: Element, items: list[DataSet]) -> bytes:
        content = b"".join(map(self._item, items))
        if element.length == UNDEFINED:
            return self._changed_head(element, UNDEFINED) + content + self._end(SEQUENCE_END)
        return self._changed_head(element, len(content)) + content

    def _item(self, item: DataSet) -> bytes:
        content = self._data_set(item)
        if self._body.number(item.start - 4) == UNDEFINED:
            return self._body.tag(ITEM) + self._body.size(UNDEFINED) + content + self._end(ITEM_END)
        return self._body.tag(ITEM) + self._body.size(len(content)) + content

    def _changed_head(self, element: Element, length: int) -> bytes:
        """The head of an element with another length, or VR; its other bytes stay as they are."""
        vr = self._vrs.get(id(element))
        if vr is not None:
            return self._head(element.tag, vr, length)
        old = self._body.data[element.offset : element.start]
        size = 4 if len(old) == 12 or not element.written else 2
        return old[:-size] + self._body.size(length, size)

    def _head(self, tag: int, vr: str, length: int) -> bytes:
        body = self._body
        if not vr:
            return body.tag(tag) + body.size(length)
        if vr.encode() in LONG_VRS:
            return body.tag(tag) + vr.encode() + bytes(2) + body.size(length)
        return body.tag(tag) + vr.encode() + body.size(length, 2)

    def _end(self, delimiter: int) -> bytes:
        return self._body.tag(delimiter) + bytes(4)


def _explicit(tag: int, vr: str, raw: bytes) -> bytes:
    """One element in Explicit VR Little Endian."""
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr.encode()
    if vr.encode() in LONG_VRS:
        return head + bytes(2) + len(raw).to_bytes(4, "little") + raw
    return head + len(raw).to_bytes(2, "little") + raw


def _deflated(data: bytes) -> bytes:
    """A deflate stream without zlib header, padded to an even length (PS3.5 A.5)."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    stream = packer.compress(data) + packer.flush()
    return stream + bytes(len(stream) % 2)
