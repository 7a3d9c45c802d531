"""The bytes of a container and of its members: of a file or in memory at any offset, inflated only forwards.

What is not asked for is not read; what is inflated is counted, so that a small container cannot cost hours.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from tagwise.errors import DamagedEncoding, FileUnavailable, LimitExceeded
from tagwise.scanning.window import MAX_WALKED, WINDOW, Window

if TYPE_CHECKING:
    from collections.abc import Callable

RATIO = 250
"""How many times its size a container may inflate to, beyond FREE bytes: images reach 20, zeros 1,030."""

FREE = 1 << 30

RAW, GZIP_HEAD = -zlib.MAX_WBITS, zlib.MAX_WBITS + 16
"""Kinds of deflate streams, for zlib: bare as in ZIP, and with the head of a gzip file."""

_PIECE = 64 * 1024

_FED = 16 * 1024
"""Compressed bytes that are read at a time."""

_ENDLESS = 1 << 62

_KEPT = 1 << 20
"""Bytes of the start of a member that are kept for a second look while it is inflated."""


class Budget:
    """How many bytes may be inflated out of one container, with all that is in it."""

    def __init__(self, size: int) -> None:
        self._most = self._left = FREE + RATIO * size

    @property
    def spent(self) -> bool:
        """Whether nothing more may be inflated."""
        return self._left < 0

    def spend(self, amount: int) -> None:
        """Count inflated bytes.

        Raises:
            LimitExceeded: There are more than there may be.
        """
        self._left -= amount
        if self._left < 0:
            raise LimitExceeded(f"the container inflates to more than {self._most >> 20:,} MiB")


class FileContent:
    """A part of an open file. All contents have these members.

    `size` is None where only reading shows where the bytes end, `cut` says whether they stopped coming before
    their end, `broken` why further ones cannot be had.
    """

    def __init__(self, fd: int, start: int, size: int) -> None:
        self._fd, self._start = fd, start
        self.size: int | None = size
        self._size = size
        self.cut = False
        self.broken: DamagedEncoding | None = None

    def load(self, at: int, count: int) -> bytes:
        """So many bytes at an offset, fewer only where they end.

        Raises:
            FileUnavailable: The operating system refuses to read.
            LimitExceeded: They are inflated, and too many.
        """
        wanted = min(count, self._size - at)
        if wanted <= 0:
            return b""
        try:
            data = os.pread(self._fd, wanted, self._start + at)
            while len(data) < wanted and (more := os.pread(self._fd, wanted - len(data), self._start + at + len(data))):
                data += more
        except OSError as error:
            raise FileUnavailable(f"{error.strerror} at byte {self._start + at}") from error
        return data

    def again(self) -> FileContent:
        """The same bytes for a second look from their start; nobody looks at this one any more."""
        return self

    def reached(self, at: int) -> int:
        """Where the bytes end, as far as that is known, and not beyond an offset where there are none."""
        return at

    def whole(self, most: int) -> bytes | None:
        """All of it, None where that is more than so many bytes."""
        return self.load(0, self._size) if self._size <= most else None

    def part(self, start: int, size: int) -> FileContent:
        """A part of this part."""
        return FileContent(self._fd, self._start + start, max(0, min(size, self._size - start)))


class BytesContent:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size: int | None = len(data)
        self.cut = False
        self.broken: DamagedEncoding | None = None

    def load(self, at: int, count: int) -> bytes:
        return self._data[at : at + count]

    def again(self) -> BytesContent:
        return self

    def reached(self, at: int) -> int:
        return at

    def whole(self, most: int) -> bytes | None:
        return self._data if len(self._data) <= most else None

    def part(self, start: int, size: int) -> BytesContent:
        """A part of the bytes."""
        return BytesContent(self._data[start : start + size])


class Inflating:
    """A deflate stream that is read forwards, no further than asked; gzip data may have several, one after the other.

    Args:
        load: Gives the compressed bytes: offset and count in, bytes out.
        kind: RAW or GZIP_HEAD.
    """

    def __init__(self, load: Callable[[int, int], bytes], kind: int, budget: Budget) -> None:
        self._load, self._input_at, self._kind, self._budget = load, 0, kind, budget
        self._inflater = zlib.decompressobj(kind)
        self._tail = b""
        self.position = 0
        """How many bytes have been inflated."""
        self.ended = self.cut = False
        self.broken: DamagedEncoding | None = None

    def read(self, most: int) -> bytes:
        """The next bytes, at least one and at most so many; none at the end.

        Raises:
            LimitExceeded: The container inflates to too much.
            FileUnavailable: The operating system refuses to read.
        """
        while most > 0 and not (self.ended or self.cut or self.broken):
            fed = self._tail or self._input()
            try:
                piece = self._inflater.decompress(fed, most)
            except zlib.error as error:
                self.broken = DamagedEncoding(f"the compressed bytes break after {self.position} bytes ({error})")
                return b""
            self._tail = self._inflater.unconsumed_tail
            if self._inflater.eof:
                self._next_stream()
            if piece:
                self.position += len(piece)
                self._budget.spend(len(piece))
                return piece
            self.cut = not (fed or self.ended)
        return b""

    def skip_to(self, position: int) -> None:
        """Inflate up to there without keeping anything."""
        while self.position < position and self.read(min(position - self.position, _PIECE)):
            pass

    def _input(self) -> bytes:
        fed = self._load(self._input_at, _FED)
        self._input_at += len(fed)
        return fed

    def _next_stream(self) -> None:
        """Go on with a further stream of gzip data (RFC 1952 2.2); what is none is left over, as gzip itself does."""
        rest = self._inflater.unused_data
        if self._kind == GZIP_HEAD and len(rest) < 2:
            rest += self._input()
        if self._kind != GZIP_HEAD or rest[:2] != b"\x1f\x8b":
            self.ended = True
            return
        self._inflater, self._tail = zlib.decompressobj(self._kind), rest


class Section:
    """A part of a stream as a stream of its own.

    Args:
        start: Bytes of it that have been read from the stream already.
    """

    def __init__(self, source: Stream, size: int | None, start: bytes) -> None:
        self._source, self._size, self._start = source, size, start
        self.position = 0

    @property
    def ended(self) -> bool:
        return self.position == self._size or (self._source.ended and not self._start)

    @property
    def cut(self) -> bool:
        return self._source.cut or (self.ended and self._size is not None and self.position < self._size)

    @property
    def broken(self) -> DamagedEncoding | None:
        return self._source.broken

    def read(self, most: int) -> bytes:
        """As `Inflating.read`."""
        if self._start:
            piece, self._start = self._start[:most], self._start[most:]
        else:
            piece = self._source.read(most if self._size is None else min(most, self._size - self.position))
        self.position += len(piece)
        return piece

    def skip_to(self, position: int) -> None:
        """As `Inflating.skip_to`."""
        while self.position < position and self.read(min(position - self.position, _PIECE)):
            pass


class InflatedContent:
    """What a stream inflates to, from where it stands on.

    Further back than the last load there is nothing any more, unless all of it is within the first MiB.
    """

    def __init__(self, source: Stream, size: int | None = None) -> None:
        self.size = size
        self._source, self._start = source, source.position
        self._at, self._kept = 0, b""

    @property
    def cut(self) -> bool:
        return self._source.cut or (self.size is not None and self._source.ended and self._position < self.size)

    @property
    def broken(self) -> DamagedEncoding | None:
        return self._source.broken

    @property
    def _position(self) -> int:
        return self._source.position - self._start

    def load(self, at: int, count: int) -> bytes:
        if at > MAX_WALKED:
            raise LimitExceeded(f"the wanted elements are not within {MAX_WALKED >> 20} MiB of the member")
        end = at + count if self.size is None else min(at + count, self.size)
        while self._position < end and (piece := self._source.read(min(end - self._position, _PIECE))):
            self._keep(piece, at)
        return self._kept[at - self._at : end - self._at] if self._at <= at < end else b""

    def _keep(self, piece: bytes, at: int) -> None:
        self._kept += piece
        if self._position > _KEPT and at > self._at:
            left_out = min(at - self._at, len(self._kept))
            self._kept = self._kept[left_out:]
            self._at += left_out

    def stream(self) -> Section:
        """All of it as a stream; only its first bytes may have been loaded before."""
        return Section(self._source, self.size, self._kept)

    def again(self) -> Content:
        return self if not self._at else BytesContent(b"")

    def reached(self, at: int) -> int:
        return min(at, self._position)

    def whole(self, most: int) -> bytes | None:
        pieces, count = [self._kept], len(self._kept)
        while piece := self._source.read(_PIECE if self.size is None else min(_PIECE, self.size - self._position)):
            pieces.append(piece)
            count += len(piece)
            if count > most:
                return None
        return b"".join(pieces)


Stream = Inflating | Section
Content = FileContent | BytesContent | InflatedContent


class ContentWindow(Window):
    """A window on a member; where its size is not known, its end is where its bytes end."""

    __slots__ = ("_content", "size")

    where = "the member"

    def __init__(self, content: Content, chunk: int = WINDOW) -> None:
        super().__init__(chunk)
        self._content = content
        self.size = _ENDLESS if content.size is None else content.size

    def reach(self, end: int) -> int:
        if self.size == _ENDLESS and end > 0:
            self.load(end - 1, 1)
        return min(end, self.size)

    def load(self, at: int, count: int) -> bytes:
        expected = min(count, self.size - at)
        if expected <= 0:
            return b""
        data = self._content.load(at, expected)
        if len(data) < expected:
            self.cut = self.size != _ENDLESS or self._content.cut
            self.broken = self._content.broken
            self.size = at + len(data) if data else self._content.reached(at)
        return data

    def again(self) -> ContentWindow:
        return ContentWindow(self._content.again(), self._chunk)
