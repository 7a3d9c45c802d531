"""A DICOMweb server is read whole or said to be missing something, whatever it does, and no secret is ever shown."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import subprocess
import time
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.sources.web_server import WebServer, answer, element, instance

import tagwise
from tagwise.errors import BadSetting, SourceError, SourceForeign, SourceRefused, SourceUnreachable
from tagwise.findings import Level
from tagwise.sources import kinds
from tagwise.sources.qido import Dicomweb
from tagwise.sources.web_reading import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

QUICK = Bounds(connect=2, silence=0.5, answer=1.5, size=1_000_000, attempts=2, wait=1, pause=0.01)
SECRET = "tok-4711-secret"  # noqa: S105 - made up; what no text may show


@pytest.fixture(autouse=True)
def nobody_logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No login, certificate or proxy of whoever runs the tests."""
    for name in ("TAGWISE_TOKEN", "TAGWISE_HEADERS", "NETRC", "SSL_CERT_FILE", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def rows(source: Dicomweb, *columns: str) -> list[tuple[str | None, ...]]:
    """The rows of `stored`, sorted."""
    with duckdb.connect() as db:
        source.attach(db)
        return sorted(db.execute(f"SELECT {', '.join(columns)} FROM stored").fetchall())


def unread(source: Dicomweb) -> list[tuple[str, str]]:
    with duckdb.connect() as db:
        source.attach(db)
        return sorted(db.execute("SELECT file_path, read_error FROM unreadable").fetchall())


def quick(server: WebServer, word: str = "") -> Dicomweb:
    return Dicomweb(word + server.url, bounds=QUICK, parallel=2)


BOMB = gzip.compress(b" " * 20_000_000)
"""Twenty megabytes of nothing in twenty kilobytes."""

MANY = [instance(study, series, number) for study in range(1, 6) for series in (1, 2) for number in range(1, 5)]


@pytest.mark.parametrize("word", ["qido-search:", "qido-metadata:"])
@pytest.mark.parametrize("cap", [1, 3, 1000])
def test_pages_are_read_to_the_end_however_short_they_are(word: str, cap: int) -> None:
    """A server that gives fewer matches than asked for loses none of them."""
    with WebServer(MANY, cap=cap) as server:
        source = quick(server, word)
        found = rows(source, "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    assert len(found) == len(set(found)) == 40
    assert source.unfinished is False


def test_a_silent_cap_is_said() -> None:
    """A server that always answers with the first matches has more, as its own counts tell."""
    with WebServer(MANY, cap=3, pages=False) as server:
        source = quick(server, "qido-search:")
        assert len(rows(source, "SOPInstanceUID")) == 9
        result = tagwise.audit("qido-search:" + server.url)
    assert isinstance(source.unfinished, str)
    assert "15 instances" in source.unfinished
    (finding,) = [one for one in result.findings if one.check == "engine/scan-unfinished"]
    assert "15 instances" in finding.message


def test_ignored_fields_are_read_from_metadata() -> None:
    """Where a search leaves attributes out, metadata is read, and each value is then true per instance."""
    with WebServer(MANY, fields=False) as server:
        source = quick(server)
        assert rows(source, "Manufacturer", "ImageType", "PixelSpacing")[0] == (
            "ACME",
            "ORIGINAL\\PRIMARY\\AXIAL",
            "0.5\\0.5",
        )
        assert set(source.grain.values()) == {Level.INSTANCE}
    with WebServer(MANY) as server:
        source = quick(server)
        assert len(rows(source, "Manufacturer")) == 40
        assert not [path for path in server.asked if path.endswith("/series/1.2.3.1.1/metadata")]
        assert source.grain["Modality"] is Level.SERIES
        assert source.grain["SOPInstanceUID"] is Level.INSTANCE


def test_what_a_search_never_shows_is_not_checkable() -> None:
    """An attribute that no match has is no column: its absence is not the absence of a fault."""
    with WebServer(MANY, fields=False) as server:
        source = quick(server, "qido-search:")
        rows(source, "SOPInstanceUID")
        result = tagwise.audit("qido-search:" + server.url)
    assert "AccessionNumber" not in source.grain
    reasons = {one.check: one.reason for one in result.not_checkable}
    assert "AccessionNumber" in reasons["study/accession-number-missing"]
    assert "parsed" in reasons["value/number-malformed"] or "lacks" in reasons["value/number-malformed"]


def test_names_keep_their_groups_and_counts_their_studies() -> None:
    """Groups of a name are joined as in an object, and a filter of the address selects studies only."""
    name = element("PN", {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"})
    with WebServer([instance(t00100010=name)]) as server:
        source = Dicomweb(f"{server.url}?StudyDate=20260101&key={SECRET}", bounds=QUICK)
        assert rows(source, "PatientName") == [("Yamada^Tarou=山田^太郎=やまだ^たろう",)]
        assert SECRET not in source.name
        assert [path for path in server.asked if "StudyDate=20260101" in path and "/studies?" in path]
        assert not [path for path in server.asked if "StudyDate=20260101" in path and "/series" in path]
        assert all(f"key={SECRET}" in path for path in server.asked)


def _every(doing: Callable[[BaseHTTPRequestHandler], None], where: str = "") -> Callable[..., bool]:
    """Do something else for every request below a path."""

    def before(handler: BaseHTTPRequestHandler, path: str) -> bool:
        if not path.endswith(where):
            return False
        doing(handler)
        return True

    return before


def _stall(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)
    handler.close_connection = True


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A header that never ends, a byte at a time: never silent for long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/dicom+json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'[{"0020000D": {"vr"')
    handler.close_connection = True


def _garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(os.urandom(100).replace(b"H", b"") + b"\r\n\r\n")
    handler.close_connection = True


def _bomb(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, [], body=BOMB, headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("doing", "error", "words"),
    [
        (_stall, SourceUnreachable, "does not answer in time"),
        (_drip, SourceUnreachable, "does not answer in time"),
        (_cut, SourceUnreachable, "in the middle"),
        (_garbage, SourceUnreachable, "is not HTTP"),
        (lambda one: answer(one, [], status=401), SourceRefused, "401 Unauthorized; nothing was sent"),
        (lambda one: answer(one, [], status=403), SourceRefused, "403 Forbidden"),
        (lambda one: answer(one, None), SourceForeign, "404 Not Found"),
        (lambda one: answer(one, [], status=500), SourceForeign, "500 Internal Server Error"),
        (lambda one: answer(one, [], form="text/html"), SourceForeign, "text/html"),
        (lambda one: answer(one, [], body=b'[{"0020000D": '), SourceForeign, "damaged"),
        (lambda one: answer(one, [], body=b'{"error": 1}'), SourceForeign, "damaged"),
        (lambda one: answer(one, [], body=b"[1]"), SourceForeign, "damaged"),
        (lambda one: answer(one, [], body=b"[" * 100_000), SourceForeign, "damaged"),
        (lambda one: answer(one, [], body=b'[{"a": "\xff"}]'), SourceForeign, "UTF-8"),
        (lambda one: answer(one, [], headers={"Content-Encoding": "gzip"}), SourceForeign, "not gzip"),
        (lambda one: answer(one, [], headers={"Content-Encoding": "br"}), SourceForeign, "br"),
        (_bomb, SourceForeign, "larger than 1,000,000 bytes"),
        (lambda one: answer(one, []), SourceForeign, "has no study"),
        (lambda one: answer(one, [], status=429, headers={"Retry-After": "3600"}), SourceRefused, "3600 s of rest"),
    ],
)
def test_a_server_that_is_no_use_is_said_to_be(
    doing: Callable[[BaseHTTPRequestHandler], None],
    error: type[SourceError],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One clear sentence soon, whatever the server does."""
    started = time.monotonic()
    with WebServer(before=_every(doing)) as server, pytest.raises(error, match=words):
        rows(quick(server), "SOPInstanceUID")
    assert time.monotonic() - started < 60


def test_nobody_there_is_said() -> None:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/dicom-web"
        with pytest.raises(SourceUnreachable, match="Connection refused"):
            rows(Dicomweb(url, bounds=QUICK), "SOPInstanceUID")


@pytest.mark.parametrize("status", [429, 500, 503, 0])
def test_a_fault_that_passes_costs_nothing_and_counts_nothing_twice(status: int) -> None:
    """Every third answer fails; every instance is there once."""
    count = 0

    def sometimes(handler: BaseHTTPRequestHandler, _path: str) -> bool:
        nonlocal count
        count += 1
        if count % 3 == 0:
            if status:
                answer(handler, [], status=status, headers={"Retry-After": "0"})
            else:
                _cut(handler)
        return count % 3 == 0

    with WebServer(MANY, before=sometimes) as server:
        source = Dicomweb("qido-metadata:" + server.url, bounds=Bounds(attempts=20, pause=0.001), parallel=3)
        found = rows(source, "SOPInstanceUID")
    assert len(found) == len(set(found)) == 40
    assert source.unfinished is False


def test_a_series_that_is_not_given_is_an_unreadable_object() -> None:
    """One broken series does not end an audit; it is named, and what else it has is said to be missing."""
    broken = _every(lambda one: answer(one, [], status=500), "/series/1.2.3.2.1/metadata")
    with WebServer(MANY, before=broken) as server:
        source = quick(server, "qido-metadata:")
        assert unread(source) == [("/studies/1.2.3.2/series/1.2.3.2.1", "the server answers 500 Internal Server Error")]
        assert len(rows(quick(server, "qido-metadata:"), "SOPInstanceUID")) == 36
    assert "3 instances" in str(source.unfinished)


def test_a_server_where_nothing_works_any_more_is_given_up() -> None:
    """Fifty failures in a row are not a thousand unreadable objects."""
    broken = _every(lambda one: answer(one, None), "/metadata")
    with (
        WebServer([instance(study) for study in range(60)], before=broken) as server,
        pytest.raises(SourceForeign, match="50 answers in a row"),
    ):
        rows(quick(server, "qido-metadata:"), "SOPInstanceUID")


def test_pages_without_end_have_an_end() -> None:
    """A server that always has new studies is stopped."""
    number = 0

    def endless(handler: BaseHTTPRequestHandler, _path: str) -> bool:
        nonlocal number
        number += 50
        answer(handler, [instance(study) for study in range(number, number + 50)])
        return True

    from dataclasses import replace

    from tagwise.sources.qido_walk import Walk
    from tagwise.sources.web_login import address, login
    from tagwise.sources.web_reading import Client

    with WebServer(before=endless) as server:
        client = Client(address(server.url), login=login("127.0.0.1"), trust=None, bounds=QUICK)
        walk = Walk(client, (), ())
        walk.asked = replace(walk.asked, most=1000)
        with pytest.raises(SourceForeign, match="do not end"):
            list(walk.studies())
        client.close()


def test_credentials_do_not_follow_a_redirection_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page to log in, or a thief, gets no request; the same server may move a resource."""
    monkeypatch.setenv("TAGWISE_TOKEN", SECRET)
    with WebServer() as other:
        away = _every(lambda one: answer(one, [], status=302, headers={"Location": other.url + "/studies"}))
        with WebServer(before=away) as server, pytest.raises(SourceRefused, match="redirects") as caught:
            rows(quick(server), "SOPInstanceUID")
        assert other.asked == []
        assert SECRET not in str(caught.value) + caught.value.hint
    there = _every(lambda one: answer(one, [], status=307, headers={"Location": "/dicom-web/studies/"}), "/studies")
    with WebServer(before=there) as server:
        assert len(rows(quick(server), "SOPInstanceUID")) == 1
    circle = _every(lambda one: answer(one, [], status=307, headers={"Location": one.path}))
    with WebServer(before=circle) as server, pytest.raises(SourceRefused, match="circle"):
        rows(quick(server), "SOPInstanceUID")


def test_a_token_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the report, and not in the sentence of a server that refuses it."""
    from click.testing import CliRunner

    from tagwise.cli import main

    monkeypatch.setenv("TAGWISE_TOKEN", SECRET)
    with WebServer() as server:
        shown = CliRunner().invoke(main, ["audit", server.url, "--format", "json", "--show-values"])
        assert server.headers[0]["Authorization"] == f"Bearer {SECRET}"
        assert SECRET not in shown.output
        assert '"instances": 1' in shown.output
    with WebServer(before=_every(lambda one: answer(one, [], status=401))) as server:
        shown = CliRunner().invoke(main, ["audit", server.url])
        assert "401" in shown.output
        assert SECRET not in shown.output
        assert shown.exit_code == 2
    assert SECRET not in capsys.readouterr().err


def test_netrc_and_a_file_of_headers_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Passwords come from where other programs have them; a file that is wrong is named without what is in it."""
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with WebServer() as server:
        rows(quick(server), "SOPInstanceUID")
        assert server.headers[0]["Authorization"].startswith("Basic ")
    (tmp_path / "headers").write_text(f"# for the gateway\nX-Api-Key: {SECRET}\n")
    monkeypatch.setenv("TAGWISE_HEADERS", str(tmp_path / "headers"))
    with WebServer() as server:
        rows(quick(server), "SOPInstanceUID")
        assert server.headers[0]["X-Api-Key"] == SECRET
    for name, text in (("headers", f"{SECRET}\n"), ("netrc", f"machine {SECRET} nonsense {SECRET}\n")):
        (tmp_path / name).write_text(text)
        with WebServer() as server, pytest.raises(BadSetting, match="line 1") as caught:
            rows(quick(server), "SOPInstanceUID")
        assert SECRET not in str(caught.value)
        (tmp_path / name).write_text("")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"https://me:{SECRET}@pacs.example.org/dicom-web", "password"),
        ("http://pacs.example.org/dicom-web", "not encrypted"),
        ("https://", "an address is written"),
        ("https://pacs.example.org:99999/", "no address"),
        ("qido:ftp://pacs.example.org", "an address is written"),
        ("https://pacs.example.org/dicom web", "an address is written"),
    ],
)
def test_addresses_that_are_not_taken(source: str, words: str) -> None:
    """Nothing is asked, and a password is not repeated."""
    with pytest.raises(BadSetting, match=words) as caught:
        kinds.opened(source)
    assert SECRET not in str(caught.value)


def _certificate(folder: Path, host: str) -> ssl.SSLContext:
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            str(folder / "key.pem"),
            "-out",
            str(folder / "cert.pem"),
            "-subj",
            "/CN=tagwise test",
            "-addext",
            f"subjectAltName={host}",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_must_be_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A certificate of an authority of one's own is trusted where SSL_CERT_FILE names it, and for its host only."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    with WebServer(trust=_certificate(good, "IP:127.0.0.1")) as server:
        with pytest.raises(SourceUnreachable, match="certificate is not trusted"):
            rows(quick(server), "SOPInstanceUID")
        monkeypatch.setenv("SSL_CERT_FILE", str(good / "cert.pem"))
        assert len(rows(quick(server), "SOPInstanceUID")) == 1
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
        with pytest.raises(BadSetting, match="SSL_CERT_FILE"):
            rows(quick(server), "SOPInstanceUID")
    with WebServer(trust=_certificate(bad, "DNS:pacs.example.org")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(bad / "cert.pem"))
        with pytest.raises(SourceUnreachable, match=r"not valid for|mismatch"):
            rows(quick(server), "SOPInstanceUID")
    with WebServer() as server, pytest.raises(SourceUnreachable, match="TLS failed"):
        rows(Dicomweb(server.url.replace("http:", "https:"), bounds=QUICK), "SOPInstanceUID")
