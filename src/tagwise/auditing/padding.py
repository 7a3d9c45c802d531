"""Removes padding from the attributes of a source, and only from those that have any.

To look at both ends of a value costs more than to read it: DuckDB reads a column that repeats its values as numbers of
a dictionary, and what is computed from each value is no dictionary any more. So the ends are looked at once for each
column that many checks read, and where the source has no padding at all, its own column is used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tagwise.checks import registry
from tagwise.checks.sql import FACET_COLUMNS, IMAGE_COLUMNS, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import duckdb

_OF_OBJECTS = {"instances", "stacks"}
"""Relations whose checks read the columns of every object."""

_OFTEN = 3
"""How many such checks must read a column before it pays to look at its ends once for all."""

GROUPS = {"untrimmed_facets": FACET_COLUMNS, "untrimmed_images": IMAGE_COLUMNS}
"""Tables with one row for each distinct combination of columns of `stored`, and `instances`, their number."""


def trimmed_value(value: str) -> str:
    """The value of an expression without padding, NULL where nothing is left."""
    return f"NULLIF(TRIM({value}, ' ' || CHR(0)), '')"


def trimmed_column(column: str) -> str:
    """Trim only what needs it: two looks at the ends of a value cost a tenth of what TRIM costs on every value."""
    name = f'"{column}"'
    return f"CASE WHEN {_needs_trim(name)} THEN {trimmed_value(name)} ELSE {name} END AS {name}"


def _needs_trim(name: str) -> str:
    """Whether a value may begin or end with padding, or is empty; NULL where it is NULL."""
    return f"{name} < '!' OR suffix({name}, ' ') OR suffix({name}, CHR(0))"


def group(db: duckdb.DuckDBPyConnection, columns: Collection[str]) -> None:
    """Make the tables of `GROUPS`, of those of their columns that the source has."""
    for table, wanted in GROUPS.items():
        names = ", ".join(quoted([column for column in wanted if column in columns]))
        grouped = (
            f"{names}, COUNT(*) AS instances FROM stored GROUP BY {names}"
            if names
            else "COUNT(*) AS instances FROM stored"
        )
        db.execute(f"CREATE TEMP TABLE {table} AS SELECT {grouped}")


def needing(db: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> set[str]:
    """Those attributes of `stored` that are trimmed: a value has padding, or nobody looked; after `group`."""
    grouped = {column: table for table, wanted in GROUPS.items() for column in wanted}
    often = Counter(name for check in registry().values() if check.relation in _OF_OBJECTS for name in check.reads)
    looks: defaultdict[str, list[str]] = defaultdict(list)
    for column in columns:
        if column in grouped or often[column] >= _OFTEN:
            looks[grouped.get(column, "stored")].append(column)
    sound = {column for table, looked in looks.items() for column in set(looked) - padded_in(db, table, looked)}
    return set(columns) - sound


def padded_in(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> set[str]:
    """Those columns of a table that have padding or an empty value in at least one row."""
    if not columns:
        return set()
    # An aggregate for each end: DuckDB then compares whole vectors, not value by value.
    looks = ", ".join(
        f"COALESCE(BOOL_OR({name} < '!') OR BOOL_OR(suffix({name}, ' ')) OR BOOL_OR(suffix({name}, CHR(0))), FALSE)"
        for name in (f'"{column}"' for column in columns)
    )
    row = db.execute(f"SELECT {looks} FROM {table}").fetchall()[0]
    return {column for column, found in zip(columns, row, strict=True) if found}


def regrouped(table: str, columns: Sequence[str], padded: Collection[str], where: str = "TRUE") -> str:
    """The statement that removes padding from a table of `GROUPS` and groups it again.

    Args:
        columns: Those of its columns that the source has.
        padded: The columns with padding.
        where: Which rows are wanted, by their values without padding.
    """
    values = ", ".join(of_columns(columns, padded))
    names = ", ".join(quoted(columns))
    counted = "COALESCE(SUM(instances), 0)::BIGINT AS instances"
    if not names:
        return f"SELECT {counted} FROM {table}"
    return f"SELECT {names}, {counted} FROM (SELECT {values}, instances FROM {table}) WHERE {where} GROUP BY {names}"


def of_columns(columns: Iterable[str], padded: Collection[str]) -> list[str]:
    """What to select for each column, so that none has padding."""
    return [trimmed_column(column) if column in padded else f'"{column}"' for column in columns]
