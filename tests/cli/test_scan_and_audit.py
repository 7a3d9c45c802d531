"""The commands `scan` and `audit` as a user runs them: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tagwise.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def tagwise(*arguments: str | Path) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def reused(archive: Callable[..., Path]) -> Path:
    """Two objects of two studies under one series UID."""
    return archive({}, {"StudyInstanceUID": "1.2.826.0.1.3680043.10.2"})


@pytest.fixture
def index(reused: Path, tmp_path: Path) -> Path:
    assert tagwise("scan", reused, "--index", tmp_path / "index.duckdb").exit_code == 0
    return tmp_path / "index.duckdb"


def test_scan_says_what_it_did_and_what_comes_next(reused: Path, tmp_path: Path) -> None:
    (reused / "notes.txt").write_text("no object")
    ran = tagwise("scan", reused, "--index", tmp_path / "i.duckdb")
    assert ran.exit_code == 0
    assert "3 files" in ran.output
    assert "2 objects can be read" in ran.output
    assert "1 cannot be read: 1 not DICOM" in ran.output
    assert f"tagwise audit {tmp_path / 'i.duckdb'}" in ran.output


def test_scan_as_json(reused: Path, tmp_path: Path) -> None:
    ran = tagwise("scan", reused, "--index", tmp_path / "i.duckdb", "--format", "json")
    summary = json.loads(ran.output)
    assert (summary["files"], summary["new"], summary["unreadable"]) == (2, 2, {})


def test_scan_of_a_missing_path_ends_with_2(tmp_path: Path) -> None:
    ran = tagwise("scan", tmp_path / "gone", "--index", tmp_path / "i.duckdb")
    assert ran.exit_code == 2
    assert ran.stderr.startswith("tagwise: ")
    assert "gone" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_audit_prints_the_finding_and_ends_with_1(index: Path) -> None:
    ran = tagwise("audit", index)
    assert ran.exit_code == 1
    assert "identity/series-uid-reused" in ran.output
    assert "2 studies" in ran.output
    assert "1.2.826.0.1.3680043.10.1.1" in ran.output
    assert "ACME Scan 1" in ran.output
    assert "\x1b" not in ran.output


@pytest.mark.parametrize(("fail_on", "code"), [("low", 1), ("medium", 1), ("high", 1)])
def test_audit_fails_on_what_it_is_told(index: Path, fail_on: str, code: int) -> None:
    assert tagwise("audit", index, "--fail-on", fail_on).exit_code == code


def test_a_threshold_above_the_worst_finding_gives_0(archive: Callable[..., Path]) -> None:
    folder = archive({}, {"SeriesNumber": "2"})
    assert tagwise("audit", folder, "--fail-on", "medium").exit_code == 1
    assert tagwise("audit", folder, "--fail-on", "high").exit_code == 0


def test_audit_as_json_is_one_object(index: Path) -> None:
    ran = tagwise("audit", index, "--format", "json")
    report = json.loads(ran.stdout)
    assert {"tool", "source", "counts", "findings", "not_checkable", "unreadable"} <= set(report)
    (finding,) = (f for f in report["findings"] if f["check"] == "identity/series-uid-reused")
    assert set(finding) >= {
        "check",
        "title",
        "severity",
        "confidence",
        "basis",
        "level",
        "subject",
        "message",
        "evidence",
        "device",
        "page",
    }
    assert report["counts"]["instances"] == 2
    assert "Doe" not in ran.stdout


def test_audit_writes_html_for_its_owner(index: Path, tmp_path: Path) -> None:
    ran = tagwise("audit", index, "--html", tmp_path / "report.html")
    assert ran.exit_code == 1
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "identity/series-uid-reused" in text
    assert "Doe" not in text
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600


def test_a_report_that_cannot_be_written_ends_with_2(index: Path, tmp_path: Path) -> None:
    ran = tagwise("audit", index, "--html", tmp_path / "gone" / "report.html")
    assert ran.exit_code == 2
    assert "report.html" in ran.stderr


def test_the_page_of_a_finding_opens(index: Path) -> None:
    report = json.loads(tagwise("audit", index, "--format", "json").stdout)
    for finding in report["findings"]:
        program, *arguments = finding["page"].split()
        assert program == "tagwise"
        assert tagwise(*arguments).exit_code == 0


def test_a_terminal_lists_some_findings_and_json_all(archive: Callable[..., Path]) -> None:
    folder = archive(
        *({"SeriesInstanceUID": f"1.2.826.0.1.3680043.10.1.{n // 2}", "SeriesNumber": str(n)} for n in range(50))
    )
    listed = [f"1.2.826.0.1.3680043.10.1.{n}\n" for n in range(25)]
    text, short = tagwise("audit", folder).stdout, tagwise("audit", folder, "--limit", "3").stdout
    assert [sum(uid in one for uid in listed) for one in (text, short)] == [20, 3]
    findings = json.loads(tagwise("audit", folder, "--format", "json").stdout)["findings"]
    assert sum(finding["check"] == "identity/series-uid-reused" for finding in findings) == 25


def test_show_values_shows_them(archive: Callable[..., Path]) -> None:
    folder = archive({}, {"PatientID": "P-OTHER"})
    assert "P-OTHER" not in tagwise("audit", folder, "--format", "json").stdout
    assert "P-OTHER" in tagwise("audit", folder, "--format", "json", "--show-values").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit"],
        ["audit", "x", "--fail-on", "never"],
        ["audit", "x", "--max-instances", "0"],
        ["scan", "--index", "x"],
        ["scan", "."],
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str]) -> None:
    ran = tagwise(*arguments)
    assert ran.exit_code == 2
    assert "Usage" in ran.stderr


def test_every_option_is_explained() -> None:
    for name in ("scan", "audit"):
        output = tagwise(name, "--help").output
        options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", output, flags=re.MULTILINE)
        assert len(options) >= 3
        assert "Exit status" in output


def test_ctrl_c_ends_quietly_and_the_scan_goes_on(tmp_path: Path, archive: Callable[..., Path]) -> None:
    folder = archive({})
    data = (folder / "IM0000").read_bytes()
    for number in range(20_000):
        (folder / f"X{number:05}").write_bytes(data)
    command = [sys.executable, "-m", "tagwise", "scan", str(folder), "--index", str(tmp_path / "i.duckdb")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as scanner:
        for _ in range(200):
            if (tmp_path / "i.duckdb").exists():
                break
            time.sleep(0.05)
        time.sleep(0.7)
        scanner.send_signal(signal.SIGINT)
        _, errors = scanner.communicate(timeout=30)
    assert scanner.returncode == 130, errors
    assert "Traceback" not in errors
    assert errors.startswith("Stopped.")
    ran = tagwise("scan", folder, "--index", tmp_path / "i.duckdb")
    assert ran.exit_code == 0
    assert "20,001 objects can be read" in ran.output


def test_output_into_a_closed_pipe_is_quiet(index: Path) -> None:
    shell = f"{sys.executable} -m tagwise audit {index} | head -c 1 > {os.devnull}"
    ran = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_audit_and_leaves_no_patient_data_behind(
    tmp_path: Path, archive: Callable[..., Path], how: signal.Signals
) -> None:
    folder, temporary = archive({}), tmp_path / "tmp"
    temporary.mkdir()
    data = (folder / "IM0000").read_bytes()
    for number in range(5000):
        (folder / f"X{number:05}").write_bytes(data)
    with subprocess.Popen(
        [sys.executable, "-m", "tagwise", "audit", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as audit:
        for _ in range(200):
            if list(temporary.glob("*/index.duckdb")):
                break
            time.sleep(0.05)
        audit.send_signal(how)
        _, errors = audit.communicate(timeout=30)
    assert audit.returncode == 128 + how, errors
    assert "Traceback" not in errors
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_hinder_a_scan(reused: Path, tmp_path: Path, closed: str) -> None:
    index = tmp_path / "i.duckdb"
    shell = f"{sys.executable} -m tagwise scan {reused} --index {index} {closed}"
    assert subprocess.run(["sh", "-c", shell], check=False).returncode == 0
    assert tagwise("audit", index).exit_code == 1


def test_output_on_a_full_disk_ends_with_2(index: Path) -> None:
    shell = f"{sys.executable} -m tagwise audit {index} > /dev/full"
    ran = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "No space left on device" in ran.stderr
    assert "internal error" not in ran.stderr


def test_an_empty_path_is_not_the_current_folder(tmp_path: Path) -> None:
    for arguments in (["scan", "", "--index", str(tmp_path / "i.duckdb")], ["audit", ""]):
        ran = tagwise(*arguments)
        assert ran.exit_code == 2
        assert "empty path" in ran.stderr


def test_the_next_command_can_be_pasted(reused: Path, tmp_path: Path) -> None:
    index = tmp_path / "it's my $index; x.duckdb"
    last = tagwise("scan", reused, "--index", index).stdout.splitlines()[-1]
    assert shlex.split(last.removeprefix("Next: ")) == ["tagwise", "audit", str(index)]


def test_a_path_cannot_control_the_terminal(reused: Path, tmp_path: Path) -> None:
    ran = tagwise("scan", reused, "--index", tmp_path / "\x1b[2J.duckdb")
    assert ran.exit_code == 0
    assert "\x1b" not in ran.output


def test_an_internal_error_does_not_quote_values(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("cannot convert 'Doe^Jane'")

    monkeypatch.setattr("tagwise.auditing.audit", failing)
    ran = tagwise("audit", index)
    assert ran.exit_code == 2
    assert "internal error: RuntimeError" in ran.stderr
    assert "Doe" not in ran.output
