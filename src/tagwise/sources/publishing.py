"""An index in PostgreSQL: copied from the file that a scan wrote, so that others can query it and audit it there."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tagwise.scanning.index import CONFIG, attach, quiet
from tagwise.scanning.index_errors import explained
from tagwise.sources.databases import FETCHED, NUL_SHOWN, without_password
from tagwise.sources.postgresql import connected

if TYPE_CHECKING:
    import os

TABLES = ("instances", "referenced_objects", "tagwise_index")


@dataclass(frozen=True, slots=True)
class Published:
    """What was copied: rows of each table, and where they are, without a password."""

    database: str
    rows: dict[str, int]


def publish(index: str | os.PathLike[str], url: str) -> Published:
    """Copy an index into a PostgreSQL database, in one transaction: readers see the old one or the new one.

    Tables are made in the first schema of the search_path under other names, and renamed at the end. The rows pass as
    Arrow, a batch at a time.

    Raises:
        ArchiveIndexError: The index cannot be read.
        UsageError: The driver is not installed.
        SourceError: The database cannot be reached, or does not let this user make tables.
    """
    where = Path(index)
    rows: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="tagwise-") as spill, explained(where):
        db = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": spill})
        try:
            quiet(db)
            attach(db, where, "archive")
            held = db.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'archive'").fetchall()
            names = [name for name in TABLES if (name,) in held]
            with connected(url) as connection, connection.cursor() as cursor:
                for name in names:
                    cursor.execute(f"DROP TABLE IF EXISTS {name}_new")
                    reader = db.sql(f"SELECT {_columns(db, name)} FROM archive.{name}").to_arrow_reader(FETCHED)
                    cursor.adbc_ingest(f"{name}_new", reader, mode="create")
                    cursor.execute(f"SELECT COUNT(*) FROM {name}_new")
                    rows[name] = int(cursor.fetchone()[0])
                for name in names:
                    cursor.execute(f"DROP TABLE IF EXISTS {name}")
                    cursor.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
                connection.commit()
        finally:
            db.close()
    return Published(without_password(url), rows)


def _columns(db: duckdb.DuckDBPyConnection, table: str) -> str:
    """The columns of a table for PostgreSQL, whose text cannot hold a NUL."""
    held = db.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'archive' AND table_name = ?",
        [table],
    ).fetchall()
    return ", ".join(
        f'replace("{name}", CHR(0), \'{NUL_SHOWN}\') AS "{name}"' if kind == "VARCHAR" else f'"{name}"'
        for name, kind in held
    )
