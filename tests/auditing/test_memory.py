"""An audit keeps to the memory that its settings give DuckDB, and cleans up what it had to put on disk."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import duckdb
import pytest

from tagwise import auditing
from tagwise.auditing import audit, engine, frugal
from tagwise.auditing.engine import Engine
from tagwise.checks import registry
from tagwise.errors import AuditOutOfMemory, BadSetting
from tagwise.scanning.index import ArchiveIndex
from tagwise.settings import AuditSettings, HistorySettings

if TYPE_CHECKING:
    from pathlib import Path

    from tagwise.checks import Check

_ROWS = 600_000  # their table alone is far above the limit: half of it sometimes just fitted
_LIMIT_MB = 96


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series of 300 images, of which every tenth is a copy of the one before it."""
    path = tmp_path_factory.mktemp("memory") / "index.duckdb"
    uid = "'1.2.826.0.1.3680043.10.1340.20260102101530.' ||"
    with ArchiveIndex(path) as made:
        made.query(
            f"""
            INSERT INTO instances BY NAME
            SELECT
              '/archive/' || i AS file_path, 1000000 AS file_size, md5((i - i % 10 // 9)::VARCHAR) AS header_digest,
              '1.2.840.10008.5.1.4.1.1.2' AS SOPClassUID, '1.2.840.10008.1.2.1' AS TransferSyntaxUID,
              {uid} '1.' || (i - i % 10 // 9) AS SOPInstanceUID, {uid} '2.' || (i // 300) AS SeriesInstanceUID,
              {uid} '3.' || (i // 900) AS StudyInstanceUID, 'CT' AS Modality, '512' AS "Rows", '512' AS "Columns",
              (i % 300)::VARCHAR AS InstanceNumber, '0\\0\\' || (i % 300) AS ImagePositionPatient,
              '1\\0\\0\\0\\1\\0' AS ImageOrientationPatient
            FROM range({_ROWS}) AS one(i)
            """
        )
    return path


@pytest.mark.slow
def test_memory_stays_below_its_limit_and_spilled_files_go(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit goes to the temporary folder, is gone afterwards, and the findings are the same."""
    used, spilled = [], []
    run = Engine.run

    def watched(engine: Engine, check: Check) -> None:
        run(engine, check)
        db: duckdb.DuckDBPyConnection = engine._db
        used.append(db.execute("SELECT SUM(memory_usage_bytes) FROM duckdb_memory()").fetchall()[0][0])
        spilled.extend(file for file in tmp_path.rglob("*") if file.is_file())

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Engine, "run", watched)
    small = audit(index, settings=AuditSettings(memory_limit=f"{_LIMIT_MB}MB"))
    assert max(used) <= _LIMIT_MB * 1_000_000
    assert spilled, "nothing was spilled: the limit was not reached, so this test shows nothing"
    assert list(tmp_path.iterdir()) == []
    assert not small.crashed
    monkeypatch.undo()
    large = audit(index)
    assert [(run.check, run.findings) for run in small.runs] == [(run.check, run.findings) for run in large.runs]
    assert small.findings == large.findings
    assert {run.check for run in small.runs if run.findings} >= {"identity/object-stored-twice"}


_SETTINGS = "SELECT current_setting('threads'), current_setting('preserve_insertion_order')"
_STORED_TWICE, _GAP = "identity/object-stored-twice", "consistency/instance-number-gap"


@pytest.fixture
def two_files(tmp_path: Path) -> Path:
    """An index of one object that is stored twice."""
    path = tmp_path / "index.duckdb"
    with ArchiveIndex(path) as made:
        made.query(
            "INSERT INTO instances BY NAME SELECT '/archive/' || i AS file_path, 9 AS file_size, 'd' AS header_digest,"
            " '1.2.3' AS SOPInstanceUID, '1.2.4' AS SeriesInstanceUID FROM range(2) AS one(i)"
        )
    return path


def _failing(monkeypatch: pytest.MonkeyPatch, check: str, times: int) -> list[tuple[int, bool]]:
    """Let a relation run out of memory half made, so many times; returns the settings under which it was tried."""
    tried: list[tuple[int, bool]] = []
    make = engine.make_on_demand

    def short(db: duckdb.DuckDBPyConnection, grain: object, relation: str) -> None:
        make(db, grain, relation)  # type: ignore[arg-type] # as it was given
        if relation == registry()[check].relation:
            tried.extend(db.execute(_SETTINGS).fetchall())
            if len(tried) <= times:
                raise duckdb.OutOfMemoryException("could not allocate")

    monkeypatch.setattr(engine, "make_on_demand", short)
    return tried


@pytest.fixture
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of two."""
    checks = {name: registry()[name] for name in (_STORED_TWICE, _GAP)}
    monkeypatch.setattr(auditing, "registry", lambda: checks)


@pytest.mark.usefixtures("two_checks")
def test_a_check_out_of_memory_is_tried_once_more_with_one_thread(
    two_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second try finds what the first would have found, and what follows has all threads again."""
    usual = audit(two_files)
    tried = _failing(monkeypatch, _STORED_TWICE, 1)
    result = audit(two_files)
    assert result.findings == usual.findings
    assert not result.crashed
    assert {finding.check for finding in result.findings} == {_STORED_TWICE}
    assert tried[1] == (1, False)
    assert tried[0][1]


@pytest.mark.usefixtures("two_checks")
def test_a_check_out_of_memory_twice_says_what_to_do_and_the_others_go_on(
    two_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finding names the limit, the next check runs, and the history knows nothing that was half found."""
    audit(two_files, history=HistorySettings())
    tried = _failing(monkeypatch, _STORED_TWICE, 2)
    result = audit(two_files, history=HistorySettings())
    assert len(tried) == 2
    assert result.crashed == (_STORED_TWICE,)
    assert [finding.message.endswith(frugal.ADVICE) for finding in result.findings] == [True]
    assert _GAP in {run.check for run in result.runs}
    assert result.since is not None
    assert result.since.gone == {}


def test_what_a_failed_try_made_is_gone_and_the_settings_are_as_before() -> None:
    """Tables and views of either try are dropped, those of before stay."""
    db = duckdb.connect(":memory:", config={"threads": 2})
    db.execute("CREATE TEMP TABLE facets (n INTEGER)")

    def work() -> None:
        db.execute("CREATE TEMP TABLE half_made (n INTEGER)")
        db.execute("CREATE TEMP VIEW half_seen AS SELECT 1")
        raise duckdb.OutOfMemoryException("could not allocate")

    with pytest.raises(duckdb.OutOfMemoryException):
        frugal.tried_twice(db, "this", work)
    assert [row[0] for row in db.execute("SHOW TABLES").fetchall()] == ["facets"]
    assert db.execute(_SETTINGS).fetchall() == [(2, True)]


def test_an_audit_without_room_for_what_all_checks_need_says_what_to_do(
    two_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two failures in what comes before the checks end the audit with a message, not with an error of DuckDB."""
    tries: list[None] = []

    def short(*_: object) -> None:
        tries.append(None)
        raise duckdb.OutOfMemoryException("could not allocate")

    monkeypatch.setattr(auditing, "make_relations", short)
    with pytest.raises(AuditOutOfMemory, match="even with one thread: could not allocate") as caught:
        audit(two_files)
    assert len(tries) == 2
    assert "--memory" in (caught.value.hint or "")


@pytest.mark.parametrize("size", ["", "2", "much", "4 bananas", "-1GB", "1KB", "63MB"])
def test_a_memory_that_is_no_size_or_too_small_is_refused(size: str) -> None:
    """The message says what is expected, before anything is opened."""
    with pytest.raises(BadSetting, match="memory is"):
        AuditSettings(memory_limit=size)


@pytest.mark.parametrize("size", ["64MB", "4GB", "1.5 GiB", "2gb"])
def test_a_size_of_memory_is_taken_as_written(two_files: Path, size: str) -> None:
    """DuckDB understands what the settings let through."""
    assert not audit(two_files, settings=AuditSettings(memory_limit=size)).crashed
