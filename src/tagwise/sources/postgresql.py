"""PostgreSQL: an index that was published there, or tables of a PACS. Rows come as Arrow, a batch at a time."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tagwise.errors import SourceError, SourceForeign, SourceRefused, SourceUnreachable, UsageError
from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns
from tagwise.sources import Kind
from tagwise.sources.databases import Layout, fill, load, without_password
from tagwise.sources.rows_file import FILE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import duckdb

    from tagwise.checks import Relation

_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false))"
_COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))"
)

_REFUSED = ("password", "authentication", "pg_hba", "permission denied", "role ")
_CERTIFICATE = ("certificate", "ssl", "tls")


@contextlib.contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection to the database at `url`. What is not said there libpq takes from PGPASSWORD, .pgpass or a service.

    Raises:
        UsageError: The driver is not installed.
        SourceUnreachable: Nobody answers, the certificate is not trusted, or the connection ended in the middle.
        SourceRefused: The server says no.
        SourceForeign: The tables are not those that were expected.
    """
    try:
        dbapi = importlib.import_module("adbc_driver_postgresql.dbapi")
    except ImportError as error:
        raise UsageError(
            "PostgreSQL needs a driver that is not installed", hint="pip install 'tagwise[postgres]'"
        ) from error
    try:
        with dbapi.connect(url) as connection:
            yield connection
    except dbapi.Error as error:
        raise _explained(url, str(error), str(getattr(error, "sqlstate", None) or "")) from error


def _explained(url: str, said: str, state: str) -> SourceError:
    """What the driver said, by its SQLSTATE (PostgreSQL appendix A) where it gives one, else by its words."""
    name, text = without_password(url), _words(url, said)
    low = text.lower()
    if state.startswith("57014") or "statement timeout" in low:
        return SourceUnreachable(
            f"{name}: the server ended the query: {text}", hint="Allow more time: PGOPTIONS='-c statement_timeout=0'."
        )
    if state.startswith(("42P01", "42703")):
        return SourceForeign(f"{name}: {text}", hint="The tables are not those of a version that is known.")
    if "does not exist" in low and "database" in low:
        return SourceRefused(f"{name}: {text}", hint="`psql -l` lists the databases of a server.")
    if state.startswith(("28", "42501")) or any(word in low for word in _REFUSED):
        return SourceRefused(
            f"{name}: {text}",
            hint="The user needs CONNECT and SELECT; a password comes from PGPASSWORD or .pgpass, never from a report.",
        )
    if any(word in low for word in _CERTIFICATE):
        return SourceUnreachable(f"{name}: {text}", hint="sslmode and sslrootcert say which certificate is trusted.")
    return SourceUnreachable(f"{name}: {text}", hint="Is the server running, and is this its address and port?")


def _words(url: str, said: str) -> str:
    """The sentence of the server, in one line, and without the password whatever happens."""
    password = unquote(urlsplit(url).password or "")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    text = " ".join(lines).removeprefix("IO: ")
    return text.replace(password, "***") if password else text


def _index_query(columns: Collection[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in columns)
    return f"SELECT {listed} FROM instances"


INDEX = Layout(
    product="tagwise",
    tables=frozenset({"tagwise_index", "instances"}),
    query=_index_query,
    grain=dict.fromkeys([*FILE_COLUMNS, *(column.keyword for column in scan_columns())], Level.INSTANCE),
)
"""An index that `tagwise publish` wrote: columns are quoted keywords."""


class PostgresTables:
    """Tables of a PostgreSQL database.

    Raises:
        SourceError: On `attach`: the server, the database or the tables cannot be read.
    """

    def __init__(self, name: str, url: str, layouts: Sequence[Layout]) -> None:
        self.name = without_password(name)
        self.grain: Mapping[str, Level] = {}
        self.lacks: Mapping[Relation, str] = {}
        self.unfinished = False
        self._url, self._layouts = url, layouts

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` from the tables, in one transaction that only reads.

        Raises:
            UsageError: The driver is not installed.
            SourceError: The server, the database or the tables cannot be read.
        """
        with connected(self._url) as connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            columns: dict[str, list[str]] = {}
            cursor.execute(_COLUMNS)
            for table, column in cursor.fetchall():
                columns.setdefault(table, []).append(column)
            layout = next((one for one in self._layouts if one.fits(columns)), None)
            if layout is None:
                known = ", ".join(one.product for one in self._layouts)
                raise SourceForeign(
                    f"{self.name} has no tables of {known}",
                    hint="Other tables are found if they are in the search_path of the user.",
                )
            self.lacks = layout.lacks
            if layout is INDEX:
                self._attach_index(db, cursor, columns)
            else:
                self.grain = layout.grain
                cursor.execute(layout.query(columns.get("attachedfiles", ())))
                fill(db, cursor.fetch_record_batch())

    def _attach_index(self, db: duckdb.DuckDBPyConnection, cursor: Any, columns: Mapping[str, Sequence[str]]) -> None:
        known = [*FILE_COLUMNS, "vanished", *(column.keyword for column in scan_columns())]
        held = [name for name in known if name in columns["instances"]]
        self.grain = {name: Level.INSTANCE for name in held if name not in {"vanished", "read_error"}}
        cursor.execute(_index_query(held))
        fill(db, cursor.fetch_record_batch())
        if "referenced_objects" in columns:
            self.lacks = {}
            cursor.execute("SELECT * FROM referenced_objects")
            load(db, "referenced_objects", cursor.fetch_record_batch())


def _layouts() -> tuple[Layout, ...]:
    from tagwise.sources import dcm4chee, orthanc  # noqa: PLC0415 - they import this module

    return INDEX, orthanc.LAYOUT, dcm4chee.LAYOUT


KIND = Kind(
    name="postgresql",
    title="PostgreSQL: an index that `tagwise publish` wrote, or the tables of a PACS that is known",
    spelled=("postgresql://user@host/database", "'postgresql://host/database?sslmode=verify-full'"),
    claims=lambda source: source.startswith(("postgresql://", "postgres://")),
    opened=lambda source: PostgresTables(source, source, _layouts()),
    tried="on PostgreSQL 15",
    tells=(
        "Its tables say which PACS it is: an index of tagwise, Orthanc or dcm4chee.",
        "Passwords come from PGPASSWORD, .pgpass or a service file, as for psql, and are never shown.",
        "One transaction reads, and only reads: the audit sees one state of the archive.",
    ),
    facts=(("https://www.postgresql.org/docs/15/libpq-connect.html", "2026-11-23"),),
)
