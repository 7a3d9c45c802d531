"""A folder of Parquet that a scan on a cluster wrote: what `index.py` is for one machine, for many.

    DIR/tagwise.json                      which rounds are whole; what is not named here does not count
    DIR/round=00001/table=instances/…     one row per file, columns as in the index
    DIR/round=00001/table=referenced_objects/…
    DIR/round=00002/superseded.parquet    files that round 2 read again or missed

Nothing is changed once it is written: a later round only says which rows of earlier ones do not hold any more.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import msgspec

import tagwise
from tagwise.atomic import neighbour
from tagwise.errors import IndexDamaged, IndexForeign, IndexLocked, IndexNotWritable, IndexTooNew
from tagwise.scanning.index import CONFIG, FILE_COLUMNS, REFERENCE_COLUMNS
from tagwise.scanning.walk import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MANIFEST = "tagwise.json"
FORMAT = 1
WORK = ".work"
"""What a scan needs meanwhile, below the folder."""

INSTANCES, REFERENCES, SUPERSEDED = "table=instances", "table=referenced_objects", "superseded.parquet"


ROUND = r"/(round=[0-9]+)/(?:table=[a-z_]+/)?[^/]*$"
"""The pattern that finds the round of a row in the path of its file."""

_LATER = "SELECT 1 FROM superseded AS s WHERE s.file_path = r.file_path AND s.round > r.round"
KEPT_AND_GONE = (
    f"NOT EXISTS ({_LATER})",
    f"EXISTS ({_LATER}) AND NOT EXISTS ({_LATER} AND s.vanished IS NULL)",
)
"""Conditions on rows `r`: what holds now, and what was there once; without `superseded` all holds, and none is gone."""


class Manifest(msgspec.Struct):
    """What `tagwise.json` says."""

    format: int
    tool: str
    created: str
    columns: list[str] = []
    """The attributes that every round has read."""
    rounds: list[str] = []
    """The rounds that are whole, in their order."""
    unfinished: bool = False
    """Whether a scan is under way, or did not reach its end."""


def is_folder(path: str) -> bool:
    """Whether a scan on a cluster wrote what is at the path."""
    try:
        return (Path(path) / MANIFEST).is_file()
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


class ParquetFolder:
    """The folder of a scan, for reading; `writing` opens it for a scan.

    Raises:
        ArchiveIndexError: It is foreign, damaged or too new.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - keeps links as named: nodes may see only these
        try:
            text = (self.path / MANIFEST).read_bytes()
        except OSError as error:
            raise IndexForeign(
                f"{str(self.path)!r} is no folder that a scan wrote: {MANIFEST}: {reason_of(error)}"
            ) from error
        try:
            found = json.loads(text).get("format")
            if not isinstance(found, int) or found < 1:
                raise IndexDamaged(f"{str(self.path / MANIFEST)!r} does not say which format it has")
            if found > FORMAT:
                raise IndexTooNew(
                    f"{str(self.path)!r} has format {found}, but this tagwise reads up to format {FORMAT}",
                    hint="Update tagwise, or scan again into a new folder.",
                )
            self.manifest = msgspec.json.decode(text, type=Manifest)
        except (ValueError, AttributeError) as error:
            raise IndexDamaged(f"{str(self.path / MANIFEST)!r} cannot be read: {error}") from error

    def files(self, table: str) -> list[str]:
        """The Parquet files of a table, of whole rounds only, as paths."""
        found: list[str] = []
        for name in self.manifest.rounds:
            folder = self.path / name
            if table == SUPERSEDED:
                found += [str(folder / SUPERSEDED)] if (folder / SUPERSEDED).exists() else []
            else:
                found += sorted(map(str, (folder / table).glob("*.parquet")))
        return found

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `kept_rows` and `kept_references` (what holds now), and `gone_rows`, as views of DuckDB.

        Raises:
            IndexDamaged: A file of a whole round is missing or damaged.
        """
        kinds = {**dict(FILE_COLUMNS), **dict.fromkeys(self.manifest.columns, "VARCHAR")}
        kinds.pop("vanished")
        self._view(db, "all_rows", self.files(INSTANCES), kinds)
        self._view(db, "all_references", self.files(REFERENCES), dict.fromkeys(REFERENCE_COLUMNS, "VARCHAR"))
        self._view(db, "superseded", self.files(SUPERSEDED), {"file_path": "VARCHAR", "vanished": "TIMESTAMP"})
        kept, gone = KEPT_AND_GONE if self.files(SUPERSEDED) else ("TRUE", "FALSE")
        db.execute(f"CREATE VIEW kept_rows AS SELECT * FROM all_rows AS r WHERE {kept}")
        db.execute(f"CREATE VIEW kept_references AS SELECT * EXCLUDE (round) FROM all_references AS r WHERE {kept}")
        db.execute(f"CREATE VIEW gone_rows AS SELECT * FROM all_rows AS r WHERE {gone}")

    def _view(self, db: duckdb.DuckDBPyConnection, name: str, files: Sequence[str], kinds: dict[str, str]) -> None:
        """A view with these columns and `round`, without rows where there are no files."""
        columns = ", ".join(f'"{column}"' for column in kinds)
        if not files:
            empty = ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in kinds.items())
            db.execute(f"CREATE VIEW {name} AS SELECT {empty}, NULL::VARCHAR AS round WHERE FALSE")
            return
        try:
            read = "read_parquet(?, hive_partitioning = false, union_by_name = true, filename = true)"
            rows = db.sql(f"SELECT * FROM {read}", params=[list(files)])
            held = set(rows.columns)
            rows.create_view(f"{name}_read")
            absent = [column for column in kinds if column not in held]
            if absent:
                raise IndexDamaged(f"{str(self.path)!r} lacks the column {absent[0]}", hint="Scan into a new folder.")
            round_of = f"regexp_extract(filename, '{ROUND}', 1) AS round"
            db.execute(f"CREATE VIEW {name} AS SELECT {columns}, {round_of} FROM {name}_read")
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise IndexDamaged(
                f"{str(self.path)!r} cannot be read: {str(error).splitlines()[0]}", hint="Scan into a new folder."
            ) from error


class FolderWriter(ParquetFolder):
    """The folder while a scan writes it; `writing` opens it."""

    @property
    def work(self) -> Path:
        """A place for what the scan needs meanwhile, seen by all nodes."""
        return self.path / WORK

    def connect(self, memory_limit: str) -> duckdb.DuckDBPyConnection:
        """A connection that plans a scan: it spills below the folder."""
        db = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": str(self.work / "spill")})
        db.execute(f"SET memory_limit = '{memory_limit}'")
        db.execute("SET enable_progress_bar = false")
        return db

    def next_round(self) -> str:
        """The name of the round that comes next."""
        return f"round={len(self.manifest.rounds) + 1:05}"

    def add_round(self, made: Path) -> None:
        """Give a folder that is whole its name, then say so: before that it does not count.

        Raises:
            IndexNotWritable: The disk is full, or somebody took the permission away.
        """
        name = self.next_round()
        try:
            shutil.rmtree(self.path / name, ignore_errors=True)  # of a scan that was killed before it said so
            made.rename(self.path / name)
        except OSError as error:
            raise _not_writable(self.path, error) from error
        self.manifest.rounds.append(name)
        self.save()

    def save(self) -> None:
        """Write the manifest: readers see the old one or the new one.

        Raises:
            IndexNotWritable: It cannot be written.
        """
        _save(self.path, self.manifest)


@contextlib.contextmanager
def writing(path: str | os.PathLike[str], columns: Sequence[str]) -> Iterator[FolderWriter]:
    """Open the folder for a scan, and make it where it is not there: mode 0700, because it holds patient data.

    Raises:
        IndexLocked: Another scan writes it.
        ArchiveIndexError: It is foreign, damaged or too new, or cannot be written.
    """
    if not os.fspath(path):
        raise IndexNotWritable("the path of the folder is empty")
    where = Path(os.path.abspath(path))  # noqa: PTH100 - as in ParquetFolder
    try:
        where.mkdir(mode=0o700, exist_ok=True)
        if not is_folder(str(where)):
            if any(name != ".lock" for name in os.listdir(where)):  # noqa: PTH208 - names only
                raise IndexForeign(
                    f"{str(where)!r} has files, but no scan on a cluster wrote them",
                    hint="Name a new folder; this one was not changed.",
                )
            now = datetime.now(UTC).isoformat(timespec="seconds")
            _save(where, Manifest(FORMAT, f"tagwise {tagwise.__version__}", now, list(columns)))
    except FileExistsError as error:
        raise IndexForeign(
            f"{str(where)!r} is a file, but a scan on a cluster writes a folder", hint="Name another path."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _not_writable(where, error) from error
    with _locked(where):
        folder = FolderWriter(where)
        shutil.rmtree(folder.work, ignore_errors=True)
        try:
            folder.work.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder.work, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One scan at a time; the lock ends with its process, however that ends."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexLocked(f"{str(folder)!r} is in use by another scan", hint="Wait for it to finish.") from error
        yield


def _save(folder: Path, manifest: Manifest) -> None:
    try:
        with neighbour(str(folder / MANIFEST)) as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest)))
    except OSError as error:
        raise _not_writable(folder, error) from error


def _not_writable(folder: Path, error: OSError | ValueError) -> IndexNotWritable:
    return IndexNotWritable(
        f"the folder {str(folder)!r} cannot be written: {reason_of(error)}",
        hint="Its parent must exist and be writable, with space left.",
    )
