"""A DICOMDIR as a work list (PS3.3 annex F): the files that its records name, instead of all files below a folder."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tagwise.errors import FileUnavailable, ReadError
from tagwise.scanning.elements import ITEM, ITEM_END, LITTLE, SEQUENCE_END, UNDEFINED, Found, is_implicit
from tagwise.scanning.elements import Walk as ElementWalk
from tagwise.scanning.index import MEDIA_STORAGE_DIRECTORY
from tagwise.scanning.reader import OPEN_FLAGS, encoding
from tagwise.scanning.walk import Entry, Walk, is_below, reason_of, shown_path, storable_time
from tagwise.scanning.window import FileWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.elements import _Head
    from tagwise.scanning.index import ArchiveIndex

_RECORDS, _FILE_ID = 0x00041220, 0x00041500
_LONGEST_ID = 1024
_VERSION = re.compile(r"(?:\.?;[0-9]+|\.)$")
"""What ISO 9660 puts behind a name, and some drivers show (`IM1.;1`)."""


class MediaWalk(Walk):
    """The files below the roots, and those that a root which is a DICOMDIR names.

    Iterate once. Then `explanations` says by path why a named file cannot be had, `damaged` why a DICOMDIR cannot be
    read to its end, and `not_named` how many files lie beside it that it does not name.
    """

    def __init__(self, roots: tuple[str, ...], *, skip: frozenset[str] = frozenset()) -> None:
        super().__init__(roots, skip=skip)
        self.explanations: dict[str, str] = {}
        self.damaged: dict[str, str] = {}
        self.not_named = 0

    def __iter__(self) -> Iterator[Entry]:
        yield from super().__iter__()
        for real, root in self._real_roots:
            # Where its folder is scanned too, all files are read anyway.
            if os.path.isfile(root) and not is_below(os.path.dirname(real), self._covered):  # noqa: PTH113, PTH120 - text
                yield from self._named(root)

    def _named(self, root: str) -> Iterator[Entry]:
        named: dict[str, None] = {}
        folder = _Folder(os.path.dirname(root))  # noqa: PTH120 - text
        try:
            for file_id in _file_ids(root):
                path, why = folder.find(file_id)
                if path in named:
                    continue
                named[path] = None
                if why:
                    self.explanations[shown_path(path)] = str(FileUnavailable(why))
                yield Entry(path, None, None) if why else _entry(path)
        except _NoDicomdir:
            return
        except ReadError as error:
            self.damaged[shown_path(root)] = str(error)
        beside = Walk((folder.path,), skip=self._skip)
        self.not_named += sum(entry.path not in named and entry.path != root for entry in beside)


def explain(archive: ArchiveIndex, walk: MediaWalk) -> None:
    """Let the rows of named files that cannot be had say who names them, and that of a DICOMDIR how it is damaged."""
    for found, condition in ((walk.explanations, "LIKE 'file unavailable%'"), (walk.damaged, "IS NULL")):
        if found:
            archive.query(
                f"""
                UPDATE instances SET read_error = found.why, header_digest = NULL
                FROM (SELECT unnest(?) AS path, unnest(?) AS why) found
                WHERE file_path = found.path AND read_error {condition}
                """,
                [[*map(archive.privacy.path, found)], list(found.values())],
            )


class _NoDicomdir(Exception):
    """The file is something else."""


class _Folder:
    """Finds files by their File ID (PS3.10 8.2), however the file system of the medium spells their names."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._real = os.path.realpath(path)
        self._names: dict[str, dict[str, str]] = {}

    def find(self, file_id: str) -> tuple[str, str]:
        """The path of a file, and why it cannot be had: "" where it is there."""
        parts = [part.strip("\0 ") for part in file_id.split("\\")]
        if any(part in ("", ".", "..") or "/" in part or "\0" in part for part in parts):
            text = file_id.strip("\0 ").replace("/", "%2F").replace("\0", "%00")
            return os.path.join(self.path, text), "named by the DICOMDIR, but not within its folder; it was not read"  # noqa: PTH118 - text
        path = self.path
        for place, part in enumerate(parts):
            name = self._spelled(path, part)
            if name is None:
                return os.path.join(path, *parts[place:]), "named by the DICOMDIR, not there"  # noqa: PTH118 - text
            path = os.path.join(path, name)  # noqa: PTH118 - text
        if not is_below(os.path.realpath(path), {self._real}):
            return path + "!", "named by the DICOMDIR, but a link leads out of its folder; it was not read"
        return path, ""

    def _spelled(self, folder: str, part: str) -> str | None:
        """The name in the folder that stands for a part of a File ID: itself, or in other case, or with a version."""
        if folder not in self._names:
            try:
                listed = sorted(os.listdir(folder), reverse=True)  # noqa: PTH208 - names
            except OSError:
                listed = []
            self._names[folder] = {_plain(name): name for name in listed} | {name: name for name in listed}
        names = self._names[folder]
        return names.get(part) or names.get(_plain(part))


def _plain(name: str) -> str:
    """A name without what differs between file systems; no File ID starts with this sign."""
    return "\n" + _VERSION.sub("", name).lower()


def _entry(path: str) -> Entry:
    try:
        facts = os.stat(path)  # noqa: PTH116 - text
    except OSError:
        return Entry(path, None, None)
    return Entry(path, facts.st_size, storable_time(facts.st_mtime_ns))


def _file_ids(path: str) -> Iterator[str]:
    """The File IDs of a DICOMDIR in the order of its records.

    Raises:
        _NoDicomdir: It is none.
        ReadError: It is damaged, from there on.
    """
    try:
        fd = os.open(path, OPEN_FLAGS)
    except OSError as error:
        raise FileUnavailable(reason_of(error)) from error
    try:
        window = FileWindow(fd, os.fstat(fd).st_size)
        window.ready(0, 256)
        if window.data[128:132] != b"DICM" or window.size <= 132:
            raise _NoDicomdir
        found = Found([None, None], [b"", b""])
        wanted = {0x00020002: 0, 0x00020010: 1}
        meta = ElementWalk(
            window, LITTLE, is_implicit(window.data, 132), wanted, {}, found, after=0x0001FFFF, last=0x0002FFFF
        )
        at = meta.run(132)
        sop_class, syntax = ((text or "").rstrip("\0 ") for text in found.texts)
        if sop_class != MEDIA_STORAGE_DIRECTORY:
            raise _NoDicomdir
        order, implicit = encoding(window, at, syntax or None)
        yield from _Records(window, order, implicit, {}, {}, Found([], []), after=0, last=_RECORDS).file_ids(at)
    finally:
        os.close(fd)


class _Records(ElementWalk):
    """A walk over the directory records."""

    def file_ids(self, at: int) -> Iterator[str]:
        """What the records name, from the start of the data set on."""
        while len(self.window.data) - self.window.ready(at, 12) >= 8:
            head = self._head(at, implicit=self.implicit)
            if head.tag >= _RECORDS:
                if head.tag == _RECORDS:
                    yield from self._records(head)
                return
            at = self._after(at, head)

    def _records(self, outer: _Head) -> Iterator[str]:
        end = None if outer.size == UNDEFINED else outer.start + outer.size
        at = outer.start
        while end is None or at < end:
            item = self._head(at, implicit=True)
            if item.tag == SEQUENCE_END:
                return
            if item.tag != ITEM:
                raise self._misplaced(at, item.tag)
            at, item_end = item.start, None if item.size == UNDEFINED else item.start + item.size
            while item_end is None or at < item_end:
                head = self._head(at, implicit=self.implicit)
                if head.tag == ITEM_END:
                    at = head.start
                    break
                if head.tag == _FILE_ID and head.size <= _LONGEST_ID:
                    yield self._value(at, head)
                at = self._after(at, head)

    def _after(self, at: int, head: _Head) -> int:
        return self._after_items(head.start) if head.size == UNDEFINED else self._after_value(at, head)
