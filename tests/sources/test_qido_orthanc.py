"""What a live Orthanc tells over DICOMweb is what a scan of the same files tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.conftest import dicom_bytes, real_files
from tests.sources.orthanc_server import MISSING, PASSWORD, USER, OrthancServer

import tagwise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagwise.auditing import AuditResult

pytestmark = [pytest.mark.skipif(bool(MISSING), reason=MISSING), pytest.mark.xdist_group("orthanc")]

_ROOT = "1.2.826.0.1.3680043.10"
_LOST = {
    # A study UID of two patients: Orthanc lists both, and answers 404 where their metadata is asked for.
    "encoding/unreadable-object",
}
_CHANGED = {
    # One object each, whose JSON lacks elements that its file has: a number that is none, and a private sequence
    # that Orthanc does not read further.
    "1.2.777.777.77.7.7777.7777",
    "1.2.392.200036.9123.100.11.15002200303521616157144550003340146",
    "2.22.222.2.222222.2.2222222222222222222222222222.2",
}


def _faulty() -> list[bytes]:
    """Objects of four studies with faults that a database sees, and some that only their headers show."""

    def one(study: int, series: int, number: int, **further: object) -> bytes:
        uids = {
            "StudyInstanceUID": f"{_ROOT}.{study}",
            "SeriesInstanceUID": f"{_ROOT}.{study}.{series}",
            "SOPInstanceUID": f"{_ROOT}.{study}.{series}.{number}",
        }
        place = {"InstanceNumber": str(number), "ImagePositionPatient": [0, 0, 5 * number]}
        return dicom_bytes(**{**uids, "PatientID": f"P{study}", **place, **further})

    return [
        one(5, 1, 1, Modality="NONSENSE"),
        *(one(1, 1, number) for number in range(1, 8)),
        one(1, 1, 8, Modality="MR", ManufacturerModelName="Scan 2"),
        *(one(2, 1, number, PatientName=f"Doe^Jane{number // 3}", AccessionNumber="") for number in range(1, 6)),
        *(one(3, 1, number, InstanceNumber="1", Rows=64, Columns=64) for number in range(1, 4)),
        *(one(4, 1, number, PatientName="山田^太郎", SpecificCharacterSet="ISO_IR 192") for number in range(1, 3)),
    ]


@dataclass
class Archive:
    """A server, whether it has real files, and what audits of it and of the files that it keeps find."""

    server: OrthancServer
    real: bool
    files: AuditResult
    known: dict[str, AuditResult] = field(default_factory=dict)

    def audited(self, word: str) -> AuditResult:
        if word not in self.known:
            self.known[word] = tagwise.audit(word + self.server.url)
        return self.known[word]


@pytest.fixture(
    scope="module", params=[pytest.param(False, id="made-up"), pytest.param(True, id="real", marks=pytest.mark.slow)]
)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An Orthanc with made-up faults, and with real files."""
    folder = tmp_path_factory.mktemp("orthanc")
    files = folder / "files"
    files.mkdir()
    real = [path.read_bytes() for path in real_files()] if request.param else []
    with OrthancServer(folder / "server") as server:
        for number, content in enumerate([*real, *_faulty()]):
            if server.store(content):
                (files / f"{number}.dcm").write_bytes(content)
        yield Archive(server, request.param, tagwise.audit(files))


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its user and password, where a user of tagwise has them."""
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.delenv("TAGWISE_TOKEN", raising=False)
    monkeypatch.delenv("TAGWISE_HEADERS", raising=False)


def _found(result: AuditResult, checks: set[str]) -> set[tuple[str, ...]]:
    """What was found, by check and subject, without what this Orthanc changes."""
    return {
        (one.check, *map(str, one.subject.values()))
        for one in result.findings
        if one.check in checks - _LOST and not _CHANGED & set(one.subject.values())
    }


@pytest.mark.parametrize(("word", "least"), [("qido-search:", 8), ("qido-metadata:", 70), ("", 8)])
def test_findings_are_those_of_the_files(archive: Archive, word: str, least: int) -> None:
    """Of every check that the server can answer, the same subjects."""
    result = archive.audited(word)
    ran = {run.check for run in result.runs}
    assert len(ran) >= least
    assert _found(result, ran) == _found(archive.files, ran)
    assert len(_found(result, ran)) >= (5 if len(ran) > 70 else 1)
    assert result.crashed == ()


def test_every_object_is_counted(archive: Archive) -> None:
    """A search gives what the files have; metadata gives it but for the study that this Orthanc cannot find."""
    assert archive.audited("qido-search:").counts == archive.files.counts
    whole = archive.audited("qido-metadata:")
    if not archive.real:
        assert whole.counts == archive.files.counts
        return
    assert whole.counts.instances == archive.files.counts.instances - 2
    assert [lost.read_error for lost in whole.unreadable] == ["the server answers 404 Not Found"]


def test_the_faults_put_in_are_found(archive: Archive) -> None:
    """What a PACS database hides, metadata shows: a series of two modalities, a study of two names."""
    found = {(one.check, *one.subject.values()) for one in archive.audited("qido-metadata:").findings}
    assert ("identity/series-uid-reused", f"{_ROOT}.1.1") in found
    assert ("patient/demographics-differ-in-study", f"{_ROOT}.2") in found
    assert ("consistency/instance-number-duplicate", f"{_ROOT}.3.1") in found
    hidden = {one.check: one.reason for one in archive.audited("qido-search:").not_checkable}
    assert "per instance, kept once per series" in hidden["identity/series-uid-reused"]


def test_a_wrong_password_is_said(archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Orthanc answers 401; the password is not repeated."""
    (tmp_path / "wrong").write_text("machine 127.0.0.1 login reader password mistyped\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "wrong"))
    with pytest.raises(tagwise.errors.SourceRefused, match="401") as caught:
        tagwise.audit(archive.server.url)
    assert "mistyped" not in str(caught.value) + caught.value.hint
