"""A scan on Spark: list here, read in tasks, count what they wrote, and only then say that it holds."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from tagwise.errors import BadSetting, EngineFailed
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import MEDIA_STORAGE_DIRECTORY
from tagwise.scanning.kernel import reader_name
from tagwise.scanning.parquet_folder import INSTANCES, SUPERSEDED, FolderWriter, writing
from tagwise.scanning.run import ScanSummary
from tagwise.scanning.spark.session import explained
from tagwise.scanning.spark.tasks import TABLE, ListReader, task_schema
from tagwise.scanning.walk import Walk, shown_below, shown_path
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb
    from pyspark.sql import SparkSession

_LISTING_BATCH = 50_000

LARGEST_PART = 20_000
"""Files of one task at most: what a lost executor costs to read again, and what a Parquet file holds."""

SMALLEST_PART = 100
"""Files of one task at least: below, starting it takes longer than reading."""

_PARTS_PER_CORE = 4
"""Tasks for each core of the cluster, where there are enough files: slow ones then even out."""

PARTS_PER_ROUND = 2_000
"""Tasks after which what was read is kept for good: a driver that dies loses at most so many."""


def scan(
    spark: SparkSession,
    *paths: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    settings: ScanSettings | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> ScanSummary:
    """Read the headers of all files below the paths in tasks of Spark, into a folder of Parquet.

    A second scan reads only new and changed files and tells which are gone. Interrupt it at any moment: rounds that are
    whole are kept, and the same call continues.

    Args:
        paths: As all nodes see them.
        folder: Made with mode 0700 where it does not exist; all nodes need to see it under this path.
        progress: As in `tagwise.scanning.run.scan`; what is read is told after each round.

    Raises:
        UsageError: No path is given, or one does not exist.
        BadSetting: Pseudonyms are wanted, or no patient values.
        ArchiveIndexError: The folder is in use, foreign, damaged, too new, or cannot be written.
        EngineFailed: A task failed again and again, or rows are missing.
    """
    settings = settings or ScanSettings()
    if settings.pseudonyms is not None or not settings.patient_values:
        raise BadSetting(
            "a scan on Spark stores values as they are: it makes no pseudonyms and leaves out no patient values",
            hint="Scan into an index with --pseudonyms or --no-patient-values, or protect the folder.",
        )
    started, reader = time.monotonic(), reader_name()
    where = os.path.abspath(folder)  # noqa: PTH100 - as in ParquetFolder
    walk = Walk(tuple(map(os.fsdecode, paths)), skip=frozenset({os.path.realpath(where)}))
    tell = progress or (lambda *_: None)
    keywords = [column.keyword for column in scan_columns()]
    with writing(where, keywords) as target, explained("the scan"):
        again = not set(keywords) <= set(target.manifest.columns)
        if not target.manifest.unfinished:
            target.manifest.unfinished = True
            target.save()
        listed = _list(walk, target, tell)
        with target.connect(settings.memory_limit) as db:
            target.attach(db)
            plan = _Plan(db, target, parallel=spark.sparkContext.defaultParallelism, again=again)
            vanished = plan.vanished(walk)
            _read(spark, target, plan, walk.roots, settings, tell)
            if vanished and not plan.files:
                _add_superseded_only(target, plan)
        target.manifest.columns = keywords if again else target.manifest.columns
        target.manifest.unfinished = False
        target.save()
        unreadable, directories = _counts(target, settings)
    return ScanSummary(
        index=where,
        roots=walk.roots,
        files=listed,
        new=plan.new,
        changed=plan.files - plan.new,
        unchanged=listed - plan.files,
        vanished=vanished,
        directories=directories,
        unreadable=unreadable,
        seconds=time.monotonic() - started,
        reader=reader,
    )


def _list(walk: Walk, target: FolderWriter, tell: Callable[[str, int, int | None], None]) -> int:
    """Write the list of files as Parquet, and return how many rows it has. Memory does not grow with it."""
    schema = pa.schema([("file_path", pa.string()), ("file_size", pa.int64()), ("file_modified", pa.int64())])
    count = 0
    entries = iter(walk)
    with pq.ParquetWriter(target.work / "listing.parquet", schema, compression="zstd") as file:
        while batch := list(islice(entries, _LISTING_BATCH)):
            columns = [[shown_path(e.path) for e in batch], [e.size for e in batch], [e.modified for e in batch]]
            file.write_table(pa.table(columns, schema=schema))
            count += len(batch)
            tell("listing", count, None)
    tell("listing", count, count)
    return count


class _Plan:
    """What is to be read, as a list in Parquet whose row groups are the parts of tasks.

    Args:
        parallel: Cores of the cluster.
        again: Whether everything has to be read anew, because earlier rounds lack columns.
    """

    def __init__(self, db: duckdb.DuckDBPyConnection, target: FolderWriter, *, parallel: int, again: bool) -> None:
        self._db, self._target = db, target
        listing = str(target.work / "listing.parquet")
        db.read_parquet(listing).create_view("listed_rows")
        db.execute(
            f"""
            CREATE TEMP TABLE todo AS
            SELECT file_path, known FROM (
              -- DISTINCT: some file systems list a name twice while a folder changes.
              SELECT DISTINCT listed.file_path, r.file_path IS NOT NULL OR g.file_path IS NOT NULL AS known
              FROM listed_rows AS listed
              LEFT JOIN kept_rows AS r ON r.file_path = listed.file_path
              LEFT JOIN (SELECT DISTINCT file_path FROM gone_rows) AS g ON g.file_path = listed.file_path
              WHERE {"TRUE OR" if again else ""} r.file_path IS NULL
                OR r.file_size IS DISTINCT FROM listed.file_size
                OR r.file_modified IS DISTINCT FROM listed.file_modified
                OR r.read_error LIKE 'file unavailable%'
            ) AS found ORDER BY file_path
            """
        )
        self.files, self.new = db.execute("SELECT count(*), count(*) FILTER (NOT known) FROM todo").fetchall()[0]
        even = -(-self.files // (_PARTS_PER_CORE * max(parallel, 1)))
        self.part = max(SMALLEST_PART, min(LARGEST_PART, even))
        self.todo = target.work / "todo.parquet"
        self.parts = self._write_todo()

    def _write_todo(self) -> int:
        schema = pa.schema([("file_path", pa.string())])
        rows = self._db.execute("SELECT file_path FROM todo ORDER BY file_path")
        parts = 0
        with pq.ParquetWriter(self.todo, schema, compression="zstd") as file:
            while some := rows.fetchmany(self.part):
                file.write_table(pa.table([[path for (path,) in some]], schema=schema))
                parts += 1
        return parts

    def vanished(self, walk: Walk) -> int:
        """Note which files are gone: those below the roots that were not listed, except below unlisted folders."""
        starts = [(start, True) for root in walk.roots for start in shown_below(root)]
        starts += [(start, False) for folder in walk.unlisted for start in shown_below(folder)]
        places = pa.table({"start": [s for s, _ in starts], "listed": [k for _, k in starts]})
        self._db.register("places", places)
        self._db.execute(
            """
            CREATE TEMP TABLE missed AS
            SELECT file_path FROM kept_rows
            WHERE file_path NOT IN (SELECT file_path FROM listed_rows)
              AND EXISTS (SELECT 1 FROM places WHERE listed AND starts_with(file_path || '/', start))
              AND NOT EXISTS (SELECT 1 FROM places WHERE NOT listed AND starts_with(file_path, start))
            """
        )
        count: int = self._db.execute("SELECT count(*) FROM missed").fetchall()[0][0]
        return count

    def write_superseded(self, folder: Path, first: int, last: int, *, with_missed: bool) -> None:
        """Say which rows of earlier rounds do not hold any more, once the parts from `first` to before `last` do."""
        with pq.ParquetFile(self.todo) as file:
            paths = pa.concat_tables([file.read_row_group(number) for number in range(first, last)] or [_NO_PATHS])
        self._db.register("read_now", paths)
        missed = "UNION ALL SELECT file_path, ?::TIMESTAMP FROM missed" if with_missed else ""
        now = [datetime.now(UTC).replace(tzinfo=None)] if with_missed else []
        self._db.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE superseding AS
            SELECT DISTINCT read_now.file_path, NULL::TIMESTAMP AS vanished FROM read_now
            JOIN all_rows ON all_rows.file_path = read_now.file_path
            {missed}
            """,
            now,
        )
        self._db.unregister("read_now")
        if self._db.execute("SELECT count(*) FROM superseding").fetchall()[0][0]:
            self._db.table("superseding").write_parquet(str(folder / SUPERSEDED), compression="zstd")


_NO_PATHS = pa.table({"file_path": pa.array([], pa.string())})


def _read(
    spark: SparkSession,
    target: FolderWriter,
    plan: _Plan,
    roots: tuple[str, ...],
    settings: ScanSettings,
    tell: Callable[[str, int, int | None], None],
) -> None:
    columns = scan_columns()
    reader = ListReader(str(plan.todo), roots, columns, settings.stall_seconds)
    schema = ", ".join(
        f"`{field.name}` {'BIGINT' if field.type == pa.int64() else 'STRING'}" for field in task_schema(columns)
    )
    done = 0
    for first, last in _rounds(plan.parts):
        made = target.work / "round"
        shutil.rmtree(made, ignore_errors=True)
        (
            spark.range(first, last, 1, last - first)
            .mapInArrow(reader, schema)
            .write.partitionBy(TABLE)
            # The task that is counted moves its files at the end of the job: those of lost tasks never show.
            .option("mapreduce.fileoutputcommitter.algorithm.version", "1")
            .option("compression", "zstd")
            .parquet(made.as_uri())
        )
        files = min(plan.files, last * plan.part) - first * plan.part
        _require_whole(made, files)
        plan.write_superseded(made, first, last, with_missed=first == 0)
        target.add_round(made)
        done += files
        tell("reading", done, plan.files)


def _rounds(parts: int) -> Iterator[tuple[int, int]]:
    for first in range(0, parts, PARTS_PER_ROUND):
        yield first, min(first + PARTS_PER_ROUND, parts)


def _require_whole(made: Path, files: int) -> None:
    """Compare the rows that are there with the files that were to be read, before they count.

    Raises:
        EngineFailed: Rows are missing, or there are more.
    """
    rows = sum(pq.read_metadata(file).num_rows for file in (made / INSTANCES).glob("*.parquet"))
    if rows != files:
        raise EngineFailed(
            f"{files:,} files were to be read, but Spark wrote {rows:,} rows; this round does not count",
            hint="Scan again; please report it with the version of Spark and the file system of the folder.",
        )


def _add_superseded_only(target: FolderWriter, plan: _Plan) -> None:
    made = target.work / "round"
    made.mkdir()
    plan.write_superseded(made, 0, 0, with_missed=True)
    target.add_round(made)


def _counts(target: FolderWriter, settings: ScanSettings) -> tuple[dict[str, int], int]:
    """How many files cannot be read, by reason, the most frequent first; how many are DICOMDIR files."""
    with target.connect(settings.memory_limit) as db:
        target.attach(db)
        listed = str(target.work / "listing.parquet")
        db.read_parquet(listed).create_view("listed_rows")
        here = "file_path IN (SELECT file_path FROM listed_rows)"
        unreadable = db.execute(
            f"""
            SELECT split_part(read_error, ':', 1) AS reason, count(*) FROM kept_rows
            WHERE read_error IS NOT NULL AND {here} GROUP BY reason ORDER BY count(*) DESC, reason
            """
        ).fetchall()
        directories: int = db.execute(
            f"""
            SELECT count(*) FROM kept_rows WHERE {here} AND read_error IS NULL
              AND '{MEDIA_STORAGE_DIRECTORY}' IN (MediaStorageSOPClassUID, SOPClassUID)
            """
        ).fetchall()[0][0]
    return dict(unreadable), directories
