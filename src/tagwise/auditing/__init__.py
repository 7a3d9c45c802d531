"""Facets, checks, findings: says what is wrong in an archive, which device did it, and what cannot be told."""

from __future__ import annotations

import os
import shlex
import stat
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

import tagwise
from tagwise.auditing import frugal
from tagwise.auditing.engine import Engine
from tagwise.auditing.facets import count, make_relations
from tagwise.auditing.history import History
from tagwise.auditing.recording import Recorder
from tagwise.auditing.result import AuditResult, UnreadableObject
from tagwise.auditing.trends import rates, series_by_day
from tagwise.checks import registry
from tagwise.control import EVERYTHING, Ruling
from tagwise.errors import BadSetting, HistoryMissing, IndexForeign, IndexNotWritable, SourceMissing
from tagwise.printable import printable
from tagwise.scanning.index import CONFIG, history_beside, quiet
from tagwise.scanning.index_errors import explained
from tagwise.scanning.run import scan
from tagwise.scanning.walk import reason_of
from tagwise.settings import AuditSettings
from tagwise.sources import kinds
from tagwise.sources.blind import blind_spots
from tagwise.sources.files_index import FilesIndex
from tagwise.sources.parquet_folder import ScanFolder
from tagwise.standard import editions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import SparkSession

    from tagwise.control import Selection
    from tagwise.settings import HistorySettings, ScanSettings
    from tagwise.sources import Source

__all__ = ["AuditResult", "audit"]


def audit(
    source: str | os.PathLike[str],
    *,
    settings: AuditSettings | None = None,
    scan_settings: ScanSettings | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
    selection: Selection = EVERYTHING,
    ruling: Ruling | None = None,
    history: HistorySettings | None = None,
    spark: SparkSession | None = None,
) -> AuditResult:
    """Run archive checks on an index, on another source (docs/sources.md), or on a folder, which is scanned first.

    Args:
        source: An index, a folder, or how a kind of `tagwise.sources.kinds` is written.
        progress: Is told what is done, how far, and of how much.
        selection: Which checks run, which findings are wanted and how severe they are.
        ruling: Which findings count (docs/control.md); None means all.
        history: What is done with the history of the findings (docs/nightly.md); None means nothing.
        spark: A session of Spark that answers questions about objects, where `source` is a folder that a scan on Spark
            wrote (docs/spark.md).

    Raises:
        BadSetting: `spark` is given, but `source` is no such folder.
        EngineError: Spark went away, or gave up what every check needs.
        HistoryError: The history cannot be used; where it cannot be written, it is as it was before.
        SourceMissing: There is nothing at this path.
        ArchiveIndexError: The index is locked, foreign, damaged or too new, or there is no temporary space.
        AuditOutOfMemory: What all checks need does not fit into `AuditSettings.memory_limit` and the temporary folder.
        SourceError: A database, server or file of rows cannot be read.
    """
    settings = settings or AuditSettings()
    if not os.fspath(source):
        raise SourceMissing("an empty path cannot be audited", hint="The current folder is called '.' here.")
    with ExitStack() as stack:
        past = _opened(
            os.fspath(source), history, stack
        )  # first: two at once are refused before the work, not after it
        found = kinds.opened(os.fspath(source))
        if spark is not None and not isinstance(found, ScanFolder):
            raise BadSetting(
                f"{os.fspath(source)!r} is no folder that a scan on Spark wrote, so Spark cannot audit it",
                hint="Write one: tagwise scan PATH --engine spark --index FOLDER",
            )
        if found is not None:
            return _audited(found, settings, selection, ruling, past, spark)
        with _scanned(Path(source), scan_settings, progress) as scanned:
            return _audited(scanned, settings, selection, ruling, past)


class _Past(NamedTuple):
    """The history, what the source is called there, and what is wanted of it."""

    history: History
    source: str
    settings: HistorySettings


def _opened(source: str, wanted: HistorySettings | None, stack: ExitStack) -> _Past | None:
    if wanted is None:
        return None
    path = Path(source)
    if wanted.path is None and not path.is_file():
        raise HistoryMissing(
            f"{source!r} is no index, so its history has no place of its own", hint="Name a file with --history FILE."
        )
    where = wanted.path or history_beside(path)
    history = stack.enter_context(History(where, writes=wanted.records))
    return _Past(history, history.called(source), wanted)


@contextmanager
def _scanned(
    path: Path, scan_settings: ScanSettings | None, progress: Callable[[str, int, int | None], None] | None
) -> Iterator[Source]:
    """A folder as a source, by an index that lasts as long as the block."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SourceMissing(
            f"{str(path)!r} cannot be audited: {reason_of(error)}", hint="`tagwise sources` lists what can be audited."
        ) from error
    if not is_folder:
        raise IndexForeign(
            f"{str(path)!r} is neither a folder nor an index of tagwise",
            hint=f"Scan it first: tagwise scan {printable(shlex.quote(str(path)))} --index FILE",
        )
    with _temporary_folder() as folder:
        index = Path(folder) / "index.duckdb"
        try:
            scan(path, index=index, settings=scan_settings, progress=progress)
        except IndexNotWritable as error:
            raise _no_space(str(error)) from error
        yield FilesIndex(index, name=str(path))


def _flat(settings: AuditSettings) -> dict[str, int | float | str | None]:
    """Settings of single checks under the name of the check and their own."""
    return {f"{check}.{name}": value for check, values in settings.checks.items() for name, value in values.items()}


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="tagwise-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_space(f"no temporary folder can be made: {reason_of(error)}") from error


def _no_space(why: str) -> IndexNotWritable:
    return IndexNotWritable(
        why,
        hint="An audit needs temporary space: free some, name another folder in TMPDIR, or scan into an index first.",
    )


def _audited(
    source: Source,
    settings: AuditSettings,
    selection: Selection,
    ruling: Ruling | None,
    past: _Past | None = None,
    spark: SparkSession | None = None,
) -> AuditResult:
    started, clock = datetime.now(UTC), time.monotonic()
    ruling = ruling or Ruling(today=started.date())
    recorder = _recorder(past, started)
    with _temporary_folder() as spill, explained(Path(source.name)), frugal.enough():
        db = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": spill})
        try:
            db.execute(f"SET memory_limit = '{settings.memory_limit}'")
            quiet(db)
            made = _made(db, source, spark)
            counts = frugal.tried_twice(db, "the count of all objects", lambda: count(db))
            unreadable = frugal.tried_twice(db, "the unreadable objects", lambda: _unreadable(db, settings.limit))
            blind = blind_spots(source)
            engine = made(
                db, source.grain, settings, ruling, selection, lacks=source.lacks, blind=blind, recorder=recorder
            )
            if source.unfinished:
                engine.note_unfinished(source.name, source.unfinished)
            for check in registry().values():
                if selection.runs(check):
                    engine.run(check)
            written = frugal.tried_twice(db, "the count by device", engine.written)
            devices = engine.devices(written)
            trends = frugal.tried_twice(db, "the series by day", lambda: series_by_day(db))
        finally:
            db.close()
    findings = sorted(engine.findings, key=lambda f: (-f.severity.rank, f.check))
    result = AuditResult(
        tool=f"tagwise {tagwise.__version__}",
        edition=editions.described().removeprefix("DICOM "),
        source=source.name,
        started=started,
        seconds=time.monotonic() - clock,
        counts=counts,
        total=dict(engine.total),
        findings=tuple(findings),
        runs=tuple(engine.runs),
        devices=devices,
        unreadable=unreadable,
        not_checkable=tuple(engine.not_checkable),
        crashed=tuple(engine.crashed),
        limit=settings.limit,
        settings={"max_instances": settings.max_instances, **_flat(settings)},
        shows_patient_values=settings.show_values,
        set_aside=tuple(engine.set_aside),
        aside=ruling.summary(),
        trends=trends,
    )
    if recorder is None or past is None:
        return result
    since = recorder.finish(result, written, unfinished=bool(source.unfinished))
    if past.settings.records:
        past.history.forget(past.settings.keep_days, started)
    return replace(result, since=since, trends=replace(trends, devices=rates(past.history, past.source)))


def _unreadable(db: duckdb.DuckDBPyConnection, most: int) -> tuple[UnreadableObject, ...]:
    rows = db.execute("SELECT file_path, file_size, read_error FROM unreadable ORDER BY file_path LIMIT ?", [most])
    return tuple(UnreadableObject(*row) for row in rows.fetchall())


def _made(db: duckdb.DuckDBPyConnection, source: Source, spark: SparkSession | None) -> Callable[..., Engine]:
    """Make the relations of the source, here or on a cluster, and return what makes the engine that knows them."""
    if spark is None or not isinstance(source, ScanFolder):
        source.attach(db)
        frugal.tried_twice(db, "the look at all series", lambda: make_relations(db, source.grain))
        return Engine
    from tagwise.auditing import pushing  # noqa: PLC0415 - only where Spark is

    return pushing.made(db, spark, source.opened(), source.grain)


def _recorder(past: _Past | None, started: datetime) -> Recorder | None:
    if past is None:
        return None
    return Recorder(past.history, past.source, past.settings, started=started)
