"""The SQL of a check as it can be run anywhere: with its settings filled in and its facets spelled out."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagwise.checks import Check, Setting

FACET_COLUMNS = (
    "PatientID",
    "IssuerOfPatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "AccessionNumber",
    "SeriesInstanceUID",
    "Modality",
    "SeriesNumber",
    "FrameOfReferenceUID",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SoftwareVersions",
    "StationName",
    "SOPClassUID",
    "TransferSyntaxUID",
)
"""What the instances are grouped by: patient, study, series, equipment and class."""


def facets(columns: Sequence[str]) -> str:
    """The statement that groups `instances` into one row per distinct combination, with their number as `instances`.

    >>> print(facets(["Modality"]))
    SELECT
      Modality,
      COUNT(*) AS instances
    FROM instances
    GROUP BY Modality
    """
    listed = ",\n  ".join(columns)
    return f"SELECT\n  {listed},\n  COUNT(*) AS instances\nFROM instances\nGROUP BY {', '.join(columns)}"


def literal(value: Setting) -> str:
    """A setting as SQL.

    >>> literal(None), literal(3), literal("it's")
    ('NULL', '3', "'it''s'")
    """
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def with_settings(sql: str, settings: Mapping[str, Setting]) -> str:
    """The statement with its named parameters (`$max_instances`) replaced by the values given."""
    return re.sub(r"\$([a-z_]+)", lambda match: literal(settings[match[1]]), sql)


def standalone(check: Check) -> str:
    """The statement of a check that needs only `instances`, one row per object with keywords as columns.

    Padding is taken to be removed, and empty values to be NULL. Settings have their defaults.
    """
    sql = with_settings(check.sql, check.settings)
    if check.relation != "facets":
        return sql
    columns = [column for column in FACET_COLUMNS if column in check.reads]
    grouped = "facets AS (\n" + textwrap.indent(facets(columns), "  ") + "\n)"
    if match := re.match(r"WITH\s+", sql):
        return f"WITH {grouped},\n{sql[match.end() :]}"
    return f"WITH {grouped}\n{sql}"
