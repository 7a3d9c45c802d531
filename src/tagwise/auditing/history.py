"""The history of an archive's findings: when each was met first and last, what each audit counted, who was told.

It is a DuckDB file of its own, because an audit opens the index read-only. A run is written in one transaction after
its audit has ended: a process that is killed leaves the history as it was before. One process has it open at a time.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import duckdb

import tagwise
from tagwise.errors import ArchiveIndexError, HistoryError, HistoryLocked, HistoryMissing, IndexLocked
from tagwise.findings import Status
from tagwise.scanning.index import CONFIG, history_beside, index_path, looks_like_index, owner_only, place, quiet
from tagwise.scanning.index_errors import explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = 1
"""Version of the layout. A reader refuses a higher one."""

_TABLES = """
CREATE TABLE tagwise_history (name VARCHAR, value VARCHAR);
CREATE TABLE runs (
  run BIGINT, source VARCHAR, started TIMESTAMP, seconds DOUBLE, tool VARCHAR, complete BOOLEAN,
  instances BIGINT, series BIGINT, studies BIGINT, unreadable BIGINT,
  high BIGINT, medium BIGINT, low BIGINT, new BIGINT, known BIGINT, waived BIGINT, gone BIGINT, clock_went_back BOOLEAN
);
CREATE TABLE findings (
  source VARCHAR, fingerprint VARCHAR, place INTEGER, check_name VARCHAR, severity VARCHAR, subject VARCHAR,
  device VARCHAR, status VARCHAR, first_seen TIMESTAMP, last_seen TIMESTAMP, last_run BIGINT, new_run BIGINT
);
CREATE TABLE devices (
  run BIGINT, Manufacturer VARCHAR, ManufacturerModelName VARCHAR, SoftwareVersions VARCHAR, StationName VARCHAR,
  DeviceSerialNumber VARCHAR, instances BIGINT, findings BIGINT
);
CREATE TABLE alerts (run BIGINT, source VARCHAR, name VARCHAR, delivered BOOLEAN);
"""
"""Times are UTC. `place` tells findings of one fingerprint apart: 1, 2, … `new_run` is the run in which a finding
became new. `delivered` is NULL until an alert was tried."""

_OPEN: set[str] = set()
_GUARD = threading.Lock()
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


class Run(NamedTuple):
    """One audit as the history has it. `high`, `medium` and `low` count what is not waived; `started` is UTC."""

    run: int
    source: str
    started: datetime
    seconds: float
    tool: str
    complete: bool
    instances: int
    series: int
    studies: int
    unreadable: int
    high: int
    medium: int
    low: int
    new: int
    known: int
    waived: int
    gone: int
    clock_went_back: bool


class Remembered(NamedTuple):
    """One finding as the history has it. `subject` is JSON of UIDs or of what names a device; times are UTC."""

    check: str
    severity: str
    subject: str
    device: str
    status: str
    first_seen: datetime
    last_seen: datetime
    source: str


def history_of(path: str | os.PathLike[str]) -> Path:
    """The history that a path means: itself, or the one beside the index.

    Raises:
        HistoryMissing: There is none.
    """
    given = Path(path)
    beside = history_beside(given)
    if beside.is_file():
        return beside
    if given.is_file():
        return given
    raise HistoryMissing(f"there is no history {str(given)!r}", hint="`tagwise audit INDEX --record` begins one.")


class History:
    """An open history. Use it as a context manager.

    Args:
        path: The file; made with mode 0600 where it does not exist and `writes` is set.
        writes: Whether runs may be added; else other readers may have it open too.

    Raises:
        HistoryError: The file is locked, foreign, damaged, too new, missing, or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str], *, writes: bool = True) -> None:
        with _explained():
            self.path = index_path(path)
        name = str(self.path)
        with _GUARD:
            if name in _OPEN:
                raise HistoryLocked(f"history {name!r} is in use by another audit in this process")
            _OPEN.add(name)
        try:
            with owner_only, _explained(self.path):
                self._open(writes=writes)
        except BaseException:
            _OPEN.discard(name)
            raise

    def _open(self, *, writes: bool) -> None:
        if not self.path.exists():
            if not writes:
                raise HistoryMissing(
                    f"there is no history {str(self.path)!r}", hint="`tagwise audit INDEX --record` begins one."
                )
            self._create()
        if not self.path.is_file() or not looks_like_index(self.path):
            raise _foreign(self.path)
        self.db = duckdb.connect(str(self.path), config=CONFIG, read_only=not writes)
        try:
            quiet(self.db)
            self.db.execute("SET memory_limit = '512MB'")
            self._require_format()
        except BaseException:
            self.db.close()
            raise

    def _create(self) -> None:
        """Make the file under another name first, so that there is never a half-made one."""
        if not self.path.parent.is_dir():
            raise HistoryError(f"history {str(self.path)!r} cannot be made: its folder does not exist")
        folder = tempfile.mkdtemp(prefix=f".{self.path.name[:40]}.", suffix=".new", dir=self.path.parent)
        draft = Path(folder) / "history.duckdb"
        try:
            db = duckdb.connect(str(draft), config=CONFIG)
            db.execute(_TABLES)
            facts = [("format", str(FORMAT)), ("tool", f"tagwise {tagwise.__version__}")]
            db.executemany("INSERT INTO tagwise_history VALUES (?, ?)", facts)
            db.close()
            place(draft, self.path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _require_format(self) -> None:
        tables = {row[0] for row in self.db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if "tagwise_history" not in tables:
            raise _foreign(self.path)
        row = self.db.execute("SELECT value FROM tagwise_history WHERE name = 'format'").fetchone()
        found = int(row[0]) if row and str(row[0]).isdigit() else 0
        if not 1 <= found <= FORMAT:
            raise HistoryError(
                f"history {str(self.path)!r} has format {found}, but this tagwise reads format {FORMAT}",
                hint="Update tagwise, or name another file with --history.",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with owner_only, contextlib.suppress(duckdb.Error):
                self.db.close()
        finally:
            _OPEN.discard(str(self.path))

    @contextlib.contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction: all of it stays, or nothing.

        Raises:
            HistoryError: The disk is full, or the file is damaged.
        """
        with owner_only, _explained(self.path):
            self.db.execute("BEGIN")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    self.db.execute("ROLLBACK")
                raise

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement.

        Raises:
            HistoryError: The file is damaged.
        """
        with owner_only, _explained(self.path):
            return self.db.execute(sql, values).fetchall()

    def called(self, source: str) -> str:
        """What a source is called here: a path as seen from the history, so that both can be moved together.

        Credentials in an address are left out.
        """
        try:
            if os.path.exists(source):  # noqa: PTH110 - a source need not be a path
                return os.path.relpath(os.path.realpath(source), self.path.parent)
        except (OSError, ValueError):
            pass
        return _SECRET.sub("", source)

    def runs(self, source: str | None = None) -> tuple[Run, ...]:
        """The runs, the latest first; `source` as `called` says it, None for all."""
        where = "" if source is None else "WHERE source = ?"
        rows = self.query(f"SELECT * FROM runs {where} ORDER BY run DESC", [] if source is None else [source])
        return tuple(Run._make((*row[:2], _utc(row[2]), *row[3:])) for row in rows)

    def last(self, source: str) -> Run | None:
        """The last run of a source."""
        return next(iter(self.runs(source)), None)

    def findings(self, check: str = "", status: str = "", limit: int | None = None) -> Iterator[Remembered]:
        """Findings of a check or a folder of checks, the ones that were met last first."""
        sql = """
            SELECT check_name, severity, subject, device, status, first_seen, last_seen, source FROM findings
            WHERE ($check = '' OR check_name = $check OR starts_with(check_name, $check || '/'))
              AND ($status = '' OR status = $status)
            ORDER BY last_run DESC, first_seen DESC, check_name, fingerprint, place
        """
        with _explained(self.path):
            cursor = self.db.execute(sql + (f"LIMIT {limit:d}" if limit else ""), {"check": check, "status": status})
            while rows := cursor.fetchmany(10_000):
                for row in rows:
                    yield Remembered._make((*row[:5], _utc(row[5]), _utc(row[6]), row[7]))

    def number(self, check: str = "") -> dict[str, int]:
        """How many findings of a check or folder have each status."""
        sql = """
            SELECT status, count(*) FROM findings
            WHERE ($check = '' OR check_name = $check OR starts_with(check_name, $check || '/')) GROUP BY status
        """
        with _explained(self.path):
            return dict(self.db.execute(sql, {"check": check}).fetchall())

    def forget(self, days: int, now: datetime) -> None:
        """Drop runs, and findings that are gone, that are older than so many days. The last run of a source stays."""
        before = _plain(now) - timedelta(days=days)
        with self.writing() as db:
            db.execute("DELETE FROM findings WHERE status = ? AND last_seen < ?", [Status.GONE.value, before])
            old = """
                SELECT run FROM runs WHERE started < ? AND run NOT IN (SELECT MAX(run) FROM runs GROUP BY source)
            """
            for table in ("devices", "alerts", "runs"):
                db.execute(f"DELETE FROM {table} WHERE run IN ({old})", [before])


def _plain(moment: datetime) -> datetime:
    """As the file has it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _foreign(path: Path) -> HistoryError:
    return HistoryError(
        f"{str(path)!r} is no history of tagwise", hint="Name another file with --history; this one was not changed."
    )


@contextlib.contextmanager
def _explained(path: Path | None = None) -> Iterator[None]:
    """Say what is wrong with the history in its own words: the file is a database like an index."""
    try:
        with explained(path or Path()):
            yield
    except ArchiveIndexError as error:
        text = re.sub(r"^index ", "history ", str(error))
        if isinstance(error, IndexLocked):
            hint = "Wait until that audit has ended. Two audits that record at once would count findings twice."
            raise HistoryLocked(text, hint=hint) from error
        hint = "The audit's source is untouched. Free space, or move the file away: the next audit begins a new one."
        raise HistoryError(text, hint=hint) from error
