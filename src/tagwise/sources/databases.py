"""Tables of a database as objects: which tables a product has, the query that joins them, and what its columns tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagwise.sources.rows_file import LACKS, make_views

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import duckdb
    import pyarrow as pa

    from tagwise.checks import Relation
    from tagwise.findings import Level

NUL_SHOWN = "\u2400"
"""What stands for a NUL in a published index: text of PostgreSQL cannot hold one."""

FETCHED = 20_000
"""Rows that are in memory at once, where the driver lets us say."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a product keeps its objects.

    Args:
        product: Whose tables these are, in words.
        tables: The tables, in lower case, by which one knows it.
        query: Makes the statement that gives one row per object, with keywords as columns in quotes.
        grain: The columns of the statement, and for what each is true.
        lacks: Relations that cannot be made from it, and why.
    """

    product: str
    tables: frozenset[str]
    query: Callable[[Collection[str]], str]
    grain: Mapping[str, Level]
    lacks: Mapping[Relation, str] = field(default_factory=lambda: LACKS)

    def fits(self, tables: Collection[str]) -> bool:
        """Whether a database with these tables, in lower case, is one of this product."""
        return self.tables <= set(tables)


def fill(db: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> None:
    """Make `stored`, `unreadable` and `gone` from rows that a database gives, one batch in memory at a time."""
    load(db, "given_rows", reader)
    held = {str(name): str(kind) for name, kind, *_ in db.execute("DESCRIBE given_rows").fetchall()}
    make_views(db, "given_rows", held)


def load(db: duckdb.DuckDBPyConnection, table: str, reader: pa.RecordBatchReader) -> None:
    """Make a table from rows that come as Arrow; what DuckDB cannot keep in memory goes to its temporary folder.

    A NUL that PostgreSQL cannot hold is one again.
    """
    db.register("given_batches", reader)
    texts = [name for name, kind in zip(reader.schema.names, reader.schema.types, strict=True) if _is_text(kind)]
    again = ", ".join(f'replace("{name}", \'{NUL_SHOWN}\', CHR(0)) AS "{name}"' for name in texts)
    replaced = f" REPLACE ({again})" if texts else ""
    db.execute(f"CREATE TEMP TABLE {table} AS SELECT *{replaced} FROM given_batches")
    db.unregister("given_batches")


def _is_text(kind: pa.DataType) -> bool:
    return str(kind) in {"string", "large_string", "string_view"}


def without_password(url: str) -> str:
    """An address as reports may show it.

    >>> without_password("postgresql://me:secret@pacs/db?password=secret&sslmode=require")
    'postgresql://me:***@pacs/db?password=***&sslmode=require'
    """
    shown = re.sub(r"(://[^:/@?]*):[^/?]*@", r"\1:***@", url)
    return re.sub(r"(?i)((?:ssl)?password=)[^&\s]*", r"\1***", shown)
