"""Exports of clouds are read as the objects that they were made from, and say what they have lost."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot

import tagwise
from tagwise.checks import registry
from tagwise.errors import SourceForeign, SourceMissing
from tagwise.findings import Level
from tagwise.sources import blind, kinds
from tagwise.sources.azure_sql import QUERY

if TYPE_CHECKING:
    from pathlib import Path

CT = "1.2.840.10008.5.1.4.1.1.2"


def rows(source: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of `stored`, sorted."""
    opened = kinds.opened(source)
    assert opened is not None
    with duckdb.connect() as db:
        opened.attach(db)
        return sorted(db.execute(f"SELECT {', '.join(columns)} FROM stored").fetchall(), key=str)


def _component(name: str) -> dict[str, str]:
    keys = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
    return {**dict.fromkeys(keys, ""), **dict(zip(keys, name.split("^"), strict=False))}


def test_types_of_bigquery_become_text_again(tmp_path: Path) -> None:
    """Names in groups of components, lists, dates, times and numbers are written as an object has them."""
    name = {
        "Alphabetic": _component("Yamada^Tarou"),
        "Ideographic": _component("山田^太郎"),
        "Phonetic": _component(""),
    }
    one = {
        "SOPInstanceUID": "1.2.3.1",
        "PatientName": name,
        "ImageType": ["ORIGINAL", "PRIMARY"],
        "ImagePositionPatient": [0.5, -10.0, 100.0],
        "StudyDate": dt.date(2026, 1, 2),
        "StudyTime": dt.time(9, 5, 0),
        "SliceThickness": 5.0,
        "Rows": 512,
        "modality": "CT",
    }
    pq.write_table(pa.Table.from_pylist([one]), tmp_path / "all.parquet")
    found = rows(
        f"bigquery:{tmp_path / 'all.parquet'}",
        "PatientName",
        "ImageType",
        "ImagePositionPatient",
        "StudyDate",
        "StudyTime",
        "SliceThickness",
        '"Rows"',
        "Modality",
    )
    assert found == [
        ("Yamada^Tarou=山田^太郎", "ORIGINAL\\PRIMARY", "0.5\\-10\\100", "20260102", "090500", "5", "512", "CT")
    ]


@pytest.mark.parametrize("name", [{"Alphabetic": "Doe^Jane"}, "Doe^Jane"])
def test_names_of_an_export_in_other_forms(tmp_path: Path, name: object) -> None:
    """Groups may be text, and a name may be text as a whole."""
    pq.write_table(pa.Table.from_pylist([{"SOPInstanceUID": "1.2", "PatientName": name}]), tmp_path / "a.parquet")
    assert rows(f"bigquery:{tmp_path}", "PatientName") == [("Doe^Jane",)]


def test_an_export_of_bigquery_finds_what_is_wrong_and_says_what_it_cannot(tmp_path: Path) -> None:
    """Two patients in one study are found; malformed dates were lost, so silence about them is not claimed."""
    held = [
        {
            "SOPInstanceUID": f"1.2.3.1.{number}",
            "SeriesInstanceUID": f"1.2.3.{number}",
            "StudyInstanceUID": "1.2.3",
            "SOPClassUID": CT,
            "PatientID": f"P{number}",
            "IssuerOfPatientID": "H",
            "PatientName": {"Alphabetic": _component(f"Name{number}^X")},
            "PatientBirthDate": dt.date(1950 + number, 1, 1),
            "StudyDate": dt.date(2026, 1, 2),
        }
        for number in (1, 2)
    ]
    pq.write_table(pa.Table.from_pylist(held), tmp_path / "a.parquet")
    result = tagwise.audit(f"bigquery:{tmp_path / 'a.parquet'}")
    assert "identity/study-uid-in-several-patients" in {finding.check for finding in result.findings}
    reasons = {one.check: one.reason for one in result.not_checkable}
    assert {"time/study-date-malformed", "identity/object-stored-twice", "identity/uid-padded"} <= reasons.keys()
    assert "path" in reasons["storage/file-in-wrong-folder"]


def test_an_index_of_series_counts_instances(tmp_path: Path) -> None:
    """A row of the index stands for as many instances as it says, and what varies in a series is not checkable."""
    held = [
        {
            "PatientID": f"P{number}",
            "StudyInstanceUID": f"1.2.{number}",
            "SeriesInstanceUID": f"1.2.{number}.1",
            "Modality": "CT" if number else "NONSENSE",
            "SOPClassUID": CT,
            "Manufacturer": "ACME",
            "ManufacturerModelName": "Scan",
            "instanceCount": 100 + number,
            "collection_id": "c",
        }
        for number in range(3)
    ]
    pq.write_table(pa.Table.from_pylist(held), tmp_path / "idc.parquet")
    result = tagwise.audit(f"idc:{tmp_path / 'idc.parquet'}")
    assert (result.counts.instances, result.counts.series, result.counts.patients) == (303, 3, 3)
    ran = {run.check for run in result.runs}
    assert "device/manufacturer-spelled-variously" in ran
    reasons = {one.check: one.reason for one in result.not_checkable}
    assert "per instance, kept once per series" in reasons["consistency/sop-class-mixed-in-series"]


@pytest.mark.parametrize("count", [None, 0, -5])
def test_a_series_without_a_count_is_one_object(tmp_path: Path, count: int | None) -> None:
    """A row is never nothing."""
    row = {"SeriesInstanceUID": pa.array(["1.2"]), "instanceCount": pa.array([count], pa.int64())}
    pq.write_table(pa.table(row), tmp_path / "idc.parquet")
    assert len(rows(f"idc:{tmp_path / 'idc.parquet'}", "SeriesInstanceUID")) == 1


def _azure(folder: Path, form: str) -> Path:
    """The query, run on tables with the columns of the server."""
    with duckdb.connect() as db:
        db.execute("CREATE SCHEMA dbo")
        db.execute(
            "CREATE TABLE dbo.Study (StudyKey BIGINT, PartitionKey INT, StudyInstanceUid VARCHAR, PatientId VARCHAR,"
            " PatientName VARCHAR, StudyDate DATE, StudyDescription VARCHAR, AccessionNumber VARCHAR,"
            " PatientBirthDate DATE)"
        )
        db.execute(
            "CREATE TABLE dbo.Series (SeriesKey BIGINT, PartitionKey INT, StudyKey BIGINT, SeriesInstanceUid VARCHAR,"
            " Modality VARCHAR, ManufacturerModelName VARCHAR)"
        )
        db.execute(
            "CREATE TABLE dbo.Instance (InstanceKey BIGINT, SeriesKey BIGINT, StudyKey BIGINT,"
            " StudyInstanceUid VARCHAR, SeriesInstanceUid VARCHAR, SopInstanceUid VARCHAR, Watermark BIGINT,"
            " Status TINYINT, PartitionKey INT, TransferSyntaxUid VARCHAR)"
        )
        db.execute(
            "CREATE TABLE dbo.FileProperty (InstanceKey BIGINT, Watermark BIGINT, FilePath VARCHAR,"
            " ContentLength BIGINT)"
        )
        db.execute(
            "INSERT INTO dbo.Study VALUES (1, 1, '1.2', 'P1', 'Doe^Jane', '2026-01-02', NULL, 'A1', '1950-03-04')"
        )
        db.execute("INSERT INTO dbo.Series VALUES (1, 1, 1, '1.2.1', 'CT', 'Scan 1')")
        db.execute(
            "INSERT INTO dbo.Instance VALUES (1, 1, 1, '1.2', '1.2.1', '1.2.1.1', 7, 1, 1, '1.2.840.10008.1.2.1'),"
            " (2, 1, 1, '1.2', '1.2.1', '1.2.1.2', 8, 0, 1, '1.2.840.10008.1.2.1'),"
            " (3, 1, 1, '1.2', '1.2.1', '1.2.1.3', 9, 1, 1, NULL)"
        )
        db.execute("INSERT INTO dbo.FileProperty VALUES (1, 7, '/b/7.dcm', 1000), (1, 6, '/b/6.dcm', 900)")
        (sql,) = sqlglot.transpile(QUERY, read="tsql", write="duckdb")
        db.execute(f"COPY ({sql}) TO '{folder / form}'")
    return folder / form


@pytest.mark.parametrize("form", ["azure.parquet", "azure.csv"])
def test_the_query_for_azure_gives_what_its_reader_takes(tmp_path: Path, form: str) -> None:
    """It is T-SQL, runs on the columns of the server, and gives each stored instance once."""
    assert isinstance(sqlglot.parse_one(QUERY, read="tsql"), sqlglot.exp.Select)
    source = f"azure-sql:{_azure(tmp_path, form)}"
    columns = ("SOPInstanceUID", "Modality", "PatientBirthDate", "StudyDate", "StudyDescription", "file_size")
    assert rows(source, *columns) == [
        ("1.2.1.1", "CT", "19500304", "20260102", None, 1000),
        ("1.2.1.3", "CT", "19500304", "20260102", None, None),
    ]
    result = tagwise.audit(source)
    assert result.counts.instances == 2
    assert (
        "kept once per study"
        in {one.check: one.reason for one in result.not_checkable}["consistency/accession-number-differs"]
    )


def _image_set(**further: object) -> dict[str, Any]:
    """Metadata in the form of AWS HealthImaging."""
    number = {"DICOM": {"InstanceNumber": "1", "ImageType": ["ORIGINAL", "PRIMARY"], "Rows": 64, "SOPClassUID": CT}}
    series = {"DICOM": {"Modality": "CT", "SoftwareVersions": ["1.0", "2.0"]}, "Instances": {"1.2.1.1": number}}
    return {
        "SchemaVersion": "1.1",
        "ImageSetID": "a",
        "Patient": {"DICOM": {"PatientID": "P1", "PatientName": "Doe^Jane", "PatientSex": None}},
        "Study": {"DICOM": {"StudyInstanceUID": "1.2", "StudyDate": "20260102"}, "Series": {"1.2.1": series}},
        **further,
    }


def test_image_sets_are_rows(tmp_path: Path) -> None:
    """Plain and compressed files are read; one that is none is an unreadable object; levels are joined."""
    (tmp_path / "a.json").write_text(json.dumps(_image_set()))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps(_image_set(Patient={"DICOM": {}})).encode()))
    (tmp_path / "c.json").write_text('{"Study": ')
    (tmp_path / "d.json").write_text("[]")
    (tmp_path / "e.json.gz").write_bytes(gzip.compress(b"{}" * 1000)[:-9])
    source = f"aws:{tmp_path}"
    columns = ("SOPInstanceUID", "SeriesInstanceUID", "PatientName", "SoftwareVersions", "ImageType", '"Rows"')
    assert rows(source, *columns) == [
        ("1.2.1.1", "1.2.1", "Doe^Jane", "1.0\\2.0", "ORIGINAL\\PRIMARY", "64"),
        ("1.2.1.1", "1.2.1", None, "1.0\\2.0", "ORIGINAL\\PRIMARY", "64"),
    ]
    result = tagwise.audit(source)
    assert sorted(one.file_path.rpartition("/")[2] for one in result.unreadable) == ["c.json", "d.json", "e.json.gz"]
    opened = kinds.opened(source)
    assert opened is not None
    assert (opened.grain["Modality"], opened.grain["ImageType"]) == (Level.SERIES, Level.INSTANCE)


@pytest.mark.parametrize(
    ("scheme", "error", "words"),
    [
        ("bigquery:", SourceForeign, "no column SOPInstanceUID"),
        ("idc:", SourceForeign, "no column SeriesInstanceUID and instanceCount"),
        ("azure-sql:", SourceForeign, "no column AccessionNumber"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, scheme: str, error: type[Exception], words: str) -> None:
    """Other columns, no Parquet, and nothing at all: each is said."""
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(error, match=words):
        rows(f"{scheme}{tmp_path / 'a.parquet'}", "1")
    (tmp_path / "b.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(SourceForeign, match="cannot be read"):
        rows(f"{scheme}{tmp_path / 'b.parquet'}", "1")
    with pytest.raises(SourceMissing):
        rows(f"{scheme}{tmp_path / 'c.parquet'}", "1")


def test_a_folder_without_image_sets_is_refused(tmp_path: Path) -> None:
    """No file at all, and only files of something else."""
    with pytest.raises(SourceMissing):
        rows(f"aws:{tmp_path}", "1")
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(SourceForeign, match="Patient, Study"):
        rows(f"aws:{tmp_path}", "1")


def test_blind_spots_are_checks() -> None:
    """A check that was renamed would be answered by a source that cannot."""
    named = {**blind.WITHOUT_FILES, **blind.PARSED_NUMBERS, **blind.PARSED_DATES, **blind.TRIMMED}
    assert named.keys() <= registry().keys()
