"""A scan ends, says what it could not read, reads again only what changed, and loses nothing when it is stopped."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.conftest import dicom_bytes, real_files

import tagwise
from tagwise.errors import BadSetting, IndexNotWritable, ReadersNotStarted, SourceMissing
from tagwise.scanning import batch, pool
from tagwise.scanning.batch import BatchReader
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.index import ArchiveIndex
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from tagwise.scanning.batch import Answer

ONE = ScanSettings(jobs=1)


def _rows(index: Path, columns: str = "file_path, read_error, vanished") -> list[tuple[object, ...]]:
    with duckdb.connect(str(index), read_only=True) as db:
        return db.execute(f"SELECT {columns} FROM instances ORDER BY file_path").fetchall()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.duckdb"


def test_every_real_file_becomes_one_row(index: Path) -> None:
    files = real_files()
    folders = {path.parent for path in files}
    summary = tagwise.scan(*folders, index=index)
    rows = _rows(index)
    assert [row[0] for row in rows] == sorted(str(path) for path in files)
    assert summary.files == len(files) == summary.new
    assert summary.objects + summary.directories == sum(row[1] is None for row in rows)
    assert (summary.objects, summary.directories) > (150, 5)


def test_one_process_and_several_give_the_same_rows(tmp_path: Path) -> None:
    folders = {path.parent for path in real_files()}
    for copy in range(3):
        shutil.copytree(real_files()[0].parent, tmp_path / "many" / str(copy))
    for jobs in (1, 3):
        settings = ScanSettings(jobs=jobs, chunk=7, batch=50)
        tagwise.scan(*folders, tmp_path / "many", index=tmp_path / f"{jobs}.duckdb", settings=settings)
    assert _rows(tmp_path / "1.duckdb", "*") == _rows(tmp_path / "3.duckdb", "*")


def test_an_empty_folder_gives_an_empty_index(tmp_path: Path, index: Path) -> None:
    (tmp_path / "empty").mkdir()
    summary = tagwise.scan(tmp_path / "empty", index=index)
    assert (summary.files, summary.objects, _rows(index)) == (0, 0, [])


def test_a_missing_path_leaves_no_index(tmp_path: Path, index: Path) -> None:
    with pytest.raises(SourceMissing, match="gone"):
        tagwise.scan(tmp_path / "gone", index=index)
    assert not index.exists()


def test_odd_files_are_rows_with_a_reason(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    good = dicom_bytes()
    (folder / "a-zero").touch()
    (folder / "b-text").write_text("Dear colleague, please find enclosed. " * 20)
    (folder / "c-truncated").write_bytes(good[:-21])
    (folder / "d-length").write_bytes(good.replace(b"\x08\x00\x60\x00CS\x02\x00", b"\x08\x00\x60\x00CS\xff\x7f"))
    os.mkfifo(folder / "e-fifo")
    (folder / "f-null").symlink_to("/dev/null")
    (folder / "g-nowhere").symlink_to(folder / "not-there")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "h-socket"))
    (folder / os.fsdecode(b"i-\xff\xfe")).write_bytes(good)
    summary = tagwise.scan(folder, index=index)
    errors = {Path(str(path)).name: error for path, error, _ in _rows(index)}
    assert summary.files == 9
    assert errors.pop("i-%FF%FE") is None
    starts = {
        "a-zero": "empty file",
        "b-text": "not DICOM",
        "c-truncated": "truncated",
        "d-length": "truncated",
        "e-fifo": "file unavailable",
        "f-null": "file unavailable",
        "g-nowhere": "file unavailable",
        "h-socket": "file unavailable",
    }
    assert {name: str(error).partition(":")[0] for name, error in errors.items()} == starts
    assert summary.unreadable == {"file unavailable": 4, "truncated": 2, "empty file": 1, "not DICOM": 1}
    assert "(0008,0060)" in str(errors["d-length"])


def test_a_second_scan_reads_only_new_and_changed_files(
    archive: Callable[..., Path], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = archive({}, {}, {}, {})
    tagwise.scan(folder, index=index, settings=ONE)
    (folder / "IM0000").write_bytes(dicom_bytes(Modality="MR", StationName="CHANGED"))
    (folder / "IM0001").unlink()
    (folder / "NEW").write_bytes(dicom_bytes(StationName="NEW"))
    asked: list[str] = []
    read = BatchReader.read

    def noting(reader: BatchReader, paths: list[str]) -> Answer:
        asked.extend(paths)
        return read(reader, paths)

    monkeypatch.setattr(BatchReader, "read", noting)
    summary = tagwise.scan(folder, index=index, settings=ONE)
    assert sorted(Path(path).name for path in asked) == ["IM0000", "NEW"]
    assert (summary.new, summary.changed, summary.unchanged, summary.vanished) == (1, 1, 2, 1)


def test_a_vanished_file_is_marked_and_comes_back(archive: Callable[..., Path], index: Path) -> None:
    folder = archive({}, {})
    tagwise.scan(folder, index=index)
    kept = (folder / "IM0001").rename(folder.parent / "aside")
    summary = tagwise.scan(folder, index=index)
    assert summary.vanished == 1
    assert [bool(row[2]) for row in _rows(index)] == [False, True]
    assert tagwise.audit(index).counts.instances == 1
    kept.rename(folder / "IM0001")
    summary = tagwise.scan(folder, index=index)
    assert (summary.vanished, summary.changed) == (0, 1)
    assert [bool(row[2]) for row in _rows(index)] == [False, False]


def test_files_below_other_roots_do_not_vanish(archive: Callable[..., Path], tmp_path: Path, index: Path) -> None:
    tagwise.scan(archive({}), index=index)
    (tmp_path / "archive2").mkdir()
    (tmp_path / "archive2" / "other").write_bytes(dicom_bytes())
    summary = tagwise.scan(tmp_path / "archive2", index=index)
    assert (summary.vanished, summary.files) == (0, 1)
    assert len(_rows(index)) == 2


def test_a_file_the_system_refused_is_tried_again(archive: Callable[..., Path], index: Path) -> None:
    folder = archive({})
    link = folder / "late"
    link.symlink_to(folder.parent / "target")
    assert tagwise.scan(folder, index=index).unreadable == {"file unavailable": 1}
    (folder.parent / "target").write_bytes(dicom_bytes())
    assert tagwise.scan(folder, index=index).unreadable == {}


def test_the_index_inside_the_folder_is_not_scanned(archive: Callable[..., Path]) -> None:
    folder = archive({})
    for _ in range(2):
        assert tagwise.scan(folder, index=folder / "index.duckdb").files == 1


def test_equal_headers_have_equal_digests(archive: Callable[..., Path], index: Path) -> None:
    folder = archive({})
    shutil.copy(folder / "IM0000", folder / "copy")
    (folder / "other").write_bytes(dicom_bytes(StationName="CT02"))
    tagwise.scan(folder, index=index)
    first, copy, other = (row[0] for row in _rows(index, "header_digest"))
    assert first == copy != other


def _many(folder: Path, number: int) -> Path:
    folder.mkdir()
    data = dicom_bytes()
    for place in range(number):
        (folder / f"{place:05}").write_bytes(data)
    return folder


_SLOW = """
import sys, time, tagwise
from tagwise.settings import ScanSettings
from tagwise.scanning.batch import BatchReader
real = BatchReader.read
def slow(*arguments):
    time.sleep(0.05)
    return real(*arguments)
BatchReader.read = slow
tell = lambda phase, done, total: print(phase, done, flush=True)
tagwise.scan(sys.argv[1], index=sys.argv[2], settings=ScanSettings(jobs=1, chunk=10, batch=20), progress=tell)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_scan_leaves_an_index_that_continues(tmp_path: Path, index: Path, how: signal.Signals) -> None:
    folder = _many(tmp_path / "many", 300)
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(folder), str(index)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as scanner:
        assert scanner.stdout is not None
        for line in scanner.stdout:
            phase, done = line.split()
            if phase == b"reading" and int(done) >= 100:
                break
        scanner.send_signal(how)
        scanner.stdout.read()
        scanner.wait()
    before = len(_rows(index))
    assert 0 < before < 300
    summary = tagwise.scan(folder, index=index)
    assert (summary.unchanged, summary.new) == (before, 300 - before)
    assert len(_rows(index)) == 300


def _break_readers(monkeypatch: pytest.MonkeyPatch, mark: bytes, action: str) -> None:
    """Let reading processes do something else with a file that starts with the mark."""
    code = (
        "import os, time\n"
        "from tagwise.scanning import reader, worker\n"
        "real = reader.HeaderReader.explain_file\n"
        "def explain_file(self, path):\n"
        f"    if open(path, 'rb').read(4) == {mark!r}: {action}\n"
        "    return real(self, path)\n"
        "reader.HeaderReader.explain_file = explain_file\n"
        "worker.main()\n"
    )
    start = subprocess.Popen
    monkeypatch.setattr(pool.subprocess, "Popen", lambda _, **how: start([sys.executable, "-c", code], **how))


def test_a_reader_that_dies_costs_only_the_file_it_died_on(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _many(tmp_path / "many", 300)
    (folder / "00150").write_bytes(b"KILL" + dicom_bytes())
    _break_readers(monkeypatch, b"KILL", "os._exit(9)")
    summary = tagwise.scan(folder, index=index, settings=ScanSettings(jobs=2, chunk=64))
    assert summary.unreadable == {"damaged encoding": 1}
    assert len(_rows(index)) == 300


def test_a_reader_that_hangs_costs_only_the_file_it_hung_on(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _many(tmp_path / "many", 210)
    (folder / "00150").write_bytes(b"HANG" + dicom_bytes())
    _break_readers(monkeypatch, b"HANG", "time.sleep(600)")
    summary = tagwise.scan(folder, index=index, settings=ScanSettings(jobs=2, chunk=64, stall_seconds=3))
    assert summary.unreadable == {"file unavailable": 1}
    assert "no answer" in str(next(error for _, error, _ in _rows(index) if error))


def test_a_file_that_vanishes_during_the_scan_is_a_row(
    archive: Callable[..., Path], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = archive({}, {})
    read = BatchReader.read

    def vanishing(reader: BatchReader, paths: list[str]) -> Answer:
        (folder / "IM0001").unlink()
        return read(reader, paths)

    monkeypatch.setattr(BatchReader, "read", vanishing)
    summary = tagwise.scan(folder, index=index, settings=ONE)
    assert (summary.objects, summary.unreadable) == (1, {"file unavailable": 1})


def _limit_file_size() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (800_000, 800_000))


def test_a_full_disk_is_reported_and_the_index_goes_on(tmp_path: Path, index: Path) -> None:
    """A limit on the size of files stands for a disk that is full: writing fails in the same place."""
    folder = _many(tmp_path / "many", 1500)
    for place in range(1500):
        own = dicom_bytes(SOPInstanceUID=f"1.2.826.{place * 7919}", StudyDescription=os.urandom(30).hex())
        (folder / f"{place:05}").write_bytes(own)
    code = (
        "import sys, tagwise\n"
        "from tagwise.settings import ScanSettings\n"
        "from tagwise.errors import IndexNotWritable\n"
        "try: tagwise.scan(sys.argv[1], index=sys.argv[2], settings=ScanSettings(jobs=1, batch=200))\n"
        "except IndexNotWritable as error: print('full:', error, error.hint)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(index)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit_file_size,
    )
    assert ran.stdout.startswith("full: index"), ran.stderr
    assert "run the same command again" in ran.stdout
    assert tagwise.scan(folder, index=index).files == 1500
    assert len(_rows(index)) == 1500


def test_progress_counts_up_to_the_total(archive: Callable[..., Path], index: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    tagwise.scan(archive({}, {}, {}), index=index, progress=lambda *step: seen.append(step))
    assert seen[-1] == ("reading", 3, 3)
    assert ("listing", 3, 3) in seen


def test_no_jobs_are_refused() -> None:
    with pytest.raises(BadSetting, match="at least 1 process"):
        ScanSettings(jobs=0)


def test_an_index_in_a_folder_without_permission_is_named(archive: Callable[..., Path]) -> None:
    folder = archive({})
    with pytest.raises(IndexNotWritable):
        tagwise.scan(folder, index=Path("/proc/index.duckdb"))


def test_the_log_of_the_index_belongs_to_its_owner_too(archive: Callable[..., Path], index: Path) -> None:
    modes: set[int] = set()

    def look(*_: object) -> None:
        modes.update(stat.S_IMODE(path.stat().st_mode) for path in index.parent.glob("index.duckdb*"))

    before = os.umask(0o022)
    try:
        tagwise.scan(archive({}, {}, {}), index=index, settings=ONE, progress=look)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert modes == {0o600}


def test_a_vanished_file_whose_name_is_no_utf8_is_marked(archive: Callable[..., Path], index: Path) -> None:
    folder = archive({})
    odd = folder / os.fsdecode(b"\xff\xfe")
    odd.write_bytes(dicom_bytes())
    tagwise.scan(folder, index=index)
    odd.unlink()
    assert tagwise.scan(folder, index=index).vanished == 1


def test_a_time_that_the_index_cannot_hold_is_no_obstacle(index: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))  # noqa: S108 - tmpfs
    try:
        (folder / "a").write_bytes(dicom_bytes())
        os.utime(folder / "a", (2**50, 2**50))
        if (folder / "a").stat().st_mtime_ns < 2**63:
            pytest.skip("this file system has no such times")
        tagwise.scan(folder, index=index)
        assert tagwise.scan(folder, index=index).unchanged == 1
    finally:
        shutil.rmtree(folder)


def test_ctrl_c_right_after_a_commit_writes_nothing_twice(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _many(tmp_path / "many", 50)
    write = ArchiveIndex.write

    def interrupted(self: ArchiveIndex, rows: pa.Table, references: pa.Table, *, replaces: bool) -> None:
        write(self, rows, references, replaces=replaces)
        monkeypatch.setattr(ArchiveIndex, "write", write)
        raise KeyboardInterrupt

    monkeypatch.setattr(ArchiveIndex, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tagwise.scan(folder, index=index, settings=ScanSettings(jobs=1, chunk=10, batch=20))
    assert len(_rows(index)) == len(set(_rows(index))) == 20
    tagwise.scan(folder, index=index)
    assert len(_rows(index)) == 50


@pytest.mark.parametrize("jobs", [1, 2])
def test_huge_values_come_in_parts(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    folder = _many(tmp_path / "many", 210)
    monkeypatch.setattr(batch, "_MOST_TEXT", 500)
    code = "from tagwise.scanning import batch, worker\nbatch._MOST_TEXT = 500\nworker.main()\n"
    start = subprocess.Popen
    monkeypatch.setattr(pool.subprocess, "Popen", lambda _, **how: start([sys.executable, "-c", code], **how))
    part = BatchReader(scan_columns()).read([str(path) for path in folder.iterdir()])
    assert 0 < len(part.places()) < 10
    assert tagwise.scan(folder, index=index, settings=ScanSettings(jobs=jobs)).objects == 210
    assert len(_rows(index)) == 210


def test_readers_that_cannot_start_blame_no_file(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _many(tmp_path / "many", 210)
    for program in (shutil.which("false"), str(tmp_path / "no-python")):
        monkeypatch.setattr(pool.sys, "executable", program)
        with pytest.raises(ReadersNotStarted) as caught:
            tagwise.scan(folder, index=index, settings=ScanSettings(jobs=2))
        assert "--jobs 1" in caught.value.hint
    assert _rows(index) == []


def test_readers_find_what_the_caller_found(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script may have added the folder of tagwise to sys.path by itself."""
    monkeypatch.syspath_prepend(str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "beside.py").touch()
    monkeypatch.setattr(pool, "_START", pool._START.replace("from ", "import beside; from ", 1))
    summary = tagwise.scan(_many(tmp_path / "many", 210), index=index, settings=ScanSettings(jobs=2))
    assert summary.objects == 210


def test_a_caller_with_a_thousand_open_files_can_scan(tmp_path: Path, index: Path) -> None:
    code = (
        "import os, resource, sys, tagwise; from tagwise.settings import ScanSettings\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1300, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]\n"
        "print(tagwise.scan(sys.argv[1], index=sys.argv[2], settings=ScanSettings(jobs=2)).objects)\n"
    )
    folder = _many(tmp_path / "many", 210)
    ran = subprocess.run([sys.executable, "-c", code, folder, index], capture_output=True, text=True, check=False)
    assert ran.stdout == "210\n", ran.stderr


@pytest.mark.parametrize("setting", [{"chunk": 0}, {"batch": 0}, {"stall_seconds": float("nan")}])
def test_settings_out_of_range_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(BadSetting):
        ScanSettings(**setting)  # type: ignore[arg-type]
