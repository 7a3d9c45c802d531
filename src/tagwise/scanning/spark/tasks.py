"""What a task of a Spark job does: it takes a part of the list of files, reads their headers, gives rows as Arrow."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from tagwise.errors import SourceMissing
from tagwise.scanning.index import REFERENCE_COLUMNS
from tagwise.scanning.row_tables import row_schema
from tagwise.scanning.run import read_tables
from tagwise.scanning.walk import real_path
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.columns import Column

TABLE = "table"
"""The column that says of which table a row is: one job writes both, so both are there or none."""

INSTANCES, REFERENCES = "instances", "referenced_objects"


def task_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """What a task gives: the columns of both tables, and which one a row is of."""
    rows = row_schema(columns)
    further = [pa.field(name, pa.string()) for name in REFERENCE_COLUMNS if name not in rows.names]
    return pa.schema([pa.field(TABLE, pa.string()), *rows, *further])


@dataclass(frozen=True)
class ListReader:
    """Reads the files of parts of a list. A task gets numbers of parts; the same number means the same files always.

    Args:
        todo: The list as Parquet, seen by all nodes; part N is its row group N.
        roots: What is scanned: a node that does not see it must not call its files unreadable.
        columns: As (keyword, tag, VR).
        stall_seconds: As in `ScanSettings`.
    """

    todo: str
    roots: tuple[str, ...]
    columns: tuple[Column, ...]
    stall_seconds: float

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Rows of all files of the parts whose numbers come in.

        Raises:
            SourceMissing: This node does not see the list or what is scanned.
        """
        schema = task_schema(self.columns)
        settings = ScanSettings(jobs=1, stall_seconds=self.stall_seconds)
        for batch in batches:
            for number in batch.column(0).to_pylist():
                for rows, references in read_tables(self._paths(number), self.columns, settings):
                    yield from _tagged(rows, INSTANCES, schema)
                    yield from _tagged(references, REFERENCES, schema)

    def _paths(self, number: int) -> list[str]:
        for path in (self.todo, *self.roots):
            if not os.path.exists(real_path(path)):  # noqa: PTH110 - bytes, as the path may not be UTF-8
                raise SourceMissing(
                    f"node {socket.gethostname()} does not see {path!r}: every node needs the same path"
                )
        with pq.ParquetFile(self.todo) as file:
            paths: list[str] = file.read_row_group(number, columns=["file_path"]).column(0).to_pylist()
        return paths


def _tagged(table: pa.Table, name: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    count = table.num_rows
    if count:
        arrays = [
            pa.array([name] * count, pa.string())
            if field.name == TABLE
            else table.column(field.name)
            if field.name in table.column_names
            else pa.nulls(count, field.type)
            for field in schema
        ]
        yield from pa.Table.from_arrays(arrays, schema=schema).to_batches()
