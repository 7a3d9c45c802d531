"""A second try with less memory: one thread, rows in any order, and what does not fit on disk."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, TypeVar

import duckdb

from tagwise.errors import AuditOutOfMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

logger = logging.getLogger(__name__)

Done = TypeVar("Done")

ADVICE = (
    "it needs more memory than the audit may have, or more disk than the temporary folder has, even with one thread; "
    "give it more with --memory, name a folder with more space in TMPDIR, or leave the check out with --ignore"
)
"""What a report says of a check that failed a second time."""


@contextlib.contextmanager
def enough() -> Iterator[None]:
    """Say what to do where a step that every check needs has too little memory.

    Raises:
        AuditOutOfMemory: In place of DuckDB's error.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise AuditOutOfMemory(
            f"the audit needs more memory than it may have, even with one thread: {str(error).splitlines()[0]}",
            hint="Nothing is damaged. Give it more with --memory 4GB, or name a folder with more space in TMPDIR.",
        ) from error


def tried_twice(db: duckdb.DuckDBPyConnection, what: str, work: Callable[[], Done]) -> Done:
    """What `work` returns; where DuckDB runs out of memory, its unfinished tables go and it is done once more.

    Each thread holds rows of its own, and rows in order wait for those before them: with one thread and any order
    DuckDB holds the least and can put most on disk. What follows has all threads again.

    Args:
        what: What is done, for the log.

    Raises:
        duckdb.OutOfMemoryException: The second try failed too; what it made is gone.
    """
    before = _tables(db)
    try:
        return work()
    except duckdb.OutOfMemoryException:
        _forget(db, before)
        logger.info("%s ran out of memory: tried once more with one thread", what)
    threads, ordered = db.execute(
        "SELECT current_setting('threads'), current_setting('preserve_insertion_order')"
    ).fetchall()[0]
    db.execute("SET threads = 1")
    db.execute("SET preserve_insertion_order = false")
    try:
        return work()
    except duckdb.OutOfMemoryException:
        _forget(db, before)
        raise
    finally:
        db.execute(f"SET threads = {threads}")
        db.execute(f"SET preserve_insertion_order = {ordered}")


def _tables(db: duckdb.DuckDBPyConnection) -> set[tuple[str, bool]]:
    """Temporary tables and views, and whether each is a view."""
    return set(
        db.execute(
            "SELECT table_name, FALSE FROM duckdb_tables() WHERE temporary"
            " UNION ALL SELECT view_name, TRUE FROM duckdb_views() WHERE temporary AND NOT internal"
        ).fetchall()
    )


def _forget(db: duckdb.DuckDBPyConnection, before: set[tuple[str, bool]]) -> None:
    """Drop what a try made before it failed."""
    for name, is_view in _tables(db) - before:
        db.execute(f'DROP {"VIEW" if is_view else "TABLE"} IF EXISTS "{name}"')
