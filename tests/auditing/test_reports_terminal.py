from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from tests.auditing import sample

from tagwise.auditing.reports import terminal

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tagwise.auditing.result import AuditResult


@pytest.fixture(autouse=True)
def _sample_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    sample.use_checks(monkeypatch)


def printed(
    result: AuditResult, width: int = 80, limit: int = 10, *, encoding: str = "utf-8", tty: bool = False
) -> str:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, write_through=True) as file:
        console = Console(
            file=file, width=width, force_terminal=tty, color_system="truecolor" if tty else None, legacy_windows=False
        )
        terminal.render(result, console, limit)
        return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("name", ["clean", "few", "crashed", "many", "hostile"])
def test_report_reads_as_agreed(name: str, width: int, snapshot: SnapshotAssertion) -> None:
    """The words and columns of the report change only on purpose."""
    assert printed(getattr(sample, name)(), width, limit=3) == snapshot


@pytest.mark.parametrize("width", [40, 80, 140, 160])
def test_every_uid_and_path_can_be_copied_whole(width: int) -> None:
    """A UID or a path is never broken, however narrow the console."""
    result = sample.few()
    text = printed(result, width)
    wanted = [value for finding in result.findings for value in finding.subject.values()]
    wanted += [row.file_path for row in result.unreadable]
    assert len(sample.LONG_UID) == 64
    assert [value for value in wanted if value not in text] == []


@pytest.mark.parametrize("width", [80, 160])
def test_lines_fit_where_nothing_forbids_it(width: int) -> None:
    """Only what must stay whole may be longer than the console is wide."""
    result = sample.result(sample.finding(), sample.finding(sample.PATIENT, device=sample.FUJI, devices=4))
    console = Console(width=width, file=io.StringIO())
    too_long = [line for line in printed(result, width).splitlines() if console.measure(line).maximum > width]
    assert too_long == []


def test_a_pipe_gets_plain_text() -> None:
    """Logs get no escape codes, no lines of boxes, and no spaces at the ends of lines."""
    text = printed(sample.few())
    assert "\x1b" not in text
    assert not re.search("[\u2500-\u257f]", text)
    assert not re.search(r"[ \t]$", text, flags=re.MULTILINE)


def test_a_terminal_gets_colours() -> None:
    """Severities are coloured for a person, and the words are the same."""
    coloured = printed(sample.few(), tty=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(sample.few())


@pytest.mark.parametrize("tty", [False, True])
def test_hostile_text_cannot_control_the_terminal(*, tty: bool) -> None:
    """The only escape codes are those of the colours, and nothing reorders text."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", printed(sample.hostile(), tty=tty))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert r"\x1b[2J\x1b]0;owned\x07" in text
    assert "[bold red]not bold[/] :smile:" in text


def test_a_console_without_unicode_gets_all_of_it() -> None:
    """A log in ASCII does not end the report; what it cannot hold is spelled out."""
    text = printed(sample.few(), encoding="ascii", limit=1)
    assert r"\u5bcc\u58eb" in text
    assert "... and 1 more finding" in text


def test_the_limit_counts_what_it_leaves_out() -> None:
    """Each list says how many of its rows are not printed, also those that the result does not hold."""
    result = sample.many()
    text = printed(result, limit=5)
    assert "… and 44,995 more unreadable objects" in text
    assert "… and 35 more devices" in text
    padded = sum(finding.check == sample.PADDING.name for finding in result.findings)
    assert f"… and {44210 + padded - 5:,} more findings" in text


def test_worst_check_comes_first() -> None:
    """The order is by severity, then by number, whatever the order of the result."""
    result = sample.result(
        sample.finding(sample.PADDING, "1.1"),
        sample.finding(sample.PATIENT, "1.2"),
        sample.finding(uid="1.3"),
        sample.finding(uid="1.4"),
    )
    result = replace(result, findings=result.findings[::-1])
    headings = re.findall(r"^(?:HIGH|MEDIUM|LOW)  (\S+)$", printed(result), flags=re.MULTILINE)
    assert headings == [sample.SERIES.name, sample.PATIENT.name, sample.PADDING.name]


def test_a_group_names_its_page_once() -> None:
    """The command that explains a check stands in the heading of its group."""
    text = printed(sample.result(sample.finding(uid="1.1"), sample.finding(uid="1.2")))
    assert text.count("page: tagwise show identity/series-uid-reused") == 1


def test_a_finding_of_the_engine_has_no_page() -> None:
    """No command is named that would fail."""
    assert "tagwise show engine/check-crashed" not in printed(sample.crashed())


@pytest.mark.parametrize(
    ("result", "start"),
    [
        (sample.crashed(), "This audit is not complete: 1 check crashed."),
        (sample.clean(), "No findings: nothing to do."),
        (
            sample.few(),
            "Start here: One Series Instance UID is used for more than one series (1 high, 1 medium; the high one on",
        ),
        (
            sample.result(*[sample.finding(device=device) for device in (sample.FUJI, sample.GE, sample.GE)]),
            "Start here: One Series Instance UID is used for more than one series (3 high; most of the high ones on GE",
        ),
        (
            sample.result(*[sample.finding(device=device) for device in (sample.FUJI, sample.GE, sample.UNKNOWN)]),
            "Start here: One Series Instance UID is used for more than one series (3 high). `tagwise",
        ),
        (replace(sample.clean(), not_checkable=sample.few().not_checkable), "No findings; this source cannot answer"),
        (replace(sample.clean(), counts=sample.few().counts), "No findings in what could be read; look at the 4"),
        (replace(sample.clean(), counts=replace(sample.clean().counts, instances=0)), "Nothing was audited"),
    ],
    ids=["crashed", "clean", "findings", "most of one", "none stands out", "not checkable", "unreadable", "empty"],
)
def test_the_last_words_say_what_to_do(result: AuditResult, start: str) -> None:
    """The report ends in one sentence that fits the result."""
    assert printed(result).rpartition("\n\n")[2].replace("\n", " ").startswith(start)


def test_a_check_with_totals_but_no_listed_findings_is_shown() -> None:
    """With a limit of 0 the counts are still there."""
    result = replace(sample.few(), findings=(), limit=0)
    assert re.search(r"high +2 +identity/series-uid-reused", printed(result))
