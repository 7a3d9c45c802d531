"""Finds the files below some paths, without trusting names, links or what the folders will hold a moment later."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tagwise.errors import SourceMissing

if TYPE_CHECKING:
    from collections.abc import Container, Iterator


class Entry(NamedTuple):
    """One thing to read: a file, or a folder that could not be listed, of which the reader will say why.

    Size in bytes and time of change in nanoseconds are None where there is no regular file.
    """

    path: str
    size: int | None
    modified: int | None


def shown_path(path: str) -> str:
    """The path as text: as it is, or as a `file:` URI (RFC 8089) where its bytes are not UTF-8.

    An absolute path never starts with `file:`, so no two files share a text.

    >>> shown_path("/data/IM0001")
    '/data/IM0001'
    """
    if path.isascii():
        return path
    name = os.fsencode(path)  # not `path` itself: its characters depend on the locale, the bytes do not
    try:
        return name.decode()
    except UnicodeDecodeError:
        return _uri(name)


def _uri(name: bytes) -> str:
    return "file://" + quote_from_bytes(name)


def shown_below(folder: str) -> tuple[str, ...]:
    """What the texts of all paths below a folder start with: the folder may be UTF-8 where a name in it is not.

    >>> shown_below("/my data")
    ('/my data/', 'file:///my%20data/')
    """
    inside = folder.rstrip(os.sep) + os.sep
    return tuple(dict.fromkeys((shown_path(inside), _uri(os.fsencode(inside)))))


def real_path(shown: str) -> bytes:
    r"""What `shown_path` was made from, for the operating system.

    >>> real_path("file:///data/IM%FF")
    b'/data/IM\xff'
    """
    return unquote_to_bytes(shown.removeprefix("file://")) if shown.startswith("file://") else shown.encode()


def reason_of(error: OSError | ValueError) -> str:
    """What the operating system says, in its own words and without the path; of a ValueError, what Python says.

    >>> reason_of(PermissionError(13, "Permission denied", "/x"))
    'permission denied'
    """
    text = (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
    return text[:1].lower() + text[1:]


def storable_time(nanoseconds: int) -> int:
    """A time of change as the index can hold it, in 64 bits: a damaged clock or inode may say any year."""
    return max(-(2**63), min(nanoseconds, 2**63 - 1))


class Walk:
    """The files below `roots`: iterate once, then ask `unlisted` for folders that could not be listed.

    Symbolic links to files and folders are followed; what a link leads to is read once, also when it lies below a root
    or when links form a loop. Memory grows with the number of links, not with the number of files.

    Args:
        skip: Files and folders to leave out, by their real paths: by whatever links the walk comes there.

    Raises:
        SourceMissing: No root is given, or one does not exist or is a folder that cannot be listed.
    """

    def __init__(self, roots: tuple[str, ...], *, skip: frozenset[str] = frozenset()) -> None:
        if not roots:
            raise SourceMissing("there is nothing to scan: no path is given")
        self.roots = tuple(dict.fromkeys(map(_listable, roots)))
        self.unlisted: list[str] = []
        self._skip = skip
        self._skip_names = frozenset(map(os.path.basename, skip))
        self._links: list[tuple[str, str]] = []
        self._real_roots = [(os.path.realpath(root), root) for root in self.roots]
        self._covered = {real for real, _ in self._real_roots}

    def __iter__(self) -> Iterator[Entry]:
        done: set[str] = set()
        # Outermost first, so that a root inside another root is not read twice.
        for real, root in sorted(self._real_roots):
            if _is_below(real, done):
                continue
            done.add(real)
            yield from self._below(root) if os.path.isdir(root) else self._file(root)  # noqa: PTH112 - never raises
        yield from self._linked()

    def _linked(self) -> Iterator[Entry]:
        """Read what links lead to outside the roots: folders first, outermost first, so that nothing is read twice."""
        folders: set[str] = set()
        files: dict[str, str] = {}
        while self._links:
            found, self._links = sorted(self._links), []
            for real, link in found:
                if _is_below(real, folders):
                    continue
                if os.path.isdir(real):  # noqa: PTH112 - never raises
                    folders.add(real)
                    yield from self._below(link)
                else:
                    files.setdefault(real, link)
        for real, link in files.items():
            if not _is_below(real, folders):
                yield from self._file(link)

    def _link(self, link: str) -> Iterator[Entry]:
        """Keep a link that leads out of the roots for later; one that leads nowhere is a file that cannot be read."""
        real = os.path.realpath(link)
        if not os.path.lexists(real) or real == link or Path(real).is_symlink():
            yield Entry(link, None, None)
        elif not _is_below(real, self._covered):
            self._links.append((real, link))

    def _below(self, top: str) -> Iterator[Entry]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as listing:
                    for entry in listing:
                        if entry.is_symlink():
                            yield from self._link(entry.path)
                        elif entry.is_dir(follow_symlinks=False):
                            if not self._skips(entry.path):
                                folders.append(entry.path)
                        elif entry.name not in self._skip_names or not self._skips(entry.path):
                            yield _entry(entry.path, entry)
            except OSError:
                self.unlisted.append(folder)
                yield Entry(folder, None, None)

    def _file(self, path: str) -> Iterator[Entry]:
        if not self._skips(path):
            yield _entry(path, None)

    def _skips(self, path: str) -> bool:
        return os.path.basename(path) in self._skip_names and os.path.realpath(path) in self._skip  # noqa: PTH119


def _entry(path: str, listed: os.DirEntry[str] | None) -> Entry:
    try:
        facts = listed.stat(follow_symlinks=False) if listed else os.stat(path)  # noqa: PTH116 - as DirEntry.stat
    except OSError:
        # Vanished since it was listed, or a link that leads nowhere: the reader will say so in its own words.
        return Entry(path, None, None)
    size = facts.st_size if stat.S_ISREG(facts.st_mode) else None
    return Entry(path, size, storable_time(facts.st_mtime_ns))


def _listable(root: str) -> str:
    """The absolute path of a root that is there, its links kept as named."""
    if not root:
        raise SourceMissing("an empty path cannot be scanned", hint="The current folder is called '.' here.")
    try:
        top = os.path.abspath(root)  # noqa: PTH100 - keeps links as named
        if stat.S_ISDIR(os.stat(top).st_mode):  # noqa: PTH116 - Path.is_dir hides some errors
            with os.scandir(top):
                pass
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        hint = "Check the spelling and that the disk is mounted; nothing was scanned and no index was changed."
        raise SourceMissing(f"{shown_path(root)!r} cannot be scanned: {reason_of(error)}", hint=hint) from error
    return top


def _is_below(path: str, folders: Container[str]) -> bool:
    """Tell whether the path or a folder that it lies in is one of these."""
    while path not in folders:
        path, inner = os.path.dirname(path), path  # noqa: PTH120 - a hundred times faster
        if path == inner:
            return False
    return True
