"""The command `check` as a user runs it: what it prints, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tagwise.checks.writing import Given, data_set, meta, part10
from tagwise.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CLASS = "1.2.840.10008.5.1.4.1.1.601.1"
"""A class of the standard of whose IOD nothing is known, so that no attribute is missing."""


def _file(*elements: Given) -> bytes:
    """A whole file of this class."""
    content = data_set([Given("SOPClassUID", "UI", CLASS), *elements])
    return bytes(128) + b"DICM" + meta(sop_class=CLASS) + content


GOOD = _file(Given("SOPInstanceUID", "UI", "1.2.826.0.1.1"), Given("Modality", "CS", "OT"))
BAD = _file(
    Given("StudyDate", "DA", "20261301"), Given("PatientName", "PN", b"D\x01oe"), Given("StudyComments", "LT", "ab")
)


def tagwise(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, ["check", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound object and a faulty one, one level down."""
    (tmp_path / "a").mkdir()
    (tmp_path / "good.dcm").write_bytes(GOOD)
    (tmp_path / "a" / "bad.dcm").write_bytes(BAD)
    return tmp_path


def test_quiet_where_all_is_good(folder: Path) -> None:
    """One line says that there is nothing to do."""
    ran = tagwise(folder / "good.dcm", folder / "good.dcm")
    assert (ran.exit_code, ran.output) == (0, "2 objects, no findings\n")


def test_findings_by_file_and_check(folder: Path) -> None:
    """The file, the check with its severity, the place and what is wrong there; the page to read next."""
    ran = tagwise(folder)
    assert ran.exit_code == 1
    lines = ran.output.split("\n")
    assert lines[0] == str(folder / "a" / "bad.dcm")
    assert "  medium  value/date-impossible: A date has the right form but is on no calendar" in lines
    assert "StudyDate (0008,0020) at byte" in ran.output
    assert str(folder / "good.dcm") not in ran.output
    assert "2 objects, 3 findings (2 medium, 1 low). `tagwise show encoding/" in ran.output
    assert "oe" not in ran.output.split("bad.dcm", 1)[1].replace("does", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "high"], 0),
        (["--fail-on", "low"], 1),
        (["--ignore", "value,encoding"], 0),
        (["--select", "low"], 0),
    ],
)
def test_exit_status(folder: Path, options: list[str], code: int) -> None:
    """1 only where something is at least as severe as asked for."""
    assert tagwise(folder, *options).exit_code == code


@pytest.mark.parametrize(
    "words", ["StudyDate", "0008,0020", "(0008,0020)", "value/date-impossible,medium", "value,basis:standard,StudyDate"]
)
def test_select(folder: Path, words: str) -> None:
    """Names, folders, severities, bases and attributes in any spelling select; each kind that is named must hold."""
    ran = tagwise(folder, "--select", words)
    assert "value/date-impossible" in ran.output
    assert "control-character" not in ran.output


def test_json(folder: Path) -> None:
    """One document for all objects; patient values only on request."""
    document = json.loads(tagwise(folder, "--format", "json").output)
    assert document["checked"] == 2
    assert document["total"] == {"high": 0, "medium": 2, "low": 1}
    good, bad = sorted(document["objects"], key=lambda one: len(one["findings"]))
    assert good["findings"] == []
    named = {finding["check"]: finding for finding in bad["findings"]}
    date = named["value/date-impossible"]
    assert (date["attribute"], date["tag"], date["severity"]) == ("StudyDate", "(0008,0020)", "medium")
    assert "hidden" in named["encoding/control-character"]["evidence"]["value_PatientName"]
    shown = json.loads(tagwise(folder, "--format", "json", "--show-values").output)
    assert "D\x01oe" in json.dumps(shown).replace("\\u0001", "\x01")


def test_standard_input() -> None:
    """An object may come through a pipe."""
    ran = tagwise("-", "--select", "value/date-impossible", stdin=BAD)
    assert ran.exit_code == 1
    assert "value/date-impossible" in ran.output


def test_mistakes_of_the_caller_end_with_2(folder: Path) -> None:
    """A path that is not there and a word that selects nothing are said in one sentence."""
    for ran in (tagwise(folder / "gone.dcm"), tagwise(folder, "--select", "valeu")):
        assert ran.exit_code == 2
        assert "Traceback" not in ran.output


FIXABLE = _file(
    Given("SOPInstanceUID", "UI", "1.2.826.0.1.1"),
    Given("StudyDate", "DA", "20261301"),
    Given("PatientID", "LO", "1234\0\0"),
)


@pytest.fixture
def fixable(folder: Path) -> Path:
    """A third object, with padding to repair and a date to decide."""
    (folder / "a" / "fixable.dcm").write_bytes(FIXABLE)
    return folder


def test_fix_one_file(fixable: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The copy is corrected, the original stays; changes come first, then what is left with its next step."""
    out = tmp_path_factory.mktemp("out") / "copy.dcm"
    source = fixable / "a" / "fixable.dcm"
    ran = tagwise(source, "--fix", out)
    assert ran.exit_code == 1
    assert source.read_bytes() == FIXABLE
    assert out.read_bytes() == FIXABLE.replace(b"LO\6\x001234\0\0", b"LO\4\x001234")
    assert f"1 change, the copy is {out}" in ran.output
    assert "PatientID (0010,0020): 2 x 00H at its end → no padding (value/padding-wrong)" in " ".join(
        ran.output.split()
    )
    assert "to decide: " in ran.output
    assert "1 object, 1 fixed, 1 finding (1 medium)" in ran.output
    assert tagwise(out, "--ignore", "value/date-impossible").exit_code == 0


def test_fix_a_folder(fixable: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Only what was corrected gets a copy, below the same names; JSON lists the changes."""
    out = tmp_path_factory.mktemp("out") / "copies"
    document = json.loads(tagwise(fixable, "--fix", out, "--format", "json").output)
    assert [str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()] == ["a/fixable.dcm"]
    fixed = {one["source"].rpartition("/")[2]: one["fix"] for one in document["objects"]}
    assert fixed["good.dcm"] == {"written": None, "changes": [], "waived": [], "not_fixed": None, "decide": {}}
    assert fixed["fixable.dcm"]["written"] == str(out / "a" / "fixable.dcm")
    assert [change["check"] for change in fixed["fixable.dcm"]["changes"]] == ["value/padding-wrong"]
    assert list(fixed["fixable.dcm"]["decide"]) == ["value/date-impossible"]


def test_fix_never_overwrites(fixable: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The input, a place inside of it and a copy that is there are refused; --force replaces the copy only."""
    source = fixable / "a" / "fixable.dcm"
    out = tmp_path_factory.mktemp("out") / "copy.dcm"
    out.write_bytes(b"mine")
    link = out.with_name("link.dcm")
    link.symlink_to(source)
    for arguments in (
        (source, "--fix", source, "--force"),
        (source, "--fix", source.parent, "--force"),
        (fixable, "--fix", fixable / "copies"),
        (fixable, "--fix", fixable),
        (source, "--fix", link, "--force"),
        (source, "--fix", out),
        (fixable, "--fix", out),
        (source, "--force"),
        (source, "--fix", out / "below" / "copy.dcm"),
    ):
        ran = tagwise(*arguments)
        assert (ran.exit_code, "Traceback" in ran.output) == (2, False), arguments
    assert (source.read_bytes(), out.read_bytes()) == (FIXABLE, b"mine")
    assert tagwise(source, "--fix", out, "--force").exit_code == 1
    assert out.read_bytes() != b"mine"
    assert sorted(path.name for path in out.parent.iterdir()) == ["copy.dcm", "link.dcm"]


def test_fix_standard_input(tmp_path: Path) -> None:
    """A pipe can be corrected into a file; a truncated object cannot, and says why."""
    assert tagwise("-", "--fix", tmp_path / "out.dcm", stdin=FIXABLE).exit_code == 1
    assert (tmp_path / "out.dcm").stat().st_size == len(FIXABLE) - 2
    ran = tagwise("-", "--fix", tmp_path / "cut.dcm", stdin=FIXABLE[:-1])
    assert "not fixed" in ran.output
    assert not (tmp_path / "cut.dcm").exists()


def test_targets(folder: Path) -> None:
    """Each destination gives a verdict; the worst decides the exit status, and JSON has one list."""
    (folder / "good.dcm").write_bytes(part10([Given("Modality", "CS", "OT")]))  # of a class that the listener takes
    ran = tagwise(folder / "good.dcm", "--target", "google", "--target", "oie")
    assert ran.exit_code == 1
    assert "refused   google: Google Cloud Healthcare API" in ran.output
    assert "[inferred: no source states it]" in " ".join(ran.output.split())
    assert "https://docs.cloud.google.com/healthcare-api/docs/dicom (text of 2026-04-14" in ran.output
    assert "1 object, 1 accepted by oie, 1 refused by google" in ran.output
    ran = tagwise(folder / "good.dcm", "--target", "google", "--target", "oie", "--format", "json")
    targets = json.loads(ran.output)["objects"][0]["targets"]
    assert [(one["target"], one["verdict"]) for one in targets] == [("google", "refused"), ("oie", "accepted")]
    assert tagwise(folder / "good.dcm", "--target", "oie", "--ignore", "identity/uid-missing").exit_code == 0
