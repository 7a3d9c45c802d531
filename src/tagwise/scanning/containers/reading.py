"""Rows of the members of one container, in answers of bounded size, whatever the container holds."""

from __future__ import annotations

import os
import stat
import time
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tagwise.errors import FileUnavailable, NotDicom, ReadError
from tagwise.scanning.containers import metadata
from tagwise.scanning.containers.content import ContentWindow, FileContent
from tagwise.scanning.containers.inside import Inside, unavailable
from tagwise.scanning.containers.member import INSIDE
from tagwise.scanning.reader import OPEN_FLAGS, Header, HeaderReader
from tagwise.scanning.references import Reference  # noqa: TC001 - msgspec reads the type at run time
from tagwise.scanning.walk import real_path, storable_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.scanning.columns import Column
    from tagwise.scanning.containers.content import Content

_MOST_ROWS, _MOST_TEXT, _LONGEST = 2_000, 8 * 1024 * 1024, 2.0
"""Rows, characters and seconds after which an answer is sent."""

_BARRIER = b"\x08\0\0\0ZZ\xff\xff" + bytes(8)
"""An element that the kernel never takes: a header that ends before it is complete."""


class MemberRows(msgspec.Struct, array_like=True):
    """Rows of one container, by column. All lists but `references` have one entry per row."""

    modified: int | None
    """When the container was changed, in nanoseconds."""
    size: int | None
    names: list[str]
    """What stands behind the container in the path of the row; "": the row is about the container itself."""
    sizes: list[int | None]
    digests: list[str | None]
    errors: list[str | None]
    values: list[list[str | None]]
    references: list[tuple[int, Reference]]
    """Row, and what its object refers to."""
    finished: bool
    """Whether these are the last rows of the container."""
    settled: bool
    """Whether the container need not be read again until it changes."""


class _Row(NamedTuple):
    name: str
    size: int | None
    header: Header


class ContainerReader:
    """Reads one container at a time: `begin` it, then ask for `more` until an answer says that it is finished."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._reader, self._width = HeaderReader(columns), len(columns)
        self._nothing: tuple[str | None, ...] = (None,) * self._width
        self._rows: Iterator[_Row] = iter(())
        self._size: int | None = None
        self._modified: int | None = None

    def begin(self, path: str) -> None:
        """Start with another container, by its path as `shown_path` wrote it."""
        self._size = self._modified = None
        self._rows = self._opened(path)

    def more(self) -> MemberRows:
        """Further rows of the container: the last ones, or as many as two seconds and some memory allow."""
        late, text = time.monotonic() + _LONGEST, 0
        rows: list[_Row] = []
        finished = True
        for row in self._rows:
            rows.append(row)
            text += sum(map(len, filter(None, row.header.values))) + 256 * len(row.header.references)
            if len(rows) >= _MOST_ROWS or text > _MOST_TEXT or time.monotonic() > late:
                finished = False
                break
        return self._answer(rows, finished=finished)

    def _answer(self, rows: list[_Row], *, finished: bool) -> MemberRows:
        errors = [row.header.read_error for row in rows]
        return MemberRows(
            self._modified,
            self._size,
            [row.name for row in rows],
            [row.size for row in rows],
            [row.header.header_digest for row in rows],
            errors,
            [[row.header.values[column] for row in rows] for column in range(self._width)],
            [(place, reference) for place, row in enumerate(rows) for reference in row.header.references],
            finished,
            settled=not any(error and error.startswith(FileUnavailable.reason) for error in errors),
        )

    def _opened(self, path: str) -> Iterator[_Row]:
        try:
            fd = os.open(real_path(path), OPEN_FLAGS)
        except (OSError, ValueError) as error:
            yield self._failed("", None, unavailable(error))
            return
        try:
            status = os.fstat(fd)
            self._size, self._modified = status.st_size, storable_time(status.st_mtime_ns)
            if not stat.S_ISREG(status.st_mode):
                yield self._failed("", None, FileUnavailable("it is not a regular file"))
                return
            content = FileContent(fd, 0, status.st_size)
            yield from _Rows(self._reader, status.st_size).all(content, PurePosixPath(path).name)
        except OSError as error:
            yield self._failed("", self._size, unavailable(error))
        finally:
            os.close(fd)

    def _failed(self, name: str, size: int | None, error: ReadError) -> _Row:
        return _Row(name, size, Header(self._nothing, None, str(error)))


class _Rows(Inside[_Row]):
    """The rows of a container."""

    def __init__(self, reader: HeaderReader, size: int) -> None:
        super().__init__(size)
        self._reader, self._nothing = reader, reader.nothing

    def _object(self, name: str, size: int | None, content: Content, start: bytes) -> _Row:
        return _Row(name, size, self._header(content, start))

    def _described(self, kind: str, content: Content, within: str) -> Iterator[_Row]:
        """The objects of metadata: one has the name of its file, several have numbers behind it."""
        found = (metadata.header(one, self._reader) for one in metadata.objects(kind, content, self._reader.last))
        name, size = within, content.size if within else self._size
        try:
            first, second = next(found, None), next(found, None)
            if second is None:
                error = first or Header(self._nothing, None, str(NotDicom("there is no object in it")))
                yield _Row(name, size, error)
                return
            for number, one in enumerate(chain((first, second), found), start=1):
                if one is not None:
                    name = self._unused(f"{within}{INSIDE}{number}" if within else f"{number}")
                    yield _Row(name, None, one)
        except ReadError as error:
            yield self._failed(within, size, error)

    def _header(self, content: Content, start: bytes) -> Header:
        """The header of an object: by the kernel where it is complete in the first bytes, else by the Python reader."""
        kernel = self._reader.kernel
        if kernel is not None:
            plain = kernel.read_bytes(start)
            # Twice, since the first bytes may end between two elements: then it would take them for the whole object.
            if plain and (content.size == len(start) or kernel.read_bytes(start + _BARRIER) == plain):
                return Header(plain[0], plain[1], None)
        return self._reader.read_window(ContentWindow(content))

    def _failed(self, name: str, size: int | None, error: ReadError | None) -> _Row:
        return _Row(name, size, Header(self._nothing, None, str(error)))
