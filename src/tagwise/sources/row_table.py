"""Rows that come one batch at a time from a server or from files of JSON, kept in a table of DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tagwise.scanning.columns import scan_columns
from tagwise.sources.rows_file import make_views

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

Row = dict[str, str | None]
"""Keywords, `file_path` and `read_error` to text; what is left out is NULL."""

_BATCH = 4096
_FURTHER = ("file_path", "read_error")


class RowTable:
    """Collects rows. Memory is that of one batch; the table itself spills to disk where DuckDB may."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self._columns = [*_FURTHER, *(column.keyword for column in scan_columns())]
        self._waiting: list[Row] = []
        self.filled: set[str] = set()
        self.rows = 0
        listed = ", ".join(f'"{column}" VARCHAR' for column in self._columns)
        db.execute(f"CREATE TEMP TABLE rows_given ({listed})")

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows; those with a `read_error` are objects that cannot be had."""
        self._waiting += rows
        if len(self._waiting) >= _BATCH:
            self.flush()

    def finish(self, held: Sequence[str]) -> None:
        """Make `stored` and `unreadable`, with these attributes as columns."""
        self.flush()
        types: Mapping[str, str] = dict.fromkeys((*_FURTHER, *held), "VARCHAR")
        make_views(self._db, "rows_given", types)

    def flush(self) -> None:
        """Write what waits; `filled` then has every column that has a value, and `rows` their number."""
        if not self._waiting:
            return
        values = {column: [row.get(column) for row in self._waiting] for column in self._columns}
        self.filled.update(column for column, held in values.items() if any(held))
        batch = pa.table({column: pa.array(held, pa.string()) for column, held in values.items()})
        self._db.register("rows_come", batch)
        try:
            self._db.execute("INSERT INTO rows_given SELECT * FROM rows_come")
        finally:
            self._db.unregister("rows_come")
        self.rows += len(self._waiting)
        self._waiting = []
