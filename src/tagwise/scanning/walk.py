"""Finds the files below some paths, without trusting names, links or what the folders will hold a moment later."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tagwise.errors import SourceMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
    try:
        path.encode()
    except UnicodeEncodeError:
        return "file://" + quote_from_bytes(os.fsencode(path))
    return path


def real_path(shown: str) -> str | bytes:
    r"""What `shown_path` was made from, for the operating system.

    >>> real_path("file:///data/IM%FF")
    b'/data/IM\xff'
    """
    return unquote_to_bytes(shown.removeprefix("file://")) if shown.startswith("file://") else shown


def reason_of(error: OSError) -> str:
    """What the operating system says, in its own words and without the path.

    >>> reason_of(PermissionError(13, "Permission denied", "/x"))
    'permission denied'
    """
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]


class Walk:
    """The files below `roots`: iterate once, then ask `unlisted` for folders that could not be listed.

    Symbolic links to files and folders are followed; what a link leads to is read once, also when it lies below a root
    or when links form a loop. Memory grows with the number of links, not with the number of files.

    Raises:
        SourceMissing: A root does not exist or is a folder that cannot be listed.
    """

    def __init__(self, roots: tuple[str, ...], *, skip: frozenset[str] = frozenset()) -> None:
        self.roots = tuple(dict.fromkeys(os.path.abspath(root) for root in roots))  # noqa: PTH100 - keeps links as named
        self.unlisted: list[str] = []
        self._skip = skip
        self._links: list[tuple[str, str]] = []
        self._covered = tuple(os.path.realpath(root) for root in self.roots)
        for root in self.roots:
            _require_listable(root)

    def __iter__(self) -> Iterator[Entry]:
        done: list[str] = []
        # Outermost first, so that a root inside another root is not read twice.
        for real, root in sorted(zip(self._covered, self.roots, strict=True)):
            if _is_below(real, done):
                continue
            done.append(real)
            yield from self._below(root) if Path(root).is_dir() else self._file(root, None)
        yield from self._linked()

    def _linked(self) -> Iterator[Entry]:
        """Read what links lead to outside the roots: folders first, outermost first, so that nothing is read twice."""
        folders: list[str] = []
        files: dict[str, str] = {}
        while self._links:
            found, self._links = sorted(self._links), []
            for real, link in found:
                if _is_below(real, folders):
                    continue
                if Path(real).is_dir():
                    folders.append(real)
                    yield from self._below(link)
                else:
                    files.setdefault(real, link)
        for real, link in files.items():
            if not _is_below(real, folders):
                yield from self._file(link, None)

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
                            folders.append(entry.path)
                        else:
                            yield from self._file(entry.path, entry)
            except OSError:
                self.unlisted.append(folder)
                yield Entry(folder, None, None)

    def _file(self, path: str, entry: os.DirEntry[str] | None) -> Iterator[Entry]:
        if path in self._skip:
            return
        try:
            facts = entry.stat(follow_symlinks=False) if entry else os.stat(path)  # noqa: PTH116 - as DirEntry.stat
        except OSError:
            # Vanished since it was listed, or a link that leads nowhere: the reader will say so in its own words.
            yield Entry(path, None, None)
            return
        regular = stat.S_ISREG(facts.st_mode)
        yield Entry(path, facts.st_size if regular else None, facts.st_mtime_ns)


def _require_listable(root: str) -> None:
    try:
        if Path(root).is_dir():
            with os.scandir(root):
                return
        os.stat(root)  # noqa: PTH116 - Path.exists hides permission errors
    except OSError as error:
        hint = "Check the spelling and that the disk is mounted; nothing was scanned and no index was changed."
        raise SourceMissing(f"{shown_path(root)!r} cannot be scanned: {reason_of(error)}", hint=hint) from error


def _is_below(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
