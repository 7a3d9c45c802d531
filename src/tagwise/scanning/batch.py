"""Many files in, rows by column out: as many files at a time as their storage makes waiting worth while.

A file in the cache needs the processor and nothing else. One on a disk that turns, or behind a network, makes the
reader wait; then further files are asked for meanwhile, by threads, since both readers wait without Python's lock.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from tagwise.scanning.kernel import NativeColumn  # noqa: TC001 - msgspec reads the type at run time
from tagwise.scanning.reader import FileHeader, HeaderReader
from tagwise.scanning.references import Reference  # noqa: TC001 - msgspec reads the type at run time
from tagwise.scanning.walk import real_path, storable_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagwise.scanning.columns import Column

_MOST_TEXT = 16 * 1024 * 1024
"""Characters after which an answer is sent: files full of huge values must not fill the memory."""

LONGEST = 2.0
"""Seconds after which an answer is sent: on slow storage rows come steadily, and only a file that hangs is late."""

_LOOK = 0.05
"""Seconds after which one thread looks whether it waits more than it works."""

_WORTH_WHILE = 4
"""How many times longer than working a reader has to wait for threads: a busy machine alone makes it wait a little."""


class Rows(msgspec.Struct, array_like=True):
    """Rows of the Python reader by column. All lists have one entry per row."""

    places: list[int]
    """Which of the files that were asked each row is."""
    sizes: list[int | None]
    modified: list[int | None]
    digests: list[str | None]
    errors: list[str | None]
    values: list[list[str | None]]
    references: list[tuple[int, Reference]] = []
    """Place of the file, and what its object refers to."""


class NativeRows(msgspec.Struct, array_like=True):
    """Rows of the kernel by column, as Arrow lays them out; none has an error or references."""

    places: list[int]
    sizes: bytes
    modified: bytes
    columns: list[NativeColumn]
    """The header digests, then the values."""


class Answer(msgspec.Struct, array_like=True):
    """The rows of at least one of the files that were asked; the others are to be asked again."""

    native: list[NativeRows]
    rows: Rows

    def places(self) -> list[int]:
        """Which files have a row here."""
        return [*self.rows.places, *(place for part in self.native for place in part.places)]


@dataclass(slots=True)
class _Part:
    """What one thread has read: rows, and how much text they hold."""

    native: list[NativeRows] = field(default_factory=list)
    files: list[tuple[int, FileHeader]] = field(default_factory=list)
    text: int = 0

    def places(self) -> list[int]:
        return [*(place for place, _ in self.files), *(place for part in self.native for place in part.places)]


class BatchReader:
    """Reads lists of files.

    Args:
        in_flight: Files that are read at the same time at most.
    """

    def __init__(self, columns: Sequence[Column], in_flight: int = 1) -> None:
        self._reader, self._width = HeaderReader(columns), len(columns)
        self._in_flight = in_flight
        self._at_once = 1
        self._threads: ThreadPoolExecutor | None = None

    def read(self, paths: Sequence[str]) -> Answer:
        """The rows of files by their paths (as `shown_path` wrote them): of all, or of those that were done in time."""
        names = [real_path(path) for path in paths]
        late = time.monotonic() + LONGEST
        left = list(range(len(names)))
        native: list[NativeRows] = []
        files: list[tuple[int, FileHeader]] = []
        text = 0
        while left:
            started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
            at_once = min(self._at_once, len(left))
            budget = _LOOK if at_once < self._in_flight else late - started
            parts = self._in_threads(names, left, at_once, budget)
            done = {place for part in parts for place in part.places()}
            for part in parts:
                native += part.native
                files += part.files
                text += part.text
            left = [place for place in left if place not in done]
            self._adapt(at_once, len(done), time.monotonic() - started, before)
            if text > _MOST_TEXT or time.monotonic() > late:
                break
        return Answer(native, self._rows(files))

    def _in_threads(self, names: list[bytes], left: list[int], at_once: int, budget: float) -> list[_Part]:
        if at_once == 1:
            return [self._part(names, left, budget, _MOST_TEXT)]
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._in_flight, thread_name_prefix="tagwise-file")
        shares = [left[start::at_once] for start in range(at_once)]
        return list(
            self._threads.map(lambda share: self._part(names, share, budget, _MOST_TEXT // at_once), shares),
        )

    def _adapt(self, at_once: int, files: int, passed: float, before: resource.struct_rusage) -> None:
        """Choose how many files are read at a time next: so many that they keep one processor busy.

        A reader that waits for storage gives its processor away, about once a file or more; one that only has to share
        the processor with others does not, and gains nothing from threads.
        """
        now = resource.getrusage(resource.RUSAGE_SELF)
        worked = now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime
        given_away = now.ru_nvcsw - before.ru_nvcsw
        if passed >= _LOOK / 5:
            waits = passed * at_once / max(worked, 1e-3)
            slow = waits >= _WORTH_WHILE and given_away >= files / 2
            self._at_once = min(self._in_flight, int(waits)) if slow else 1

    def _part(self, names: list[bytes], places: list[int], budget: float, most: int) -> _Part:
        """Rows of the first of these files: the kernel's, and those of the files that it leaves."""
        part = _Part()
        late = time.monotonic() + budget
        plain = bytes(len(places))
        if self._reader.kernel is not None:
            plain, sizes, modified, columns = self._reader.kernel.read_files(
                tuple([names[place] for place in places]), budget, most
            )
            read = [place for place, is_plain in zip(places, plain, strict=False) if is_plain]
            if read:
                part.native.append(NativeRows(read, sizes, modified, columns))
                part.text += sum(len(column[2]) for column in columns)
        for place, is_plain in zip(places, plain, strict=False):
            if is_plain:
                continue
            if (part.native or part.files) and (part.text > most or time.monotonic() > late):
                break
            file = self._reader.explain_file(names[place])
            part.files.append((place, file))
            part.text += sum(map(len, filter(None, file.values))) + 256 * len(file.references)
        return part

    def _rows(self, files: list[tuple[int, FileHeader]]) -> Rows:
        return Rows(
            [place for place, _ in files],
            [file.file_size for _, file in files],
            [None if file.modified is None else storable_time(file.modified) for _, file in files],
            [file.header_digest for _, file in files],
            [file.read_error for _, file in files],
            [[file.values[column] for _, file in files] for column in range(self._width)],
            [(place, reference) for place, file in files for reference in file.references],
        )
