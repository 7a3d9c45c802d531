from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from tests.auditing import sample

from tagwise.auditing.reports import json_report
from tagwise.auditing.result import AuditResult

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

SCHEMA = json.loads(resources.files("tagwise.auditing.reports").joinpath("audit.schema.json").read_text("utf-8"))
SAMPLES = ["clean", "few", "crashed", "many", "hostile"]


@pytest.fixture(autouse=True)
def _sample_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    sample.use_checks(monkeypatch)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _strictly(document: str) -> Any:
    return json.loads(document.encode("utf-8"), parse_constant=_refuse)


def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", ["clean", "few", "crashed", "hostile"])
def test_document_is_as_agreed(name: str, snapshot: SnapshotAssertion) -> None:
    """Members and their spelling change only on purpose."""
    assert json_report.dumps(getattr(sample, name)()) == snapshot


@pytest.mark.parametrize("name", SAMPLES)
def test_document_fits_its_schema(name: str) -> None:
    """The schema describes what is written."""
    _validator().validate(_strictly(json_report.dumps(getattr(sample, name)())))


def test_schema_is_a_schema_and_knows_every_member() -> None:
    """No member is written that the schema does not describe."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    written = json_report.to_dict(sample.few())
    assert list(written) == SCHEMA["required"] == list(SCHEMA["properties"])
    assert list(written["findings"][0]) == SCHEMA["$defs"]["finding"]["required"]


@pytest.mark.parametrize(
    "broken",
    [{"schema_version": 2}, {"counts": {}}, {"started": 7}, {"findings": [{}]}, {"crashed": [""]}],
)
def test_schema_refuses_what_is_wrong(broken: dict[str, Any]) -> None:
    """The schema can fail."""
    assert not _validator().is_valid({**json_report.to_dict(sample.few()), **broken})


def test_nothing_of_the_result_is_left_out() -> None:
    """Every field of AuditResult is a member; `total` stands in the counts, `aside` and `since` in others."""
    names = {field.name for field in fields(AuditResult)} - {"total", "aside", "since"}
    assert names <= json_report.to_dict(sample.few()).keys()


def test_values_are_what_the_result_says() -> None:
    """Numbers, subjects and devices arrive unchanged."""
    result = sample.few()
    written = _strictly(json_report.dumps(result))
    assert written["counts"]["findings"] == {"high": 2, "medium": 4, "low": 2}
    assert [row["subject"] for row in written["findings"]] == [dict(row.subject) for row in result.findings]
    assert [row["evidence"] for row in written["findings"]] == [dict(row.evidence) for row in result.findings]
    assert datetime.fromisoformat(written["started"]) == result.started
    fuji = next(row for row in written["devices"] if row["device"]["ManufacturerModelName"] == "FDR Go PLUS")
    assert fuji["device"]["Manufacturer"] == "富士フイルム株式会社"
    assert fuji["findings_by_check"] == {"encoding/character-set-missing": 1}


def test_findings_that_are_not_listed_are_counted() -> None:
    """A limit does not make the archive look better."""
    written = json_report.to_dict(sample.many())
    assert written["not_listed"] == 44210
    assert sum(run["findings"] - run["listed"] for run in written["runs"]) == 44210


def test_hostile_text_arrives_whole_and_cannot_control_a_terminal() -> None:
    """Controls are escaped in the document and exact after reading; only lone surrogates are replaced."""
    document = json_report.dumps(sample.hostile())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", document)
    written = _strictly(document)
    assert written["findings"][0]["evidence"]["last_Modality"] == sample.HOSTILE
    assert written["unreadable"][0]["file_path"] == (sample.HOSTILE + sample.MARKUP).replace("\udce9", r"\xe9").replace(
        "\ud800", r"\ud800"
    )


def test_numbers_that_json_lacks_are_null() -> None:
    """NaN and infinity would make the document unreadable for strict readers."""
    written = _strictly(json_report.dumps(sample.result(sample.finding(evidence={"a": float("nan"), "b": -1e999}))))
    assert written["findings"][0]["evidence"] == {"a": None, "b": None}


def test_a_time_without_zone_gets_one() -> None:
    """Readers elsewhere must know when it was."""
    written = json_report.to_dict(replace(sample.clean(), started=datetime(2026, 11, 23, 2, 15)))  # noqa: DTZ001 - the point
    assert datetime.fromisoformat(written["started"]).utcoffset() is not None


def test_a_check_without_page_names_none() -> None:
    """No command is named that would fail."""
    pages = {row["check"]: row["page"] for row in json_report.to_dict(sample.crashed())["findings"]}
    assert pages["engine/check-crashed"] is None
    assert pages[sample.SERIES.name] == "tagwise show identity/series-uid-reused"


def test_documentation_shows_a_real_document() -> None:
    """The example in docs/audit-json.md fits the schema and has every member."""
    text = (Path(__file__).parents[2] / "docs" / "audit-json.md").read_text("utf-8")
    block = re.search(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert block
    example = _strictly(block[1])
    _validator().validate(example)
    assert list(example) == SCHEMA["required"]
    assert all(f"`{name}`" in text for name in SCHEMA["required"])
