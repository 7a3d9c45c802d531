"""Facets, checks, findings: says what is wrong in an archive, which device did it, and what cannot be told."""

from __future__ import annotations

import os
import shlex
import stat
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import tagwise
from tagwise.auditing.engine import Engine
from tagwise.auditing.facets import count, make_relations
from tagwise.auditing.result import AuditResult, UnreadableObject
from tagwise.checks import registry
from tagwise.control import EVERYTHING, Ruling
from tagwise.errors import BadSetting, IndexForeign, IndexNotWritable, SourceMissing
from tagwise.printable import printable
from tagwise.scanning.index import CONFIG, quiet
from tagwise.scanning.index_errors import explained
from tagwise.scanning.run import scan
from tagwise.scanning.walk import reason_of
from tagwise.settings import AuditSettings
from tagwise.sources import kinds
from tagwise.sources.files_index import FilesIndex
from tagwise.sources.parquet_folder import ScanFolder
from tagwise.standard import editions

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import SparkSession

    from tagwise.control import Selection
    from tagwise.settings import ScanSettings
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
    spark: SparkSession | None = None,
) -> AuditResult:
    """Run archive checks on an index, on another source (docs/sources.md), or on a folder, which is scanned first.

    Args:
        source: An index, a folder, or how a kind of `tagwise.sources.kinds` is written.
        progress: Is told what is done, how far, and of how much.
        selection: Which checks run, which findings are wanted and how severe they are.
        ruling: Which findings count (docs/control.md); None means all.
        spark: A session of Spark that answers questions about objects, where `source` is a folder that a scan on Spark
            wrote (docs/spark.md).

    Raises:
        BadSetting: `spark` is given, but `source` is no such folder.
        EngineError: Spark gave a question up.
        SourceMissing: There is nothing at this path.
        ArchiveIndexError: The index is locked, foreign, damaged or too new, or there is no temporary space.
        SourceError: A database, server or file of rows cannot be read.
    """
    settings = settings or AuditSettings()
    if not os.fspath(source):
        raise SourceMissing("an empty path cannot be audited", hint="The current folder is called '.' here.")
    found = kinds.opened(os.fspath(source))
    if spark is not None and not isinstance(found, ScanFolder):
        raise BadSetting(
            f"{os.fspath(source)!r} is no folder that a scan on Spark wrote, so Spark cannot audit it",
            hint="Write one: tagwise scan PATH --engine spark --index FOLDER",
        )
    if found is not None:
        return _audited(found, settings, selection, ruling, spark)
    path = Path(source)
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
        return _audited(FilesIndex(index, name=str(path)), settings, selection, ruling)


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
    spark: SparkSession | None = None,
) -> AuditResult:
    started, clock = datetime.now(UTC), time.monotonic()
    ruling = ruling or Ruling(today=started.date())
    with _temporary_folder() as spill, explained(Path(source.name)):
        db = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": spill})
        try:
            db.execute(f"SET memory_limit = '{settings.memory_limit}'")
            quiet(db)
            engine = _engine(db, source, settings, ruling, selection, spark)
            counts = count(db)
            unreadable = db.execute(
                "SELECT file_path, file_size, read_error FROM unreadable ORDER BY file_path LIMIT ?",
                [settings.limit],
            ).fetchall()
            if source.unfinished:
                engine.note_unfinished(source.name)
            for check in registry().values():
                if selection.runs(check):
                    engine.run(check)
            devices = engine.devices()
        finally:
            db.close()
    findings = sorted(engine.findings, key=lambda f: (-f.severity.rank, f.check))
    return AuditResult(
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
        unreadable=tuple(UnreadableObject(*row) for row in unreadable),
        not_checkable=tuple(engine.not_checkable),
        crashed=tuple(engine.crashed),
        limit=settings.limit,
        settings={"max_instances": settings.max_instances, **_flat(settings)},
        shows_patient_values=settings.show_values,
        set_aside=tuple(engine.set_aside),
        aside=ruling.summary(),
    )


def _engine(
    db: duckdb.DuckDBPyConnection,
    source: Source,
    settings: AuditSettings,
    ruling: Ruling,
    selection: Selection,
    spark: SparkSession | None,
) -> Engine:
    """What runs the checks, with the relations of the source made: here, or on a cluster."""
    if spark is None or not isinstance(source, ScanFolder):
        source.attach(db)
        make_relations(db, source.grain)
        return Engine(db, source.grain, settings, ruling, selection, lacks=source.lacks)
    from tagwise.auditing import pushing  # noqa: PLC0415 - only where Spark is

    cluster = pushing.Cluster(spark, source.opened(), source.grain)
    pushing.pull_relations(db, cluster, source.grain)
    engine = pushing.SparkEngine(db, source.grain, settings, ruling, selection, lacks=source.lacks)
    engine.cluster = cluster
    return engine
