"""Every check of one object names what its examples say, and nothing else."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest

from tagwise.checks import HEADINGS
from tagwise.checks.objects import ObjectCheck, ObjectExample, object_registry
from tagwise.checks.writing import part10
from tagwise.standard import dictionary, vrs
from tagwise.validation import datasets, endings, footing, parsing, walking
from tagwise.validation.engine import Plan, Selection

if TYPE_CHECKING:
    from tagwise.findings import Finding

CHECKS = list(object_registry().values())
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def findings(check: ObjectCheck, example: ObjectExample) -> list[Finding]:
    """What one check says about an example, without the others."""
    content = part10(example.elements, example.syntax) if example.content is None else example.content
    return Plan([check], Selection()).run(parsing.parse_bytes(content), {"object": "example"})


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(check, example, id=f"{check.name}: {example.says}")
        for check in CHECKS
        for example in getattr(check, kind)
    ]


def _paths(found: list[Finding]) -> list[str]:
    return [finding.place.attribute if finding.place else "" for finding in found]


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_fires(check: ObjectCheck, example: ObjectExample) -> None:
    """The check names exactly the places that the example expects."""
    found = findings(check, example)
    assert sorted(_paths(found)) == sorted(example.expect), [finding.message for finding in found]
    assert found
    assert {finding.check for finding in found} == {check.name}


@pytest.mark.parametrize(("check", "example"), _examples("silent"))
def test_stays_silent(check: ObjectCheck, example: ObjectExample) -> None:
    """The check names nothing, and does not crash."""
    assert [finding.message for finding in findings(check, example)] == []
    assert not example.expect


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_the_message_is_one_sentence_without_values(check: ObjectCheck, example: ObjectExample) -> None:
    """A message names places and rules; what a patient is called, and any other value of text, stays out."""
    for finding in findings(check, example):
        assert finding.message
        assert "\n" not in finding.message
        assert not finding.message.endswith(".")
        assert "None" not in finding.message
        for given in example.elements:
            value = given.value if isinstance(given.value, str) else ""
            if len(value) > 3 and given.vr not in ("UI", "CS") and not value.isspace():
                assert value not in finding.message


@pytest.mark.parametrize(("check", "example"), _examples("fires"))
def test_severity_is_never_above_the_check(check: ObjectCheck, example: ObjectExample) -> None:
    """A fault may be less severe than the check, never more; an example that says so is held to it."""
    for finding in findings(check, example):
        assert finding.severity.rank <= check.severity.rank
        if example.says.endswith("less severe"):
            assert finding.severity == "medium"
        if example.says.endswith("a minor fault"):
            assert finding.severity == "low"


@each_check
def test_full_severity_is_reached(check: ObjectCheck) -> None:
    """Some example shows the severity that the page announces."""
    if check.name == "value/unwritable":  # needs a Dataset: tests/validation/test_check.py
        return
    assert any(finding.severity == check.severity for example in check.fires for finding in findings(check, example))


def test_every_problem_of_the_parser_belongs_to_one_check() -> None:
    """No problem is lost, and none is told twice."""
    code = (
        inspect.getsource(parsing)
        + inspect.getsource(datasets)
        + "".join(inspect.getsource(one) for one in (walking, endings, footing))
    )
    kinds = set(re.findall(r'(?:_tell|_stop|_tell_once)\(\s*(?:parsed,\s*|inside,\s*)?"([a-z-]+)"', code))
    kinds |= set(re.findall(r'ParseProblem\(\s*"([a-z-]+)"', code))
    claimed = [kind for check in CHECKS for kind in check.problems]
    assert sorted(claimed) == sorted(kinds)


@each_check
def test_the_page_is_complete(check: ObjectCheck) -> None:
    """All headings in order, a title that fits a table, references as the standard is cited, attributes that exist."""
    assert tuple(check.sections()) == HEADINGS
    assert all(check.sections().values())
    assert re.fullmatch(r"[A-Z].*[^.!]", check.title)
    assert len(check.title) <= 100
    assert check.references
    assert all(re.fullmatch(r"PS3\.\d+ [A-Z0-9][A-Za-z0-9.]*", reference) for reference in check.references)
    assert [keyword for keyword in check.reads if keyword not in dictionary.by_keyword()] == []
    assert check.judge.__doc__


@each_check
def test_examples_are_enough(check: ObjectCheck) -> None:
    """One that fires, and two false alarms that somebody would report; each says something of its own."""
    assert check.fires or check.name == "value/unwritable"
    assert len(check.silent) >= 2
    says = [one.says for one in (*check.fires, *check.silent)]
    assert len(set(says)) == len(says)


@each_check
def test_a_check_has_what_its_target_needs(check: ObjectCheck) -> None:
    """Values are those of VRs or keywords, problems are of some kinds; nothing else has them."""
    assert bool(check.problems) == (check.target == "problems")
    assert (check.target == "values") == bool(check.vrs) or (check.target == "values" and bool(check.reads))
    assert set(check.vrs) <= set(vrs.by_vr())
