"""Checks on pseudonyms: each answers as it does in the clear, or is named as one that cannot."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.checks import archive

from tagwise.checks import Check, Example, Problem, registry
from tagwise.checks.patient_values import is_patient_value
from tagwise.scanning.pseudonyms import Pseudonyms
from tagwise.scanning.treatments import REFERENCED_UIDS, TREATMENTS, Kept, treatment
from tagwise.sources import text_needed

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = Pseudonyms(bytes(range(32)))

BLIND = {
    "encoding/character-set-missing",
    "encoding/character-set-wrong",
    "encoding/control-character",
    "identity/uid-in-two-spellings",
    "identity/uid-malformed",
    "identity/uid-padded",
    "identity/uid-placeholder",
    "identity/uid-root-invalid",
    "identity/uid-root-unusual",
    "identity/uid-too-long",
    "patient/birth-date-implausible",
    "patient/test-patient-in-archive",
    "privacy/deidentification-incomplete",
    "study/accession-number-too-long",
}
LACKING = {"patient/age-implausible", "pixels/suv-weight-missing"}
BY_ORDER = "two instances shared with two other series make one finding"
"""An example whose findings go to the first of several series, in the order of their UIDs, which pseudonyms change."""

_HASHED = {keyword for keyword, how in TREATMENTS.items() if how.kept in {Kept.TEXT, Kept.NAME}}
ANSWERED = [check for check in registry().values() if check.name not in BLIND | LACKING]


def test_checks_that_need_text_are_these() -> None:
    """A check that reads a patient's value is put here by somebody who looked at it, not by accident."""
    lacking = {c.name for c in registry().values() if text_needed.left_out("pseudonyms") & {*c.reads}}
    assert lacking == LACKING
    assert {*text_needed.blind("pseudonyms")} - lacking == BLIND
    assert not text_needed.blind("clear")
    assert not text_needed.left_out("clear")


@pytest.mark.parametrize(
    ("check", "example"),
    [
        pytest.param(check, example, id=f"{check.name}: {example.says}")
        for check in ANSWERED
        for example in (*check.fires, *(check.silent if _HASHED & {*check.reads} else ()))
        if example.says != BY_ORDER
    ],
)
def test_finds_the_same(check: Check, example: Example) -> None:
    """With pseudonyms it finds as much, as severe, and counts the same."""
    clear = archive.run(check, example)
    found = archive.result(check, _hidden(check, example, KEY), example.settings)
    assert _told(check, found) == _told(check, clear)


def _told(check: Check, rows: list[dict[str, Any]]) -> list[str]:
    """What is reported, but for UIDs, values, and the order of both."""
    return sorted(
        repr((_problem(check, row), [(k, v) for k, v in row.items() if not _is_value(check, k)])) for row in rows
    )


def _problem(check: Check, row: Mapping[str, Any]) -> Problem:
    told = check.explain(row)
    problem = told if isinstance(told, Problem) else Problem(told)
    return replace(problem, message=re.sub(r"[0-9]+(\.[0-9]+){2,}|(/[A-Z0-9a-z._-]+)+", "…", problem.message))


def _is_value(check: Check, column: str) -> bool:
    return column in check.subject or is_patient_value(column) or column.endswith(("UID", "file_path", "its_length"))


def _hidden(check: Check, example: Example, key: Pseudonyms) -> Any:
    rows = [{name: _replaced(name, value, key) for name, value in row.items()} for row in map(dict, example.instances)]
    references = [
        {name: key.uid(uid) if name in (*REFERENCED_UIDS, "SOPInstanceUID") else uid for name, uid in one.items()}
        for one in example.references
    ]
    return archive.archive(rows, references, check)


def _replaced(name: str, value: Any, key: Pseudonyms) -> Any:
    if not isinstance(value, str):
        return value
    if name in {"file_path", "header_digest"}:
        return (key.path if name == "file_path" else key.digest)(value)
    how = treatment(name)
    if name in archive.ROW_COLUMNS or how.kept is Kept.AS_IS:
        return value
    return key.uid(value) if how.kept is Kept.UID else None if how.kept is Kept.NOTHING else key.of(name, how)(value)
