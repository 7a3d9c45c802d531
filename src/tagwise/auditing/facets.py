"""The relations that checks query, made on one DuckDB connection from what a source gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.auditing.result import Counts
from tagwise.checks.sql import FACET_COLUMNS, facets

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tagwise.findings import Level

_NOT_TEXT = {"file_path", "file_size", "header_digest"}


def make_relations(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level]) -> None:
    """Add `instances` (padding removed, empty is NULL) and `facets` (counted combinations) to `stored`."""
    columns = [row[0] for row in db.execute("DESCRIBE stored").fetchall()]
    trimmed = [column if column in _NOT_TEXT else _trimmed(column) for column in columns]
    db.execute(f"CREATE VIEW instances AS SELECT {', '.join(trimmed)} FROM stored")
    held = [column for column in FACET_COLUMNS if column in grain]
    db.execute(f"CREATE TEMP TABLE facets AS {facets(held)}")
    for column in FACET_COLUMNS:
        if column not in grain:
            db.execute(f"ALTER TABLE facets ADD COLUMN {column} VARCHAR")


def _trimmed(column: str) -> str:
    return f"NULLIF(TRIM({column}, ' ' || chr(0)), '') AS {column}"


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
