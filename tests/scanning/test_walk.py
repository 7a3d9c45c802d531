"""The walk finds every file once, whatever the folders look like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagwise.errors import SourceMissing
from tagwise.scanning.walk import Walk, real_path, shown_path, storable_time


def _found(*roots: Path, skip: frozenset[str] = frozenset()) -> list[str]:
    return sorted(entry.path for entry in Walk(tuple(map(str, roots)), skip=skip))


def _tree(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_files_are_found_at_any_depth_whatever_their_name(tmp_path: Path) -> None:
    names = ["IM0001", "a.dcm", "deep/er/still/.hidden", "deep/with space/ü.txt"]
    _tree(tmp_path, *names)
    assert _found(tmp_path) == sorted(str(tmp_path / name) for name in names)


def test_size_and_time_come_with_each_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (entry,) = Walk((str(tmp_path),))
    assert (entry.size, entry.modified) == (5, (tmp_path / "a").stat().st_mtime_ns)


def test_a_root_may_be_a_file(tmp_path: Path) -> None:
    _tree(tmp_path, "a", "b")
    assert _found(tmp_path / "a") == [str(tmp_path / "a")]


def test_a_root_named_twice_or_inside_another_is_read_once(tmp_path: Path) -> None:
    _tree(tmp_path, "x/a", "x/y/b")
    assert len(_found(tmp_path / "x", tmp_path / "x" / "y", tmp_path / "x", tmp_path / "x" / "." / "y" / "b")) == 2


def test_a_link_to_its_own_parent_does_not_loop(tmp_path: Path) -> None:
    _tree(tmp_path, "a/file")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    assert str(tmp_path / "a" / "file") in _found(tmp_path)
    assert len(_found(tmp_path)) == 2  # the file, and the link that leads nowhere


def test_links_out_of_the_roots_are_followed_once(tmp_path: Path) -> None:
    _tree(tmp_path, "out/one", "out/deep/two", "root/own")
    for number, target in enumerate(["out/deep", "out", "out", "out/deep/two", "root/own"]):
        (tmp_path / "root" / f"link{number}").symlink_to(tmp_path / target)
    found = _found(tmp_path / "root")
    assert sorted(Path(path).name for path in found) == ["one", "own", "two"]


def test_links_between_two_outside_folders_end(tmp_path: Path) -> None:
    _tree(tmp_path, "a/one", "b/two", "root/own")
    (tmp_path / "root" / "a").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "a").symlink_to(tmp_path / "a")
    assert sorted(Path(path).name for path in _found(tmp_path / "root")) == ["one", "own", "two"]


def test_the_index_itself_is_left_out(tmp_path: Path) -> None:
    _tree(tmp_path, "a", "index.duckdb")
    assert _found(tmp_path, skip=frozenset({str(tmp_path / "index.duckdb")})) == [str(tmp_path / "a")]


def test_a_missing_root_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="no such file or directory") as caught:
        Walk((str(tmp_path), str(tmp_path / "gone")))
    assert "mounted" in caught.value.hint


def test_names_that_are_no_utf8_come_back_as_they_were() -> None:
    name = os.fsdecode(b"/data/IM\xff\xfe 1")
    assert shown_path(name) == "file:///data/IM%FF%FE%201"
    assert real_path(shown_path(name)) == b"/data/IM\xff\xfe 1"
    assert real_path(shown_path("/data/100%25")) == b"/data/100%25"


def test_a_folder_without_permission_is_listed_as_such(tmp_path: Path) -> None:
    _tree(tmp_path, "open/a", "shut/b")
    (tmp_path / "shut").chmod(0)
    code = (
        "import os, sys\n"
        "from tagwise.scanning.walk import Walk\n"
        "if os.geteuid() == 0: os.setegid(65534); os.seteuid(65534)\n"
        "walk = Walk((sys.argv[1],)); found = sorted(e.path for e in walk)\n"
        "print(found, walk.unlisted)\n"
        "try: Walk((sys.argv[1] + '/shut',))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if "pytest-" in str(folder):
            folder.chmod(0o755)
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    (tmp_path / "shut").chmod(0o700)
    first, second = ran.stdout.splitlines()
    assert first == f"{[str(tmp_path / 'open' / 'a'), str(tmp_path / 'shut')]} {[str(tmp_path / 'shut')]}"
    assert second.startswith("SourceMissing")
    assert "permission denied" in second


def test_the_text_of_a_path_does_not_depend_on_the_locale() -> None:
    code = (
        "import os; from tagwise.scanning.walk import real_path, shown_path\n"
        "text = shown_path(os.fsdecode(b'/data/\\xc3\\xbc')); print(ascii(text), real_path(text))"
    )
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=plain)
    assert ran.stdout == "'/data/\\xfc' b'/data/\\xc3\\xbc'\n", ran.stderr


@pytest.mark.parametrize(("roots", "why"), [((), "no path"), (("",), "empty path"), (("/tmp/a\0b",), "null")])  # noqa: S108 - not used
def test_roots_that_are_no_paths_are_refused(roots: tuple[str, ...], why: str) -> None:
    with pytest.raises(SourceMissing, match=why):
        Walk(roots)


def test_the_index_is_left_out_by_whatever_link_the_walk_comes(tmp_path: Path) -> None:
    _tree(tmp_path, "real/a", "real/index.duckdb", "real/index.duckdb.tmp/spill")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    index = os.path.realpath(tmp_path / "real" / "index.duckdb")
    assert _found(tmp_path / "link", skip=frozenset({index, index + ".tmp"})) == [str(tmp_path / "link" / "a")]


def test_a_time_beyond_64_bits_is_kept_as_the_last_one_there_is() -> None:
    assert storable_time(2**80) == 2**63 - 1
    assert storable_time(-(2**80)) == -(2**63)
    assert storable_time(-1) == -1
