"""A scan from start to end: list the files, decide what to read, read it, mark what vanished."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from tagwise.errors import SourceError
from tagwise.scanning.containers.dicomdir import explain
from tagwise.scanning.containers.scan import read_containers
from tagwise.scanning.containers.table import counted as counted_members
from tagwise.scanning.index import ArchiveIndex, history_beside, index_path
from tagwise.scanning.kernel import reader_name
from tagwise.scanning.pool import InProcess, ReaderPool
from tagwise.scanning.pseudonyms import Privacy
from tagwise.scanning.roots import Roots
from tagwise.scanning.row_tables import LONGEST_WAIT, MOST_BYTES, reference_table, row_schema
from tagwise.scanning.stores.silence import Silence
from tagwise.scanning.walk import Entry, shown_path
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tagwise.scanning.batch import Answer, NativeRows, Rows
    from tagwise.scanning.columns import Column

_FEW = 200
"""Below this many files, starting reading processes takes longer than reading."""

_LISTING_BATCH = 50_000
_TODO_PAGE = 20_000

_REFERENCE_BYTES = 600
"""What a reference takes in memory, about."""

_MOST_PARTS = 64
"""Parts of a batch above which they are joined first: DuckDB takes long over many small ones."""


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What a scan did. `unreadable` counts by reason, over all files that are there now, not only those just read."""

    index: str
    roots: tuple[str, ...]
    files: int
    new: int
    changed: int
    unchanged: int
    vanished: int
    directories: int
    unreadable: Mapping[str, int]
    seconds: float
    reader: str
    """`native` or `python`: which reader plain objects had. Both give the same rows."""
    privacy: str = "clear"
    """What the index holds of patients: `clear`, `pseudonyms`, `no patient values`, or both of these."""

    containers: int = 0
    """Files that were looked into; those that are damaged as a whole are unreadable instead."""

    members: int = 0
    """What is in them: a row each."""

    not_named: int = 0
    """Files beside a DICOMDIR that was scanned as a work list, which it does not name; they were not read."""

    @property
    def read(self) -> int:
        """Files whose headers were read."""
        return self.new + self.changed

    @property
    def objects(self) -> int:
        """Readable objects below the roots; DICOMDIR files are counted as `directories`."""
        return self.files - self.containers + self.members - self.directories - sum(self.unreadable.values())


def scan(
    *paths: str | os.PathLike[str],
    index: str | os.PathLike[str],
    settings: ScanSettings | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> ScanSummary:
    """Read the headers of all files below the paths into the index, one row per object.

    A path that is a DICOMDIR stands for the files that its records name.
    A second scan reads only new and changed files and marks those that are gone. An object that cannot be read is a row
    with its reason. Interrupt it at any moment: the index opens, and the same call continues.

    A path may also be a bucket, or a prefix in it (docs/object-stores.md): `s3://bucket/prefix`, `az://`, `gs://`.

    Args:
        index: A DuckDB file, made with mode 0600 where it does not exist.
        progress: Called a few times a second with the phase (`listing`, `reading` or `members`), how many files, or
            members of containers, are done in it, and how many there are (None while that is not known).

    Raises:
        UsageError: No path is given, or one does not exist; TAGWISE_KERNEL requires what is not here; a key is refused.
        SourceError: A bucket cannot be listed, or its store gives nothing any more.
        ArchiveIndexError: The index is locked, foreign, damaged, too new, or its disk is full.
        ReadersNotStarted: No reading process can be started.
    """
    settings = settings or ScanSettings()
    privacy = Privacy.wanted(settings.pseudonyms, patient_values=settings.patient_values)
    started = time.monotonic()
    where, reader = str(index_path(index)), reader_name()
    ours = (where, str(history_beside(where)))
    skip = frozenset(name + end for name in ours for end in ("", ".wal", ".tmp"))
    walk = Roots(tuple(map(os.fsdecode, paths)), skip=skip)
    tell = _Paced(progress)
    with ArchiveIndex(where, memory_limit=settings.memory_limit, privacy=privacy) as archive:
        _list(walk, archive, tell)
        new, changed, unchanged = archive.plan()
        _read(archive, new + changed, settings, tell)
        if settings.containers and privacy.pseudonyms is None:  # there the index does not know where a container lies
            read_containers(archive, settings, tell)
        if walk.files:
            explain(archive, walk.files)
        vanished = archive.mark_vanished(walk.roots, walk.unlisted)
        unreadable, directories = archive.unreadable(), archive.directories()
        containers, members = counted_members(archive)
        archive.end_listing()
    return ScanSummary(
        index=where,
        roots=walk.roots,
        files=new + changed + unchanged,
        new=new,
        changed=changed,
        unchanged=unchanged,
        vanished=vanished,
        directories=directories,
        unreadable=unreadable,
        seconds=time.monotonic() - started,
        reader=reader,
        privacy=privacy.mode,
        containers=containers,
        members=members,
        not_named=walk.files.not_named if walk.files else 0,
    )


class _Paced:
    """Passes progress on a few times a second: often enough to look alive, rarely enough to cost nothing."""

    def __init__(self, progress: Callable[[str, int, int | None], None] | None) -> None:
        self._progress, self._next = progress, 0.0

    def __call__(self, phase: str, done: int, total: int | None, *, last: bool = False) -> None:
        now = time.monotonic()
        if self._progress and (last or now >= self._next):
            self._next = now + 0.1
            self._progress(phase, done, total)


def _list(walk: Roots, archive: ArchiveIndex, tell: _Paced) -> None:
    archive.begin_listing()
    entries = _counted(walk, tell)
    while batch := list(islice(entries, _LISTING_BATCH)):
        archive.add_listing(
            [shown_path(entry.path) for entry in batch],
            [entry.size for entry in batch],
            [entry.modified for entry in batch],
        )


def _counted(walk: Roots, tell: _Paced) -> Iterator[Entry]:
    listed = 0
    for entry in walk:
        yield entry
        listed += 1
        if not listed % 100:  # a look at the clock for each entry would cost more than the entry
            tell("listing", listed, None)
    tell("listing", listed, listed, last=True)


def _read(archive: ArchiveIndex, total: int, settings: ScanSettings, tell: _Paced) -> None:
    chunks = _chunks(archive.todo(_TODO_PAGE), settings.chunk)
    alone = settings.jobs == 1 or total < _FEW
    table = _Table(archive, settings.batch)
    done, silence = 0, Silence()
    with InProcess(archive.columns, settings) if alone else ReaderPool(archive.columns, settings) as readers:
        try:
            for chunk, answer in readers.read(chunks):
                done += table.add(chunk, answer)
                tell("reading", done, total)
                silence.look(answer)
        except (KeyboardInterrupt, SourceError):
            table.flush()
            raise
        table.flush()
    tell("reading", done, total, last=True)


def _chunks(pages: Iterable[list[tuple[str, bool]]], size: int) -> Iterator[list[tuple[str, bool]]]:
    for page in pages:
        for start in range(0, len(page), size):
            yield page[start : start + size]


class _Store(Protocol):
    """Where rows go: an index, or whoever hands them on."""

    @property
    def columns(self) -> tuple[Column, ...]: ...

    def write(self, rows: pa.Table, references: pa.Table, *, replaces: bool) -> None: ...


class _Table:
    """Collects rows until a transaction is worth its cost."""

    def __init__(self, archive: _Store, batch: int) -> None:
        self._archive, self._batch = archive, batch
        self._schema = row_schema(archive.columns)
        self._parts: list[pa.RecordBatch] = []
        self._references: list[tuple[str | None, ...]] = []
        self._replaces = False
        self._rows = self._bytes = 0
        self._since = time.monotonic()

    def add(self, chunk: list[tuple[str, bool]], answer: Answer) -> int:
        """Take the rows of an answer, and return how many they are."""
        before = self._rows
        for native in answer.native:
            self._take(_native_batch(native, chunk, self._schema))
            self._bytes += sum(len(text) for _, _, text in native.columns)
        if answer.rows.places:
            rows = _batch(answer.rows, chunk, self._schema)
            self._take(rows)
            self._bytes += rows.nbytes
        self._references += [(chunk[place][0], *reference) for place, reference in answer.rows.references]
        self._replaces = self._replaces or any(known for _, known in chunk)
        count = self._rows - before
        late = time.monotonic() - self._since > LONGEST_WAIT
        large = self._bytes + _REFERENCE_BYTES * len(self._references) >= MOST_BYTES
        if late or large or self._rows >= self._batch:
            self.flush()
        return count

    def _take(self, part: pa.RecordBatch) -> None:
        self._parts.append(part)
        self._rows += part.num_rows

    def flush(self) -> None:
        # Let go before writing: Ctrl-C right after the commit must not make the last flush write these rows again.
        parts, references, replaces = self._parts, self._references, self._replaces
        self._parts, self._references, self._replaces = [], [], False
        self._rows = self._bytes = 0
        if parts:
            table = pa.Table.from_batches(parts)
            if len(parts) > _MOST_PARTS:
                table = table.combine_chunks()
            self._archive.write(table, reference_table(references), replaces=replaces)
        self._since = time.monotonic()


class _Passed:
    """A store that keeps tables until somebody takes them."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self._tables: list[tuple[pa.Table, pa.Table]] = []

    def write(self, rows: pa.Table, references: pa.Table, *, replaces: bool) -> None:  # noqa: ARG002 - as an index has it
        self._tables.append((rows, references))

    def taken(self) -> list[tuple[pa.Table, pa.Table]]:
        tables, self._tables = self._tables, []
        return tables


def read_tables(
    paths: Sequence[str], columns: tuple[Column, ...], settings: ScanSettings
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """The rows and references of files by their paths (as `shown_path` wrote them), in tables of bounded size.

    Every file has one row, whatever it holds; one that ends or blocks its reading process is a read error.

    Raises:
        ReadersNotStarted: No reading process can be started.
    """
    passed = _Passed(columns)
    table = _Table(passed, settings.batch)
    with ReaderPool(columns, settings) as readers:
        for chunk, rows in readers.read(_chunks([[(path, False) for path in paths]], settings.chunk)):
            table.add(chunk, rows)
            yield from passed.taken()
    table.flush()
    yield from passed.taken()


def _batch(rows: Rows, chunk: list[tuple[str, bool]], schema: pa.Schema) -> pa.RecordBatch:
    paths = [chunk[place][0] for place in rows.places]
    columns = [paths, rows.sizes, rows.modified, rows.digests, rows.errors, *rows.values]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _native_batch(rows: NativeRows, chunk: list[tuple[str, bool]], schema: pa.Schema) -> pa.RecordBatch:
    """The rows as the kernel laid them out, without a copy.

    Raises:
        pa.ArrowInvalid: The layout is damaged: never, unless a reading process is.
    """
    count = len(rows.places)
    digests, *values = [
        pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text), pa.py_buffer(validity))
        for validity, offsets, text in rows.columns
    ]
    arrays = [
        pa.array([chunk[place][0] for place in rows.places], pa.string()),
        pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(rows.sizes)]),
        pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(rows.modified)]),
        digests,
        pa.nulls(count, pa.string()),
        *values,
    ]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    batch.validate(full=True)
    return batch
