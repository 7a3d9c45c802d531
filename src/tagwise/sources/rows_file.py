"""Parquet or CSV with one row per object and keywords as columns: exports of BigQuery, of Spark, of a warehouse."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tagwise.errors import SourceForeign, SourceMissing
from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index_errors import raise_if_interrupted
from tagwise.sources import Kind
from tagwise.sources.files_index import no_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.checks import Relation

_SCHEMES = ("parquet:", "csv:")
_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".tsv")
FILE_COLUMNS = {"file_path": "VARCHAR", "file_size": "BIGINT", "header_digest": "VARCHAR", "read_error": "VARCHAR"}
"""What `stored` or `unreadable` need besides attributes, NULL where a source has none."""

LACKS: Mapping[Relation, str] = {
    "links": "needs the references between objects, which only a scan reads",
    "vanished": "needs to know what was there before, which only the index of a scan keeps",
}
"""What no source of mere rows can tell."""


class RowsFile:
    """Files of rows, read by DuckDB where they are.

    Raises:
        SourceMissing: On `attach`: there is no such file.
        SourceForeign: On `attach`: it cannot be read, or no column is the keyword of an attribute that checks read.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.grain: dict[str, Level] = {}
        self.lacks = LACKS
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` as views on the files.

        Raises:
            SourceMissing: There is no such file.
            SourceForeign: It cannot be read, or no column is the keyword of an attribute that checks read.
        """
        given = next((self.name.removeprefix(scheme) for scheme in _SCHEMES if self.name.startswith(scheme)), self.name)
        text = given.removesuffix(".gz").endswith((".csv", ".tsv")) or self.name.startswith("csv:")
        files = files_of(given, (".csv", ".csv.gz", ".tsv") if text else (".parquet",))
        read = (
            "read_csv(?, all_varchar = true, union_by_name = true)" if text else "read_parquet(?, union_by_name = true)"
        )
        held = view_of(db, given, read, files, "given_rows")
        self.grain = present(held)
        if "SOPInstanceUID" not in self.grain and "SeriesInstanceUID" not in self.grain:
            raise SourceForeign(
                f"{given!r} has no column SOPInstanceUID or SeriesInstanceUID",
                hint="One row per object, columns named by DICOM keywords: docs/sources.md.",
            )
        make_views(db, "given_rows", held)


def view_of(db: duckdb.DuckDBPyConnection, given: str, read: str, files: list[str], view: str) -> dict[str, str]:
    """Make a view on files; its columns with their types.

    Args:
        given: What the user called the files.
        read: The table function of DuckDB, with `?` for the list of files.

    Raises:
        SourceForeign: The files cannot be read.
    """
    try:
        # DDL takes no parameters: the relation keeps the list of files.
        db.sql(f"SELECT * FROM {read}", params=[files]).create_view(view)
        return {str(name): str(kind) for name, kind, *_ in db.execute(f"DESCRIBE {view}").fetchall()}
    except duckdb.Error as error:
        raise_if_interrupted(error)
        raise SourceForeign(f"{given!r} cannot be read: {str(error).splitlines()[0]}") from error


def files_of(given: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files that a path, a folder or a pattern means, hidden and marker files left out."""
    path = Path(given)
    if path.is_dir():
        found = sorted(
            str(one)
            for one in path.rglob("*")
            if one.name.endswith(suffixes)
            and not any(part.startswith((".", "_")) for part in one.relative_to(path).parts)
        )
    elif path.exists():
        found = [given]
    else:
        found = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not found:
        raise SourceMissing(f"{given!r}: no {' or '.join(suffixes)} file is there")
    return found


def present(held: Mapping[str, str]) -> dict[str, Level]:
    """The columns of a table of objects that checks read, each true per instance."""
    facts = [name for name in FILE_COLUMNS if name in held and name != "read_error"]
    return dict.fromkeys([*facts, *(c.keyword for c in scan_columns() if c.keyword in held)], Level.INSTANCE)


def make_views(db: duckdb.DuckDBPyConnection, table: str, held: Mapping[str, str]) -> None:
    """Make `stored`, `unreadable` and `gone` from a table of objects whose columns have the DuckDB types `held`.

    Rows with `vanished` are of files that are not there any more; a DICOMDIR lists objects and is none itself.
    """
    columns = [
        *(
            f"{name}::{kind} AS {name}" if name in held else f"NULL::{kind} AS {name}"
            for name, kind in FILE_COLUMNS.items()
        ),
        *(f'{as_text(name, held[name])} AS "{name}"' for name in present(held) if name not in FILE_COLUMNS),
    ]
    there = "vanished IS NULL" if "vanished" in held else "TRUE"
    gone = "vanished IS NOT NULL" if "vanished" in held else "FALSE"
    listed = ", ".join(columns)
    db.execute(f"CREATE VIEW given_objects AS SELECT {listed} FROM {table} WHERE {there}")
    object_found = f"read_error IS NULL AND {no_directory(held)}"
    db.execute(f"CREATE VIEW stored AS SELECT * EXCLUDE (read_error) FROM given_objects WHERE {object_found}")
    db.execute("CREATE VIEW unreadable AS SELECT * FROM given_objects WHERE read_error IS NOT NULL")
    db.execute(
        f"CREATE VIEW gone AS SELECT * EXCLUDE (read_error) FROM (SELECT {listed} FROM {table} WHERE {gone})"
        f" WHERE {object_found}"
    )


def as_text(name: str, kind: str) -> str:
    """A column as DICOM writes it: several values split by backslash, dates without separators.

    >>> as_text("ImageType", "VARCHAR[]")
    'array_to_string("ImageType", CHR(92))'
    """
    quoted = f'"{name}"'
    if kind.endswith("[]"):
        return f"array_to_string({quoted}, CHR(92))"
    if kind == "DATE":
        return f"strftime({quoted}, '%Y%m%d')"
    if kind == "TIME":
        return f"replace({quoted}::VARCHAR, ':', '')"
    if kind.startswith("STRUCT"):
        return _group(quoted, kind)
    return quoted if kind == "VARCHAR" else f"{quoted}::VARCHAR"


def _group(quoted: str, kind: str) -> str:
    """The alphabetic group of a name that an export has split (PS3.5 6.2.1); other structures as JSON."""
    return f"{quoted}.Alphabetic::VARCHAR" if "alphabetic" in kind.casefold() else f"to_json({quoted})::VARCHAR"


def _claims(source: str) -> bool:
    return source.startswith(_SCHEMES) or (source.endswith(_SUFFIXES) and not os.path.isdir(source))  # noqa: PTH112 - a source need not be a path


KIND = Kind(
    name="parquet",
    title="Parquet or CSV with one row per object",
    spelled=("archive.parquet", "parquet:FOLDER", "'rows/*.csv'"),
    claims=_claims,
    opened=RowsFile,
    tried="on files that DuckDB, pyarrow and Spark write",
    lacks=LACKS,
    tells=(
        "Columns are keywords; others are ignored. file_path, file_size, header_digest and read_error are welcome.",
        "Lists are values split by backslash; dates become YYYYMMDD; of a name in groups the alphabetic one is taken.",
        "Padding is what the export left: checks of padding see none where it was trimmed.",
    ),
)
