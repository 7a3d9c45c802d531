"""The members of a TAR archive (POSIX.1-2017, pax): one pass over its heads, without trusting what they say.

Names and sizes may come from records before the head: of pax, and of GNU tar for long names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.errors import DamagedEncoding, NotSupported, Truncated
from tagwise.scanning.containers.content import BytesContent, FileContent, InflatedContent
from tagwise.scanning.containers.member import Member, name_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.errors import ReadError
    from tagwise.scanning.containers.content import Content, Stream

_BLOCK = 512
_LONGEST_RECORD = 1 << 20
_FILES = b"0\x007"
"""Types of members that are files. Links have no bytes of their own, folders and devices none at all."""


class _Parts:
    """An archive from front to back: of a file or in memory, or of a stream."""

    def __init__(self, content: FileContent | BytesContent | Stream) -> None:
        self._content = content
        self.at = 0

    def read(self, count: int) -> bytes:
        """The next bytes."""
        if isinstance(self._content, FileContent | BytesContent):
            data = self._content.load(self.at, count)
        else:
            pieces = []
            while count and (piece := self._content.read(count)):
                pieces.append(piece)
                count -= len(piece)
            data = b"".join(pieces)
        self.at += len(data)
        return data

    def member(self, size: int) -> Content:
        """The next bytes as a content."""
        if isinstance(self._content, FileContent | BytesContent):
            return self._content.part(self.at, size)
        return InflatedContent(self._content, size)

    def skip_to(self, at: int) -> bool:
        """Go on there; whether the archive reaches so far."""
        if isinstance(self._content, FileContent | BytesContent):
            self.at = at
            return at <= (self._content.size or 0)
        self._content.skip_to(at)
        self.at = self._content.position
        return self.at == at

    @property
    def cut(self) -> bool:
        return self._content.cut

    @property
    def broken(self) -> ReadError | None:
        return self._content.broken


def members(content: FileContent | BytesContent | Stream) -> Iterator[Member]:
    """The files in the archive. Each is to be read before the next one is asked for.

    What is wrong with the archive itself is a last member without a name.

    Raises:
        FileUnavailable: The operating system refuses to read.
        LimitExceeded: The archive inflates to too much.
    """
    parts = _Parts(content)
    try:
        yield from _members(parts)
    except (Truncated, DamagedEncoding) as error:
        yield Member("", None, None, error)


def _members(parts: _Parts) -> Iterator[Member]:
    long_name = b""
    records: dict[bytes, bytes] = {}
    while head := _head(parts):
        size, kind = _size(head, records.get(b"size", b"")), head[156:157]
        start, name = parts.at, records.get(b"path") or long_name or _name(head)
        after = start + -(-size // _BLOCK) * _BLOCK
        if kind in (b"L", b"x"):
            if size > _LONGEST_RECORD:
                raise DamagedEncoding(f"a record of the TAR archive before byte {start} has {size:,} bytes")
            record = parts.read(size)
            if kind == b"L":
                long_name = record.rstrip(b"\0")
            else:
                records = _pax(record)
        elif kind not in (b"g", b"K"):
            long_name, records_of, records = b"", records, {}
            if kind == b"S" or any(key.startswith(b"GNU.sparse") for key in records_of):
                yield Member(name_text(name), None, None, NotSupported("it is stored with holes, as a sparse file"))
            elif kind and kind in _FILES and not name.endswith(b"/"):
                yield Member(name_text(name), size, parts.member(size))
        if not parts.skip_to(after):
            raise parts.broken or Truncated(f"the TAR archive ends inside its member {name_text(name)!r}", offset=start)


def _head(parts: _Parts) -> bytes:
    """The next head, nothing at the end: a block of zeros, or no further block, since some writers leave it out."""
    at, head = parts.at, parts.read(_BLOCK)
    if parts.broken:
        raise parts.broken
    if not any(head) and not parts.cut:
        return b""
    if len(head) < _BLOCK:
        raise Truncated(f"the TAR archive ends inside the head at byte {at}", offset=at)
    if _number(head[148:156]) != sum(head[:148]) + sum(head[156:]) + 8 * 32:
        raise DamagedEncoding(
            f"there is no head of a member at byte {at} of the TAR archive; what follows was not read"
        )
    return head


def _number(digits: bytes) -> int:
    """A number of a head: octal digits, or binary where the first bit is set; -1 where it is neither."""
    if digits[0] & 0x80:
        return int.from_bytes(digits, "big") & ((1 << (8 * len(digits) - 1)) - 1)
    text = digits.strip(b" \0")
    return int(text, 8) if text and not text.strip(b"01234567") else 0 if not text else -1


def _size(head: bytes, pax: bytes) -> int:
    size = int(pax) if pax.isdigit() and len(pax) < 20 else _number(head[124:136])
    if not 0 <= size < 1 << 62:
        raise DamagedEncoding("a member of the TAR archive has a size that is no number")
    return size


def _name(head: bytes) -> bytes:
    name = head[:100].partition(b"\0")[0]
    prefix = head[345:500].partition(b"\0")[0] if head[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _pax(record: bytes) -> dict[bytes, bytes]:
    """The records of a pax head, `length key=value`; what does not have this form ends them."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(record):
        digits, _, _ = record[at : at + 20].partition(b" ")
        if not digits.isdigit() or not (length := int(digits)):
            break
        key, _, value = record[at + len(digits) + 1 : at + length - 1].partition(b"=")
        found[key] = value
        at += length
    return found
