"""An audit of a database finds what an audit of the files finds, or says that it cannot tell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom.config import disable_value_validation
from pydicom.data import get_testdata_file
from tests.sources.conftest import PASSWORD, Orthanc, Postgres, free_port

from tagwise.auditing import audit
from tagwise.errors import SourceForeign, SourceMissing, SourceRefused, SourceUnreachable
from tagwise.scanning.run import scan
from tagwise.sources import kinds
from tagwise.sources.publishing import publish

if TYPE_CHECKING:
    from collections.abc import Collection

    from tagwise.auditing import AuditResult

UID = "1.2.826.0.1.3680043.8.498."


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve CT images of two patients with faults that were put in, and a few real objects of other kinds."""
    folder = tmp_path_factory.mktemp("files")
    for name in ("MR_small.dcm", "JPEG2000.dcm", "rtplan.dcm", "reportsi.dcm", "test-SR.dcm"):
        if path := get_testdata_file(name, download=False):
            real = pydicom.dcmread(path)
            # Orthanc takes objects without a Patient ID for one patient, with the name of the first.
            real.PatientID = real.get("PatientID") or name
            real.save_as(folder / name)
    faults: list[dict[str, Any]] = [
        {},
        {"InstanceNumber": 2},
        {"InstanceNumber": 2},  # a number twice
        {"Modality": "XX", "SeriesInstanceUID": f"{UID}30"},  # a modality that nobody knows
        {"StudyInstanceUID": f"{UID}12"},  # the series in another study
        {"PatientID": "P-2", "PatientName": "Beta^Two"},  # the study of another patient
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "Modality": "MR"},  # another class in the series
        {"SeriesInstanceUID": f"{UID}31", "StudyInstanceUID": f"{UID}13", "StudyDate": "20991231"},
        {"SeriesInstanceUID": f"{UID}32", "StudyInstanceUID": f"{UID}14", "PatientSex": "U", "PatientID": "P-3"},
        {"SeriesInstanceUID": f"{UID}33", "StudyInstanceUID": f"{UID}15", "AccessionNumber": "A-17-is-far-too-long"},
        {"SeriesInstanceUID": "1.2.3.04", "StudyInstanceUID": f"{UID}16"},  # a zero in front
    ]
    with disable_value_validation():
        _write(folder, faults)
    return folder


def _write(folder: Path, faults: list[dict[str, Any]]) -> None:
    for number, fault in enumerate(faults, 1):
        image = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
        given = {
            "PatientID": "P-1",
            "PatientName": "Alpha^One",
            "StudyInstanceUID": f"{UID}11",
            "SeriesInstanceUID": f"{UID}21",
            "SOPInstanceUID": f"{UID}4{number}",
            "InstanceNumber": number,
            "AccessionNumber": "A-1",
            **fault,
        }
        for keyword, value in given.items():
            setattr(image, keyword, value)
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
        image.save_as(folder / f"{number:02}.dcm")
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = f"{UID}40"
    image.SeriesInstanceUID, image.StudyInstanceUID = f"{UID}21", f"{UID}17"
    image.save_as(folder / "12.dcm")


@pytest.fixture(scope="module")
def index(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of these files."""
    path = tmp_path_factory.mktemp("index") / "archive.duckdb"
    scan(files, index=path)
    return path


def findings(result: AuditResult, names: Collection[str] | None = None) -> set[tuple[str, str, str]]:
    """What was found: check, subject and severity. `names` are the attributes by which both sources name subjects."""
    return {
        (
            one.check,
            json.dumps({name: value for name, value in one.subject.items() if names is None or name in names}),
            one.severity.value,
        )
        for one in result.findings
    }


def require_same_or_silent(true: AuditResult, other: AuditResult, kind: str, least: set[str]) -> None:
    """Whole answers have the same findings, answers in part only true ones; all other checks say what they need."""
    names = kinds.kind(kind).grain
    reasons = {row.check: row.reason for row in other.not_checkable}
    partial = {check for check, reason in reasons.items() if reason.startswith("answered in part: ")}
    ran = {run.check for run in other.runs}
    assert not other.crashed
    assert ran | set(reasons) == {run.check for run in true.runs} | {row.check for row in true.not_checkable}
    assert ran & set(reasons) == partial
    there, here = findings(true, names), findings(other, names)
    assert {one for one in here if one[0] not in partial} == {one for one in there if one[0] in ran - partial}
    assert {one[:2] for one in here if one[0] in partial} <= {one[:2] for one in there}
    assert least <= {one[0] for one in here}


def test_published_index_gives_the_same_findings(index: Path, postgres: Postgres) -> None:
    """An index that went to PostgreSQL and back is the same archive, references and padding included."""
    done = publish(index, postgres.url())
    assert PASSWORD not in repr(done)
    true, other = audit(index), audit(postgres.url())
    assert true.findings
    assert findings(other) == findings(true)
    assert other.counts == true.counts
    assert {row.check for row in other.not_checkable} == {row.check for row in true.not_checkable}
    assert PASSWORD not in other.to_json()
    assert ":***@127.0.0.1" in other.source


def test_publishing_again_replaces_the_tables(index: Path, postgres: Postgres) -> None:
    """The second copy takes the place of the first, and nothing else is left."""
    first, second = publish(index, postgres.url()), publish(index, postgres.url())
    assert first.rows == second.rows
    assert postgres.run("SELECT COUNT(*) FROM instances") == str(first.rows["instances"])
    assert postgres.run("SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE '%_new'") == "0"


def test_copy_that_fails_leaves_what_was_there(index: Path, postgres: Postgres) -> None:
    """A stranger who may not replace the tables is told so, and they are as they were."""
    publish(index, postgres.url())
    before = postgres.run("SELECT COUNT(*) FROM instances")
    with pytest.raises(SourceRefused, match=r"permission denied|must be owner") as refused:
        publish(index, postgres.url(user="stranger"))
    assert refused.value.hint
    assert postgres.run("SELECT COUNT(*) FROM instances") == before


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"password": "wrong-and-secret"}, SourceRefused, "password authentication failed"),
        ({"database": "nothing"}, SourceRefused, "does not exist"),
        ({"user": "nobody-here"}, SourceRefused, "password authentication failed"),
        ({"database": "postgres"}, SourceForeign, "no tables of"),
    ],
)
def test_server_that_refuses(postgres: Postgres, change: dict[str, str], kind: type[Exception], words: str) -> None:
    """The message says what the server said, what to do, and never the password."""
    with pytest.raises(kind, match=words) as raised:
        audit(postgres.url(**change))
    assert "secret" not in str(raised.value)
    assert getattr(raised.value, "hint", "")


def test_tables_that_may_not_be_read(index: Path, postgres: Postgres) -> None:
    """A user without SELECT is told so."""
    publish(index, postgres.url())
    with pytest.raises((SourceRefused, SourceForeign)):
        audit(postgres.url(user="stranger"))


def test_server_that_is_not_there() -> None:
    """A port where nobody listens is a sentence with a hint."""
    with pytest.raises(SourceUnreachable, match="refused") as raised:
        audit(f"postgresql://reader:{PASSWORD}@127.0.0.1:{free_port()}/archive")
    assert PASSWORD not in str(raised.value)
    assert raised.value.hint


def test_certificate_that_is_demanded(postgres: Postgres) -> None:
    """A server without TLS is not read where TLS was asked for."""
    with pytest.raises(SourceUnreachable, match="SSL"):
        audit(postgres.url() + "?sslmode=require")


def test_query_that_takes_too_long(index: Path, postgres: Postgres) -> None:
    """A server that ends the query is named, with what to do."""
    publish(index, postgres.url())
    with pytest.raises(SourceUnreachable, match=r"statement timeout|ended"):
        audit(postgres.url() + "?options=-c%20statement_timeout%3D1ms")


@pytest.fixture(scope="module")
def orthanc(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of an Orthanc that took the files and was stopped."""
    folder = tmp_path_factory.mktemp("orthanc")
    with_orthanc(folder, files, {})
    return folder / "index"


def with_orthanc(folder: Path, files: Path, further: dict[str, Any]) -> None:
    """Start an Orthanc, hand it the files over its REST interface, and stop it."""
    if shutil.which("Orthanc") is None:
        pytest.skip("Orthanc is not installed: apt-get install orthanc orthanc-postgresql")
    server = Orthanc(folder, free_port())
    configuration = {
        "StorageDirectory": str(folder),
        "IndexDirectory": str(folder),
        "HttpPort": server.port,
        "DicomServerEnabled": False,
        "AuthenticationEnabled": False,
        "SaveJobs": False,
        **further,
    }
    try:
        server.start(json.dumps(configuration))
        server.store(sorted(files.iterdir()))
    finally:
        server.stop()


FOUND_IN_ORTHANC = {
    "consistency/modality-unknown",
    "consistency/sop-class-mixed-in-series",
    "identity/series-uid-reused",
    "identity/study-uid-in-several-patients",
    "patient/sex-invalid",
    "study/accession-number-too-long",
    "identity/uid-malformed",
}


def test_sqlite_of_orthanc(orthanc: Path, index: Path) -> None:
    """Checks that a running Orthanc's database can answer give what the files give; the others say why not."""
    require_same_or_silent(audit(index), audit(f"orthanc:{orthanc}"), "orthanc", FOUND_IN_ORTHANC)


def test_sqlite_of_orthanc_is_known_by_its_name(orthanc: Path) -> None:
    """A file called index that is SQLite needs no scheme."""
    assert audit(orthanc).counts == audit(f"orthanc:{orthanc}").counts


def test_postgresql_of_orthanc(files: Path, index: Path, postgres: Postgres, tmp_path: Path) -> None:
    """The same over the plugin of Orthanc, whether or not the address says whose tables these are."""
    plugin = "/usr/share/orthanc/plugins/libOrthancPostgreSQLIndex.so"
    postgres.run("CREATE DATABASE orthanc OWNER reader", "postgres")
    settings = {"EnableIndex": True, "EnableStorage": False, "Host": "127.0.0.1", "Port": postgres.port}
    settings |= {"Database": "orthanc", "Username": "reader", "Password": PASSWORD}
    with_orthanc(tmp_path, files, {"Plugins": [plugin], "PostgreSQL": settings})
    true = audit(index)
    for address in (postgres.url("orthanc"), f"orthanc+{postgres.url('orthanc')}"):
        require_same_or_silent(true, audit(address), "orthanc", FOUND_IN_ORTHANC)


def test_file_that_is_no_orthanc(tmp_path: Path) -> None:
    """Another database, and a file that is not there, are sentences."""
    import sqlite3

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE something (else_ TEXT)")
    with pytest.raises(SourceForeign, match="not one of Orthanc"):
        audit(f"orthanc:{other}")
    (tmp_path / "broken").write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    with pytest.raises(SourceForeign, match="cannot be read"):
        audit(f"orthanc:{tmp_path / 'broken'}")
    with pytest.raises(SourceMissing):
        audit(f"orthanc:{tmp_path / 'nothing'}")


def test_tables_of_dcm4chee(postgres: Postgres) -> None:
    """A star is an empty value, two identifiers and two places of storage make no second object."""
    postgres.run("CREATE DATABASE pacsdb OWNER reader", "postgres")
    postgres.run("SET ROLE reader; " + (Path(__file__).parent / "dcm4chee.sql").read_text(), "pacsdb")
    result = audit(postgres.url("pacsdb"))
    assert result.counts == audit(f"dcm4chee+{postgres.url('pacsdb')}").counts
    assert (result.counts.instances, result.counts.series, result.counts.studies, result.counts.patients) == (
        4,
        2,
        2,
        2,
    )
    found = {one.check for one in result.findings}
    assert {
        "identity/sop-uid-in-several-series",
        "identity/series-uid-reused",
        "consistency/modality-unknown",
        "consistency/sop-class-mixed-in-series",
        "patient/sex-invalid",
    } <= found
    reasons = {row.check: row.reason for row in result.not_checkable}
    assert "IssuerOfPatientID per study, kept once per patient" in reasons["patient/issuer-differs"]
    assert "patient/demographics-differ-in-study" in reasons
    assert "'*'" not in result.to_json()
    assert not result.crashed
