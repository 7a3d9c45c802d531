"""The table `marks`: eight bytes for each SOP Instance UID, so that millions of them are read once, not five times.

`mark` is a hash of the UID, `sound` whether no check on the form of a UID could name it, and `stored_row` where its
object is, for a source that can find an object by a number. Two UIDs may share a mark: whoever picks objects by marks
compares the UIDs of those few that it has picked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

ROW = "stored_row"
"""A column that `stored` may have: a number by which DuckDB finds the object without reading the others."""

_AT_ONCE = 1 << 20
"""Marks that are counted at a time: their table stays in the cache of a processor, and far below any memory limit."""

_NUMBER = "(?:0|[1-9][0-9]*)"
_UUID = "(?:[1-9][0-9]{0,37}|[12][0-9]{38}|3[0-3][0-9]{37})"
SOUND = f"(?:1\\.[23]|2\\.16)(?:\\.{_NUMBER})+|2\\.25\\.{_UUID}"
"""UIDs without a fault: numbers and single dots under the roots that nearly all UIDs have (PS3.5 9.1 and B)."""


def is_sound(uid: str) -> str:
    """An SQL condition that holds for UIDs only that no check on the form of a UID names, and for nearly all of these.

    One look at ten million SOP Instance UIDs takes the place of one for each check; a test compares it with the checks.
    """
    return (
        f"LENGTH({uid}) BETWEEN 18 AND 64 AND {uid} NOT LIKE '1.2.840.10008%' AND REGEXP_FULL_MATCH({uid}, '{SOUND}')"
    )


def make(db: duckdb.DuckDBPyConnection) -> None:
    """Make `marks` from `instances`, unless it is there."""
    if db.execute("SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = 'marks'").fetchall():
        return
    row = f", {ROW}" if has_rows(db) else ""
    db.execute(
        f"CREATE TEMP TABLE marks AS SELECT HASH(SOPInstanceUID) AS mark, {is_sound('SOPInstanceUID')} AS sound{row}"
        " FROM instances WHERE SOPInstanceUID IS NOT NULL"
    )


def has_rows(db: duckdb.DuckDBPyConnection, relation: str = "instances") -> bool:
    """Whether the source finds an object by a number."""
    return ROW in {column[0] for column in db.execute(f"DESCRIBE {relation}").fetchall()}


def pick(db: duckdb.DuckDBPyConnection, name: str, condition: str, columns: Iterable[str]) -> None:
    """Make the table `name` of `columns` of those `instances` whose mark meets the condition, and perhaps a few more.

    The mark tells the objects; all else is read of them alone where the source has a row number.
    """
    key, of = (ROW, ROW) if has_rows(db) else ("mark", "HASH(SOPInstanceUID)")
    # A table of its own: DuckDB then knows how few they are, and reads the other columns of these objects only.
    db.execute(f"CREATE OR REPLACE TEMP TABLE picked AS SELECT DISTINCT {key} FROM marks WHERE {condition}")
    wanted = ", ".join(columns)
    db.execute(f"CREATE TEMP TABLE {name} AS SELECT {wanted} FROM instances WHERE {of} IN (SELECT {key} FROM picked)")
    db.execute("DROP TABLE picked")


def find_repeated(db: duckdb.DuckDBPyConnection, name: str, of: str = "marks") -> None:
    """Make the table `name` of those marks (`mark`) of the table `of` that more than one object has, part by part."""
    objects = db.execute(f"SELECT COUNT(*) FROM {of}").fetchall()[0][0]
    parts = 1 + objects // _AT_ONCE
    db.execute(f"CREATE TEMP TABLE {name} (mark UBIGINT)")
    for part in range(parts):
        db.execute(
            f"INSERT INTO {name} SELECT mark FROM {of} WHERE mark % {parts} = {part} GROUP BY mark HAVING COUNT(*) > 1"
        )
