"""The relations that checks query, made on one DuckDB connection from what a source gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.auditing import marks, padding, relations
from tagwise.auditing.result import Counts
from tagwise.checks.sql import FACET_COLUMNS
from tagwise.scanning.columns import scan_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import duckdb

    from tagwise.checks import Relation
    from tagwise.findings import Level

FILE_COLUMNS = ("file_path", "file_size", "header_digest")
"""What `instances` holds besides attributes."""


DEVICE_COLUMNS = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "StationName", "DeviceSerialNumber")
"""What names a device, in the order of `findings.Device`."""


def trimmed(columns: Iterable[str], padded: Collection[str] | None = None, *further: str) -> str:
    """The statement that removes padding from the attributes of `stored`; what is empty then becomes NULL.

    Args:
        columns: The attributes wanted.
        padded: Those of them that have padding; None if any may have some.
        further: Other columns, which are selected as they are.
    """
    wanted = list(columns)
    values = padding.of_columns(wanted, wanted if padded is None else padded)
    return f"SELECT {', '.join([*FILE_COLUMNS, *values, *further])} FROM stored"


def make_relations(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level]) -> None:
    """Add `instances` and `facets` to the `stored` and `unreadable` of a source."""
    # What a source lacks is NULL: checks that spare it run, the others are not asked.
    absent = ", ".join(
        f'NULL::VARCHAR AS "{column.keyword}"' for column in scan_columns() if column.keyword not in grain
    )
    attributes = [column for column in grain if column not in FILE_COLUMNS]
    padding.group(db, grain)
    padded = padding.needing(db, attributes)
    present = trimmed(attributes, padded, *([marks.ROW] if marks.has_rows(db, "stored") else []))
    db.execute(f"CREATE TEMP VIEW instances AS SELECT *{', ' if absent else ''}{absent} FROM ({present})")
    held = [column for column in FACET_COLUMNS if column in grain]
    db.execute(f"CREATE TEMP TABLE facets AS {padding.regrouped('untrimmed_facets', held, padded)}")
    for column in FACET_COLUMNS:
        if column not in grain:
            db.execute(f"ALTER TABLE facets ADD COLUMN {column} VARCHAR")


def make_on_demand(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level], relation: Relation) -> None:
    """Add a relation that only some checks need and not every source can fill; the others are there already."""
    relations.make(db, grain, relation)


def count(db: duckdb.DuckDBPyConnection) -> Counts:
    """How much there is, from the facets alone but for the unreadable objects.

    A patient is a Patient ID together with its issuer (PS3.3 C.7.1.1).
    """
    instances, series, studies, patients = db.execute(
        """
        SELECT
          COALESCE(SUM(instances), 0)::BIGINT,
          COUNT(DISTINCT SeriesInstanceUID),
          COUNT(DISTINCT StudyInstanceUID),
          COUNT(DISTINCT (PatientID, IssuerOfPatientID)) FILTER (PatientID IS NOT NULL)
        FROM facets
        """
    ).fetchall()[0]
    unreadable = db.execute("SELECT COUNT(*) FROM unreadable").fetchall()[0][0]
    return Counts(instances, series, studies, patients, unreadable)
