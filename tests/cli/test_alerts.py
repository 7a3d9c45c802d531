"""Alerts as their receivers get them: what is new, once, and nothing about a patient."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import stat
import time
from email import message_from_string
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from tests.auditing.receivers import MailServer, WebServer, certificate, log_server

import tagwise
from tagwise.alerting import webhook
from tagwise.alerting.prometheus import exposition
from tagwise.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REUSED = "identity/series-uid-reused"
PLANTED = {
    "PatientName": "Planted^Name",
    "PatientID": "PLANTED-ID",
    "PatientBirthDate": "19500229",
    "AccessionNumber": "PLANTED-ACC",
    "StudyDescription": "planted description",
    "ReferringPhysicianName": "Planted^Doctor",
}
OTHER = {**PLANTED, "PatientID": "P2-PLANTED", "StudyInstanceUID": "1.2.826.0.1.3680043.10.2", "Modality": "MR"}
ONLY = ("--select", REUSED)


def run(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def index(archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index with one re-used series UID, in the current folder; the archive's folder is named after a patient."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(webhook, "FIRST_PAUSE", 0.01)
    folder = archive(PLANTED, OTHER).rename(tmp_path / "Planted-Folder")
    tagwise.scan(folder, index=tmp_path / "archive.duckdb")
    return tmp_path / "archive.duckdb"


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


def nothing_about_a_patient(sent: str) -> None:
    """No name, identifier, date, UID or path of the archive is in what left."""
    assert "planted" not in sent.casefold()
    assert "19500229" not in sent
    assert "1.2.826" not in sent
    assert "archive.duckdb" not in sent


def test_a_webhook_gets_what_is_new_with_a_signature(
    index: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON with check, count, device and page; the receiver can tell who sent it; the second night is quiet."""
    monkeypatch.setenv("HOOK_KEY", "s3cret")
    index.with_name("tagwise.toml").write_text(
        f'[alerts]\narchive = "PACS north"\npages = "https://intranet.example/tagwise/"\n'
        f'[alerts.webhook]\nurl = "{web.url}"\nsecret_env = "HOOK_KEY"\n'
    )
    ran = run("audit", index, "--new-only", *ONLY)
    assert ran.exit_code == 1
    ((headers, body),) = web.posts
    signed = headers["X-Tagwise-Timestamp"].encode() + b"." + body
    assert headers["X-Tagwise-Signature"] == "sha256=" + hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    document = json.loads(body)
    assert document["archive"] == "PACS north"
    assert document["new"] == {"high": 1, "medium": 0, "low": 0}
    (check,) = document["checks"]
    assert (check["check"], check["new"]) == (REUSED, 1)
    assert check["devices"] == [{"device": "ACME Scan 1, software 1.0, station CT01", "new": 1}]
    assert check["page"] == f"https://intranet.example/tagwise/checks/{REUSED}"
    assert "s3cret" not in ran.output
    assert run("audit", index, "--new-only", *ONLY).exit_code == 0
    assert len(web.posts) == 1


def test_no_alert_of_any_kind_tells_about_a_patient(index: Path, web: WebServer, tmp_path: Path) -> None:
    """With every check and every finding, what leaves holds nothing that was planted, and no UID or path."""
    mail = MailServer()
    slack = WebServer()
    (tmp_path / "tagwise.toml").write_text(
        f'[alerts.email]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\nto = "a@b.example"\n'
    )
    with log_server("tcp", tmp_path) as (address, logged):
        alerts = [f"webhook={web.url}", f"slack={slack.url}", f"prometheus={tmp_path / 't.prom'}", f"syslog={address}"]
        options = [word for alert in alerts for word in ("--alert", alert)]
        ran = run("audit", index, "--new-only", "--fail-on", "low", "--alert-required", *options)
        assert ran.exit_code == 1, ran.output
        deadline = time.monotonic() + 10
        while not logged and time.monotonic() < deadline:
            time.sleep(0.02)
    mail.close()
    slack.close()
    assert len(json.loads(web.posts[0][1])["checks"]) > 3
    sent = [web.posts[0][1].decode(), slack.posts[0][1].decode(), mail.letters[0], logged[0].decode()]
    for text in (*sent, (tmp_path / "t.prom").read_text()):
        assert REUSED in text
        nothing_about_a_patient(text)


def test_email_by_starttls_and_with_a_password(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter goes over TLS, after signing in, and the password is in no output; a wrong one is told."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, so that no certificate can be made")
    tls = certificate(tmp_path)
    mail = MailServer(tls, "night", "pass-w0rd")
    monkeypatch.setenv("MAIL_PASSWORD", "pass-w0rd")
    (tmp_path / "tagwise.toml").write_text(
        f'[alerts.email]\nhost = "localhost"\nport = {mail.port}\nuser = "night"\npassword_env = "MAIL_PASSWORD"\n'
        f'from = "tagwise <night@hospital.example>"\nto = ["pacs@hospital.example"]\nca_file = "{tls[0]}"\n'
    )
    ran = run("audit", index, "--record", *ONLY)
    assert (mail.was_encrypted, mail.was_signed_in) == (True, True), ran.output
    letter = message_from_string(mail.letters[0], policy=default)
    assert letter["Subject"] == "tagwise: 1 new finding (1 high)"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert f"tagwise show {REUSED}" in letter.get_content()
    history = index.with_name("archive.history.duckdb")
    history.unlink()
    mail.was_signed_in = mail.was_encrypted = False
    ran = run("audit", index, "--alert-required", *ONLY, "--alert", "email=nobody@a.example,x@a.example")
    assert (ran.exit_code, len(mail.letters)) == (1, 2)
    assert "refused by the mail server: nobody@a.example" in ran.output
    monkeypatch.setenv("MAIL_PASSWORD", "wr0ng")
    mail.was_signed_in = mail.was_encrypted = False
    history.unlink()
    ran = run("audit", index, "--record", "--alert-required", *ONLY)
    assert ran.exit_code == 2
    assert "answers 535" in ran.output
    assert "wr0ng" not in ran.output
    mail.close()


def test_an_untrusted_certificate_is_refused(index: Path, tmp_path: Path) -> None:
    """Nothing is said to a mail server whose certificate nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, so that no certificate can be made")
    mail = MailServer(certificate(tmp_path))
    (tmp_path / "tagwise.toml").write_text(f'[alerts.email]\nhost = "localhost"\nport = {mail.port}\n')
    ran = run("audit", index, "--alert", "email=a@b.example", "--alert-required", *ONLY)
    mail.close()
    assert (ran.exit_code, mail.letters) == (2, [])
    assert "certificate not trusted" in ran.output


def test_a_receiver_out_of_reach_hears_of_it_the_next_night(index: Path, tmp_path: Path) -> None:
    """An alert that failed costs no result and no exit status unless asked; what it said is said again."""
    broken = WebServer(404)
    ran = run("audit", index, "--new-only", "--alert", f"slack={broken.url}", *ONLY)
    assert ran.exit_code == 1
    assert "alert slack: 127.0.0.1 refuses it with status 404" in ran.output
    assert "SECRET-PATH" not in ran.output
    ran = run("audit", index, "--new-only", "--alert", f"slack={broken.url}", *ONLY)
    broken.close()
    assert ran.exit_code == 0
    assert "1 new finding" in json.loads(broken.posts[1][1])["text"]
    assert len(broken.posts) == 2


@pytest.mark.parametrize(
    ("statuses", "tries", "told"), [((503, 429), 3, True), ((500,) * 9, 5, False), ((302,), 1, False)]
)
def test_a_webhook_is_tried_again_within_bounds(
    index: Path, statuses: tuple[int, ...], tries: int, *, told: bool
) -> None:
    """What may pass is tried again, five times at most; a refusal or a redirect is the end."""
    server = WebServer(*statuses)
    ran = run("audit", index, "--alert", f"webhook={server.url}", "--alert-required", *ONLY)
    server.close()
    assert len(server.posts) == tries
    assert ran.exit_code == (1 if told else 2)
    assert len({headers["X-Tagwise-Delivery"] for headers, _ in server.posts}) == 1


def test_slack_takes_what_is_sent(index: Path, web: WebServer) -> None:
    """Text for notifications, sections of at most 3,000 characters."""
    run("audit", index, "--alert", f"slack={web.url}", *ONLY)
    document = json.loads(web.posts[0][1])
    assert document["text"] == "tagwise: 1 new finding (1 high)"
    assert all(len(block["text"]["text"]) <= 3000 for block in document["blocks"])
    assert REUSED in document["blocks"][0]["text"]["text"]


def test_prometheus_reads_the_file(index: Path, tmp_path: Path) -> None:
    """The parser of Prometheus takes it; it is written whether something is new or not; the collector may read it."""
    parser = pytest.importorskip("prometheus_client.parser", reason="prometheus_client is not installed")
    file = tmp_path / "tagwise.prom"
    for new in (1.0, 0.0):
        run("audit", index, "--alert", f"prometheus={file}", *ONLY)
        found = {
            (sample.name, sample.labels.get("check")): sample.value
            for family in parser.text_string_to_metric_families(file.read_text())
            for sample in family.samples
        }
        assert found["tagwise_findings", REUSED] == 1.0
        assert found["tagwise_findings_new", REUSED] == new
        assert found["tagwise_audit_complete", None] == 1.0
        assert abs(found["tagwise_audit_end_timestamp_seconds", None] - time.time()) < 600
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert exposition.__doc__


@pytest.mark.parametrize("kind", ["udp", "tcp", "unix", "unix-stream"])
def test_syslog_gets_rfc_5424(index: Path, tmp_path: Path, kind: str) -> None:
    """One message for the run and one for each check, framed as the transport asks."""
    with log_server(kind, tmp_path) as (address, got):
        ran = run("audit", index, "--alert", f"syslog={address}", "--alert-required", *ONLY)
        assert ran.exit_code == 1, ran.output
        deadline = time.monotonic() + 10
        while sum(chunk.count(b"tagwise") >= 1 for chunk in got) < (1 if "tcp" in kind or "stream" in kind else 2):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    joined = b"".join(got)
    if kind == "tcp":
        length, _, rest = joined.partition(b" ")
        assert rest[: int(length)].endswith(b"tagwise: 1 new finding (1 high)")
        joined = rest
    assert joined.startswith(b"<27>1 20")
    assert f"1 new {REUSED}".encode() in joined


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[alerts.webhook]\nsecret = "x"', "secrets do not stand in this file"),
        ('[alerts.pager]\nurl = "x"', "'pager' is no kind of receiver"),
        ('[alerts.webhook]\nurls = "x"', "there is no such key"),
        ('[alerts.email]\nto = "a@b"\nuser = "u"', "a user needs password_env"),
        ('[alerts.email]\nto = "a@b"\nuser = "u"\npassword_env = "X"\nsecurity = "none"', "without TLS"),
        ('[alerts.email]\nto = "a@b\\nBcc: c@d"', "line break"),
        ('[alerts.syslog]\naddress = "http://x"', "its address is udp://"),
        ('[alerts.slack]\nurl_env = "NOT_SET_ANYWHERE"', "NOT_SET_ANYWHERE is not set"),
        ('[alerts.slack]\nurl = "file:///etc/passwd"', "is no http or https URL"),
        ("[alerts]\nslack = 3", "it is not a table"),
        ("[history]\nkeep_days = 0", "is not a number of days"),
    ],
)
def test_wrong_settings_are_told(index: Path, text: str, says: str) -> None:
    """What is wrong, where, and what to do; a secret in the file is refused."""
    index.with_name("tagwise.toml").write_text(text)
    ran = run("audit", index, "--record", "--alert-required", *ONLY)
    assert ran.exit_code == 2
    assert says in ran.output
    assert "Traceback" not in ran.output


def test_an_audit_that_is_not_recorded_sends_nothing(index: Path, web: WebServer) -> None:
    """A look during the day tells nobody, and takes nothing away from the night."""
    index.with_name("tagwise.toml").write_text(f'[alerts.webhook]\nurl = "{web.url}"\n')
    run("audit", index, *ONLY)
    assert web.posts == []
    ran = run("audit", index, "--no-record", "--alert", f"webhook={web.url}")
    assert (ran.exit_code, "do not fit together" in ran.output) == (2, True)


def test_history_lists_runs_and_findings(index: Path) -> None:
    """As text and as JSON, by the index or by the history."""
    run("audit", index, "--record", *ONLY)
    run("audit", index, "--record", *ONLY)
    ran = run("history", index)
    assert ran.output.splitlines()[0].split()[:5] == ["started", "high", "medium", "low", "new"]
    assert len(ran.output.splitlines()) == 3
    runs = json.loads(run("history", index.with_name("archive.history.duckdb"), "--format", "json").output)["runs"]
    assert [(one["high"], one["new"], one["known"]) for one in runs] == [(1, 0, 1), (1, 1, 0)]
    assert "known  high  identity/series-uid-reused, first seen" in run("history", index, "identity").output
    (one,) = json.loads(run("history", index, REUSED, "--format", "json").output)["findings"]
    assert one["subject"] == {"SeriesInstanceUID": "1.2.826.0.1.3680043.10.1.1"}
    assert run("history", "nothing.duckdb").exit_code == 2
    assert run("history", index, "no/check").exit_code == 2
