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
