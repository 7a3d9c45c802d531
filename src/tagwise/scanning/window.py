"""The bytes of one object, a window at a time: of a file, of bytes in memory, of a deflated data set.

Whoever walks an object asks for the few bytes it needs next. Nothing here knows what an element is.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from typing import TYPE_CHECKING

from tagwise.errors import DamagedEncoding, FileUnavailable, LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 8192
"""Bytes of one read: the header of a CT or MR image up to (0028,0011) fits."""

MAX_WALKED = 128 * 1024 * 1024
"""Bytes of one object that are read, or inflated, at most. It bounds the time that a hostile object can take."""

_STEP = 2048
"""Bytes that are inflated at a time."""


class Window:
    """A part of an object in memory, `data`, which starts at the offset `base` and only moves forward.

    `text` is `data` in Latin-1, so that a slice of it is a value without a further step.
    `cut` says that the bytes stopped coming before the end that was announced, `broken` why they cannot be had.
    """

    __slots__ = ("_chunk", "_digest", "_hashed", "_walked", "base", "broken", "cut", "data", "text")

    where = "the file"

    def __init__(self, chunk: int = WINDOW) -> None:
        self.base = 0
        self.data = b""
        self.text = ""
        self.cut = False
        self.broken: DamagedEncoding | None = None
        self._chunk = chunk
        self._walked = 0
        self._digest: hashlib.blake2b | None = None
        self._hashed = 0

    def ready(self, at: int, need: int) -> int:
        """Position in `data` of the offset `at`, with `need` bytes from there on or all there are.

        Raises:
            LimitExceeded: More than MAX_WALKED bytes would be in memory one after the other.
            FileUnavailable: The operating system refuses to read.
        """
        position = at - self.base
        if position + need <= len(self.data):
            return position
        self._hash_to(at)
        data = self.load(at, max(need, self._chunk))
        self._count(len(data))
        self._hold(at, data)
        return 0

    def reach(self, end: int) -> int:
        """The offset `end`, or the end of the object where that comes first; nothing before it is needed any more."""
        raise NotImplementedError

    def start_digest(self, at: int) -> None:
        """Let the header digest begin at the offset `at`."""
        self._digest = None
        self._hashed = at

    def leave_out(self, start: int, end: int) -> None:
        """Keep the bytes from `start` to `end` out of the header digest."""
        self._hash_to(start)
        self._hashed = end

    def finish_digest(self, end: int) -> str:
        """The digest of everything up to the offset `end` but what was left out."""
        if self._digest is None:  # all of it is in one window: the usual case
            part = memoryview(self.data)[self._hashed - self.base : end - self.base]
            return hashlib.blake2b(part, digest_size=16).hexdigest()
        self._hash_to(end)
        return self._digest.hexdigest()

    def _hold(self, base: int, data: bytes) -> None:
        self.base = base
        self.data = data
        self.text = data.decode("latin-1")

    def _hash_to(self, at: int) -> None:
        if self._hashed < at:
            if self._digest is None:
                self._digest = hashlib.blake2b(digest_size=16)
            self._digest.update(memoryview(self.data)[self._hashed - self.base : at - self.base])
            self._hashed = at

    def _count(self, amount: int) -> None:
        self._walked += amount
        if self._walked > MAX_WALKED:
            raise LimitExceeded(f"the wanted elements are not within {MAX_WALKED >> 20} MiB of {self.where}")

    def load(self, at: int, count: int) -> bytes:
        raise NotImplementedError

    def again(self) -> Window:
        """A window on the same bytes that is at their start, for a second look without a digest."""
        raise NotImplementedError


class BytesWindow(Window):
    """A window on an object that is in memory already."""

    __slots__ = ("_content", "size")

    where = "the object"

    def __init__(self, content: bytes, chunk: int = WINDOW) -> None:
        super().__init__(chunk)
        self._content = content
        self.size = len(content)

    def reach(self, end: int) -> int:
        return min(end, self.size)

    def load(self, at: int, count: int) -> bytes:
        return self._content[at : at + count]

    def again(self) -> BytesWindow:
        return BytesWindow(self._content, self._chunk)


class FileWindow(Window):
    """A window on an open file of a known size; what is skipped is never read."""

    __slots__ = ("_fd", "size")

    def __init__(self, fd: int, size: int, chunk: int = WINDOW) -> None:
        super().__init__(chunk)
        self._fd = fd
        self.size = size

    def reach(self, end: int) -> int:
        return min(end, self.size)

    def load(self, at: int, count: int) -> bytes:
        expected = min(count, self.size - at)
        if expected <= 0:
            return b""
        try:
            data = os.pread(self._fd, expected, at)
            while len(data) < expected:  # a network file system may return less than there is
                more = os.pread(self._fd, expected - len(data), at + len(data))
                if not more:
                    self.size = at + len(data)
                    self.cut = True
                    break
                data += more
        except OSError as error:
            raise FileUnavailable(f"{error.strerror} at byte {at}") from error
        return data

    def again(self) -> FileWindow:
        return FileWindow(self._fd, self.size, self._chunk)


class InflatedWindow(Window):
    """A window on a deflated data set (PS3.5 A.5), inflated no further than asked and never kept.

    Args:
        load: Gives the compressed bytes: offset and count in, bytes out.
        start: Where in the file the deflate stream begins.
    """

    __slots__ = ("_inflated", "_inflater", "_input_at", "_load_input", "_start", "_tail")

    where = "the inflated data set"

    def __init__(self, load: Callable[[int, int], bytes], start: int, chunk: int = WINDOW) -> None:
        super().__init__(chunk)
        self._load_input = load
        self._start = self._input_at = start
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._inflated = 0
        self._tail = b""

    def reach(self, end: int) -> int:
        last = b""
        while self._inflated < end and (piece := self._inflate()):
            self._count(len(piece))
            last = piece
        if last:
            self._hold(self._inflated - len(last), last)
        return min(end, self._inflated)

    def load(self, at: int, count: int) -> bytes:
        if self.reach(at) < at:
            return b""
        pieces = [self.data[at - self.base :]]
        while self._inflated < at + count and (piece := self._inflate()):
            pieces.append(piece)
        return b"".join(pieces)

    def again(self) -> InflatedWindow:
        return InflatedWindow(self._load_input, self._start, self._chunk)

    def _inflate(self) -> bytes:
        """The next bytes of the data set, none at its end.

        How many does not depend on what is asked for: so the good part of a broken stream is always the same.
        """
        inflater = self._inflater
        while not (inflater.eof or self.cut or self.broken):
            compressed = self._tail
            if not compressed:
                compressed = self._load_input(self._input_at, 4096)
                self._input_at += len(compressed)
            try:
                piece = inflater.decompress(compressed, _STEP)
            except zlib.error as error:
                detail = f"the deflate stream breaks after {self._inflated} bytes of the data set ({error})"
                self.broken = DamagedEncoding(detail)
                break
            self._tail = inflater.unconsumed_tail
            if piece:
                self._inflated += len(piece)
                return piece
            self.cut = not compressed
        return b""
