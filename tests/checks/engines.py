"""Other databases that answer the statements of check pages, filled with the rows of examples."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.checks import archive

from tagwise.checks import registry
from tagwise.checks.dialects import put
from tagwise.checks.sql import standalone, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.checks import Check, Example

Rows = list[tuple[Any, ...]]


def examples(check: Check) -> list[Example]:
    """All examples. Their settings do not matter here: every engine gets the statement of the page."""
    return [*check.fires, *check.silent]


def contents(check: Check, example: Example) -> tuple[Rows, dict[str, tuple[list[str], Rows]]]:
    """What DuckDB answers for an example, and the tables that the statement reads: columns and rows."""
    connection = archive.archive(example.instances, example.references, check)
    held: dict[str, tuple[list[str], Rows]] = {}
    for table in {*tables(check), *({check.relation} & {"stored", "unreadable"})}:
        cursor = connection.execute(f"SELECT * FROM {table}")
        held[table] = ([column[0] for column in cursor.description or ()], cursor.fetchall())
    return connection.execute(standalone(check)).fetchall(), held


@cache
def in_dialect(name: str, dialect: str) -> str:
    """The statement of a page in another dialect."""
    return put(standalone(registry()[name]), dialect)


def alike(rows: Iterable[Iterable[Any]]) -> Rows:
    """Rows with numbers as engines agree on them: decimals and floats to nine digits."""
    return [tuple(round(float(v), 9) if isinstance(v, float | Decimal) else v for v in row) for row in rows]


def _kind(column: str) -> str:
    return "BIGINT" if column == "file_size" else "VARCHAR"


def create(table: str, columns: list[str]) -> str:
    """A table of text, but for the size of files."""
    return f"CREATE TABLE {table} ({', '.join(f'{_name(c)} {_kind(c)}' for c in columns)})"


def _name(column: str) -> str:
    return f'"{column}"' if column in {"Rows", "Columns"} else column


def sqlite() -> sqlite3.Connection:
    """SQLite with the functions that it lacks, as docs/dialects.md says."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    define = connection.create_function
    define("TRANSLATE", 3, _translate, deterministic=True)
    define("REVERSE", 1, lambda text: None if text is None else text[::-1], deterministic=True)
    define("GREATEST", -1, lambda *v: max((x for x in v if x is not None), default=None), deterministic=True)
    define("REGEXP", 2, _matches, deterministic=True)
    define("CONCAT_WS", -1, lambda by, *v: by.join(x for x in v if x is not None), deterministic=True)
    define("LEAST", -1, lambda *v: min((x for x in v if x is not None), default=None), deterministic=True)
    return connection


def _matches(pattern: str, text: str | None) -> bool | None:
    return None if text is None else re.search(pattern.replace("[:alpha:]", "a-zA-Z"), text) is not None


def _translate(text: str | None, given: str, wanted: str) -> str | None:
    if text is None:
        return None
    table = {ord(c): (wanted[i] if i < len(wanted) else None) for i, c in reversed(list(enumerate(given)))}
    return text.translate(table)


@contextlib.contextmanager
def postgres() -> Iterator[Any]:
    """A PostgreSQL of its own, on a socket in a temporary folder, ended with the block; yields what answers SQL."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    server = programs[-1].parent if programs else Path(shutil.which("postgres") or "/missing").parent
    with tempfile.TemporaryDirectory(prefix="tagwise-pg-") as place:
        Path(place).chmod(0o777)
        user = {"user": "postgres"} if os.getuid() == 0 else {}
        data = f"{place}/data"
        run: dict[str, Any] = {"capture_output": True, "timeout": 60, **user}
        subprocess.run(
            [server / "initdb", "-D", data, "-U", "t", "-A", "trust", "-E", "UTF8", "--locale=C"], check=True, **run
        )
        options = f"-k {place} -c listen_addresses='' -c fsync=off"
        subprocess.run(
            [server / "pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{place}/log", "start"],
            check=True,
            **{**run, "capture_output": False, "stdout": subprocess.DEVNULL},
        )
        try:
            yield place
        finally:
            subprocess.run([server / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **run)


def run_script(place: str, script: str) -> str:
    """What psql prints for a script; a statement that fails prints its error and does not stop the others."""
    command = ["psql", "-X", "-q", "-A", "-t", "-h", place, "-U", "t", "-d", "postgres", "-f", "-"]
    done = subprocess.run(
        command, input=script, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=True
    )
    return done.stdout


def literal(value: Any) -> str:
    """A value as standard SQL; PostgreSQL keeps no NUL, so padding of that kind is left out."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''").replace("\0", "") + "'"


CHECKS = list(registry().values())
