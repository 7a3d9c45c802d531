"""Selection, profiles, waivers and the baseline: what is looked for, and what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tagwise import control
from tagwise.checks import registry
from tagwise.checks.objects import object_registry
from tagwise.control import Ruling, Selection, baseline
from tagwise.control.waivers import Waiver
from tagwise.errors import BadControl, UsageError
from tagwise.findings import Basis, Confidence, Device, Finding, Level, Place, Severity, Status

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 23)
FOUND = Finding(
    *("value/date-impossible", "A date", Severity.MEDIUM, Confidence.HIGH, Basis.STANDARD, Level.INSTANCE),
    subject={"file_path": "doe_john/1.dcm", "SOPInstanceUID": "1.2.3"},
    message="20261301",
    device=Device("ACME", "Scan 1"),
    place=Place("RequestAttributesSequence[1].StudyDate", "(0008,0020)", 400),
)
ARCHIVE = replace(FOUND, check="identity/series-uid-reused", place=None, subject={"SeriesInstanceUID": "1.2.9"})


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        ((), (), True),
        (("StudyDate",), (), True),
        (("RequestAttributesSequence",), (), True),
        (("PatientName",), (), False),
        (("medium",), (), True),
        (("high",), (), False),
        (("low", "medium", "StudyDate"), (), True),
        ((), ("medium",), False),
        ((), ("0008,0020",), False),
        ((), ("high", "PatientName"), True),
    ],
)
def test_findings_are_kept_by_severity_and_attribute(
    select: tuple[str, ...], ignore: tuple[str, ...], kept: bool
) -> None:
    """Words of one kind are alternatives; each kind must hold; one word of `ignore` is enough."""
    assert Selection(select, ignore).keeps(FOUND) is kept


def test_findings_about_tagwise_are_never_taken_away() -> None:
    """They say that something is missing."""
    assert Selection(("low",), ("high", "medium")).keeps(replace(FOUND, check="engine/check-crashed"))


def test_checks_run_by_name_folder_basis_and_attribute() -> None:
    """An archive check runs for an attribute only where it is about it."""
    one, other = object_registry()["value/date-impossible"], registry()["identity/series-uid-reused"]
    assert Selection(("value/",)).runs(one)
    assert not Selection(("value",)).runs(other)
    assert not Selection(("basis:vendor",)).runs(one)
    assert not Selection((), (f"basis:{one.basis}",)).runs(one)
    assert Selection(("SeriesInstanceUID",)).runs(other)
    assert not Selection(("PatientBirthDate",)).runs(other)


@pytest.mark.parametrize("word", ["valu", "basis:nobody", "value/date-imposible", "PatientNmae"])
def test_a_word_that_names_nothing_is_refused_with_the_nearest(word: str) -> None:
    """A typing error never switches checks off silently."""
    with pytest.raises(UsageError) as caught:
        Selection((word,))
    assert "Did you mean" in caught.value.hint


def test_grades_of_a_check_go_before_those_of_its_folder() -> None:
    """What is graded anew is selected by its new severity."""
    grades = (("value", Severity.LOW), ("value/date-impossible", Severity.HIGH))
    check = object_registry()["value/date-impossible"]
    assert Selection(grades=grades).severity(check, Severity.MEDIUM) is Severity.HIGH
    assert Selection(grades=grades[:1]).severity(check, Severity.MEDIUM) is Severity.LOW
    assert Selection().severity(check, Severity.MEDIUM) is Severity.MEDIUM


GOOD = """profile = "night"
[profiles.night]
extends = "archive"
select = ["value"]
[profiles.night.severity]
"value/padding-wrong" = "high"
[profiles.night.settings."identity/series-instance-count-outlier"]
max_instances = 12
[[waiver]]
check = "value"
attribute = "0008,0020"
reason = "agreed"
until = 2026-11-23
"""


def test_a_profile_of_a_file(tmp_path: Path) -> None:
    """What it extends is kept, what it says wins, what is ignored adds up."""
    file = tmp_path / "c.toml"
    file.write_text(GOOD, "utf-8")
    found = control.load(file)
    assert found.profile.ignore == ("low",)
    assert found.profile.fail_on is Severity.HIGH
    assert found.profile.settings == {"identity/series-instance-count-outlier": {"max_instances": 12}}
    assert found.selecting(("encoding",), ("UI",)[:0]).select == ("encoding",)
    assert found.waivers[0].attribute == "StudyDate"
    assert control.load(file, "strict").profile.fail_on is Severity.LOW


@pytest.mark.parametrize(
    ("old", "new", "told", "hint"),
    [
        ('"night"', '"nigt"', "line 1: profile: there is no profile 'nigt'", "night"),
        ("select =", "selct =", "line 4: profiles.night.selct", "select"),
        ('["value"]', '["valeu"]', "line 4: profiles.night.select: 'valeu'", "value"),
        ('["value"]', '"value"', "line 4: profiles.night.select: it is not a list", ""),
        ('= "high"', '= "hi"', "line 6: profiles.night.severity.value/padding-wrong: 'hi'", "medium"),
        ('"archive"', '"night"', "goes round in a circle", ""),
        ("max_instances = 12", "max_instance = 12", "line 8:", "max_instances"),
        ("max_instances = 12", 'max_instances = "a"', "'a' is not a number", ""),
        ('reason = "agreed"', "", "gives no reason", "reason"),
        ('"0008,0020"', '"StudyDat"', "line 11: waiver.attribute", "StudyDate"),
        ("2026-11-23", '"soon"', "line 13: waiver.until: 'soon' is no date", ""),
        ("[[waiver]]", "[[waiver", "is not TOML", ""),
        ("[[waiver]]", "[[waivers]]", "waivers: there is no such key here", "waiver"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, told: str, hint: str
) -> None:
    """File, line, key, and the word that was probably meant."""
    file = tmp_path / "c.toml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(BadControl) as caught:
        control.load(file)
    assert str(file) in str(caught.value)
    assert told in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("waiver", "covered"),
    [
        (Waiver("value", "r"), True),
        (Waiver("value/date-impossible", "r", uid="1.2.*"), True),
        (Waiver("value", "r", uid="1.3.*"), False),
        (Waiver("value", "r", path="doe_john/*"), True),
        (Waiver("value", "r", path="roe/*"), False),
        (Waiver("value", "r", attribute="StudyDate", device="ACME*"), True),
        (Waiver("value", "r", attribute="PatientName"), False),
        (Waiver("value", "r", device="Other*"), False),
        (Waiver("encoding", "r"), False),
        (Waiver("value", "r", until=TODAY), True),
        (Waiver("value", "r", until=date(2026, 11, 22)), False),
    ],
)
def test_waivers(waiver: Waiver, covered: bool) -> None:
    """All conditions must fit; the last day is included; expired and unused ones are told."""
    ruling = Ruling([waiver], today=TODAY)
    assert (ruling.rule(FOUND).status is Status.WAIVED) is covered
    told = " ".join(ruling.summary().sentences())
    expected = "1 finding waived" if covered else "no longer applied" if waiver.expired(TODAY) else "without effect"
    assert expected in told


def test_a_baseline_knows_as_many_as_it_has(tmp_path: Path) -> None:
    """What is beyond the number is new; a new wording changes nothing; what is not met is gone."""
    recording = Ruling(today=TODAY, records=True)
    for finding in (FOUND, FOUND, ARCHIVE):
        assert recording.rule(finding).status is Status.NEW
    baseline.write(tmp_path / "b.json", recording.recorded)
    known = baseline.read(tmp_path / "b.json")
    assert known == recording.recorded
    ruling = Ruling(known=known, today=TODAY)
    again = [replace(FOUND, message="worded anew")] * 3
    assert [ruling.rule(finding).status for finding in again] == [Status.KNOWN, Status.KNOWN, Status.NEW]
    assert (ruling.summary().known, ruling.summary().gone) == (2, 1)


def test_a_baseline_holds_no_message_and_no_path(tmp_path: Path) -> None:
    """Folders are named after patients."""
    ruling = Ruling(today=TODAY, records=True)
    ruling.rule(FOUND)
    ruling.rule(replace(FOUND, subject={"file_path": "doe_john/2.dcm"}))
    baseline.write(tmp_path / "b.json", ruling.recorded)
    text = (tmp_path / "b.json").read_text("utf-8")
    assert "doe" not in text
    assert "20261301" not in text
    assert "path_digest" in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [], "tagwise_baseline": 9}', "\xff", "[" * 100_000])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    """Never a traceback."""
    (tmp_path / "b.json").write_text(text, "latin-1")
    with pytest.raises(BadControl, match="is no baseline"):
        baseline.read(tmp_path / "b.json")
    with pytest.raises(BadControl, match="cannot be read"):
        baseline.read(tmp_path / "missing.json")
