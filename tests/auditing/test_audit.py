"""An audit finds what is wrong, says which device did it, and keeps patient values to itself."""

from __future__ import annotations

import dataclasses
import os
import shlex
from typing import TYPE_CHECKING

import duckdb
import pytest

import tagwise
from tagwise import auditing
from tagwise.checks import Check, registry
from tagwise.checks.patient_values import HIDDEN, is_patient_value
from tagwise.errors import BadSetting, IndexForeign, IndexNotWritable, SourceMissing
from tagwise.findings import Severity
from tagwise.settings import AuditSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tagwise.auditing import AuditResult
    from tagwise.findings import EvidenceValue, Finding

REUSED = "identity/series-uid-reused"


def _of(result: AuditResult, check: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.check == check]


@pytest.fixture
def reused(archive: Callable[..., Path]) -> Path:
    """Three objects of one series UID: two of one scanner, one of another patient, study and scanner."""
    other = {
        "PatientID": "P2",
        "PatientName": "Roe^Richard",
        "StudyInstanceUID": "1.2.826.0.1.3680043.10.2",
        "Modality": "MR",
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4",
        "ManufacturerModelName": "Scan 2",
        "SoftwareVersions": "2.0",
        "StationName": "MR01",
    }
    return archive({}, {}, other)


def test_a_reused_series_uid_is_found_with_its_device(reused: Path) -> None:
    result = tagwise.audit(reused)
    (finding,) = _of(result, REUSED)
    assert finding.subject == {"SeriesInstanceUID": "1.2.826.0.1.3680043.10.1.1"}
    assert finding.severity is Severity.HIGH
    assert "2 studies" in finding.message
    assert "2 patients" in finding.message
    assert finding.evidence["first_Modality"] == "CT"
    assert finding.evidence["last_Modality"] == "MR"
    assert finding.devices == 2
    assert finding.device is not None
    assert finding.device.label == "ACME Scan 1, software 1.0, station CT01"
    assert finding.page == f"tagwise show {REUSED}"


def test_a_sound_archive_has_no_findings(archive: Callable[..., Path]) -> None:
    result = tagwise.audit(archive({}, {}, {}))
    assert result.findings == ()
    assert result.exit_code(Severity.LOW) == 0
    assert result.counts == auditing.result.Counts(instances=3, series=1, studies=1, patients=1, unreadable=0)


def test_an_index_and_its_folder_give_the_same_findings(reused: Path, tmp_path: Path) -> None:
    tagwise.scan(reused, index=tmp_path / "index.duckdb")
    from_index, from_folder = tagwise.audit(tmp_path / "index.duckdb"), tagwise.audit(reused)
    assert from_index.findings == from_folder.findings
    assert from_index.source == str(tmp_path / "index.duckdb")
    assert from_folder.source == str(reused)


def test_a_folder_leaves_nothing_behind(reused: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(auditing.tempfile, "tempdir", str(tmp_path / "tmp"))
    tagwise.audit(reused)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_patient_values_are_hidden_unless_asked_for(reused: Path) -> None:
    hidden = tagwise.audit(reused)
    shown = tagwise.audit(reused, settings=AuditSettings(show_values=True))
    values = {"P1", "P2", "Doe^Jane", "Roe^Richard", "20260102"}
    assert not values & {str(value) for finding in hidden.findings for value in finding.evidence.values()}
    assert not any(value in finding.message for finding in hidden.findings for value in values)
    assert _of(hidden, REUSED)[0].evidence["first_PatientID"] == HIDDEN
    assert _of(shown, REUSED)[0].evidence["first_PatientID"] == "P1"


@pytest.mark.parametrize(
    ("column", "patient"),
    [
        ("first_PatientID", True),
        ("PatientName", True),
        ("example_AccessionNumber", True),
        ("last_StudyDate", True),
        ("first_StudyDescription", True),
        ("example_SOPInstanceUID", False),
        ("first_Modality", False),
        ("first_SoftwareVersions", False),
        ("studies", False),
        ("example_file_path", False),
    ],
)
def test_what_counts_as_a_patient_value(column: str, patient: bool) -> None:
    assert is_patient_value(column) is patient


def _crashing(row: Mapping[str, EvidenceValue]) -> str:
    raise ZeroDivisionError(str(row))


@pytest.mark.parametrize(
    "broken",
    [
        lambda check: dataclasses.replace(check, explain=_crashing),
        lambda check: dataclasses.replace(check, sql="SELECT no_such_column FROM facets"),
    ],
)
def test_a_check_that_crashes_is_a_finding_and_exit_code_2(
    reused: Path, monkeypatch: pytest.MonkeyPatch, broken: Callable[[Check], Check], caplog: pytest.LogCaptureFixture
) -> None:
    checks = {**registry(), REUSED: broken(registry()[REUSED])}
    monkeypatch.setattr(auditing, "registry", lambda: checks)
    result = tagwise.audit(reused)
    assert result.crashed == (REUSED,)
    (finding,) = _of(result, "engine/check-crashed")
    assert REUSED in finding.message
    assert result.exit_code(Severity.HIGH) == 2
    assert "Traceback" in caplog.text
    assert {run.check for run in result.runs} >= set(registry()) - {REUSED}


def test_findings_beyond_the_limit_are_counted(archive: Callable[..., Path]) -> None:
    folder = archive(
        *({"SeriesInstanceUID": f"1.2.826.0.1.3680043.10.1.{n % 5 + 1}", "SeriesNumber": str(n)} for n in range(10))
    )
    full, cut = tagwise.audit(folder), tagwise.audit(folder, settings=AuditSettings(limit=2))
    assert (len(_of(full, REUSED)), len(_of(cut, REUSED))) == (5, 2)
    assert full.total == cut.total
    assert full.devices == cut.devices
    assert next(run.findings for run in cut.runs if run.check == REUSED) == 5


def test_devices_count_instances_and_findings(reused: Path) -> None:
    result = tagwise.audit(reused)
    by_model = {count.device.ManufacturerModelName: count for count in result.devices}
    assert by_model["Scan 1"].instances == 2
    assert by_model["Scan 1"].findings[REUSED] == 1
    assert sum(sum(count.severities.values()) for count in result.devices) <= sum(result.total.values())


def test_padding_does_not_split_a_series(archive: Callable[..., Path]) -> None:
    folder = archive({}, {})
    path = folder / "IM0000"
    uid = b"1.2.826.0.1.3680043.10.1.1\0"
    data = path.read_bytes()
    padded = data.replace(b"\x1a\x00" + uid[:-1] + b"\x20\x00", b"\x1c\x00" + uid[:-1] + b"  \x20\x00")
    assert padded != data
    path.write_bytes(padded)
    result = tagwise.audit(folder)
    assert result.counts.series == 1
    assert _of(result, REUSED) == []
    assert _of(result, "identity/uid-padded")


def test_a_fixed_limit_replaces_the_learnt_one(archive: Callable[..., Path]) -> None:
    folder = archive({}, {}, {})
    outlier = "identity/series-instance-count-outlier"
    assert _of(tagwise.audit(folder), outlier) == []
    assert len(_of(tagwise.audit(folder, settings=AuditSettings(max_instances=2)), outlier)) == 1
    assert _of(tagwise.audit(folder, settings=AuditSettings(max_instances=3)), outlier) == []


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="no such file"):
        tagwise.audit(tmp_path / "gone")


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("hello")
    with pytest.raises(IndexForeign, match="neither a folder nor an index") as caught:
        tagwise.audit(tmp_path / "notes")
    assert "tagwise scan" in caught.value.hint


def test_a_device_file_is_refused() -> None:
    with pytest.raises(IndexForeign):
        tagwise.audit("/dev/null")


@pytest.mark.parametrize("setting", [{"max_instances": 0}, {"limit": 0}])
def test_settings_out_of_range_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(BadSetting):
        AuditSettings(**setting)  # type: ignore[arg-type]


def test_an_empty_folder_is_clean(tmp_path: Path) -> None:
    result = tagwise.audit(tmp_path)
    assert (result.counts.instances, result.findings, result.exit_code(Severity.LOW)) == (0, (), 0)


def test_a_dicomdir_is_no_object_of_the_archive() -> None:
    from tests.conftest import PYDICOM_DATA

    result = tagwise.audit(PYDICOM_DATA / "test_files" / "dicomdirtests")
    assert not any("DICOMDIR" in str(finding.subject) for finding in result.findings)


def test_the_text_of_a_crash_is_not_logged_unless_asked_for(
    reused: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may quote a value: `_crashing` puts the whole row into it."""
    checks = {REUSED: dataclasses.replace(registry()[REUSED], explain=_crashing)}
    monkeypatch.setattr(auditing, "registry", lambda: checks)
    tagwise.audit(reused)
    assert "ZeroDivisionError" in caplog.text
    assert "P2" not in caplog.text
    tagwise.audit(reused, settings=AuditSettings(show_values=True))
    assert "P2" in caplog.text


def test_a_named_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(IndexForeign):
        tagwise.audit(tmp_path / "pipe")


@pytest.mark.parametrize("path", ["", "/tmp/a\0b"])  # noqa: S108 - nothing is written there
def test_sources_that_are_no_paths_are_refused(path: str) -> None:
    with pytest.raises(SourceMissing):
        tagwise.audit(path)


def test_the_command_in_a_hint_can_be_pasted(tmp_path: Path) -> None:
    path = tmp_path / "my notes; rm -rf $HOME"
    path.touch()
    with pytest.raises(IndexForeign) as caught:
        tagwise.audit(path)
    assert shlex.split(caught.value.hint)[5:7] == [str(path), "--index"]


def test_a_device_has_one_spelling_in_readable_and_unreadable_objects(archive: Callable[..., Path]) -> None:
    folder = archive({}, {"Manufacturer": "ACME  ", "StationName": ""})
    path = folder / "IM0001"
    path.write_bytes(path.read_bytes()[:-3])
    (finding,) = _of(tagwise.audit(folder), "encoding/unreadable-object")
    assert finding.device is not None
    assert (finding.device.Manufacturer, finding.device.StationName) == ("ACME", None)


def test_an_index_without_a_column_of_the_device_still_has_findings(reused: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.duckdb"
    (reused / "broken").write_bytes((reused / "IM0000").read_bytes()[:-3])
    tagwise.scan(reused, index=index)
    with duckdb.connect(str(index)) as db:
        db.execute("ALTER TABLE instances DROP COLUMN StationName")
    result = tagwise.audit(index)
    assert result.crashed == ()
    assert _of(result, "encoding/unreadable-object")


def test_without_temporary_space_the_variable_is_named(reused: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing.tempfile, "tempdir", "/not/there")
    with pytest.raises(IndexNotWritable) as caught:
        tagwise.audit(reused)
    assert "TMPDIR" in caught.value.hint
