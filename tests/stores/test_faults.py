"""Whatever a store does: the scan ends, says why, loses nothing, and asks only as often as makes sense."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.conftest import dicom_bytes
from tests.stores.s3_server import BREAK_OFF, BUCKET, CLOSE, S3Server
from tests.stores.test_scan_store import ONE, ROOT, in_front, rows, state

import tagwise
from tagwise.cli.scan import command
from tagwise.errors import BadSetting, SourceError, SourceForeign, SourceRefused, SourceUnreachable, UsageError
from tagwise.scanning.stores import listing, opening, silence
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.duckdb"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience."""
    monkeypatch.setattr(opening, "RETRIES", 1)
    monkeypatch.setattr(opening, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(listing, "_PAUSE", 0.01)


def fill(server: S3Server, count: int = 4) -> None:
    for number in range(count):
        server.put(f"{number:04}", dicom_bytes(SOPInstanceUID=f"1.2.{number}"))


def times(fault: tuple[int, str], count: int, of: str = "") -> Callable[[str, str, str], tuple[int, str] | None]:
    """A fault of the first requests whose path ends with `of`."""
    faults, guard = iter([fault] * count), threading.Lock()

    def one(_method: str, path: str, _query: str) -> tuple[int, str] | None:
        with guard:
            return next(faults, None) if path.endswith(of) else None

    return one


@pytest.mark.parametrize(
    "fault", [(503, "SlowDown"), (429, "TooManyRequests"), (500, "InternalError"), CLOSE], ids=lambda fault: fault[1]
)
def test_a_store_that_is_busy_is_asked_again(server: S3Server, index: Path, fault: tuple[int, str]) -> None:
    """After a pause: the scan does not show that the first answers were no."""
    fill(server)
    server.fault = times(fault, 3)
    began = time.monotonic()
    assert tagwise.scan(ROOT, index=index, settings=ONE).objects == 4
    assert time.monotonic() - began > 0.1  # it can only wait longer
    # The client asks a connection that was closed under it once more, before it counts that as an answer.
    assert len(server.asked) - (4 + 1 + 3) in (range(4) if fault == CLOSE else (0,))


def test_a_page_that_breaks_off_is_asked_for_again(
    server: S3Server, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listing goes on behind the last key that was there, and no object is listed twice."""
    monkeypatch.setattr(listing, "_PAUSE", 0.01)
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "1000")
    for number in range(1500):
        server.put(f"{number:04}", b"x")
    server.fault = lambda _method, _path, query: (
        BREAK_OFF
        if "continuation-token" in query and not any("start-after" in one.query for one in server.asked)
        else None
    )
    walk = listing.StoreWalk([ROOT])
    assert [entry.path for entry in walk] == [f"{ROOT}/{number:04}" for number in range(1500)]
    assert any("start-after=0999" in asked.query for asked in server.asked)


def test_an_object_that_breaks_off_is_asked_for_again(server: S3Server, index: Path) -> None:
    """Half of an answer is never taken for an object."""
    fill(server)
    server.fault = times(BREAK_OFF, 2, of="/0001")
    assert tagwise.scan(ROOT, index=index, settings=ONE).objects == 4


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ((403, "AccessDenied"), SourceRefused, r"access is denied \(403 AccessDenied\)"),
        ((403, "InvalidAccessKeyId"), SourceRefused, "InvalidAccessKeyId"),
        ((400, "AuthorizationHeaderMalformed"), SourceRefused, "another region"),
        ((301, "PermanentRedirect"), SourceRefused, "another region"),
        ((503, "SlowDown"), SourceUnreachable, r"overloaded or broken \(503 SlowDown\)"),
        ((405, "MethodNotAllowed"), SourceRefused, "405"),
        (CLOSE, SourceUnreachable, "breaks off"),
        (BREAK_OFF, SourceUnreachable, "breaks off"),
    ],
    ids=lambda fault: fault[1] if isinstance(fault, tuple) else "",
)
def test_a_bucket_that_cannot_be_listed(
    server: S3Server, index: Path, fault: tuple[int, str], kind: type[SourceError], words: str
) -> None:
    """The reason is said, and there is no index."""
    fill(server)
    server.fault = lambda *_: fault
    with pytest.raises(kind, match=words):
        tagwise.scan(ROOT, index=index, settings=ONE)
    assert not index.exists()


@pytest.mark.usefixtures("hurried")
def test_a_server_that_stalls(server: S3Server, index: Path) -> None:
    """Nothing waits for ever, neither for a listing nor for an object."""
    fill(server)
    server.fault = lambda _method, path, _query: time.sleep(1.5) if path.endswith("0002") else None
    summary = tagwise.scan(ROOT, index=index, settings=ONE)
    assert summary.unreadable == {"file unavailable": 1}
    assert dict(rows(index, ROOT, "read_error"))["0002"] == (
        "file unavailable: the store gives nothing: no answer in time"
    )
    server.fault = lambda *_: time.sleep(1.5)
    with pytest.raises(SourceUnreachable, match="does not answer in time"):
        tagwise.scan(ROOT, index=index, settings=ONE)
    server.fault = None
    assert tagwise.scan(ROOT, index=index, settings=ONE).read == 1
    assert all(good for good, _ in state(index).values())


@pytest.mark.usefixtures("hurried")
def test_nobody_there(server: S3Server, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a closed port nor an unknown name is waited for."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(SourceUnreachable, match="nobody answers"):
        tagwise.scan(ROOT, index=index)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.invalid")
    with pytest.raises(SourceUnreachable, match="unknown"):
        tagwise.scan(ROOT, index=index)


def test_what_answers_is_no_store(server: S3Server, index: Path) -> None:
    """An answer of 200 with a page in it is not taken for an empty bucket."""
    server.garbage = b"<html><body>Welcome"
    with pytest.raises(SourceForeign, match="no object store"):
        tagwise.scan(ROOT, index=index)


def test_a_missing_bucket(server: S3Server, index: Path) -> None:
    """The command says so in one sentence, and its exit status is 2."""
    with pytest.raises(SourceRefused, match="there is no such bucket") as caught:
        tagwise.scan("s3://nowhere/x", index=index)
    assert "AWS_ENDPOINT_URL" in caught.value.hint
    assert not index.exists()


def test_an_object_without_permission(server: S3Server, index: Path) -> None:
    """It has a row with the reason, and is asked for again by the next scan."""
    fill(server)
    server.fault = lambda _method, path, _query: (
        (403, "AccessDenied") if path.endswith("1") else (403, "InvalidObjectState") if path.endswith("2") else None
    )
    tagwise.scan(ROOT, index=index, settings=ONE)
    errors = dict(rows(index, ROOT, "read_error"))
    assert errors["0001"] == "file unavailable: access is denied (403 AccessDenied)"
    assert errors["0002"] == "file unavailable: the object is in an archive class and has to be restored first"
    server.fault = None
    assert tagwise.scan(ROOT, index=index, settings=ONE).changed == 2
    assert all(good for good, _ in state(index).values())


def test_an_object_that_vanishes_after_it_was_listed(server: S3Server, index: Path) -> None:
    """It has a row that says so, and the next scan marks it."""
    fill(server)
    server.after = lambda _method, path: server.delete("0003") if path == f"/{BUCKET}" else None
    tagwise.scan(ROOT, index=index, settings=ONE)
    assert dict(rows(index, ROOT, "read_error"))["0003"] == "file unavailable: the object is not there any more"
    assert tagwise.scan(ROOT, index=index, settings=ONE).vanished == 1


def test_an_object_that_is_replaced_while_it_is_read(server: S3Server, index: Path) -> None:
    """No row is made of two objects: it is read again from its start."""
    long = b"OB\0\0" + (1 << 20).to_bytes(4, "little") + bytes(1 << 20)
    old, new = in_front(long), in_front(long).replace(b"CT01", b"MR02").replace(b"043.10.1", b"043.10.7")
    server.put("0", old)
    writes = [1]

    def replace(method: str, path: str) -> None:
        if path.endswith("/0") and writes[0]:
            writes[0] -= 1
            server.put("0", new)

    server.after = replace
    tagwise.scan(ROOT, index=index, settings=ONE)
    assert rows(index, ROOT, "StationName, StudyInstanceUID") == [("0", "MR02", "1.2.826.0.1.3680043.10.7")]
    assert tagwise.scan(ROOT, index=index, settings=ONE).unchanged == 1
    writes[0] = 100
    server.put("0", old)
    server.after = lambda _method, _path: server.put("0", old if server.asked[-1].range.startswith("bytes=0-") else new)
    tagwise.scan(ROOT, index=index, settings=ONE)
    assert rows(index, ROOT, "read_error") == [("0", "file unavailable: it was replaced while it was read")]


@pytest.mark.usefixtures("hurried")
def test_a_store_that_goes_away_ends_the_scan(server: S3Server, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read stays, the rest is not asked for one by one, and the same command goes on."""
    monkeypatch.setattr(silence, "MOST", 8)
    fill(server, 60)
    server.fault = lambda _method, path, _query: (
        (403, "ExpiredToken") if path[-4:] >= "0020" and path[-1] != "e" else None
    )
    settings = ScanSettings(jobs=1, chunk=4, in_flight=4)
    with pytest.raises(SourceUnreachable, match="of the last 8 objects, the store gives nothing: the credentials"):
        tagwise.scan(ROOT, index=index, settings=settings)
    assert len(rows(index, ROOT)) == 28
    server.fault = None
    assert tagwise.scan(ROOT, index=index, settings=settings).objects == 60
    assert all(good for good, _ in state(index).values())


def test_without_the_client(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says what to install."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(UsageError) as caught:
        tagwise.scan(ROOT, index=index)
    assert caught.value.hint == "pip install 'tagwise[stores]'"
    assert not index.exists()


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's certificate, signed by an authority whose certificate is `folder/ca.pem`."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    for step in (
        ["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority"],
        ["req", *key[:-2], "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=store"],
        [
            "x509",
            "-req",
            "-in",
            "request.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-out",
            "cert.pem",
            "-extfile",
            "names",
        ],
    ):
        subprocess.run(["openssl", *step], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.usefixtures("hurried", "server")
def test_a_certificate_must_be_trusted(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of an authority of one's own is trusted where SSL_CERT_FILE or AWS_CA_BUNDLE names it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    with S3Server(trust=certificate(tmp_path)) as secure:
        monkeypatch.setenv("AWS_ENDPOINT_URL", secure.url)
        fill(secure)
        with pytest.raises(SourceUnreachable, match="certificate of the store is not trusted"):
            tagwise.scan(ROOT, index=index, settings=ONE)
        for variable in ("SSL_CERT_FILE", "AWS_CA_BUNDLE"):
            with monkeypatch.context() as patch:
                patch.setenv(variable, str(tmp_path / "ca.pem"))
                assert tagwise.scan(ROOT, index=index, settings=ONE).objects == 4
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
        with pytest.raises(BadSetting, match=r"nothing\.pem"):
            tagwise.scan(ROOT, index=index)


def test_the_command(server: S3Server, index: Path) -> None:
    """A bucket is scanned as a folder is; what is wrong is a sentence."""
    fill(server)
    done = CliRunner().invoke(command, [ROOT, "--index", str(index), "--jobs", "1", "--in-flight", "2"])
    assert done.exit_code == 0
    assert "4 files in" in done.output
