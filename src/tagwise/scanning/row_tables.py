"""Rows that wait to be committed: when they are worth a transaction, and how they look as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tagwise.scanning.index import REFERENCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagwise.scanning.columns import Column

LONGEST_WAIT = 2.0
"""Seconds after which rows are committed even where a batch is not full: a slow disk must not lose much."""

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of rows after which they are committed even where a batch is not full: values may be huge."""


def row_schema(columns: Sequence[Column]) -> pa.Schema:
    """The columns of a table of rows."""
    fixed = [("file_path", pa.string()), ("file_size", pa.int64()), ("file_modified", pa.int64())]
    texts = ["header_digest", "read_error", *(column.keyword for column in columns)]
    return pa.schema([*fixed, *((text, pa.string()) for text in texts)])


def reference_table(references: Sequence[tuple[str | None, ...]]) -> pa.Table:
    """References as a table; each has its values in the order of `REFERENCE_COLUMNS`."""
    columns = zip(*references, strict=True) if references else ((),) * len(REFERENCE_COLUMNS)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(REFERENCE_COLUMNS, columns, strict=True)}
    )
