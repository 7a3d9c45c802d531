"""The index belongs to its owner, refuses what is not its own, and survives what happens to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

import tagwise
from tagwise.errors import ArchiveIndexError, IndexDamaged, IndexForeign, IndexLocked, IndexNotWritable, IndexTooNew
from tagwise.findings import Severity
from tagwise.scanning.index import ArchiveIndex
from tagwise.scanning.index_errors import explained
from tagwise.scanning.pseudonyms import CLEAR
from tagwise.sources.files_index import FilesIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Archive = "Callable[..., Path]"


@pytest.fixture
def index(archive: Callable[..., Path], tmp_path: Path) -> Path:
    """An index of two objects."""
    where = tmp_path / "index.duckdb"
    tagwise.scan(archive({}, {}), index=where)
    return where


def _rows(index: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(index), read_only=True) as db:
        return db.execute(sql).fetchall()


def test_only_the_owner_can_read_it(index: Path) -> None:
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    assert sorted(path.name for path in index.parent.iterdir()) == ["archive", "index.duckdb"]


def test_the_umask_of_the_process_is_left_as_it_was(index: Path) -> None:
    before = os.umask(0o022)
    os.umask(before)
    assert before != 0o077


def test_columns_are_keywords_and_file_facts(index: Path) -> None:
    names = [row[0] for row in _rows(index, "SELECT column_name FROM duckdb_columns() WHERE table_name = 'instances'")]
    assert names[:6] == ["file_path", "file_size", "file_modified", "header_digest", "read_error", "vanished"]
    assert {"SOPInstanceUID", "SeriesInstanceUID", "TransferSyntaxUID", "Manufacturer"} <= set(names)


def test_a_row_holds_what_the_object_says(index: Path) -> None:
    columns = "PatientName, Modality, SoftwareVersions, read_error, file_size"
    sql = f"SELECT {columns} FROM instances WHERE InstanceNumber = '1'"
    ((name, modality, software, error, size),) = _rows(index, sql)
    assert (name, modality, software, error) == ("Doe^Jane", "CT", "1.0", None)
    assert size == (index.parent / "archive" / "IM0000").stat().st_size


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("do not overwrite me")
    with pytest.raises(IndexForeign, match="not a tagwise index"):
        ArchiveIndex(path)
    assert path.read_text() == "do not overwrite me"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(IndexForeign):
        ArchiveIndex(tmp_path / "empty")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexForeign, match="not a regular file"):
        ArchiveIndex(tmp_path)


def test_another_database_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "lite.db").execute("CREATE TABLE instances (a)").connection.close()
    duckdb.connect(str(tmp_path / "duck.db")).execute("CREATE TABLE instances (a INTEGER)").close()
    for name in ("lite.db", "duck.db"):
        with pytest.raises(IndexForeign):
            ArchiveIndex(tmp_path / name)
        with duckdb.connect(":memory:") as db, pytest.raises(IndexForeign):
            FilesIndex(tmp_path / name).attach(db)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_cut_index_is_reported_as_damaged(index: Path, keep: float) -> None:
    data = index.read_bytes()
    index.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(IndexDamaged, match=r"scan again|cannot be read") as caught:
        tagwise.audit(index)
    assert "Move the file away" in caught.value.hint


def test_an_overwritten_index_is_reported_as_damaged(index: Path) -> None:
    data = bytearray(index.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    index.write_bytes(bytes(data))
    with pytest.raises(IndexDamaged):
        tagwise.audit(index)
    with pytest.raises(IndexDamaged):
        ArchiveIndex(index)


def test_an_index_of_a_later_version_is_refused(index: Path) -> None:
    with duckdb.connect(str(index)) as db:
        db.execute("UPDATE tagwise_index SET value = '99' WHERE name = 'format'")
    with pytest.raises(IndexTooNew, match="format 99"):
        ArchiveIndex(index)
    with pytest.raises(IndexTooNew, match="format 99"):
        tagwise.audit(index)


def test_an_index_of_an_earlier_version_gets_its_columns_and_is_read_again(index: Path) -> None:
    with duckdb.connect(str(index)) as db:
        db.execute("ALTER TABLE instances DROP COLUMN SoftwareVersions")
    summary = tagwise.scan(index.parent / "archive", index=index)
    assert (summary.changed, summary.unchanged) == (2, 0)
    assert _rows(index, "SELECT DISTINCT SoftwareVersions FROM instances") == [("1.0",)]


def test_an_index_without_a_column_makes_checks_not_checkable(index: Path) -> None:
    """A check that can spare the attribute answers in part; one that is about it does not run."""
    with duckdb.connect(str(index)) as db:
        db.execute("ALTER TABLE instances DROP COLUMN SeriesNumber")
    result = tagwise.audit(index)
    reasons = {item.check: item.reason for item in result.not_checkable}
    runs = {run.check for run in result.runs}
    assert reasons["identity/series-uid-reused"] == "answered in part: needs SeriesNumber, which this source lacks"
    assert "identity/series-uid-reused" in runs
    assert reasons["consistency/series-number-missing"] == "needs SeriesNumber, which this source lacks"
    assert "consistency/series-number-missing" not in runs


def test_an_index_in_use_is_reported_with_the_process(index: Path) -> None:
    code = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(IndexLocked, match=f"PID {holder.pid}"):
            ArchiveIndex(index)
        with pytest.raises(IndexLocked):
            tagwise.audit(index)
        holder.communicate()
    ArchiveIndex(index).close()


def test_ctrl_c_inside_a_statement_is_ctrl_c(tmp_path: Path) -> None:
    """DuckDB turns the signal into an error of its own while a statement runs."""
    with pytest.raises(KeyboardInterrupt), explained(tmp_path):
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="anything else"), explained(tmp_path):
        raise RuntimeError("anything else")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexNotWritable, match="folder does not exist"):
        ArchiveIndex(tmp_path / "gone" / "index.duckdb")


def test_two_processes_that_make_the_same_index_do_not_overwrite_each_other(tmp_path: Path, index: Path) -> None:
    target = tmp_path / "second.duckdb"
    shutil.copy(index, target)
    before = _rows(target, "SELECT count(*) FROM instances")
    made = ArchiveIndex.__new__(ArchiveIndex)
    made.path, made.columns, made.privacy = target, (), CLEAR
    made._create()
    assert _rows(target, "SELECT count(*) FROM instances") == before
    assert not list(tmp_path.glob(".*.new*"))


def test_duckdb_draws_no_progress_bar(index: Path) -> None:
    """Under `python -c` DuckDB takes the process for an interactive one and writes a bar to standard output."""
    code = (
        "import sys, duckdb\n"
        "from tagwise.scanning.index import ArchiveIndex\n"
        "shown = \"SELECT value FROM duckdb_settings() WHERE name = 'enable_progress_bar'\"\n"
        "print(duckdb.connect().execute(shown).fetchall(), ArchiveIndex(sys.argv[1]).query(shown))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(index)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[('true',)] [('false',)]"


def test_an_index_open_in_this_process_is_in_use_and_stays_locked(index: Path) -> None:
    """POSIX locks belong to the process: opening and closing the file once more would drop the lock of the scan."""
    with ArchiveIndex(index):
        for use in (lambda: ArchiveIndex(index), lambda: tagwise.audit(index), lambda: FilesIndex(index).attach(None)):  # type: ignore[arg-type]
            with pytest.raises(IndexLocked, match="this process"):
                use()
        command = [sys.executable, "-m", "tagwise", "audit", str(index)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 2
        assert f"PID {os.getpid()}" in ran.stderr
    ArchiveIndex(index).close()


def test_a_link_to_an_index_is_the_index(index: Path, tmp_path: Path) -> None:
    """DuckDB keeps its log beside the name it is given; under two names a crash would lose one of two logs."""
    (tmp_path / "link.duckdb").symlink_to(index)
    with ArchiveIndex(tmp_path / "link.duckdb") as opened:
        assert opened.path == index.resolve()
    (tmp_path / "dangling.duckdb").symlink_to(tmp_path / "later.duckdb")
    ArchiveIndex(tmp_path / "dangling.duckdb").close()
    assert (tmp_path / "later.duckdb").is_file()


def test_paths_that_no_index_can_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexNotWritable, match="UTF-8"):
        ArchiveIndex(tmp_path / os.fsdecode(b"\xff.duckdb"))
    for path, why in (("", "empty"), ("a\0b", "null"), (tmp_path / ("n" * 300), "name too long")):
        with pytest.raises(IndexNotWritable, match=why):
            ArchiveIndex(path)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(IndexNotWritable, match="no such file"):
        ArchiveIndex("index.duckdb")


def test_what_a_killed_process_of_the_same_number_left_is_no_obstacle(tmp_path: Path) -> None:
    """In a container the number of the process is the same each time."""
    draft = tmp_path / f".new.duckdb.{os.getpid()}.new"
    with duckdb.connect(str(draft)) as db:
        db.execute("CREATE TABLE instances (a INTEGER)")
    ArchiveIndex(tmp_path / "new.duckdb").close()
    assert _rows(tmp_path / "new.duckdb", "SELECT count(*) FROM instances") == [(0,)]


def test_an_index_can_be_made_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("tagwise.scanning.index.os.link", refusing)
    ArchiveIndex(tmp_path / "index.duckdb").close()
    assert [path.name for path in tmp_path.iterdir()] == ["index.duckdb"]


def test_too_little_memory_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(ArchiveIndexError, match="more memory") as caught, explained(tmp_path):
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data of size 16.0 MiB")
    assert "not damaged" in caught.value.hint


def test_an_interrupted_statement_is_ctrl_c(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), explained(tmp_path):
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")


def test_a_name_that_is_listed_twice_is_read_once(tmp_path: Path) -> None:
    """Some file systems do so while a folder changes."""
    with ArchiveIndex(tmp_path / "index.duckdb") as archive:
        archive.begin_listing()
        archive.add_listing(["/a", "/b", "/a"], [1, 1, 1], [1, 1, 1])
        assert archive.plan()[0] == 2
        assert sorted(path for page in archive.todo(10) for path, _ in page) == ["/a", "/b"]


def test_thousands_of_roots_and_of_folders_without_permission(index: Path) -> None:
    folder = str(index.parent / "archive")
    many = [f"/other/{number}" for number in range(3000)]
    with ArchiveIndex(index) as archive:
        archive.begin_listing()
        assert archive.mark_vanished([folder], [folder, *many]) == 0
        assert archive.mark_vanished([folder, *many], many) == 2
        archive.end_listing()


def test_an_audit_says_that_the_last_scan_did_not_finish(index: Path) -> None:
    def named() -> list[str]:
        return [finding.check for finding in tagwise.audit(index).findings]

    assert "engine/scan-unfinished" not in named()
    with ArchiveIndex(index) as archive:
        archive.begin_listing()
    assert "engine/scan-unfinished" in named()
    assert tagwise.audit(index).exit_code(Severity.MEDIUM) == 1
    tagwise.scan(index.parent / "archive", index=index)
    assert "engine/scan-unfinished" not in named()
