"""Checking many files in processes gives the same results in the same order, and no file takes others with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagwise.checks.writing import Given, part10
from tagwise.control import Selection
from tagwise.findings import Severity
from tagwise.validation import several
from tagwise.validation.result import CRASHED

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    """Forty objects, some with a fault, one of them named by bytes that are no UTF-8, one gone."""
    for number in range(40):
        day = "20261301" if number % 3 else "20261101"
        content = part10([Given("SOPInstanceUID", "UI", f"1.2.{number}"), Given("StudyDate", "DA", day)])
        (tmp_path / f"{number:02}.dcm").write_bytes(content)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9.dcm")
    with open(odd, "wb") as file:  # noqa: PTH123 - as above
        file.write(content)
    return [*sorted(map(str, tmp_path.glob("[0-9]*.dcm"))), odd, str(tmp_path / "gone.dcm")]


def test_processes_change_nothing(paths: list[str]) -> None:
    """Findings with evidence, place and grade, in the order of the paths."""
    selection = Selection(ignore=("low",), grades=(("value", Severity.HIGH),))
    alone = list(several.check_files(paths, selection, jobs=1))
    assert [result.source for result in alone] == paths
    assert alone[-1].findings
    assert sum(len(result.findings) for result in alone) > 20
    assert list(several.check_files(iter(paths), selection, jobs=2)) == alone


def test_a_file_that_ends_its_process_costs_one_finding(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its neighbours are checked all the same, and the finding says so."""
    monkeypatch.setattr(several, "_WORKER", "tests.validation.dying_worker")
    results = list(several.check_files(paths[:40], Selection(), jobs=2))
    lost = [result.source for result in results if any(finding.check == CRASHED for finding in result.findings)]
    assert [path.rpartition("/")[2] for path in lost] == ["07.dcm"]
    assert [result.source for result in results] == paths[:40]
    assert next(result for result in results if result.source == lost[0]).exit_code(Severity.HIGH) == 2
