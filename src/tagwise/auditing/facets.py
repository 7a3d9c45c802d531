"""The relations that checks query, made on one DuckDB connection from what a source gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.auditing.result import Counts
from tagwise.checks import uids
from tagwise.checks.sql import COPY_COLUMNS, FACET_COLUMNS, IMAGE_COLUMNS, MADE, copied_values, facets, images
from tagwise.scanning.columns import scan_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

    from tagwise.checks import Relation
    from tagwise.findings import Level

FILE_COLUMNS = ("file_path", "file_size", "header_digest")
"""What `instances` holds besides attributes."""


DEVICE_COLUMNS = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "StationName", "DeviceSerialNumber")
"""What names a device, in the order of `findings.Device`."""


def trimmed(columns: Iterable[str]) -> str:
    """The statement that removes padding from the attributes of `stored`; what is empty then becomes NULL."""
    return f"SELECT {', '.join([*FILE_COLUMNS, *map(_trimmed, columns)])} FROM stored"


def _trimmed(column: str) -> str:
    """Trim only what needs it: two looks at the ends of a value cost a tenth of what TRIM costs on every value."""
    sound = f'"{column}" >= \'!\' AND NOT suffix("{column}", \' \') AND NOT suffix("{column}", CHR(0))'
    quoted = f'"{column}"'
    return f"CASE WHEN {sound} THEN {quoted} ELSE {trimmed_value(quoted)} END AS {quoted}"


def trimmed_value(value: str) -> str:
    """The value of an expression without padding, NULL where nothing is left."""
    return f"NULLIF(TRIM({value}, ' ' || CHR(0)), '')"


def make_relations(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level]) -> None:
    """Add `instances` and `facets` to the `stored` and `unreadable` of a source."""
    # What a source lacks is NULL: checks that spare it run, the others are not asked.
    absent = ", ".join(
        f'NULL::VARCHAR AS "{column.keyword}"' for column in scan_columns() if column.keyword not in grain
    )
    present = trimmed(column for column in grain if column not in FILE_COLUMNS)
    db.execute(f"CREATE TEMP VIEW instances AS SELECT *{', ' if absent else ''}{absent} FROM ({present})")
    db.execute(f"CREATE TEMP TABLE facets AS {facets([column for column in FACET_COLUMNS if column in grain])}")
    for column in FACET_COLUMNS:
        if column not in grain:
            db.execute(f"ALTER TABLE facets ADD COLUMN {column} VARCHAR")


def make_on_demand(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level], relation: Relation) -> None:
    """Add a relation that only some checks need and not every source can fill; the others are there already."""
    if relation == "images":
        statement = images([column for column in IMAGE_COLUMNS if column in grain])
    elif relation == "copies":
        statement = _copies([column for column in COPY_COLUMNS if column in grain])
    elif relation == "uids":
        statement = spotted_uids()
    elif relation in MADE:
        statement = f"WITH {MADE[relation]} SELECT * FROM {relation}"
    else:
        return
    db.execute(f"CREATE TEMP TABLE {relation} AS {statement}")


def _copies(columns: Sequence[str]) -> str:
    """As `checks.sql.copies`, with eight bytes in memory for each object instead of a UID of up to 64."""
    return f"""
        WITH twice AS (
          SELECT HASH(SOPInstanceUID) AS mark FROM instances
          WHERE SOPInstanceUID IS NOT NULL
          GROUP BY mark
          HAVING COUNT(*) > 1
        ),
        likely AS MATERIALIZED (
          {copied_values(columns)} FROM instances WHERE HASH(SOPInstanceUID) IN (SELECT mark FROM twice)
        )
        -- Two UIDs may share a hash.
        SELECT * FROM likely
        WHERE SOPInstanceUID IN (SELECT SOPInstanceUID FROM likely GROUP BY SOPInstanceUID HAVING COUNT(*) > 1)
    """


_NUMBER = "(?:0|[1-9][0-9]*)"
_UUID = "(?:[1-9][0-9]{0,37}|[12][0-9]{38}|3[0-3][0-9]{37})"
SOUND = f"(?:1\\.[23]|2\\.16)(?:\\.{_NUMBER})+|2\\.25\\.{_UUID}"
"""UIDs without a fault: numbers and single dots under the roots that nearly all UIDs have (PS3.5 9.1 and B)."""


def is_sound(uid: str) -> str:
    """An SQL condition that holds for UIDs only that no check on the form of a UID names, and for nearly all of these.

    One look at ten million SOP Instance UIDs takes the place of one for each check; a test compares it with the checks.
    """
    return (
        f"LENGTH({uid}) BETWEEN 18 AND 64 AND {uid} NOT LIKE '1.2.840.10008%' AND REGEXP_FULL_MATCH({uid}, '{SOUND}')"
    )


def spotted_uids() -> str:
    """The statement that makes `uids` of `facets` and `instances`.

    As `checks.uids.UIDS`, but for SOP Instance UIDs that are sound and no UID of another level.
    """
    above = " UNION ALL ".join(
        f"SELECT {uids.row(attribute)}, SUM(instances)::BIGINT FROM facets GROUP BY {attribute}"
        for attribute in uids.ABOVE
    )
    return f"""
        WITH above(attribute, uid, {", ".join(uids.ABOVE)}, objects) AS MATERIALIZED ({above}),
        shared(attribute, uid, {", ".join(uids.ABOVE)}, objects) AS MATERIALIZED (
          SELECT {uids.INSTANCE_ROW} FROM instances WHERE SOPInstanceUID IN (SELECT uid FROM above)
        )
        SELECT * FROM above
        UNION ALL SELECT {uids.INSTANCE_ROW} FROM instances WHERE NOT ({is_sound("SOPInstanceUID")})
        UNION ALL SELECT * FROM shared WHERE {is_sound("uid")}
    """


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
