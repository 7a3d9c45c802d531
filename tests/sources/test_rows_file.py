"""Files of rows are audited like the index of a scan: lists, dates and what is no object included."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from tagwise.cli.sources import command
from tagwise.errors import SourceForeign, SourceMissing
from tagwise.sources import answers, kinds
from tagwise.sources.rows_file import RowsFile

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [
    {
        "SOPInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2",
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
        "ImageType": ["ORIGINAL", "PRIMARY"],
        "StudyDate": dt.date(2020, 1, 31),
        "StudyTime": dt.time(9, 5, 7),
        "InstanceNumber": 7,
        "PatientName": {"Alphabetic": "Alpha^One"},
        "vanished": None,
        "read_error": None,
        "SomethingElse": 1.5,
    }
]
DIRECTORY = {**ROWS[0], "SOPInstanceUID": "1.2.9", "SOPClassUID": "1.2.840.10008.1.3.10"}
GONE = {**ROWS[0], "SOPInstanceUID": "1.2.8", "vanished": dt.datetime(2024, 1, 1)}  # noqa: DTZ001 - as the index
BROKEN = {**ROWS[0], "SOPInstanceUID": None, "read_error": "empty file: 0 bytes"}


def attached(path: Path | str) -> tuple[RowsFile, duckdb.DuckDBPyConnection]:
    source, db = RowsFile(str(path)), duckdb.connect()
    source.attach(db)
    return source, db


def test_parquet_is_read_as_dicom_writes_it(tmp_path: Path) -> None:
    """Lists, dates, times, numbers and names in groups become the text of an object; other columns are not there."""
    pa.parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "rows.parquet")
    source, db = attached(tmp_path / "rows.parquet")
    columns = '"ImageType", "StudyDate", "StudyTime", "InstanceNumber", "PatientName"'
    values = db.execute(f"SELECT {columns} FROM stored").fetchall()
    assert values == [("ORIGINAL\\PRIMARY", "20200131", "090507", "7", "Alpha^One")]
    assert "SomethingElse" not in source.grain
    assert "file_size" not in source.grain


def test_what_is_no_object_is_left_out(tmp_path: Path) -> None:
    """A DICOMDIR, a file that vanished and one that cannot be read are not among the objects."""
    pa.parquet.write_table(pa.Table.from_pylist([*ROWS, DIRECTORY, GONE, BROKEN]), tmp_path / "rows.parquet")
    _, db = attached(tmp_path / "rows.parquet")
    assert db.execute("SELECT SOPInstanceUID FROM stored").fetchall() == [("1.2.3",)]
    assert db.execute("SELECT SOPInstanceUID FROM gone").fetchall() == [("1.2.8",)]
    assert db.execute("SELECT read_error FROM unreadable").fetchall() == [("empty file: 0 bytes",)]


def test_folder_and_csv(tmp_path: Path) -> None:
    """All files of a folder are one archive, markers and hidden ones left out; CSV is text throughout."""
    table = pa.table({"SOPInstanceUID": ["1.2.3"], "SeriesInstanceUID": ["007"]})
    for name in ("a.parquet", "deeper/b.parquet", "_temporary/c.parquet", ".hidden.parquet"):
        (tmp_path / "rows" / name).parent.mkdir(parents=True, exist_ok=True)
        pa.parquet.write_table(table, tmp_path / "rows" / name)
    assert attached(f"parquet:{tmp_path / 'rows'}")[1].execute("SELECT COUNT(*) FROM stored").fetchall() == [(2,)]
    pa.csv.write_csv(table, tmp_path / "rows.csv")
    assert attached(tmp_path / "rows.csv")[1].execute("SELECT SeriesInstanceUID FROM stored").fetchall() == [("007",)]


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """Nothing there, no Parquet, no keyword: a sentence each."""
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    pa.parquet.write_table(pa.table({"something": [1]}), tmp_path / "foreign.parquet")
    with pytest.raises(SourceMissing):
        attached(tmp_path / "none.parquet")
    with pytest.raises(SourceForeign, match="cannot be read"):
        attached(tmp_path / "broken.parquet")
    with pytest.raises(SourceForeign, match="no column SOPInstanceUID"):
        attached(tmp_path / "foreign.parquet")


@pytest.mark.parametrize("name", kinds.kinds())
def test_every_kind_has_a_page_and_json(name: str) -> None:
    """`tagwise sources NAME` says how to write it and what it answers, in both forms."""
    shown = CliRunner().invoke(command, [name])
    assert shown.exit_code == 0, shown.output
    assert kinds.kind(name).spelled[0] in shown.output
    document = answers.document(kinds.kind(name))
    assert bool(document["checks"]) == bool(document["columns"])
    assert CliRunner().invoke(command, [name, "--format", "json"]).exit_code == 0


def test_kinds_are_listed_and_claimed() -> None:
    """The list has every kind; how a kind is written is claimed by it."""
    listed = CliRunner().invoke(command, [])
    assert all(name in listed.output for name in kinds.kinds())
    for name, source in {
        "postgresql": "postgresql://host/db",
        "dcm4chee": "dcm4chee+postgresql://host/db",
        "orthanc": "orthanc:/somewhere",
        "parquet": "rows.parquet",
    }.items():
        assert kinds.kind(name).claims(source)
    assert kinds.opened("/a/folder") is None


def test_answer_in_part_and_no_answer() -> None:
    """Orthanc answers one check in part, another not at all, a third as a whole, and says why."""
    reasons = {one.check: one.reason for one in answers.answers(kinds.kind("orthanc"))}
    assert reasons["identity/study-uid-in-several-patients"].startswith("answered in part: needs IssuerOfPatientID")
    assert reasons["consistency/study-date-differs"] == "needs StudyDate per instance, kept once per study"
    assert not reasons["consistency/modality-unknown"]
