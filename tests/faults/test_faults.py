"""What breaks in the middle of the work: nothing is lost, nothing is counted twice, and the message is clear."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.conftest import dicom_bytes

import tagwise
from tagwise.scanning.reader import HeaderReader
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tagwise.scanning.reader import FileHeader


def test_reads_that_fail_now_and_then_are_healed_by_the_next_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One read of a hundred fails: so many rows have the reason, and a scan again reads just these."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}").write_bytes(dicom_bytes(SOPInstanceUID=f"1.2.3.{number}"))
    explain = HeaderReader.explain_file

    def failing(self: HeaderReader, path: str | bytes) -> FileHeader:
        if int(os.path.basename(os.fsdecode(path))) % 100 == 37:  # noqa: PTH119 - bytes
            return self._unavailable(OSError(5, "Input/output error"))
        return explain(self, path)

    monkeypatch.setenv("TAGWISE_KERNEL", "off")
    index = tmp_path / "index.duckdb"
    with monkeypatch.context() as broken:
        broken.setattr(HeaderReader, "explain_file", failing)
        first = tagwise.scan(folder, index=index, settings=ScanSettings(jobs=1))
    assert (first.objects, first.unreadable) == (297, {"file unavailable": 3})
    second = tagwise.scan(folder, index=index, settings=ScanSettings(jobs=1))
    assert (second.changed, second.unchanged, second.objects, second.unreadable) == (3, 297, 300, {})
    with duckdb.connect(str(index), read_only=True) as db:
        assert db.execute("SELECT count(*), count(DISTINCT SOPInstanceUID) FROM instances").fetchone() == (300, 300)


_HUGE_FOLDER = """
import os, resource, sys
from tagwise.scanning import run, walk
from tagwise.scanning.index import ArchiveIndex

class Name:
    def __init__(self, path): self.path, self.name = path, path.rpartition("/")[2]
    def is_symlink(self): return False
    def is_dir(self, follow_symlinks): return False
    def stat(self, follow_symlinks): return FACTS

class Listing:
    def __enter__(self): return (Name(f"/huge/IM{number:09}.dcm") for number in range(int(sys.argv[2])))
    def __exit__(self, *_): pass

FACTS = os.stat(__file__ if "__file__" in globals() else sys.executable)
walk.os.scandir = lambda _: Listing()
walk._listable = lambda root: root
walk.os.path.isdir = lambda path: path == "/huge"
with ArchiveIndex(sys.argv[1]) as archive:
    run._list(walk.Walk(("/huge",)), archive, run._Paced(None))
    new, changed, unchanged = archive.plan()
    paths = sum(len(page) for page in archive.todo(20_000))
    print(new, changed, unchanged, paths, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _listed(index: Path, files: int) -> tuple[int, float]:
    """How many files are planned to be read, and the most memory in MiB."""
    ran = subprocess.run(
        [sys.executable, "-c", _HUGE_FOLDER, str(index), str(files)], capture_output=True, text=True, check=True
    )
    new, changed, unchanged, paths, kilobytes = map(int, ran.stdout.split())
    assert (new, changed, unchanged, paths) == (files, 0, 0, files)
    return files, kilobytes / 1024


@pytest.mark.slow
def test_ten_million_files_in_one_folder_take_bounded_memory(tmp_path: Path) -> None:
    """Every name is listed once; DuckDB has its 128 MB, and ten times the names take little more beyond it."""
    _, million = _listed(tmp_path / "1.duckdb", 1_000_000)
    _, ten = _listed(tmp_path / "10.duckdb", 10_000_000)
    assert ten < million + 150, (million, ten)
    assert ten < 600
