"""The members of a container as they are, for who needs all bytes of an object and not its header alone."""

from __future__ import annotations

import os
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import FileUnavailable, LimitExceeded, ReadError
from tagwise.scanning.containers import magic
from tagwise.scanning.containers.content import FileContent
from tagwise.scanning.containers.inside import Inside, unavailable
from tagwise.scanning.reader import OPEN_FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.containers.content import Content

MOST = 512 * 1024 * 1024
"""Bytes of a member that are held in memory."""


class WholeMember(NamedTuple):
    """A member, or what keeps it, or the container, from being read."""

    name: str
    """What stands behind the container in its path; "": this is about the container."""
    content: bytes | ReadError


def is_container(path: str) -> bool:
    """Whether this is a ZIP or TAR archive or gzip data, by its first bytes; a file that cannot be read is none."""
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        start = os.pread(descriptor, 512, 0)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return start[128:132] != b"DICM" and magic.kind_of(start) in (magic.ZIP, magic.TAR, magic.GZIP)


def members(path: str, only: str | None = None) -> Iterator[WholeMember]:
    """The members of a container, in its order, those of containers in it too (docs/containers.md).

    Args:
        only: The name of the one member whose bytes are wanted; the others come without theirs.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError) as error:
        yield WholeMember("", unavailable(error))
        return
    try:
        size = os.fstat(descriptor).st_size
        yield from _Whole(size, only).all(FileContent(descriptor, 0, size), PurePosixPath(path).name)
    except OSError as error:
        yield WholeMember("", unavailable(error))
    finally:
        os.close(descriptor)


class _Whole(Inside[WholeMember]):
    """Members with their bytes."""

    def __init__(self, size: int, only: str | None) -> None:
        super().__init__(size)
        self._only = only

    def _object(self, name: str, size: int | None, content: Content, start: bytes) -> WholeMember:  # noqa: ARG002 - for who reads the start only
        if self._only is not None and name != self._only:
            return WholeMember(name, b"")
        too_large = LimitExceeded(f"a member of more than {MOST >> 20} MiB is not checked in its container: unpack it")
        if size is not None and size > MOST:
            return WholeMember(name, too_large)
        try:
            held = content.whole(MOST)
        except ReadError as error:
            return WholeMember(name, error)
        if held is None:
            return WholeMember(name, too_large)
        # Where the stream broke the object ends early, but the stream is what is wrong.
        return WholeMember(name, content.broken or held)

    def _described(self, kind: str, content: Content, within: str) -> Iterator[WholeMember]:  # noqa: ARG002 - for who reads metadata
        yield self._object(within, content.size, content, b"")

    def _failed(self, name: str, size: int | None, error: ReadError | None) -> WholeMember:  # noqa: ARG002 - for who writes rows
        return WholeMember(name, error or FileUnavailable("nothing is known about it"))
