"""Control and reports as a user meets them, in both commands."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tagwise.checks.writing import Given, part10
from tagwise.cli import main

if TYPE_CHECKING:
    from pathlib import Path

BAD = part10(
    [Given("SOPInstanceUID", "UI", "1.2.3"), Given("StudyDate", "DA", "20261301"), Given("Manufacturer", "LO", "ACME")]
)


def tagwise(*arguments: str | Path) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An object with a wrong date, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.dcm").write_bytes(BAD)
    return tmp_path / "bad.dcm"


def test_a_waiver_of_the_current_folder(file: Path) -> None:
    """It is found without being named, counted with its reason, and ends on its day."""
    waiver = '[[waiver]]\ncheck = "value"\ndevice = "ACME*"\nreason = "ticket 7"\nuntil = {}\n'
    (file.parent / "tagwise.toml").write_text(waiver.format("2999-01-01"))
    ran = tagwise("check", "bad.dcm", "--select", "value")
    assert ran.exit_code == 0
    assert "waived: value, device ACME* (ticket 7, until 2999-01-01)" in ran.output
    (file.parent / "tagwise.toml").write_text(waiver.format("2020-01-01"))
    ran = tagwise("check", "bad.dcm", "--select", "value")
    assert ran.exit_code == 1
    assert "expired on 2020-01-01" in ran.output


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_baseline_makes_old_findings_known(file: Path, command: str) -> None:
    """The first run writes it and does not fail; the second has nothing new, and says how much is known."""
    select = ["--select", "value,time,identity", "--fail-on", "low"]
    assert tagwise(command, ".", *select).exit_code == 1
    assert tagwise(command, ".", *select, "--write-baseline", "b.json").exit_code == 0
    ran = tagwise(command, ".", *select, "--baseline", "b.json")
    assert (ran.exit_code, "known from the baseline" in ran.output) == (0, True)
    document = json.loads(tagwise(command, ".", *select, "--baseline", "b.json", "--format", "json").output)
    assert document["set_aside"]["known"] == len(json.loads((file.parent / "b.json").read_text())["findings"])


@pytest.mark.parametrize("command", ["check", "audit"])
def test_files_for_other_programs(file: Path, command: str) -> None:
    """Both are written beside what is printed, and both can be printed."""
    ran = tagwise(command, ".", "--sarif", "s.json", "--junit", "j.xml", "--fail-on", "low", "--format", "github")
    assert ran.exit_code == 1
    assert "::warning" in ran.output or "::notice" in ran.output
    (run,) = json.loads((file.parent / "s.json").read_text())["runs"]
    assert run["results"]
    assert ET.parse(file.parent / "j.xml").getroot().attrib["failures"] != "0"  # noqa: S314 - our own text
    assert json.loads(tagwise(command, ".", "--format", "sarif").output)["version"] == "2.1.0"
    assert ET.fromstring(tagwise(command, ".", "--format", "junit").output.encode()).tag == "testsuites"  # noqa: S314 - our own text


@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.parametrize(
    "options",
    [
        ["--profile", "nigt"],
        ["--config", "missing.toml"],
        ["--baseline", "x"],
        ["--select", "valu"],
        ["--sarif", "n/s"],
    ],
)
def test_wrong_options_are_one_sentence(file: Path, command: str, options: list[str]) -> None:
    """Exit status 2, and nothing is half written."""
    assert tagwise(command, file.parent, *options).exit_code == 2
    assert [path.name for path in file.parent.iterdir()] == ["bad.dcm"]


def test_a_profile_chooses_and_grades(file: Path) -> None:
    """What is left out, how severe, and what fails."""
    (file.parent / "p.toml").write_text(
        'profile = "p"\n[profiles.p]\nselect = ["value"]\nfail_on = "high"\n[profiles.p.severity]\nvalue = "high"\n'
    )
    ran = tagwise("check", "bad.dcm", "--profile", "p.toml")
    assert ran.exit_code == 1
    assert "1 object, 1 finding (1 high)" in ran.output


FIXABLE = part10(
    [
        Given("SOPInstanceUID", "UI", "1.2.826.0.1.7"),
        Given("Manufacturer", "LO", b"ACME\0\0"),
        Given("StationName", "SH", b"CT1\0"),
        Given("PatientID", "LO", b"471"),
    ]
)
WAIVER = '[[waiver]]\ncheck = "value/padding-wrong"\nreason = "as the vendor has it"\n'


@pytest.mark.parametrize(
    ("waiver", "repaired"),
    [
        ("", ["Manufacturer", "StationName", "PatientID"]),
        (WAIVER, ["PatientID"]),
        (WAIVER + 'attribute = "StationName"\n', ["Manufacturer", "PatientID"]),
        (WAIVER + 'path = "fixable*"\n', ["PatientID"]),
        (WAIVER + 'path = "another*"\n', ["Manufacturer", "StationName", "PatientID"]),
        (WAIVER + "until = 2020-01-01\n", ["Manufacturer", "StationName", "PatientID"]),
        (WAIVER.replace("/padding-wrong", ""), ["PatientID"]),
    ],
)
def test_what_is_waived_is_not_repaired(file: Path, waiver: str, repaired: list[str]) -> None:
    """A waiver that holds keeps an attribute as it is, and the report says so; all else is repaired."""
    (file.parent / "fixable.dcm").write_bytes(FIXABLE)
    (file.parent / "tagwise.toml").write_text(waiver)
    words = ["--select", "value/padding-wrong,encoding/odd-length", "--fix", "copy.dcm", "--force"]
    one = json.loads(tagwise("check", "fixable.dcm", *words, "--format", "json").output)["objects"][0]
    assert sorted(change["attribute"] for change in one["fix"]["changes"]) == sorted(repaired)
    left = {"Manufacturer", "StationName", "PatientID"} - set(repaired)
    assert {change["attribute"] for change in one["fix"]["waived"]} == left
    assert {finding["attribute"] for finding in one["set_aside"]} == left
    text = tagwise("check", "fixable.dcm", *words).output
    assert ("not made" in text) == bool(left)


def test_what_a_baseline_knows_is_repaired(file: Path) -> None:
    """Known is not decided: the copy is right, and the baseline has findings that were not met again."""
    (file.parent / "fixable.dcm").write_bytes(FIXABLE)
    words = ["--select", "value,encoding", "--format", "json"]
    assert tagwise("check", "fixable.dcm", *words, "--write-baseline", "b.json").exit_code == 0
    ran = tagwise("check", "fixable.dcm", *words, "--baseline", "b.json", "--fix", "copy.dcm")
    document = json.loads(ran.output)
    changes = document["objects"][0]["fix"]["changes"]
    assert {"Manufacturer", "StationName", "PatientID"} <= {change["attribute"] for change in changes}
    assert document["set_aside"]["gone"] == len(changes)


def test_delimiters_alone_are_repaired_only_where_asked(file: Path) -> None:
    """A selection without the check of bytes at the end leaves an object that has nothing else alone."""
    sound = part10([Given("Manufacturer", "LO", "ACME")])
    (file.parent / "tail.dcm").write_bytes(sound + b"\r\n")
    assert "no copy" not in tagwise("check", "tail.dcm", "--select", "value", "--fix", "copy.dcm").output
    assert not (file.parent / "copy.dcm").exists()
    tagwise("check", "tail.dcm", "--select", "encoding", "--fix", "copy.dcm")
    assert (file.parent / "copy.dcm").read_bytes() == sound
