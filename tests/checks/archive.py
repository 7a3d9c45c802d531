"""The relations that checks query, made in DuckDB from the rows of an example."""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import duckdb

from tagwise.auditing.facets import FILE_COLUMNS, trimmed
from tagwise.checks import registry
from tagwise.checks.sql import COPY_COLUMNS, FACET_COLUMNS, IMAGE_COLUMNS, MADE, NEEDED, copies, facets, images
from tagwise.scanning.index import REFERENCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagwise.checks import Check, Example, Relation

ROW_COLUMNS = (*FILE_COLUMNS, "read_error", "vanished")

Row = dict[str, Any]

_ROWS: dict[tuple[str, int], tuple[Example, list[Row]]] = {}


def archive(
    rows: Iterable[Mapping[str, str | int]],
    references: Iterable[Mapping[str, str]] = (),
    check: Check | None = None,
) -> duckdb.DuckDBPyConnection:
    """Fill the archive with these objects and no others.

    A row with `read_error` is an object that cannot be read, one with `vanished` an object whose file is gone. For one
    check the archive has just the columns that the check says it reads: that is several times faster, and a column that
    it reads without saying so is an error.
    """
    connection, names = _empty_archive(check.name if check else None)
    connection.execute("DELETE FROM objects; DELETE FROM referenced_objects")
    values = [row.get(name) for row in map(_with_file, count(1), rows) for name in names]
    if values:
        places = f"({', '.join('?' * len(names))})"
        connection.execute(f"INSERT INTO objects VALUES {', '.join([places] * (len(values) // len(names)))}", values)
    for reference in references:
        _refer(connection, reference)
    return connection


def _refer(connection: duckdb.DuckDBPyConnection, reference: Mapping[str, str]) -> None:
    """A row of `referenced_objects` for each file of the object that refers."""
    further = [name for name in REFERENCE_COLUMNS if name != "file_path"]
    connection.execute(
        f"INSERT INTO referenced_objects SELECT file_path, {', '.join('?' * len(further))}"
        " FROM objects WHERE SOPInstanceUID = ?",
        [*(reference.get(name) for name in further), reference["SOPInstanceUID"]],
    )


@cache
def _empty_archive(check: str | None) -> tuple[duckdb.DuckDBPyConnection, list[str]]:
    checks = [registry()[check]] if check else list(registry().values())
    relations = {one.relation for one in checks}
    keywords = sorted({keyword for one in checks for keyword in (*one.reads, *NEEDED.get(one.relation, ()))})

    def held(columns: Sequence[str]) -> list[str]:
        return [column for column in columns if column in keywords]

    statements: dict[Relation, str] = {
        "facets": facets(held(FACET_COLUMNS)),
        "images": images(held(IMAGE_COLUMNS)),
        "copies": copies(held(COPY_COLUMNS)),
        **{name: f"WITH {sql} SELECT * FROM {name}" for name, sql in MADE.items()},
    }
    columns = ", ".join(f'"{name}" VARCHAR' for name in keywords)
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"""
        CREATE TABLE objects ({columns},
            file_path VARCHAR, file_size BIGINT, header_digest VARCHAR, read_error VARCHAR, vanished VARCHAR);
        CREATE TABLE referenced_objects ({", ".join(f"{name} VARCHAR" for name in REFERENCE_COLUMNS)});
        CREATE VIEW stored AS
          SELECT * EXCLUDE (read_error, vanished) FROM objects WHERE read_error IS NULL AND vanished IS NULL;
        CREATE VIEW gone AS SELECT * EXCLUDE (read_error, vanished) FROM objects WHERE vanished IS NOT NULL;
        CREATE VIEW instances AS {trimmed(keywords)};
        CREATE VIEW unreadable AS SELECT * FROM objects WHERE read_error IS NOT NULL;
        {"".join(f"CREATE VIEW {name} AS {sql};" for name, sql in statements.items() if name in relations)}
    """)
    return connection, [*keywords, *ROW_COLUMNS]


def run(check: Check, example: Example) -> list[Row]:
    """The rows of the check on the objects of the example; asked for once, because several tests look at them."""
    key = check.name, id(example)
    if key not in _ROWS or _ROWS[key][0] is not example:
        made = archive(example.instances, example.references, check)
        _ROWS[key] = example, result(check, made, example.settings)
    return _ROWS[key][1]


def result(check: Check, connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any] | None = None) -> list[Row]:
    """The rows of the check on an archive."""
    cursor = connection.execute(check.sql, {**check.settings, **(settings or {})})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def subject(check: Check, row: Mapping[str, Any]) -> dict[str, str]:
    """What a row is about: the subject columns that have a value."""
    return {column: row[column] for column in check.subject if row[column] is not None}


def _with_file(number: int, row: Mapping[str, str | int]) -> Row:
    digest = hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()
    return {"file_path": f"/archive/{number:09}.dcm", "file_size": 1000, "header_digest": digest, **row}
