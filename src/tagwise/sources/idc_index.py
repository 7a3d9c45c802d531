"""Parquet of idc-index-data: one row per series of the Imaging Data Commons, with how many instances it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from tagwise.errors import SourceForeign
from tagwise.findings import Level
from tagwise.scanning.index_errors import raise_if_interrupted
from tagwise.sources import Kind
from tagwise.sources.bigquery import BLIND, parquet_rows
from tagwise.sources.rows_file import LACKS, as_text, make_views, present

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = "idc:"
_MOST = 10_000_000
_COLUMNS = (
    "PatientID",
    "PatientSex",
    "PatientAge",
    "StudyInstanceUID",
    "StudyDate",
    "StudyDescription",
    "SeriesInstanceUID",
    "SeriesDate",
    "SeriesDescription",
    "SeriesNumber",
    "Modality",
    "BodyPartExamined",
    "Manufacturer",
    "ManufacturerModelName",
    "SOPClassUID",
    "TransferSyntaxUID",
    "PhotometricInterpretation",
)


class IdcIndex:
    """One row per series. Each becomes as many rows as the series has instances, so that counts are those of objects.

    Raises:
        SourceMissing: On `attach`: there is no such file.
        SourceForeign: On `attach`: it cannot be read, or lacks what makes a row a series.
    """

    def __init__(self, source: str) -> None:
        self.name = source
        self.grain: dict[str, Level] = {}
        self.lacks = LACKS
        self.blind: Mapping[str, str] = BLIND
        self.unfinished = False

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `stored` and `unreadable` as views on the file.

        Raises:
            SourceMissing: There is no such file.
            SourceForeign: It cannot be read, or lacks what makes a row a series.
        """
        given = self.name.removeprefix(_SCHEME)
        held = parquet_rows(db, given, "indexed_series")
        lacking = [name for name in ("SeriesInstanceUID", "instanceCount") if name not in held]
        if lacking:
            raise SourceForeign(
                f"{given!r} has no column {' and '.join(lacking)}: it is no index of series",
                hint="bigquery:FILE reads one row per instance.",
            )
        self._refuse_absurd_counts(db, given)
        self.grain = {keyword: Level.SERIES for keyword in present(held) if keyword in _COLUMNS}
        columns = ", ".join(f'{as_text(keyword, held[keyword])} AS "{keyword}"' for keyword in self.grain)
        db.execute(
            f"CREATE VIEW indexed_objects AS SELECT {columns} FROM"
            " (SELECT *, unnest(range(GREATEST(1, COALESCE(instanceCount::BIGINT, 1)))) FROM indexed_series)"
        )
        make_views(db, "indexed_objects", dict.fromkeys(self.grain, "VARCHAR"))

    def _refuse_absurd_counts(self, db: duckdb.DuckDBPyConnection, given: str) -> None:
        try:
            most = db.execute("SELECT MAX(instanceCount::BIGINT) FROM indexed_series").fetchall()[0][0]
        except duckdb.Error as error:
            raise_if_interrupted(error)
            raise SourceForeign(f"{given!r}: instanceCount is no number") from error
        if most is not None and most > _MOST:
            raise SourceForeign(f"{given!r}: a series of {most:,} instances cannot be, says instanceCount")


KIND = Kind(
    name="idc",
    title="Index of series of the Imaging Data Commons (idc-index-data), as Parquet",
    spelled=("idc:idc_index.parquet",),
    claims=lambda source: source.startswith(_SCHEME),
    opened=IdcIndex,
    tried="on files with the columns of idc-index-data, made by pyarrow",
    grain=dict.fromkeys(_COLUMNS, Level.SERIES),
    lacks=LACKS,
    blind=BLIND,
    tells=(
        "One row per series, with the value of any of its instances: what varies inside a series is not seen.",
        "instanceCount says how many instances a row stands for; counts of findings are counts of instances.",
    ),
    facts=(("https://github.com/ImagingDataCommons/idc-index-data", "2026-11-23"),),
)
