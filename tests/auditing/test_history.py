"""Findings keep when they were met first and last; what is new is told, and nothing is taken for gone by mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

import tagwise
from tagwise import auditing
from tagwise.auditing.history import History, history_of
from tagwise.control import Ruling, Selection
from tagwise.control.waivers import Waiver
from tagwise.errors import BadSetting, HistoryError, HistoryLocked, HistoryMissing
from tagwise.findings import Severity
from tagwise.settings import AuditSettings, HistorySettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagwise.auditing import AuditResult

REUSED = "identity/series-uid-reused"
OTHER = {"PatientID": "P2", "StudyInstanceUID": "1.2.826.0.1.3680043.10.2", "Modality": "MR"}
RECORD = HistorySettings()
NEW_ONLY = HistorySettings(new_only=True)
ONLY_REUSED = Selection(select=(REUSED,))


@pytest.fixture
def index(archive: Callable[..., Path], tmp_path: Path) -> Path:
    """An index of an archive with one re-used series UID."""
    path = tmp_path / "archive.duckdb"
    tagwise.scan(archive({}, OTHER), index=path)
    return path


def reuse_another(archive: Callable[..., Path], index: Path) -> None:
    """Add a second re-used series UID to the archive, and scan it."""
    series = {"SeriesInstanceUID": "1.2.826.0.1.3680043.10.1.77"}
    tagwise.scan(archive(series, {**series, **OTHER}), index=index)


def audited(index: Path, history: HistorySettings = RECORD, **how: object) -> AuditResult:
    """An audit of one check, unless another selection is given."""
    return tagwise.audit(index, history=history, **{"selection": ONLY_REUSED, **how})  # type: ignore[arg-type] # as given


def stored(index: Path) -> list[tuple[str, str]]:
    """Check and status of what the history has."""
    with History(history_of(index), writes=False) as history:
        return sorted((one.check, one.status) for one in history.findings())


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of audits."""

    def set_clock(moment: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, _zone: object = None) -> datetime:  # type: ignore[override] # as audits call it
                return moment

        monkeypatch.setattr(auditing, "datetime", Clock)

    return set_clock


def test_the_first_run_is_all_new_and_the_second_all_known(index: Path) -> None:
    """A finding keeps the time of its first audit; the second run tells what the first one did not have: nothing."""
    first = audited(index)
    assert first.since
    assert (first.since.previous, first.since.new, first.since.known) == (None, 1, 0)
    second = audited(index)
    assert second.since
    assert (second.since.previous, second.since.new, second.since.known) == (first.started, 0, 1)
    assert second.findings[0].first_seen == first.started
    assert second.total[Severity.HIGH] == 1


def test_new_only_lists_and_judges_what_is_new(index: Path, archive: Callable[..., Path]) -> None:
    """What the last run had does not count; what came since does, with its own first day."""
    audited(index)
    quiet = audited(index, NEW_ONLY)
    assert (quiet.findings, quiet.exit_code(Severity.LOW)) == ((), 0)
    assert [finding.status for finding in quiet.set_aside] == ["known"]
    reuse_another(archive, index)
    loud = audited(index, NEW_ONLY)
    assert [finding.subject["SeriesInstanceUID"] for finding in loud.findings] == ["1.2.826.0.1.3680043.10.1.77"]
    assert loud.findings[0].first_seen == loud.started
    assert loud.exit_code(Severity.HIGH) == 1


def test_what_was_repaired_is_gone_and_is_new_when_it_returns(index: Path, tmp_path: Path) -> None:
    """Gone is counted once and named; the same finding met again is new, and keeps its first day."""
    first = audited(index)
    moved = tmp_path / "archive" / "IM0001"
    content = moved.read_bytes()
    moved.unlink()
    tagwise.scan(tmp_path / "archive", index=index)
    gone = audited(index).since
    assert gone
    assert gone.gone == {REUSED: 1}
    day = first.started.astimezone().date()
    assert f"1 gone since {day}: 1 x {REUSED}" in list(gone.sentences())
    assert stored(index) == [(REUSED, "gone")]
    again = audited(index).since
    assert again
    assert again.gone == {}
    moved.write_bytes(content)
    tagwise.scan(tmp_path / "archive", index=index)
    back = audited(index, NEW_ONLY)
    assert [finding.first_seen for finding in back.findings] == [first.started]


@pytest.mark.parametrize("selection", [Selection(ignore=(REUSED,)), Selection(ignore=("high",)), Selection(("low",))])
def test_what_was_not_asked_for_is_not_gone(index: Path, selection: Selection) -> None:
    """A check that is not selected, or whose severity is ignored, leaves its findings as they were."""
    audited(index)
    result = audited(index, selection=selection)
    assert result.since
    assert REUSED not in result.since.gone
    assert (REUSED, "new") in stored(index)
    known = audited(index, NEW_ONLY)
    assert known.findings == ()


def test_a_check_that_crashes_is_not_gone(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its findings stay as they were, whether it crashes at once or in the middle."""
    audited(index)

    def crash(_self: object, _check: object, _row: object, _device: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr("tagwise.auditing.engine.Engine._finding", crash)
        result = audited(index, NEW_ONLY)
    assert result.crashed == (REUSED,)
    assert result.since
    assert (result.since.gone, result.since.known) == ({}, 0)
    assert stored(index) == [(REUSED, "new")]
    assert audited(index, NEW_ONLY).findings == ()


def test_an_unfinished_scan_makes_nothing_gone(index: Path) -> None:
    """Objects that a scan has not reached yet are no reason to call findings gone."""
    audited(index)
    with duckdb.connect(str(index)) as db:
        db.execute("DELETE FROM instances")
        db.execute("CREATE TABLE listing (file_path VARCHAR)")
    result = audited(index, NEW_ONLY)
    assert result.since
    assert result.since.gone == {}
    assert [finding.check for finding in result.findings] == ["engine/scan-unfinished"]
    assert stored(index) == [(REUSED, "new")]


def test_all_findings_are_kept_not_only_those_listed(index: Path, archive: Callable[..., Path]) -> None:
    """A limit shortens the report, not the history."""
    reuse_another(archive, index)
    result = audited(index, settings=AuditSettings(limit=1))
    assert len(result.findings) == 1
    assert stored(index) == [(REUSED, "new")] * 2


def test_a_waived_finding_is_new_when_its_waiver_ends(index: Path) -> None:
    """While it is accepted nobody hears of it; afterwards it counts as what nobody has heard of."""
    waiver = Waiver(REUSED, "ticket 7", until=datetime(2026, 3, 31, tzinfo=UTC).date())
    before = Ruling((waiver,), today=datetime(2026, 3, 1, tzinfo=UTC).date())
    after = Ruling((waiver,), today=datetime(2026, 4, 1, tzinfo=UTC).date())
    assert audited(index, NEW_ONLY, ruling=before).findings == ()
    assert stored(index) == [(REUSED, "waived")]
    assert len(audited(index, NEW_ONLY, ruling=after).findings) == 1


def test_a_clock_that_goes_back_is_said(index: Path, at: Callable[[datetime], None]) -> None:
    """Last seen is never before first seen, and one line says why the dates look odd."""
    now = datetime(2026, 11, 22, 2, tzinfo=UTC)
    at(now)
    assert audited(index).since
    at(now - timedelta(days=3))
    since = audited(index).since
    assert since
    assert [sentence for sentence in since.sentences() if "clock" in sentence]
    with History(history_of(index), writes=False) as history:
        (one,) = history.findings()
        assert (one.first_seen, one.last_seen) == (now, now)
        assert [run.clock_went_back for run in history.runs()] == [True, False]


def test_an_audit_that_only_compares_writes_nothing(index: Path, archive: Callable[..., Path]) -> None:
    """It says what is new, and the next one says it again; without a history it is refused."""
    compare = HistorySettings(records=False, new_only=True)
    with pytest.raises(HistoryMissing, match="there is no history"):
        audited(index, compare)
    audited(index)
    reuse_another(archive, index)
    before = history_of(index).read_bytes()
    for _ in range(2):
        result = audited(index, compare)
        assert (len(result.findings), result.since and result.since.run) == (1, None)
    assert history_of(index).read_bytes() == before


def test_the_history_is_for_its_owner_only_and_is_no_object(index: Path, tmp_path: Path) -> None:
    """Mode 0600; a scan of the folder that it lies in does not take it for an object."""
    audited(index)
    path = history_of(index)
    assert path.name == "archive.history.duckdb"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not tagwise.scan(tmp_path, index=index).unreadable


def test_index_and_history_can_be_moved_together(index: Path, tmp_path: Path) -> None:
    """The source is known by where it is seen from the history, by whatever path it is given."""
    audited(index)
    there = tmp_path / "elsewhere"
    there.mkdir()
    for path in (index, history_of(index)):
        path.rename(there / path.name)
    assert audited(there / index.name, NEW_ONLY).findings == ()


def test_two_sources_in_one_history_stay_apart(index: Path, archive: Callable[..., Path], tmp_path: Path) -> None:
    """What one archive does not have is not gone from the other."""
    shared = HistorySettings(path=str(tmp_path / "all.duckdb"))
    other = tmp_path / "other.duckdb"
    tagwise.scan(archive(), index=other)
    for path in (index, other, index):
        since = audited(path, shared).since
        assert since
        assert since.gone == {}


def test_old_runs_are_forgotten_and_the_last_stays(index: Path, at: Callable[[datetime], None]) -> None:
    """Retention drops old runs and what is long gone, never what is still there."""
    now = datetime(2026, 11, 22, 2, tzinfo=UTC)
    for days in (0, 10, 20):
        at(now + timedelta(days=days))
        audited(index, HistorySettings(keep_days=15))
    with History(history_of(index), writes=False) as history:
        assert [run.run for run in history.runs()] == [3, 2]
        assert [one.first_seen for one in history.findings()] == [now]
    with pytest.raises(BadSetting, match="keep_days"):
        HistorySettings(keep_days=0)


def test_two_at_once_are_refused(index: Path) -> None:
    """In this process and from another one; the one that came first is not disturbed."""
    audited(index)
    with History(history_of(index)):
        with pytest.raises(HistoryLocked, match="in use by another audit in this process"):
            audited(index)
        code = f"import tagwise.auditing.history as h; h.History({str(history_of(index))!r})"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "HistoryLocked" in ran.stderr
        assert f"PID {os.getpid()}" in ran.stderr
    audited(index)


def test_a_scan_and_an_audit_at_once_are_refused(index: Path) -> None:
    """The index has one lock: an audit while another process scans says who has it."""
    code = f"""
        import sys
        from tagwise.scanning.index import ArchiveIndex
        with ArchiveIndex({str(index)!r}):
            print("open", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as scanning:
        assert scanning.stdout
        assert scanning.stdin
        assert scanning.stdout.readline() == "open\n"
        with pytest.raises(tagwise.errors.IndexLocked, match=f"PID {scanning.pid}"):
            audited(index)
        with pytest.raises(tagwise.errors.IndexLocked, match=f"PID {scanning.pid}"):
            tagwise.scan(index.parent / "archive", index=index)
        scanning.stdin.close()


@pytest.mark.parametrize("place", ["INSERT INTO findings", "INSERT INTO runs", "COMMIT", "DELETE FROM findings"])
def test_a_run_that_is_killed_is_there_whole_or_not_at_all(
    index: Path, archive: Callable[..., Path], place: str
) -> None:
    """After kill -9 at any statement the history opens, and the next run says what is new."""
    audited(index)
    reuse_another(archive, index)
    code = f"""
        import os, signal, duckdb
        import tagwise.auditing.history as h
        from tagwise.control import Selection
        from tagwise.settings import HistorySettings
        import tagwise

        class Deadly:
            def __init__(self, db): self._db = db
            def __getattr__(self, name): return getattr(self._db, name)
            def execute(self, sql, *values):
                if {place!r} in sql and "met_batch" not in sql:
                    os.kill(os.getpid(), signal.SIGKILL)
                return self._db.execute(sql, *values)

        opened = h.History._open
        def deadly(self, **how):
            opened(self, **how)
            self.db = Deadly(self.db)
        h.History._open = deadly
        tagwise.audit({str(index)!r}, history=HistorySettings(), selection=Selection(select=({REUSED!r},)))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    written = place == "DELETE FROM findings"
    assert len(stored(index)) == 1 + written
    assert len(audited(index, NEW_ONLY).findings) == 1 - written
    assert stored(index).count((REUSED, "known")) == 1 + written


@pytest.mark.parametrize("content", [b"", b"not a database", b"DICM" * 100])
def test_a_file_that_is_no_history_is_refused(index: Path, content: bytes) -> None:
    """It is not touched, and the message says what to do."""
    path = index.with_name("archive.history.duckdb")
    path.write_bytes(content)
    with pytest.raises(HistoryError, match="is no history of tagwise"):
        audited(index)
    assert path.read_bytes() == content


def test_an_index_or_a_later_format_is_refused(index: Path, tmp_path: Path) -> None:
    """Neither the index itself nor a history of a later version is written to."""
    with pytest.raises(HistoryError, match="is no history of tagwise"):
        audited(index, HistorySettings(path=str(index)))
    audited(index)
    with duckdb.connect(str(history_of(index))) as db:
        db.execute("UPDATE tagwise_history SET value = '99' WHERE name = 'format'")
    with pytest.raises(HistoryError, match="has format 99"):
        audited(index)
    with pytest.raises(HistoryError, match="its folder does not exist"):
        audited(index, HistorySettings(path=str(tmp_path / "no" / "h.duckdb")))


def test_no_patient_is_in_the_history(archive: Callable[..., Path], tmp_path: Path) -> None:
    """Names, identifiers and paths of an archive that is named after its patients are not in the file's text."""
    planted = {"PatientName": "Planted^Name", "PatientID": "PLANTED-ID", "PatientBirthDate": "19500229"}
    folder = archive(planted, {**OTHER, "PatientName": "Other^Planted"})
    folder = folder.rename(tmp_path / "Planted-Folder")
    (folder / "broken-Planted.dcm").write_bytes(b"\0" * 128 + b"DICM\x02")
    index = tmp_path / "a.duckdb"
    tagwise.scan(folder, index=index)
    result = tagwise.audit(index, history=RECORD)
    assert result.findings
    with duckdb.connect(str(history_of(index)), read_only=True) as db:
        for table in ("runs", "findings", "devices", "alerts"):
            text = json.dumps(db.execute(f"SELECT * FROM {table}").fetchall(), default=str)
            assert "planted" not in text.casefold()
            assert "19500229" not in text


def test_trends_have_series_by_day_and_rates_by_audit(index: Path) -> None:
    """Series stand on their Study Date, and each recorded audit adds a point to its device."""
    audited(index)
    trends = audited(index).trends
    assert (trends.days[-1].isoformat(), len(trends.days)) == ("2026-01-02", 56)
    assert {one.Modality: one.series[-1] for one in trends.modalities} == {"CT": 1, "MR": 1}
    (device,) = trends.devices
    assert device.label == "ACME Scan 1, software 1.0"
    assert [run[1:] for run in device.runs] == [(2, 1), (2, 1)]
    assert device.rates == (500.0, 500.0)
    assert tagwise.audit(index).trends.devices == ()


def test_the_report_shows_trends_with_a_table(index: Path) -> None:
    """Charts need no script, and every number of them stands in words or in a table."""
    from tagwise.auditing.reports import html

    page = html.render(audited(index))
    assert '<section id="trends"' in page
    assert "1 finding in 2 instances" in page
    assert '<th scope="row">2026-01-02</th><td class="num">1</td><td class="num">1</td>' in page
    assert "First seen" in page
