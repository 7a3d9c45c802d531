"""What pseudonyms cost a scan: processor time for 100,000 rows, on their way to the index, and in the list of files.

Usage: python bench/pseudonyms.py

The rows are those of `bench/rows.py`. All of it happens in the scanning process; best of five rounds.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from rows import make
from tagwise.scanning.pseudonyms import Privacy, Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 100_000


def _best(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    rounds = []
    for _ in range(5):
        started = time.process_time()
        work()
        rounds.append(time.process_time() - started)
    return min(rounds)


def main() -> None:
    """Print seconds for each step."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "rows.duckdb"
        make(index, ROWS)
        with duckdb.connect(str(index), read_only=True) as db:
            reader = db.sql(f"SELECT * EXCLUDE (vanished) FROM instances LIMIT {ROWS}").to_arrow_reader(10_000)
            batches = list(reader)
    tables = [pa.Table.from_batches([batch]) for batch in batches]
    keyed = Pseudonyms(b"k" * 32)
    hidden, empty = Privacy(keyed), Privacy(patient_values=False)
    paths = [path for table in tables for path in table["file_path"].to_pylist()]
    print(f"{len(paths):,} rows, seconds of processor time")
    print(f"pseudonyms of rows   {_best(lambda: [hidden.rows(table) for table in tables]):.2f}")
    print(f"list of files        {_best(lambda: [(keyed.path(path), keyed.seal(path)) for path in paths]):.2f}")
    sealed = [keyed.seal(path) for path in paths]
    print(f"names of files       {_best(lambda: [keyed.unseal(path) for path in sealed]):.2f}")
    print(f"no patient values    {_best(lambda: [empty.rows(table) for table in tables]):.2f}")


if __name__ == "__main__":
    main()
