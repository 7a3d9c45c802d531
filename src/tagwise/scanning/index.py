"""The index: one DuckDB file with a row per object, readable by its owner only, usable after a crash at any moment."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb
import pyarrow as pa

import tagwise
from tagwise.errors import IndexDamaged, IndexForeign, IndexNotWritable, IndexTooNew
from tagwise.scanning.columns import Column, scan_columns
from tagwise.scanning.containers import table as containers
from tagwise.scanning.index_errors import explained, in_use
from tagwise.scanning.index_privacy import facts_of, require_same
from tagwise.scanning.pseudonyms import CLEAR
from tagwise.scanning.references import REFERRING
from tagwise.scanning.walk import reason_of, shown_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.scanning.pseudonyms import Privacy

MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
"""SOP class of a DICOMDIR (PS3.4 annex I)."""

FORMAT = 3
"""Version of the layout of the index. A reader refuses a higher one; a scan brings a lower one up to date.

1: `instances`. 2: also `referenced_objects`. 3: values may be pseudonyms, or left out, as `tagwise_index` says.
"""

FILE_COLUMNS = (
    ("file_path", "VARCHAR"),
    ("file_size", "BIGINT"),
    ("file_modified", "BIGINT"),
    ("header_digest", "VARCHAR"),
    ("read_error", "VARCHAR"),
    ("vanished", "TIMESTAMP"),
)
"""What a row holds besides attributes; `file_modified` is st_mtime_ns, `vanished` when (UTC) a scan missed the file."""

REFERENCE_COLUMNS = (
    "file_path",
    "sequence",
    "ReferencedSOPClassUID",
    "ReferencedSOPInstanceUID",
    "SeriesInstanceUID",
    "StudyInstanceUID",
    "FrameOfReferenceUID",
)
"""What `referenced_objects` holds: the file that refers, in which sequence, and what it says about the other object."""

_MAKE_REFERENCES = f"CREATE TABLE referenced_objects ({', '.join(f'{name} VARCHAR' for name in REFERENCE_COLUMNS)})"

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # A hospital's network is closed, and a scan must not load code that nobody asked for.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
}


def looks_like_index(path: str | os.PathLike[str]) -> bool:
    """Whether the file is a DuckDB database, by its first bytes.

    Raises:
        OSError: The file cannot be read.
        IndexLocked: A scan in this process has it open.
    """
    where = Path(os.path.realpath(path))
    if str(where) in _OPEN:
        # To open and close it here would drop the lock that the scan holds on it: POSIX locks belong to the process.
        raise in_use(where, "this process")
    return _starts_like_index(where)


def _starts_like_index(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def history_beside(index: str | os.PathLike[str]) -> Path:
    """Where the history of an index is kept (docs/nightly.md): `archive.history.duckdb` beside `archive.duckdb`."""
    path = Path(index)
    return path.with_name(f"{path.stem}.history{path.suffix}")


_OPEN: set[str] = set()
"""Indexes that this process writes. DuckDB would let a second scan in the same process share its tables."""

_GUARD = threading.Lock()


class _OwnerOnly:
    """Creates files with mode 0600 meanwhile. DuckDB offers no mode, and makes its log and spill files when it likes.

    The mask belongs to the whole process: of several threads the first one in sets it, the last one out restores it.
    """

    def __init__(self) -> None:
        self._inside, self._before = 0, 0

    def __enter__(self) -> None:
        with _GUARD:
            if not self._inside:
                self._before = os.umask(0o077)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with _GUARD:
            self._inside -= 1
            if not self._inside:
                os.umask(self._before)


owner_only = _OwnerOnly()


class ArchiveIndex:
    """An open index. Use it as a context manager; what was committed stays, whatever happens to the process.

    Raises:
        ArchiveIndexError: The file is locked, foreign, damaged, too new or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str], *, memory_limit: str = "128MB", privacy: Privacy = CLEAR) -> None:
        self.path = index_path(path)
        self.privacy = privacy
        self.columns: tuple[Column, ...] = scan_columns()
        with _GUARD:
            if str(self.path) in _OPEN:
                raise in_use(self.path, "another scan in this process")
            _OPEN.add(str(self.path))
        try:
            self._open(memory_limit)
        except BaseException:
            _OPEN.discard(str(self.path))
            raise

    def _open(self, memory_limit: str) -> None:
        with owner_only, explained(self.path):
            if not self.path.exists():
                self._create()
            _require_own(self.path)
            self._db = _connect(self.path, memory_limit)
            try:
                _require_format(self._db, self.path)
                require_same(self._db, self.path, self.privacy)
                self._add_missing_columns()
                self._add_references()
                self._db.execute(containers.MAKE)
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything to the file and let other processes open it."""
        try:
            with owner_only, contextlib.suppress(duckdb.Error):
                # A full disk is reported by the write that met it; closing must not hide that error with another.
                self._db.close()
        finally:
            _OPEN.discard(str(self.path))

    def _create(self) -> None:
        """Make the index under another name first: a crash in between leaves no half-made file behind the real name."""
        if not self.path.parent.is_dir():
            raise IndexNotWritable(f"index {str(self.path)!r} cannot be created: its folder does not exist")
        # A folder of its own: no other process, nor one of the same number that was killed, has the same draft.
        folder = tempfile.mkdtemp(prefix=f".{self.path.name[:40]}.", suffix=".new", dir=self.path.parent)
        draft = Path(folder) / "index.duckdb"
        try:
            db = duckdb.connect(_text(draft), config=CONFIG)
            columns = [*FILE_COLUMNS, *((column.keyword, "VARCHAR") for column in self.columns)]
            db.execute(f"CREATE TABLE instances ({', '.join(f'{name} {kind}' for name, kind in columns)})")
            db.execute(_MAKE_REFERENCES)
            db.execute("CREATE TABLE tagwise_index (name VARCHAR, value VARCHAR)")
            created = datetime.now(UTC).isoformat(timespec="seconds")
            facts = [("format", str(FORMAT)), ("tool", f"tagwise {tagwise.__version__}"), ("created", created)]
            facts += facts_of(self.privacy)
            db.executemany("INSERT INTO tagwise_index VALUES (?, ?)", facts)
            db.close()
            place(draft, self.path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _add_missing_columns(self) -> None:
        """Give an index of an earlier version the columns that checks need now, and have every file read again."""
        held = {row[0] for row in self.query("SELECT column_name FROM duckdb_columns() WHERE table_name = 'instances'")}
        missing = [column.keyword for column in self.columns if column.keyword not in held]
        if missing:
            self._db.execute("BEGIN")
            for keyword in missing:
                self._db.execute(f"ALTER TABLE instances ADD COLUMN {keyword} VARCHAR")
            self._db.execute("UPDATE instances SET file_modified = NULL")
            self._db.execute("DROP TABLE IF EXISTS containers")
            self._db.execute("COMMIT")

    def _add_references(self) -> None:
        """Bring an index of format 1 to format 2: what refers to others is read again."""
        if not self.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'referenced_objects'"):
            self._db.execute("BEGIN")
            self._db.execute(_MAKE_REFERENCES)
            referring = " OR ".join(f"starts_with(SOPClassUID, '{start}')" for start in REFERRING)
            self._db.execute(f"UPDATE instances SET file_modified = NULL WHERE {referring}")
            self._db.execute("UPDATE tagwise_index SET value = ? WHERE name = 'format'", [str(FORMAT)])
            self._db.execute("COMMIT")

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement.

        Raises:
            ArchiveIndexError: The file is damaged or full.
        """
        with owner_only, explained(self.path):
            return self._db.execute(sql, values).fetchall()

    def begin_listing(self) -> None:
        """Forget the list of an earlier scan that did not finish."""
        columns = "file_path VARCHAR, file_size BIGINT, file_modified BIGINT, sealed_path VARCHAR"
        self.query(f"CREATE OR REPLACE TABLE listing ({columns})")

    def add_listing(self, paths: list[str], sizes: list[int | None], modified: list[int | None]) -> None:
        """Remember files that are there, with their size in bytes and time of change in nanoseconds."""
        columns = {
            "file_path": pa.array(map(self.privacy.path, paths), pa.string()),
            "file_size": pa.array(sizes, pa.int64()),
            "file_modified": pa.array(modified, pa.int64()),
            "sealed_path": pa.array(map(self.privacy.seal, paths), pa.string()),
        }
        self._append("listing", pa.table(columns))

    def plan(self) -> tuple[int, int, int]:
        """Decide what to read: `todo` holds it. Returns how many files are new, changed, and unchanged.

        A file that the operating system did not give last time is tried again.
        """
        self.query(
            f"""
            CREATE OR REPLACE TABLE todo AS
            SELECT row_number() OVER () AS place, file_path, known FROM (
              -- DISTINCT: some file systems list a name twice while a folder changes.
              SELECT DISTINCT COALESCE(listing.sealed_path, listing.file_path) AS file_path,
                instances.file_path IS NOT NULL OR listing.file_path IN (SELECT file_path FROM containers) AS known
              FROM listing LEFT JOIN instances ON instances.file_path = listing.file_path
              WHERE (instances.file_path IS NULL
                OR instances.vanished IS NOT NULL
                OR instances.file_size IS DISTINCT FROM listing.file_size
                OR instances.file_modified IS DISTINCT FROM listing.file_modified
                OR instances.read_error LIKE 'file unavailable%')
                AND NOT {containers.UNCHANGED}
            )
            """
        )
        new, changed = self.query("SELECT count(*) FILTER (NOT known), count(*) FILTER (known) FROM todo")[0]
        listed = self.query("SELECT count(*) FROM listing")[0][0]
        containers.list_members(self)
        return new, changed, listed - new - changed

    def todo(self, page: int) -> Iterator[list[tuple[str, bool]]]:
        """Pages of files to read: their path as text, and whether a row of an earlier scan has to be replaced."""
        place = 0
        while rows := self.query(
            "SELECT place, file_path, known FROM todo WHERE place > ? AND place <= ? ORDER BY place",
            (place, place + page),
        ):
            place = rows[-1][0]
            yield [(self.privacy.unseal(path), known) for _, path, known in rows]

    def write(
        self,
        rows: pa.Table,
        references: pa.Table,
        *,
        replaces: bool,
        also: Sequence[tuple[str, Sequence[object]]] = (),
    ) -> None:
        """Add rows and references in one transaction; `replaces` removes what is known of the same paths first.

        Args:
            also: Statements, with their values, that belong to the transaction and come before the rows.
        """
        rows, references = self.privacy.rows(rows), self.privacy.references(references)
        with owner_only, explained(self.path):
            self._db.execute("BEGIN")
            try:
                self._db.register("batch", rows)
                if replaces:
                    for table in ("instances", "referenced_objects"):
                        self._db.execute(f"DELETE FROM {table} WHERE file_path IN (SELECT file_path FROM batch)")
                for statement, values in also:
                    self._db.execute(statement, values)
                self._db.execute("INSERT INTO instances BY NAME SELECT * FROM batch")
                if references.num_rows:
                    self._db.register("batch", references)
                    self._db.execute("INSERT INTO referenced_objects BY NAME SELECT * FROM batch")
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._db.unregister("batch")

    def _append(self, table: str, rows: pa.Table) -> None:
        with owner_only, explained(self.path):
            self._db.register("batch", rows)
            self._db.execute(f"INSERT INTO {table} SELECT * FROM batch")
            self._db.unregister("batch")

    def mark_vanished(self, roots: Sequence[str], unlisted: Sequence[str]) -> int:
        """Mark files below `roots` that the listing does not have, except below folders that could not be listed."""
        # Tables, not conditions: there may be thousands of either.
        self.query("CREATE OR REPLACE TEMP TABLE places (start VARCHAR, listed BOOLEAN)")
        starts = [(start, True) for root in roots for start in shown_below(root)]
        starts += [(start, False) for folder in unlisted for start in shown_below(folder)]
        shown = [self.privacy.path(start) for start, _ in starts]
        self._append("places", pa.table({"start": shown, "listed": [listed for _, listed in starts]}))
        self.query(
            """
            CREATE OR REPLACE TEMP TABLE unseen AS
            SELECT file_path FROM instances
            WHERE vanished IS NULL AND file_path NOT IN (SELECT file_path FROM listing)
            """
        )
        self.query(
            f"""
            CREATE OR REPLACE TEMP TABLE missed AS
            SELECT file_path FROM unseen
            WHERE EXISTS (SELECT 1 FROM places WHERE listed AND starts_with({containers.OUTERMOST} || '/', start))
              AND (file_path = {containers.OUTERMOST} OR {containers.OUTERMOST} NOT IN (
                SELECT file_path FROM instances WHERE read_error LIKE 'file unavailable%' AND vanished IS NULL))
              AND NOT EXISTS (SELECT 1 FROM places WHERE NOT listed AND starts_with(file_path, start))
            """
        )
        count: int = self.query("SELECT count(*) FROM missed")[0][0]
        if count:
            now = datetime.now(UTC).replace(tzinfo=None)
            condition = "vanished IS NULL AND file_path IN (SELECT file_path FROM missed)"
            self.query(f"UPDATE instances SET vanished = ? WHERE {condition}", [now])
            containers.forget_vanished(self)
        return count

    def unreadable(self) -> dict[str, int]:
        """How many of the listed files cannot be read, by reason, the most frequent first."""
        rows = self.query(
            """
            SELECT split_part(read_error, ':', 1) AS reason, count(*) FROM instances
            WHERE read_error IS NOT NULL AND vanished IS NULL AND file_path IN (SELECT file_path FROM listing)
            GROUP BY reason ORDER BY count(*) DESC, reason
            """
        )
        return dict(rows)

    def directories(self) -> int:
        """How many of the listed files are DICOMDIR files: they list objects and are none themselves (PS3.10 8)."""
        condition = f"'{MEDIA_STORAGE_DIRECTORY}' IN (MediaStorageSOPClassUID, SOPClassUID)"
        found: int = self.query(
            f"""
            SELECT count(*) FROM instances
            WHERE {condition} AND read_error IS NULL AND vanished IS NULL
              AND file_path IN (SELECT file_path FROM listing)
            """
        )[0][0]
        return found

    def end_listing(self) -> None:
        """Drop the working tables and write everything to the file."""
        for statement in ("DROP TABLE IF EXISTS todo", "DROP TABLE IF EXISTS listing", "CHECKPOINT"):
            self.query(statement)


def index_path(path: str | os.PathLike[str]) -> Path:
    """The real path of an index: DuckDB keeps its log beside the name it is given, so one file must have one name.

    Raises:
        IndexNotWritable: No index can have this path.
    """
    try:
        if not os.fspath(path):
            raise IndexNotWritable("the path of the index is empty")
        where = Path(os.path.realpath(path))
    except (OSError, ValueError) as error:  # the current folder is gone, a NUL in the path
        raise IndexNotWritable(f"index {os.fspath(path)!r} cannot be opened: {reason_of(error)}") from error
    _text(where)
    return where


def _text(path: Path) -> str:
    """The path for DuckDB, which takes UTF-8 only, whatever the locale."""
    try:
        return os.fsencode(path).decode()
    except UnicodeDecodeError as error:
        raise IndexNotWritable(
            f"index {str(path)!r} cannot be opened: the path of an index has to be UTF-8",
            hint="Name another path with --index; the paths that are scanned may have any bytes.",
        ) from error


def place(draft: Path, target: Path) -> None:
    """Give a new index its name, unless another process was faster: neither overwrites the other's index."""
    try:
        os.link(draft, target)
    except FileExistsError:
        pass
    except OSError:
        # FAT and some network file systems have no links: there two scans that start at the same moment may collide.
        if not target.exists():
            draft.rename(target)


def _connect(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect(_text(path), config=CONFIG)
    try:
        db.execute(f"SET memory_limit = '{memory_limit}'")
        db.execute("SET preserve_insertion_order = false")
        # One thread: the other processors read. The log may be long, since writing the rows to their places is costly.
        db.execute("SET threads = 1")
        db.execute("SET checkpoint_threshold = '64MB'")
        quiet(db)
    except BaseException:
        db.close()
        raise
    return db


def quiet(db: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB from drawing a progress bar on standard output, which it does under `python -c` and in notebooks."""
    db.execute("SET enable_progress_bar = false")


def _require_own(path: Path) -> None:
    """Refuse files that are no DuckDB database before DuckDB sees them: it would try to download a reader for some."""
    if not path.is_file():
        raise IndexForeign(f"index {str(path)!r} is not a regular file")
    if not _starts_like_index(path):
        raise IndexForeign(
            f"{str(path)!r} exists, but it is not a tagwise index",
            hint="Name another file with --index; this one was not changed.",
        )


def _name(db: duckdb.DuckDBPyConnection) -> str:
    return str(db.execute("SELECT current_database()").fetchall()[0][0])


def _require_format(db: duckdb.DuckDBPyConnection, path: Path, schema: str = "") -> None:
    tables = {
        row[0]
        for row in db.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [schema or _name(db)]
        ).fetchall()
    }
    if not {"tagwise_index", "instances"} <= tables:
        raise IndexForeign(
            f"{str(path)!r} is a DuckDB database, but tagwise did not write it",
            hint="Name another file; this one was not changed.",
        )
    prefix = f"{schema}." if schema else ""
    row = db.execute(f"SELECT value FROM {prefix}tagwise_index WHERE name = 'format'").fetchone()
    found = int(row[0]) if row and str(row[0]).isdigit() else 0
    if found < 1:
        raise IndexDamaged(f"index {str(path)!r} does not say which format it has", hint="Scan again into a new file.")
    if found > FORMAT:
        raise IndexTooNew(
            f"index {str(path)!r} has format {found}, but this tagwise reads up to format {FORMAT}",
            hint="Update tagwise, or scan again into a new file.",
        )


def attach(db: duckdb.DuckDBPyConnection, path: str | os.PathLike[str], schema: str) -> None:
    """Make an index readable as `schema`.instances on another connection, without changing it.

    Raises:
        ArchiveIndexError: The file is locked, foreign, damaged or too new.
    """
    where = index_path(path)
    with explained(where):
        if where.is_file():
            looks_like_index(where)  # refuses one that a scan in this process has open
        _require_own(where)
        db.execute(f"ATTACH '{_text(where).replace(chr(39), chr(39) * 2)}' AS {schema} (READ_ONLY)")
        _require_format(db, where, schema)
