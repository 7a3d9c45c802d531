"""A scan of a bucket gives the rows of the same files in a folder, from a part of their bytes."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.conftest import dicom_bytes, real_files
from tests.stores.s3_server import BUCKET

import tagwise
from tagwise.errors import SourceMissing
from tagwise.scanning import run
from tagwise.scanning.roots import Roots
from tagwise.scanning.stores.window import FIRST
from tagwise.settings import ScanSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stores.s3_server import S3Server

ROOT = f"s3://{BUCKET}"
ONE = ScanSettings(jobs=1)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.duckdb"


def rows(index: Path, start: str, columns: str = "* EXCLUDE (file_path, file_modified)") -> list[tuple[object, ...]]:
    """The rows by their paths below `start`, with what says file or object made the same."""
    with duckdb.connect(str(index), read_only=True) as db:
        return db.execute(
            f"SELECT substr(file_path, {len(start) + 2}) AS path, {columns} FROM instances ORDER BY path"
        ).fetchall()


def state(index: Path) -> dict[str, tuple[object, ...]]:
    """By key: whether it was read without an error, and whether it has vanished."""
    found = rows(index, ROOT, "read_error IS NULL, vanished IS NOT NULL")
    return {str(key): tuple(facts) for key, *facts in found}


def test_rows_are_those_of_the_same_files_in_a_folder(server: S3Server, tmp_path: Path) -> None:
    """Every real file, damaged ones too, has the row that it has in a folder, but for its time."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number, path in enumerate(real_files()):
        shutil.copy(path, folder / f"{number:03} {path.name}")
    server.put_folder(folder)
    here, there = tmp_path / "here.duckdb", tmp_path / "there.duckdb"
    tagwise.scan(folder, index=here, settings=replace(ONE, containers=False))  # objects in stores are not looked into
    summary = tagwise.scan(ROOT, index=there, settings=ONE)
    assert summary.roots == (ROOT,)
    assert summary.objects > 150
    expected = rows(here, str(folder))
    found = rows(there, ROOT)
    assert [row[0] for row in found] == [row[0] for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert [str(value).replace("the object", "the file") for value in one] == [str(value) for value in other]


@pytest.mark.slow
def test_findings_are_those_of_the_same_files_in_a_folder(server: S3Server, tmp_path: Path, index: Path) -> None:
    """An audit finds the same in both, with the same counts."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(6):
        uid = {"SOPInstanceUID": f"1.2.3.{number // 2}", "PatientID": f"P{number % 3}", "InstanceNumber": str(number)}
        (folder / str(number)).write_bytes(dicom_bytes(**uid))
    server.put_folder(folder)
    here = tmp_path / "here.duckdb"
    tagwise.scan(folder, index=here, settings=ONE)
    tagwise.scan(ROOT, index=index, settings=ONE)
    expected, found = (
        [(finding.check, finding.subject, finding.message) for finding in tagwise.audit(one).findings]
        for one in (here, index)
    )
    assert len(expected) > 3
    assert found == expected


def test_pixel_data_stays_where_it_is(server: S3Server, index: Path) -> None:
    """Of each object one window is asked for, however large its pixel data are."""
    for number in range(4):
        server.put(
            f"{number}",
            dicom_bytes(SOPInstanceUID=f"1.2.{number}") + b"\xe0\x7f\x10\0OW\0\0\0\0\x20\0" + bytes(2 << 20),
        )
    summary = tagwise.scan(ROOT, index=index, settings=ONE)
    assert summary.objects == 4
    assert [asked.range for asked in server.gets()] == [f"bytes=0-{FIRST - 1}"] * 4
    assert sum(asked.size for asked in server.asked) < 4 * FIRST + 10_000


ENDLESS, END = b"SQ\0\0\xff\xff\xff\xff", b"\xfe\xff\xdd\xe0\0\0\0\0"
"""A sequence of undefined length: its VR and length, and what ends it."""


def in_front(element: bytes) -> bytes:
    """An object with a private element in front of its Study Instance UID."""
    content = dicom_bytes()
    at = content.index(b"\x20\0\x0d\0")
    return content[:at] + b"\x1f\0\x10\x10" + element + content[at:]


def test_a_header_beyond_the_first_window(server: S3Server, tmp_path: Path, index: Path) -> None:
    """What is skipped is not asked for, what is walked through in growing parts; the row is that of a file."""
    item = b"\xfe\xff\0\xe0\x0c\0\0\0\x1f\0\1\0UL\4\0\0\0\0\0"
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "skipped").write_bytes(in_front(b"OB\0\0" + (3 << 20).to_bytes(4, "little") + bytes(3 << 20)))
    (folder / "walked").write_bytes(in_front(ENDLESS + 40_000 * item + END))
    server.put_folder(folder)
    here = tmp_path / "here.duckdb"
    tagwise.scan(folder, index=here, settings=ONE)
    tagwise.scan(ROOT, index=index, settings=ONE)
    assert rows(index, ROOT) == rows(here, str(folder))
    assert all(good for good, _ in state(index).values())
    skipped, walked_through = (
        [asked.size for asked in server.gets() if asked.path.endswith(name)] for name in ("skipped", "walked")
    )
    assert len(skipped) == 2
    assert sum(skipped) < 2 * FIRST
    assert len(walked_through) < 8
    assert sum(walked_through) < 2 * 40_000 * len(item)


def test_only_what_changed_is_read_again(server: S3Server, index: Path) -> None:
    """New and changed objects are read, one replaced within a second by as many bytes too; vanished ones are marked."""
    for number in range(5):
        server.put(f"a/{number}", dicom_bytes(SOPInstanceUID=f"1.2.{number}"))
    tagwise.scan(ROOT, index=index, settings=ONE)
    server.asked.clear()
    again = tagwise.scan(ROOT, index=index, settings=ONE)
    assert (again.unchanged, again.read, server.gets()) == (5, 0, [])
    server.put("a/0", dicom_bytes(SOPInstanceUID="1.2.9"))
    server.put("a/6", dicom_bytes(SOPInstanceUID="1.2.6"))
    server.delete("a/1")
    third = tagwise.scan(ROOT, index=index, settings=ONE)
    assert (third.new, third.changed, third.unchanged, third.vanished) == (1, 1, 3, 1)
    assert sorted(asked.path for asked in server.gets()) == [f"/{BUCKET}/a/0", f"/{BUCKET}/a/6"]
    assert rows(index, ROOT, "SOPInstanceUID")[0] == ("a/0", "1.2.9")
    assert state(index)["a/1"] == (True, True)


def test_folders_and_buckets_in_one_call(server: S3Server, tmp_path: Path, index: Path) -> None:
    """What vanished is known for each root by itself; a prefix ends where a folder would."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one").write_bytes(dicom_bytes())
    for key in ("in/x", "in/deep/y", "inner/z"):
        server.put(key, dicom_bytes())
    both = tagwise.scan(folder, f"{ROOT}/in/", f"{ROOT}/in/deep", index=index, settings=ONE)
    assert both.roots == (str(folder), f"{ROOT}/in")
    with duckdb.connect(str(index), read_only=True) as db:
        found = db.execute("SELECT file_path FROM instances ORDER BY file_path").fetchall()
    assert found == [(str(folder / "one"),), (f"{ROOT}/in/deep/y",), (f"{ROOT}/in/x",)]
    (folder / "one").unlink()
    assert tagwise.scan(f"{ROOT}/inner", f"{ROOT}/in/x", index=index, settings=ONE).vanished == 0
    assert tagwise.scan(folder, index=index, settings=ONE).vanished == 1


def test_processes_give_the_rows_of_one(server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reading processes find the store by themselves."""
    for number in range(30):
        server.put(f"{number:02}", dicom_bytes(SOPInstanceUID=f"1.2.{number}"))
    monkeypatch.setattr(run, "_FEW", 1)
    one, two = tmp_path / "one.duckdb", tmp_path / "two.duckdb"
    tagwise.scan(ROOT, index=one, settings=ONE)
    tagwise.scan(ROOT, index=two, settings=ScanSettings(jobs=2, chunk=5))
    assert rows(one, ROOT, "*") == rows(two, ROOT, "*")
    assert len(rows(one, ROOT)) == 30


ODD = [
    "a b",
    "a%20b",
    "a#b",
    "a?b",
    "a*b",
    "\u00e4/\u00f6",
    "[x]~y",
    "back\\slash",
    "a+b&c",
    "<x>",
    '"q"',
    "e'x",
    "\U0001f600",
    "C:/x",
]


def test_keys_are_what_they_are(server: S3Server, index: Path) -> None:
    """No character of a key is escaped, neither on the way to the store nor in the index."""
    for key in ODD:
        server.put(key, dicom_bytes())
    tagwise.scan(ROOT, index=index, settings=ONE)
    assert state(index) == dict.fromkeys(sorted(ODD, key=str.encode), (True, False))
    assert tagwise.scan(f"{ROOT}/a?b", index=index, settings=ONE).unchanged == 1


def test_folders_of_consoles_are_no_objects(server: S3Server, index: Path) -> None:
    """An object of no bytes whose key ends in a slash has no row; any other one has, with its reason."""
    server.put("study/", b"")
    server.put("study/empty", b"")
    server.put("study/good", dicom_bytes())
    summary = tagwise.scan(ROOT, index=index, settings=ONE)
    assert state(index) == {"study/empty": (False, False), "study/good": (True, False)}
    assert summary.unreadable == {"empty file": 1}
    assert tagwise.scan(ROOT, index=index, settings=ONE).unchanged == 2


def test_a_key_that_the_client_cannot_list_costs_its_level(server: S3Server, index: Path) -> None:
    """The other prefixes are listed, the level has a row that says why, and nothing below it counts as vanished."""
    keys = ["a/1", "bad/deep/2", "bad/3", "c/4"]
    for key in keys:
        server.put(key, dicom_bytes())
    tagwise.scan(ROOT, index=index, settings=ONE)
    server.put("bad//5", dicom_bytes())
    server.put("c/6", dicom_bytes())
    summary = tagwise.scan(ROOT, index=index, settings=ONE)
    assert summary.vanished == 0
    assert state(index) == {**dict.fromkeys([*keys, "c/6"], (True, False)), "bad/": (False, False)}
    ((_, reason),) = [row for row in rows(index, ROOT, "read_error") if row[0] == "bad/"]
    assert reason == (
        "file unavailable: the objects right below this prefix cannot be listed: "
        "a key holds '//', '..' or a control character"
    )
    server.delete("bad//5")
    assert tagwise.scan(ROOT, index=index, settings=ONE).vanished == 1
    assert state(index)["bad/"] == (False, True)


def test_more_objects_than_one_page_holds(server: S3Server) -> None:
    """Every object is listed once, and no page is asked for before the one in front of it was taken."""
    for number in range(2345):
        server.put(f"{number:05}", b"x")
    roots = Roots((ROOT,))
    entries = iter(roots)
    first = list(itertools.islice(entries, 10))
    assert len(server.asked) == 1
    assert [entry.path for entry in (*first, *entries)] == [f"{ROOT}/{number:05}" for number in range(2345)]
    assert len(server.asked) == 3


@pytest.mark.parametrize("path", ["s3://", "s3:///key", f"{ROOT}/nothing", f"{ROOT}/a//b", f"{ROOT}/../x"])
def test_addresses_that_name_nothing(server: S3Server, index: Path, path: str) -> None:
    """They are refused before there is an index."""
    server.put("nothing-else", b"x")
    with pytest.raises(SourceMissing):
        tagwise.scan(path, index=index)
    assert not index.exists()


def test_one_object_and_an_empty_bucket(server: S3Server, index: Path) -> None:
    """An address may be that of one object; a bucket may have none."""
    assert tagwise.scan(ROOT, index=index, settings=ONE).files == 0
    server.put("x/y.dcm", dicom_bytes())
    assert tagwise.scan(f"{ROOT}/x/y.dcm", index=index, settings=ONE).objects == 1
    server.delete("x/y.dcm")
    assert tagwise.scan(ROOT, index=index, settings=ONE).vanished == 1


_SMALL = """
import sys, tagwise
from tagwise.settings import ScanSettings
tell = lambda phase, done, total: print(phase, done, flush=True)
settings = ScanSettings(jobs=1, in_flight=2, chunk=4, batch=4)
tagwise.scan(sys.argv[1], index=sys.argv[2], progress=tell, settings=settings)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_a_killed_scan_is_continued(server: S3Server, index: Path, how: signal.Signals) -> None:
    """What was read is not read again, and in the end every object has one row."""
    for number in range(60):
        server.put(f"{number:02}", dicom_bytes(SOPInstanceUID=f"1.2.{number}"))
    server.delay = 0.02
    with subprocess.Popen(
        [sys.executable, "-c", _SMALL, ROOT, str(index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    ) as scanner:
        assert scanner.stdout is not None
        for line in scanner.stdout:
            phase, done = line.split()
            if phase == b"reading" and int(done) >= 12:
                break
        scanner.send_signal(how)
        scanner.wait()
    server.delay = 0.0
    before = len(rows(index, ROOT))
    assert 0 < before < 60
    server.asked.clear()
    assert tagwise.scan(ROOT, index=index, settings=ONE).objects == 60
    assert len(server.gets()) == 60 - before
    assert len(state(index)) == len(rows(index, ROOT)) == 60
