"""Google's export of DICOM metadata to BigQuery, and `dicom_all` of the Imaging Data Commons, as Parquet.

Their columns have types: lists where an attribute has several values, dates, and names in groups and components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.errors import SourceForeign
from tagwise.scanning.columns import scan_columns
from tagwise.sources import Kind
from tagwise.sources.blind import PARSED_DATES, PARSED_NUMBERS, TRIMMED, WITHOUT_FILES
from tagwise.sources.rows_file import LACKS, as_text, files_of, make_views, present, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tagwise.findings import Level

_SCHEME = "bigquery:"
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_COMPONENTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
BLIND = {**WITHOUT_FILES, **PARSED_NUMBERS, **PARSED_DATES, **TRIMMED}


class BigQueryExport:
    """Parquet files with one row per instance, as BigQuery writes them.

    Raises:
        SourceMissing: On `attach`: there is no such file.
        SourceForeign: On `attach`: it cannot be read, or has no column SOPInstanceUID.
    """

    def __init__(self, source: str) -> None:
        self.name = source
        self.grain: dict[str, Level] = {}
        self.lacks = LACKS
        self.blind: Mapping[str, str] = BLIND
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` as views on the files.

        Raises:
            SourceMissing: There is no such file.
            SourceForeign: It cannot be read, or has no column SOPInstanceUID.
        """
        given = self.name.removeprefix(_SCHEME)
        held = parquet_rows(db, given, "exported_rows")
        self.grain = present(held)
        if "SOPInstanceUID" not in self.grain:
            raise SourceForeign(
                f"{given!r} has no column SOPInstanceUID: it is no export of one row per instance",
                hint="idc:FILE reads one row per series, as the files of idc-index have.",
            )
        columns = ", ".join(f'{_text(keyword, held[keyword])} AS "{keyword}"' for keyword in self.grain)
        db.execute(f"CREATE VIEW exported_text AS SELECT {columns} FROM exported_rows")
        make_views(db, "exported_text", dict.fromkeys(self.grain, "VARCHAR"))


def parquet_rows(db: duckdb.DuckDBPyConnection, given: str, view: str) -> dict[str, str]:
    """Make a view on Parquet files; its columns under the names of keywords, with their types.

    BigQuery takes names of columns in any case, so the files may spell them in any.

    Raises:
        SourceMissing: There is no such file.
        SourceForeign: It cannot be read.
    """
    held = view_of(db, given, "read_parquet(?, union_by_name = true)", files_of(given, (".parquet",)), view)
    spelled = {column.keyword.casefold(): column.keyword for column in scan_columns()}
    # A column that was written without any value has no type: DuckDB cannot read it, and it says nothing.
    return {spelled.get(name.casefold(), name): kind for name, kind in held.items() if kind != '"NULL"'}


def _text(keyword: str, kind: str) -> str:
    r"""A column as DICOM writes it.

    >>> _text("PatientName", "STRUCT(Alphabetic VARCHAR)")
    'rtrim(concat(COALESCE("PatientName"."Alphabetic", \'\')), \'=\')'
    >>> _text("StudyTime", "TIME")
    'regexp_replace(strftime(DATE \'2000-01-01\' + "StudyTime", \'%H%M%S.%f\'), \'[.]0+$\', \'\')'
    """
    quoted = f'"{keyword}"'
    if kind.startswith("STRUCT") and kind.endswith("[]"):
        one = _name("part", kind)
        return f"array_to_string(list_transform({quoted}, lambda part: {one}), CHR(92))"
    if kind.startswith("STRUCT"):
        return _name(quoted, kind)
    if kind == "TIME":
        return f"regexp_replace(strftime(DATE '2000-01-01' + {quoted}, '%H%M%S.%f'), '[.]0+$', '')"
    if kind in ("DOUBLE", "FLOAT"):
        return _number(quoted)
    if kind in ("DOUBLE[]", "FLOAT[]"):
        return f"array_to_string(list_transform({quoted}, lambda part: {_number('part')}), CHR(92))"
    return as_text(keyword, kind)


def _number(value: str) -> str:
    """A number as DS writes it: DuckDB says 5.0 where an object has 5."""
    return f"regexp_replace({value}::VARCHAR, '\\.0$', '')"


def _name(value: str, kind: str) -> str:
    """A name in groups, each a text or five components (PS3.5 6.2.1), without delimiters at the ends."""
    folded = kind.casefold()
    groups = [group for group in _GROUPS if f"{group.casefold()} " in folded.replace('"', "")]
    if not groups:
        return f"to_json({value})::VARCHAR"
    parts = []
    for group in groups:
        inside = f'{value}."{group}"'
        if "familyname" in folded:
            held = [f"COALESCE({inside}.\"{one}\", '')" for one in _COMPONENTS if one.casefold() in folded]
            parts.append(f"rtrim(concat_ws('^', {', '.join(held)}), '^')")
        else:
            parts.append(f"COALESCE({inside}, '')")
    joined = f"concat_ws('=', {', '.join(parts)})" if len(parts) > 1 else f"concat({parts[0]})"
    return f"rtrim({joined}, '=')"


KIND = Kind(
    name="bigquery",
    title="Export of Google's Healthcare API or of the Imaging Data Commons (dicom_all), as Parquet",
    spelled=("bigquery:dicom_all.parquet", "'bigquery:export/*.parquet'"),
    claims=lambda source: source.startswith(_SCHEME),
    opened=BigQueryExport,
    tried="on files of the types that the export documents, made by pyarrow; not on an export of the service",
    lacks=LACKS,
    blind=BLIND,
    tells=(
        "One row per instance, so every value is true per instance.",
        "An attribute that no object has makes no column: checks that read it are not checkable.",
        "Dates and numbers are parsed: malformed ones were lost in the export.",
        "A table that is streamed into keeps the rows of objects that were deleted since.",
    ),
    facts=(
        ("https://docs.cloud.google.com/healthcare-api/docs/how-tos/dicom-bigquery-schema", "2026-11-23"),
        ("https://cloud.google.com/healthcare-api/docs/how-tos/dicom-bigquery-streaming", "2026-11-23"),
    ),
)
