"""The index that a scan of files wrote: every column is true for every single instance."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import MEDIA_STORAGE_DIRECTORY, attach, looks_like_index
from tagwise.scanning.index_errors import explained
from tagwise.scanning.index_privacy import mode_of
from tagwise.sources import Kind, text_needed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    from tagwise.checks import Relation

_SCHEMA = "archive"
_FILE_FACTS = ("file_path", "file_size", "header_digest")


class FilesIndex:
    """An index file, opened read-only.

    Raises:
        ArchiveIndexError: On `attach`: the file is locked, foreign, damaged or too new.
    """

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        self._path = path
        self._name = name or os.fspath(path)
        self._grain: Mapping[str, Level] = {}
        self._lacks: dict[Relation, str] = {}
        self._blind: Mapping[str, str] = {}
        self._unfinished = False

    @property
    def name(self) -> str:
        """The path as the user gave it."""
        return self._name

    @property
    def grain(self) -> Mapping[str, Level]:
        """Every column of the index, each true per instance. Known after `attach`."""
        return self._grain

    @property
    def lacks(self) -> Mapping[Relation, str]:
        """Links, where an earlier version wrote the index and no scan has brought it up to date."""
        return self._lacks

    @property
    def blind(self) -> Mapping[str, str]:
        """Checks that need the text of values of which the index has pseudonyms (docs/privacy.md)."""
        return self._blind

    @property
    def unfinished(self) -> bool:
        """Whether the last scan did not reach its end. Known after `attach`."""
        return self._unfinished

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` from the rows of files that are still there, DICOMDIR files left out.

        `gone` has the rows of the others.

        Raises:
            ArchiveIndexError: The file is locked, foreign, damaged or too new.
        """
        attach(db, self._path, _SCHEMA)
        with explained(self._path):
            held = {
                row[0]
                for row in db.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = 'instances'",
                    [_SCHEMA],
                ).fetchall()
            }
            self._unfinished = _stopped_early(db)
            held_of_patients = mode_of(db, _SCHEMA)
            self._blind = text_needed.blind(held_of_patients)
            held -= text_needed.left_out(held_of_patients)
            keywords = [column.keyword for column in scan_columns() if column.keyword in held]
            columns = [*(name for name in _FILE_FACTS if name in held), *keywords]
            self._grain = dict.fromkeys(columns, Level.INSTANCE)
            listed = ", ".join([*columns, *(f"NULL::VARCHAR AS {name}" for name in _FILE_FACTS if name not in held)])
            present = f"FROM {_SCHEMA}.instances WHERE vanished IS NULL"
            readable = f"read_error IS NULL AND {no_directory(held)}"
            db.execute(f"CREATE VIEW stored AS SELECT {listed}, rowid AS stored_row {present} AND {readable}")
            gone = f"FROM {_SCHEMA}.instances WHERE vanished IS NOT NULL"
            db.execute(f"CREATE VIEW gone AS SELECT {listed} {gone} AND {readable}")
            db.execute(f"CREATE VIEW unreadable AS SELECT {listed}, read_error {present} AND read_error IS NOT NULL")
            self._add_references(db)

    def _add_references(self, db: duckdb.DuckDBPyConnection) -> None:
        held = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = 'referenced_objects'"
        if db.execute(held, [_SCHEMA]).fetchall():
            db.execute(f"CREATE VIEW referenced_objects AS SELECT * FROM {_SCHEMA}.referenced_objects")
        else:
            self._lacks["links"] = "needs references, which this index does not hold yet: scan again"


def no_directory(held: Collection[str]) -> str:
    """The condition that leaves out DICOMDIR files, of those columns that a table of objects has.

    >>> no_directory(["SOPClassUID"])
    "COALESCE(SOPClassUID, '') <> '1.2.840.10008.1.3.10'"
    """
    named = [name for name in ("MediaStorageSOPClassUID", "SOPClassUID") if name in held]
    return " AND ".join(f"COALESCE({name}, '') <> '{MEDIA_STORAGE_DIRECTORY}'" for name in named) or "TRUE"


def _stopped_early(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether the working tables of a scan are still there: it was killed, or its disk was full."""
    tables = "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name IN ('listing', 'todo')"
    return bool(db.execute(tables, [_SCHEMA]).fetchall()[0][0])


def _claims(source: str) -> bool:
    path = Path(source)
    try:
        # Only a regular file is opened: a named pipe would wait for its writer.
        return path.is_file() and looks_like_index(path)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return False


KIND = Kind(
    name="index",
    title="Index that `tagwise scan` wrote, or a folder, which is scanned first",
    spelled=("archive.duckdb", "/archive"),
    claims=_claims,
    opened=lambda source: FilesIndex(Path(source)),
    tried="with every test of the project",
    grain=dict.fromkeys([*_FILE_FACTS, *(column.keyword for column in scan_columns())], Level.INSTANCE),
    tells=("Every attribute is there for every object, as its header has it, padding included.",),
)
