"""The SQL of a check as it can be run anywhere: with its settings filled in and its facets spelled out."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from tagwise.checks import links, stacks, uids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagwise.checks import Check, Relation, Setting

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
    "SpecificCharacterSet",
    "StudyDescription",
    "SeriesDescription",
    "InstitutionName",
    "PatientIdentityRemoved",
)
"""What the instances are grouped by: patient, study, series, equipment and class."""

IMAGE_COLUMNS = (
    "SeriesInstanceUID",
    "Modality",
    "SOPClassUID",
    "TransferSyntaxUID",
    "ImageType",
    "PatientWeight",
    "PatientIdentityRemoved",
    "BodyPartExamined",
    "SliceThickness",
    "ImagerPixelSpacing",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "BurnedInAnnotation",
    "LossyImageCompression",
)
"""What images are grouped by: the series, and what describes pixels and is usually one value in a series."""

COPY_COLUMNS = (
    "SOPInstanceUID",
    "SeriesInstanceUID",
    "StudyInstanceUID",
    "SOPClassUID",
    "TransferSyntaxUID",
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "ImageType",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "LossyImageCompression",
)
"""What tells objects with one SOP Instance UID apart, besides what is known of their files."""


def vanished(kept: str = "instances", series: str = "instances") -> str:
    """The common table expression that makes `vanished`.

    Args:
        kept: The table with those of the objects that are still there, which may have others too.
        series: The table with all series.
    """
    return f"""vanished AS (
  SELECT
    gone.SOPInstanceUID, gone.SeriesInstanceUID, gone.StudyInstanceUID, gone.file_path,
    CASE WHEN EXISTS (
      SELECT 1 FROM {kept} WHERE {kept}.SOPInstanceUID = gone.SOPInstanceUID
    ) THEN 1 ELSE 0 END AS kept_elsewhere,
    CASE WHEN EXISTS (
      SELECT 1 FROM {series} WHERE {series}.SeriesInstanceUID = gone.SeriesInstanceUID
    ) THEN 1 ELSE 0 END AS series_kept
  FROM gone
)"""


VANISHED = vanished()
"""The common table expression that makes `vanished` from `instances` and `gone`, the rows of files that are missing.

`kept_elsewhere` (0 or 1) tells whether another file holds the object, `series_kept` whether any of its series is left.
"""

NEEDED: Mapping[Relation, tuple[str, ...]] = {
    "images": ("Rows",),
    "stacks": stacks.ATTRIBUTES,
    "links": links.ATTRIBUTES,
    "uids": uids.ATTRIBUTES,
    "copies": ("SOPInstanceUID",),
    "vanished": ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"),
}
"""What a relation is made from whatever a check selects: every check on it reads these."""

MADE: Mapping[Relation, str] = {
    "stacks": stacks.STACKS,
    "links": links.LINKS,
    "uids": uids.UIDS,
    "vanished": VANISHED,
}
"""Relations that do not depend on the check, and the common table expressions that make them."""

_QUOTED = {"Rows", "Columns"}
"""Keywords that are words of SQL too."""


def facets(columns: Sequence[str]) -> str:
    """The statement that groups `instances` into one row per distinct combination, with their number as `instances`.

    >>> print(facets(["Modality"]))
    SELECT
      Modality,
      COUNT(*) AS instances
    FROM instances
    GROUP BY Modality
    """
    return _grouped(columns, "")


def images(columns: Sequence[str]) -> str:
    """The statement that groups those `instances` that have Rows, which all images and nothing else have.

    >>> print(images(["SOPClassUID", "Rows"]))
    SELECT
      SOPClassUID,
      "Rows",
      COUNT(*) AS instances
    FROM instances
    WHERE "Rows" IS NOT NULL
    GROUP BY SOPClassUID, "Rows"
    """
    return _grouped(columns, 'WHERE "Rows" IS NOT NULL\n')


def copies(columns: Sequence[str]) -> str:
    """The statement that selects those `instances` whose SOP Instance UID is there more than once.

    >>> print(copies(["SOPInstanceUID", "Rows"]))
    SELECT
      file_path, file_size, header_digest,
      SOPInstanceUID,
      "Rows"
    FROM instances
    WHERE SOPInstanceUID IN (
      SELECT SOPInstanceUID FROM instances
      WHERE SOPInstanceUID IS NOT NULL
      GROUP BY SOPInstanceUID
      HAVING COUNT(*) > 1
    )
    """
    return f"""{copied_values(columns)}
FROM instances
WHERE SOPInstanceUID IN (
  SELECT SOPInstanceUID FROM instances
  WHERE SOPInstanceUID IS NOT NULL
  GROUP BY SOPInstanceUID
  HAVING COUNT(*) > 1
)"""


def copied_values(columns: Sequence[str]) -> str:
    """The first lines of `copies`: what it selects."""
    return "SELECT\n  file_path, file_size, header_digest,\n  " + ",\n  ".join(quoted(columns))


def quoted(columns: Sequence[str]) -> list[str]:
    """Keywords as names of columns."""
    return [f'"{column}"' if column in _QUOTED else column for column in columns]


def _grouped(columns: Sequence[str], where: str) -> str:
    names = quoted(columns)
    listed = ",\n  ".join(names)
    return f"SELECT\n  {listed},\n  COUNT(*) AS instances\nFROM instances\n{where}GROUP BY {', '.join(names)}"


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
    """The statement of a check that needs only `tables`: `instances` has one row per object and keywords as columns.

    Padding is taken to be removed, and empty values to be NULL. Settings have their defaults.
    """
    sql = with_settings(check.sql, check.settings)
    made = _made_from_instances(check)
    if made is None:
        return sql
    if match := re.match(r"WITH\s+", sql):
        return f"WITH {made},\n{sql[match.end() :]}"
    return f"WITH {made}\n{sql}"


def tables(check: Check) -> tuple[str, ...]:
    """The tables that `standalone` reads."""
    further: Mapping[Relation, tuple[str, ...]] = {"links": ("referenced_objects",), "vanished": ("gone",)}
    return ("instances", *further.get(check.relation, ()))


def _made_from_instances(check: Check) -> str | None:
    """The common table expressions that make the relation of a check, None where it is no more than the objects."""
    if check.relation in MADE:
        return MADE[check.relation]
    selecting: Mapping[Relation, tuple[Sequence[str], Callable[[Sequence[str]], str]]] = {
        "facets": (FACET_COLUMNS, facets),
        "images": (IMAGE_COLUMNS, images),
        "copies": (COPY_COLUMNS, copies),
    }
    if check.relation not in selecting:
        return None
    columns, statement = selecting[check.relation]
    return f"{check.relation} AS (\n{textwrap.indent(statement([c for c in columns if c in check.reads]), '  ')}\n)"
