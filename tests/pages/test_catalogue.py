"""The table of checks is the registry, and looking an attribute up does not import a check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tagwise.checks import registry
from tagwise.errors import StandardDataError
from tagwise.pages import catalogue

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_what_the_registry_says() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_catalogue.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"run `make catalogue`\n{ran.stdout}"


def test_every_check_is_named_by_what_it_reads() -> None:
    for check in registry().values():
        for keyword in check.reads:
            assert check.name in {reading.name for reading in catalogue.reading(keyword)}


def test_checks_about_the_attribute_come_first() -> None:
    first = catalogue.reading("SOPInstanceUID")[0]
    assert "SOPInstanceUID" in first.about
    order = ["SOPInstanceUID" in check.about for check in catalogue.reading("SOPInstanceUID")]
    assert order == sorted(order, reverse=True)


def test_a_look_up_imports_no_check() -> None:
    code = "import sys, tagwise; tagwise.attribute('Modality'); print('tagwise.checks' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_damaged_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue._entries.cache_clear()
    monkeypatch.setattr(catalogue, "_TABLE", "gone.tsv")
    with pytest.raises(StandardDataError, match=r"gone\.tsv"):
        catalogue.reading("Modality")
    catalogue._entries.cache_clear()
