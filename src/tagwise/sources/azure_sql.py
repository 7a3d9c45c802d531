"""An export of the database of Microsoft's DICOM server: `QUERY` makes it, Parquet or CSV carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.errors import SourceForeign
from tagwise.findings import Level
from tagwise.sources import Kind
from tagwise.sources.blind import PARSED_DATES, TRIMMED, WITHOUT_FILES
from tagwise.sources.rows_file import FILE_COLUMNS, LACKS, files_of, make_views, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

_SCHEME = "azure-sql:"

QUERY = """\
SELECT
  i.SopInstanceUid AS SOPInstanceUID,
  i.SeriesInstanceUid AS SeriesInstanceUID,
  i.StudyInstanceUid AS StudyInstanceUID,
  i.TransferSyntaxUid AS TransferSyntaxUID,
  e.Modality,
  e.ManufacturerModelName,
  s.PatientId AS PatientID,
  s.PatientName,
  CONVERT(CHAR(8), s.PatientBirthDate, 112) AS PatientBirthDate,
  CONVERT(CHAR(8), s.StudyDate, 112) AS StudyDate,
  s.StudyDescription,
  s.AccessionNumber,
  f.FilePath AS file_path,
  f.ContentLength AS file_size
FROM dbo.Instance AS i
INNER JOIN dbo.Series AS e ON e.PartitionKey = i.PartitionKey AND e.SeriesKey = i.SeriesKey
INNER JOIN dbo.Study AS s ON s.PartitionKey = i.PartitionKey AND s.StudyKey = i.StudyKey
LEFT JOIN dbo.FileProperty AS f ON f.InstanceKey = i.InstanceKey AND f.Watermark = i.Watermark
WHERE i.Status = 1
"""
"""Every stored instance with what is kept for its series and its study. Status 0 is one that is on its way."""

GRAIN: Mapping[str, Level] = {
    "SOPInstanceUID": Level.INSTANCE,
    "SeriesInstanceUID": Level.INSTANCE,
    "StudyInstanceUID": Level.INSTANCE,
    "TransferSyntaxUID": Level.INSTANCE,
    "Modality": Level.SERIES,
    "ManufacturerModelName": Level.SERIES,
    "PatientID": Level.STUDY,
    "PatientName": Level.STUDY,
    "PatientBirthDate": Level.STUDY,
    "StudyDate": Level.STUDY,
    "StudyDescription": Level.STUDY,
    "AccessionNumber": Level.STUDY,
}
BLIND = {**WITHOUT_FILES, **PARSED_DATES, **TRIMMED}


class AzureExport:
    """What `QUERY` gave, in Parquet or CSV.

    Raises:
        SourceMissing: On `attach`: there is no such file.
        SourceForeign: On `attach`: it cannot be read, or lacks columns of the query.
    """

    def __init__(self, source: str) -> None:
        self.name = source
        self.grain: Mapping[str, Level] = {}
        self.lacks = LACKS
        self.blind = BLIND
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` as views on the files.

        Raises:
            SourceMissing: There is no such file.
            SourceForeign: It cannot be read, or lacks columns of the query.
        """
        given = self.name.removeprefix(_SCHEME)
        files = files_of(given, (".parquet", ".csv", ".csv.gz"))
        text = not files[0].endswith(".parquet")
        read = "read_csv(?, all_varchar = true)" if text else "read_parquet(?)"
        held = view_of(db, given, read, files, "azure_rows")
        lacking = sorted(GRAIN.keys() - held)
        if lacking:
            raise SourceForeign(
                f"{given!r} has no column {', '.join(lacking)}",
                hint="`tagwise sources azure-sql` shows the query that makes the export.",
            )
        files_told = [name for name in ("file_path", "file_size") if name in held]
        # A date that a tool has exported as a date is 2026-11-23; sqlcmd writes NULL as a word.
        columns = [f"NULLIF({_undashed(name)}, 'NULL') AS {name}" for name in GRAIN]
        columns += [f"TRY_CAST({name} AS {FILE_COLUMNS[name]}) AS {name}" for name in files_told]
        db.execute(f"CREATE VIEW azure_objects AS SELECT {', '.join(columns)} FROM azure_rows")
        types: dict[str, str] = dict.fromkeys(GRAIN, "VARCHAR")
        types |= {name: FILE_COLUMNS[name] for name in files_told}
        self.grain = GRAIN
        make_views(db, "azure_objects", types)


def _undashed(name: str) -> str:
    return f"replace({name}::VARCHAR, '-', '')" if name.endswith("Date") else f"{name}::VARCHAR"


KIND = Kind(
    name="azure-sql",
    title="Export of the database of Microsoft's DICOM server (microsoft/dicom-server)",
    spelled=("azure-sql:export.parquet", "azure-sql:export.csv"),
    claims=lambda source: source.startswith(_SCHEME),
    opened=AzureExport,
    tried="by running the query on tables with the columns of the server, in DuckDB; not on SQL Server",
    grain=GRAIN,
    lacks=LACKS,
    blind=BLIND,
    query=QUERY,
    tells=(
        "For a server of your own: the managed service gives no SQL; use its DICOMweb address instead.",
        "Modality and model are kept once per series, patient and study once per study.",
        "A partition has one study for one UID: of a UID that two patients have, one patient is seen.",
        "Times, SOP class, manufacturer and station are not in the database, unless as extended query tags.",
    ),
    facts=(
        (
            "https://github.com/microsoft/dicom-server/tree/main/src/Microsoft.Health.Dicom.SqlServer/Features/Schema/Sql/Tables",
            "2026-11-23",
        ),
    ),
)
