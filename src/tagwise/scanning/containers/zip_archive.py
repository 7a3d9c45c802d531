"""The members of a ZIP archive, by its central directory (APPNOTE 6.3), which is read in pieces and not believed.

Offsets and sizes lead only to reads within the file. Members that overlap are read like all others, their headers only.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import DamagedEncoding, NotSupported, Truncated
from tagwise.scanning.containers.content import RAW, InflatedContent, Inflating
from tagwise.scanning.containers.member import Member, name_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.containers.content import Budget, BytesContent, Content, FileContent

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")

_TAIL = 65_535 + _END.size
_PIECE = 256 * 1024
_FULL = 0xFFFFFFFF
_METHODS = {1: "shrink", 6: "implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}


class _Entry(NamedTuple):
    """What the central directory says about a member."""

    name: bytes
    flags: int
    method: int
    packed: int
    size: int
    offset: int
    attributes: int


def members(content: FileContent | BytesContent, budget: Budget) -> Iterator[Member]:
    """The files in the archive, in the order of its directory; what is wrong with it is a last one without name.

    Raises:
        FileUnavailable: The operating system refuses to read.
    """
    try:
        start, size, shift = _directory(content)
        for entry in _entries(content, start, size):
            if not _is_file(entry):
                continue
            name = _name(entry)
            try:
                yield Member(name, entry.size, _content(content, entry, shift, budget))
            except (DamagedEncoding, NotSupported) as error:
                yield Member(name, entry.size, None, error)
    except (Truncated, DamagedEncoding) as error:
        yield Member("", None, None, error)


def _directory(content: FileContent | BytesContent) -> tuple[int, int, int]:
    """Where the central directory begins, its length, and how far everything is shifted by bytes before the archive."""
    whole = content.size or 0
    base = max(0, whole - _TAIL)
    tail = content.load(base, _TAIL)
    at = tail.rfind(b"PK\5\6")
    while at >= 0 and not _ends_there(tail, at):
        at = tail.rfind(b"PK\5\6", 0, at)
    if at < 0:
        raise Truncated("the ZIP archive has no directory at its end: it is cut off, or was not finished", offset=whole)
    _, _, _, _, _, size, start, _ = _END.unpack_from(tail, at)
    end = base + at
    locator = content.load(end - _LOCATOR.size, _LOCATOR.size) if end >= _LOCATOR.size else b""
    if locator[:4] == b"PK\6\7":
        end = _LOCATOR.unpack(locator)[2]
        record = content.load(end, _END64.size)
        if len(record) < _END64.size or record[:4] != b"PK\6\6":
            raise DamagedEncoding("the directory of the ZIP archive (ZIP64) is not where the archive says")
        _, _, _, _, _, _, _, _, size, start = _END64.unpack(record)
    shift = end - size - start
    if shift < 0:
        raise DamagedEncoding("the directory of the ZIP archive is not where the archive says")
    return start + shift, size, shift


def _ends_there(tail: bytes, at: int) -> bool:
    return at + _END.size <= len(tail) and at + _END.size + _END.unpack_from(tail, at)[-1] <= len(tail)


def _entries(content: FileContent | BytesContent, at: int, size: int) -> Iterator[_Entry]:
    end, held = at + size, b""
    while True:
        if len(held) < _ENTRY.size + 3 * 65_535:
            held += content.load(at, min(_PIECE, end - at)) if at < end else b""
            at = min(end, at + _PIECE)
        if not held:
            return
        if len(held) < _ENTRY.size or held[:4] != b"PK\1\2":
            raise DamagedEncoding("the directory of the ZIP archive is damaged; what follows was not read")
        fields = _ENTRY.unpack_from(held)
        name_size, extra_size, comment_size = fields[10:13]
        after = _ENTRY.size + name_size + extra_size + comment_size
        name = held[_ENTRY.size : _ENTRY.size + name_size]
        extra = held[_ENTRY.size + name_size : _ENTRY.size + name_size + extra_size]
        packed, whole, offset = _long_numbers(extra, fields[8], fields[9], fields[16])
        yield _Entry(name, fields[3], fields[4], packed, whole, offset, fields[15])
        held = held[after:]


def _long_numbers(extra: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset, with those of ZIP64 (APPNOTE 4.5.3): only the ones that do not fit are there, in this order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size = next(numbers, size) if size == _FULL else size
            packed = next(numbers, packed) if packed == _FULL else packed
            offset = next(numbers, offset) if offset == _FULL else offset
        at += 4 + length
    return packed, size, offset


def _is_file(entry: _Entry) -> bool:
    """Whether the member is a file: no folder, and no link, device or pipe of a Unix system."""
    mode = entry.attributes >> 16 & 0o170000
    return not entry.name.endswith((b"/", b"\\")) and mode in (0, 0o100000)


def _name(entry: _Entry) -> str:
    """UTF-8 where the archive says so or where it is; else the code page that ZIP began with (APPNOTE D.1)."""
    name = entry.name
    if not entry.flags & 0x800:
        try:
            name.decode()
        except UnicodeDecodeError:
            name = name.decode("cp437").encode()
    return name_text(name)


def _content(content: FileContent | BytesContent, entry: _Entry, shift: int, budget: Budget) -> Content:
    if entry.flags & 0x2041:
        raise NotSupported("the member is encrypted")
    at = entry.offset + shift
    head = content.load(at, _LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise DamagedEncoding(f"the member is not at byte {at:,} of the ZIP archive, where its directory says")
    name_size, extra_size = _LOCAL.unpack(head)[-2:]
    packed = content.part(at + _LOCAL.size + name_size + extra_size, entry.packed)
    if entry.method == 0:
        return packed
    if entry.method != 8:
        method = _METHODS.get(entry.method, f"number {entry.method}")
        raise NotSupported(f"the member is compressed with a method that is not known here: {method}")
    return InflatedContent(Inflating(packed.load, RAW, budget), entry.size)
