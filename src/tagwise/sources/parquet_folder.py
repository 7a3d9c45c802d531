"""The folder of Parquet that a scan on Spark wrote: as an index, every column is true for every single instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.findings import Level
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import MEDIA_STORAGE_DIRECTORY
from tagwise.scanning.parquet_folder import ParquetFolder, is_folder
from tagwise.sources import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tagwise.checks import Relation

_SCHEMES = ("spark:", "parquet:")

READABLE = (
    "read_error IS NULL"
    f" AND COALESCE(MediaStorageSOPClassUID, '') <> '{MEDIA_STORAGE_DIRECTORY}'"
    f" AND COALESCE(SOPClassUID, '') <> '{MEDIA_STORAGE_DIRECTORY}'"
)


class ScanFolder:
    """What a scan on Spark wrote, read by DuckDB where it is.

    Raises:
        ArchiveIndexError: On `attach`: the folder is foreign, damaged or too new.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder: ParquetFolder | None = None
        self.grain: dict[str, Level] = {}
        self.lacks: Mapping[Relation, str] = {}
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored`, `gone`, `unreadable` and `referenced_objects` as views on the files.

        Raises:
            ArchiveIndexError: The folder is foreign, damaged or too new.
        """
        folder = self.opened()
        folder.attach(db)
        listed = ", ".join(f'"{name}"' for name in self.grain)
        db.execute(f"CREATE VIEW stored AS SELECT {listed} FROM kept_rows WHERE {READABLE}")
        db.execute(f"CREATE VIEW gone AS SELECT {listed} FROM gone_rows WHERE {READABLE}")
        unreadable = "FROM kept_rows WHERE read_error IS NOT NULL"
        db.execute(f"CREATE VIEW unreadable AS SELECT {listed}, read_error {unreadable}")
        db.execute("CREATE VIEW referenced_objects AS SELECT * FROM kept_references")

    def opened(self) -> ParquetFolder:
        """The folder; its columns are known from now on."""
        folder = ParquetFolder(path_of(self.name))
        held = set(folder.manifest.columns)
        keywords = [column.keyword for column in scan_columns() if column.keyword in held]
        self.grain = dict.fromkeys(["file_path", "file_size", "header_digest", *keywords], Level.INSTANCE)
        self.unfinished = folder.manifest.unfinished
        self.folder = folder
        return folder


def path_of(source: str) -> str:
    """The path that a SOURCE of this kind means.

    >>> path_of("spark:/data/scan"), path_of("/data/scan")
    ('/data/scan', '/data/scan')
    """
    return next((source.removeprefix(scheme) for scheme in _SCHEMES if source.startswith(scheme)), source)


def claims(source: str) -> bool:
    """Whether a SOURCE is the folder of a scan on Spark, or called one."""
    return source.startswith("spark:") or is_folder(path_of(source))


KIND = Kind(
    name="spark",
    title="Folder of Parquet that `tagwise scan --engine spark` wrote",
    spelled=("FOLDER", "spark:FOLDER"),
    claims=claims,
    opened=ScanFolder,
    tried="on folders that Spark 4.3 wrote, in local mode and on a cluster, each equal to an index row by row",
    grain=dict.fromkeys([column.keyword for column in scan_columns()], Level.INSTANCE),
    tells=(
        "Every attribute is there for every object, as its header has it, padding included; references too.",
        "DuckDB reads it on this machine; with --engine spark a cluster does.",
    ),
)
