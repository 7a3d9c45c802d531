"""Goes through one container member by member, through containers in it too, whatever becomes of its objects."""

from __future__ import annotations

import abc
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Generic, TypeVar

from tagwise.errors import EmptyFile, FileUnavailable, LimitExceeded, NotSupported, ReadError
from tagwise.scanning.containers import magic, tar_archive, zip_archive
from tagwise.scanning.containers.content import (
    GZIP_HEAD,
    Budget,
    BytesContent,
    FileContent,
    InflatedContent,
    Inflating,
)
from tagwise.scanning.containers.member import INSIDE, Member
from tagwise.scanning.window import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.containers.content import Content

Made = TypeVar("Made")

MAX_DEPTH = 2
"""Containers inside each other that are looked into: an archive, and one in it. A TAR in gzip data is one."""

MAX_MEMBERS = 1_000_000
"""Members of a container that are read; their names are remembered, 64 bits each, to tell two of one name apart."""

_MOST_HELD = 64 * 1024 * 1024
"""Bytes of a compressed ZIP archive inside another container: it is read from its end, so it has to be in memory."""


class Inside(abc.ABC, Generic[Made]):
    """One container on disk with all that is in it; who inherits says what is made of each object.

    Args:
        size: Bytes of the container: a multiple of them may be inflated.
    """

    def __init__(self, size: int) -> None:
        self._budget, self._size = Budget(size), size
        self._names: set[int] = set()

    @abc.abstractmethod
    def _object(self, name: str, size: int | None, content: Content, start: bytes) -> Made:
        """What becomes of a member that is no container; `start` are its first bytes."""

    @abc.abstractmethod
    def _described(self, kind: str, content: Content, within: str) -> Iterator[Made]:
        """What becomes of metadata as JSON or XML."""

    @abc.abstractmethod
    def _failed(self, name: str, size: int | None, error: ReadError | None) -> Made:
        """What becomes of a member that cannot be had, or with the name "" of the container."""

    def all(self, content: FileContent, file_name: str) -> Iterator[Made]:
        """All that is inside; the last one may be about the container, which is then damaged or too large."""
        try:
            kind = magic.kind_of(content.load(0, WINDOW))
            yield from self._inside(kind, content, "", file_name, 1)
        except ReadError as error:
            yield self._failed("", self._size, error)

    def _inside(self, kind: str, content: Content, within: str, file_name: str, depth: int) -> Iterator[Made]:
        """What is in a container. `within` is its own name in the one around it, "" for a file."""
        if kind in (magic.JSON, magic.XML):
            yield from self._described(kind, content, within)
            return
        for member in self._members(kind, content, file_name):
            name = within + INSIDE + member.name if within and member.name else within or member.name
            if member.name:
                name = self._unused(name)
            if member.content is None:
                yield self._failed(name, member.size if within or member.name else self._size, member.error)
            else:
                yield from self._member(name, member, depth)
            if self._budget.spent or len(self._names) >= MAX_MEMBERS:
                self._refuse()

    def _refuse(self) -> None:
        self._budget.spend(0)
        raise LimitExceeded(f"the container has more than {MAX_MEMBERS:,} members; the others were not read")

    def _members(self, kind: str, content: Content, file_name: str) -> Iterator[Member]:
        if kind == magic.ZIP:
            if not isinstance(content, FileContent | BytesContent):
                held = content.whole(_MOST_HELD)
                if held is None:
                    error = NotSupported(f"a ZIP archive of more than {_MOST_HELD >> 20} MiB is compressed once more")
                    yield Member("", content.size, None, error)
                    return
                content = BytesContent(held)
            yield from zip_archive.members(content, self._budget)
        elif kind == magic.TAR:
            yield from tar_archive.members(content.stream() if isinstance(content, InflatedContent) else content)
        elif kind == magic.GZIP:
            yield from self._gzip(content, file_name)

    def _gzip(self, content: Content, file_name: str) -> Iterator[Member]:
        """The one member of gzip data, or those of the TAR archive in it."""
        inflated = InflatedContent(Inflating(content.load, GZIP_HEAD, self._budget))
        if magic.kind_of(inflated.load(0, WINDOW)) == magic.TAR:
            yield from tar_archive.members(inflated.stream())
        else:
            name = file_name[:-3] if file_name[-3:].lower() == ".gz" and len(file_name) > 3 else file_name
            yield Member(name, _stated_size(content), inflated)

    def _member(self, name: str, member: Member, depth: int) -> Iterator[Made]:
        content = member.content
        if content is None:
            return
        try:
            start = content.load(0, WINDOW)
        except ReadError as error:
            yield self._failed(name, member.size, error)
            return
        if not start:
            yield self._failed(name, member.size, content.broken or EmptyFile("the member has no bytes"))
        elif kind := magic.kind_of(start) if start[128:132] != b"DICM" else "":
            if depth >= MAX_DEPTH and kind not in (magic.JSON, magic.XML):
                deep = LimitExceeded(f"{kind} inside {MAX_DEPTH} containers is not looked into")
                yield self._failed(name, member.size, deep)
            else:
                yield from self._inside(kind, content, name, PurePosixPath(name).name, depth + 1)
        else:
            yield self._object(name, member.size, content, start)

    def _unused(self, name: str) -> str:
        """The name, with a number where the container has a member of this name already."""
        unused, number = name, 1
        while (mark := hash(unused)) in self._names:
            number += 1
            unused = f"{name}!{number}"
        self._names.add(mark)
        return unused


def unavailable(error: OSError | ValueError) -> FileUnavailable:
    """Why a container cannot be opened or read; a path with a NUL is a ValueError."""
    return FileUnavailable((isinstance(error, OSError) and error.strerror) or str(error))


def _stated_size(content: Content) -> int | None:
    """What gzip data says at its end about its size (RFC 1952 2.3.1); None where the end is not at hand."""
    if not isinstance(content, FileContent | BytesContent) or (content.size or 0) < 18:
        return None
    return int.from_bytes(content.load((content.size or 4) - 4, 4), "little")
