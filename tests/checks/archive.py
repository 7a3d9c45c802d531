"""The four relations that checks query, made in DuckDB from the rows of an example."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import duckdb

from tagwise.checks import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.checks import Check, Example

FACETS = (
    "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex",
    "StudyInstanceUID", "StudyDate", "AccessionNumber",
    "SeriesInstanceUID", "Modality", "SeriesNumber", "FrameOfReferenceUID",
    "Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions", "StationName",
    "SOPClassUID", "TransferSyntaxUID",
)  # fmt: skip
"""The attributes whose combinations are the rows of `facets`."""

FILE_COLUMNS = ("file_path", "file_size", "header_digest", "read_error")

Row = dict[str, Any]


def archive(rows: Iterable[Mapping[str, str | int]]) -> duckdb.DuckDBPyConnection:
    """Open an archive of these objects; a row with `read_error` is an object that cannot be read."""
    keywords = sorted({*FACETS, *(keyword for check in registry().values() for keyword in check.reads)})
    connection = duckdb.connect()
    columns = ", ".join([*(f'"{name}" VARCHAR' for name in keywords), "file_path VARCHAR", "file_size BIGINT"])
    connection.execute(f"CREATE TABLE objects ({columns}, header_digest VARCHAR, read_error VARCHAR)")
    names = [*keywords, *FILE_COLUMNS]
    values = [[row.get(name) for name in names] for row in map(_with_file, range(1, 1 << 30), rows)]
    if values:
        connection.executemany(f"INSERT INTO objects VALUES ({', '.join('?' * len(names))})", values)
    trimmed = ", ".join(f"NULLIF(TRIM(\"{name}\", ' ' || CHR(0)), '') AS \"{name}\"" for name in keywords)
    facets = ", ".join(f'"{name}"' for name in FACETS)
    connection.execute(f"""
        CREATE VIEW stored AS SELECT * EXCLUDE (read_error) FROM objects WHERE read_error IS NULL;
        CREATE VIEW instances AS SELECT {trimmed}, file_path, file_size, header_digest FROM stored;
        CREATE VIEW unreadable AS SELECT {trimmed}, file_path, file_size, read_error FROM objects
            WHERE read_error IS NOT NULL;
        CREATE VIEW facets AS SELECT {facets}, COUNT(*) AS instances FROM instances GROUP BY ALL;
    """)
    return connection


def run(check: Check, example: Example) -> list[Row]:
    """The rows of the check on the objects of the example."""
    return result(check, archive(example.instances), example.settings)


def result(
    check: Check, connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of the check on an archive."""
    cursor = connection.execute(check.sql, {**check.settings, **(settings or {})})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def subject(check: Check, row: Mapping[str, Any]) -> dict[str, str]:
    """What a row is about: the subject columns that have a value."""
    return {column: row[column] for column in check.subject if row[column] is not None}


def _with_file(number: int, row: Mapping[str, str | int]) -> Row:
    digest = hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()
    return {"file_path": f"/archive/{number:09}.dcm", "file_size": 1000, "header_digest": digest, **row}
