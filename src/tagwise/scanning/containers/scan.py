"""The part of a scan that reads containers: after the files, since their first bytes have to be known."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa

from tagwise.scanning.containers import table
from tagwise.scanning.containers.member import INSIDE
from tagwise.scanning.containers.pool import ContainerPool, InProcess
from tagwise.scanning.row_tables import LONGEST_WAIT, MOST_BYTES, reference_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.scanning.containers.reading import MemberRows
    from tagwise.scanning.index import ArchiveIndex
    from tagwise.settings import ScanSettings

_FEW_BYTES = 64 * 1024 * 1024
"""Below so many bytes of containers, starting processes takes longer than reading."""

_PAGE = 5_000


def read_containers(archive: ArchiveIndex, settings: ScanSettings, tell: Callable[..., None]) -> None:
    """Read what the rows of this scan call containers, and put the rows of their members in the place of those.

    Raises:
        ReadersNotStarted: No reading process can be started.
        ArchiveIndexError: The index cannot grow.
    """
    count, size, pages = table.to_read(archive, _PAGE)
    if not count:
        return
    alone = settings.jobs == 1 or size < _FEW_BYTES
    rows = _Rows(archive, settings.batch)
    done = 0
    with InProcess(archive.columns, settings) if alone else ContainerPool(archive.columns, settings) as readers:
        try:
            for path, part in readers.read(chain.from_iterable(pages)):
                done += len(part.names)
                rows.add(path, part)
                tell("members", done, None)
        except KeyboardInterrupt:
            rows.flush()
            raise
    rows.flush()
    tell("members", done, done, last=True)


class _Rows:
    """Collects rows of members until a transaction is worth its cost."""

    def __init__(self, archive: ArchiveIndex, batch: int) -> None:
        self._archive, self._batch = archive, batch
        self._begin()

    def _begin(self) -> None:
        self._tables: list[pa.Table] = []
        self._references: list[tuple[str | None, ...]] = []
        self._settled: list[table.Settled] = []
        self._bytes = self._count = 0
        self._since = time.monotonic()

    def add(self, path: str, part: MemberRows) -> None:
        """Take some rows of a container."""
        paths = [path + INSIDE + name if name else path for name in part.names]
        columns = {
            "file_path": pa.array(paths, pa.string()),
            "file_size": pa.array(part.sizes, pa.int64()),
            "file_modified": pa.array([part.modified] * len(paths), pa.int64()),
            "header_digest": pa.array(part.digests, pa.string()),
            "read_error": pa.array(part.errors, pa.string()),
        }
        for column, values in zip(self._archive.columns, part.values, strict=True):
            columns[column.keyword] = pa.array(values, pa.string())
        rows = pa.table(columns)
        self._tables.append(rows)
        self._references += [(paths[place], *reference) for place, reference in part.references]
        if part.finished and part.settled:
            self._settled.append(table.Settled(path, part.size, part.modified))
        self._bytes += rows.nbytes
        self._count += len(paths) + 1
        late = time.monotonic() - self._since > LONGEST_WAIT
        if late or self._count >= self._batch or self._bytes >= MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the rows, and remember the containers that ended with them."""
        tables, references, settled = self._tables, self._references, self._settled
        self._begin()
        if tables:
            rows = pa.concat_tables(tables).combine_chunks()
            also = table.settling(settled, rows["file_path"].to_pylist())
            self._archive.write(rows, reference_table(references), replaces=True, also=also)
