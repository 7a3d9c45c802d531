"""`tagwise check` on archives: every member is an object, and none is written to where its name leads."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_check import BAD, CLASS, GOOD, tagwise
from tests.containers.made import gzipped, plain_files, tarred, zipped

import tagwise as library
from tagwise.checks.writing import Given, data_set, meta
from tagwise.errors import SourceMissing
from tagwise.scanning.containers import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_FORMS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda files: gzipped(tarred(files)),
}

_FIXABLE = bytes(128) + b"DICM" + meta(sop_class=CLASS)
_FIXABLE += data_set([Given("SOPClassUID", "UI", CLASS), Given("SOPInstanceUID", "UI", b"1.2.826.0.1.1 ")])
"""A UID padded with a space, where it has to be a NUL."""


def _told(*arguments: str | Path) -> list[dict[str, Any]]:
    """The objects of a run, as JSON."""
    objects: list[dict[str, Any]] = json.loads(tagwise(*arguments, "--format", "json").stdout)["objects"]
    return objects


def _without_place(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said of each object, without where it was."""
    kept = []
    for one in objects:
        text = json.dumps({key: value for key, value in one.items() if key != "source"})
        kept.append(json.loads(text.replace(json.dumps(one["source"])[1:-1], "HERE")))
    return kept


@pytest.mark.parametrize("form", _FORMS)
def test_members_are_told_as_the_files_are(tmp_path: Path, form: str) -> None:
    """Every real file in an archive has the findings that it has outside, under the name that a scan gives it."""
    files = {name: content for name, content in list(plain_files().items())[::6] if content}
    for number, content in enumerate(files.values()):
        (tmp_path / f"{number:03}").write_bytes(content)
    plain = [_told(tmp_path / f"{number:03}")[0] for number in range(len(files))]
    archive = tmp_path / f"all.{form}"
    archive.write_bytes(_FORMS[form](files))
    inside = [one for one in _told(archive) if "cannot be read: a " not in json.dumps(one)]
    assert [one["source"] for one in inside] == [f"{archive}!/{name}" for name in files]
    assert _without_place(inside) == _without_place(plain)


def test_one_member_by_its_path(tmp_path: Path) -> None:
    """Only it is checked, from Python too; a name that is not there is refused with some that are."""
    archive = tmp_path / "study.zip"
    archive.write_bytes(zipped({"a/good": GOOD, "a/bad": BAD}))
    assert [one["source"] for one in _told(f"{archive}!/a/bad")] == [f"{archive}!/a/bad"]
    assert tagwise(f"{archive}!/a/good").exit_code == 0
    assert library.check(f"{archive}!/a/bad").findings == library.check(f"{archive}!/a/bad").findings != ()
    missing = tagwise(f"{archive}!/a/ugly")
    assert missing.exit_code == 2
    assert "there is no member 'a/ugly'" in missing.output
    assert "a/good, a/bad" in missing.output
    with pytest.raises(SourceMissing):
        library.check(f"{archive}!/a/ugly")


def test_only_the_wanted_member_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large neighbour costs its first bytes at most: its limit is not met."""
    monkeypatch.setattr(whole, "MOST", len(GOOD))
    (tmp_path / "study.zip").write_bytes(zipped({"large": GOOD + bytes(1000), "good": GOOD}))
    assert [one.content for one in whole.members(str(tmp_path / "study.zip"), "good")] == [b"", GOOD]
    assert tagwise(tmp_path / "study.zip!" / "good").exit_code == 0


def test_a_folder_with_archives_is_checked_in_the_order_of_names(tmp_path: Path) -> None:
    """Files and members take turns; an archive in an archive is looked into."""
    (tmp_path / "1").write_bytes(GOOD)
    (tmp_path / "2.zip").write_bytes(zipped({"bad": BAD, "inner.tar": tarred({"good": GOOD})}))
    (tmp_path / "3").write_bytes(BAD)
    (tmp_path / "4.dcm.gz").write_bytes(gzipped(GOOD))
    told = _told(tmp_path)
    names = ["1", "2.zip!/bad", "2.zip!/inner.tar!/good", "3", "4.dcm.gz!/4.dcm"]
    assert [one["source"] for one in told] == [str(tmp_path / name) for name in names]
    assert [bool(one["findings"]) for one in told] == [False, True, False, True, False]


def test_what_cannot_be_had_is_a_finding(tmp_path: Path) -> None:
    """An archive that is cut off, a third level, and a member without bytes: each says why, and the rest is checked."""
    cut = tmp_path / "cut.tar"
    cut.write_bytes(tarred({"good": GOOD, "late": BAD})[: 512 + len(GOOD) + 900])
    deep = tmp_path / "deep.zip"
    deep.write_bytes(zipped({"two.zip": zipped({"three.zip": zipped({"x": GOOD})}), "empty": b"", "good": GOOD}))
    messages = {one["source"].split("!/", 1)[-1]: one["findings"] for one in [*_told(cut), *_told(deep)]}
    assert messages["good"] == []
    assert "inside 2 containers is not looked into" in messages["two.zip!/three.zip"][0]["message"]
    assert "no bytes" in messages["empty"][0]["message"]
    assert {found["check"] for found in messages["late"]} & {"encoding/unreadable-object"}


def test_a_member_larger_than_memory_allows_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not loaded, whether its size is stated or only found."""
    monkeypatch.setattr(whole, "MOST", 100)
    for name, content in {"a.zip": zipped({"big": GOOD}), "b.gz": gzipped(GOOD)}.items():
        (tmp_path / name).write_bytes(content)
        (told,) = _told(tmp_path / name)
        assert "is not checked in its container" in told["findings"][0]["message"]


def test_corrected_members_stay_below_out(tmp_path: Path) -> None:
    """The archive is untouched, and a hostile name does not leave the folder."""
    archive = tmp_path / "in" / "study.zip"
    archive.parent.mkdir()
    content = zipped({"../../evil": _FIXABLE, "/abs/evil": _FIXABLE, "good": GOOD})
    archive.write_bytes(content)
    ran = tagwise(archive, "--fix", tmp_path / "out")
    assert archive.read_bytes() == content
    written = sorted(
        str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    assert written == ["study.zip/%2E%2E/%2E%2E/evil", "study.zip/abs/evil"], ran.output
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    one = tagwise(f"{archive}!/../../evil", "--fix", tmp_path / "one.dcm")
    assert (tmp_path / "one.dcm").read_bytes() == (tmp_path / "out" / written[0]).read_bytes(), one.output


def test_targets_judge_members(tmp_path: Path) -> None:
    """Each member has its verdict."""
    archive = tmp_path / "study.zip"
    archive.write_bytes(zipped({"good": GOOD, "bad": BAD}))
    told = _told(archive, "--target", "oie")
    assert [one["source"].rpartition("/")[2] for one in told] == ["good", "bad"]
    assert all(one["targets"] for one in told)
