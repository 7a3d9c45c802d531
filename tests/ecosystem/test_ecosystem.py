"""The stored counts of findings in real files are what the checks find today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tagwise.checks.writing import Given, part10

TOOL = Path(__file__).resolve().parents[2] / "tools" / "ecosystem.py"


def ecosystem(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the tool as make does."""
    command = [sys.executable, str(TOOL), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_counts_in_real_files_are_the_stored_ones() -> None:
    """Where a check fires on more or fewer objects, `make ecosystem` writes the counts anew and the diff shows it."""
    ran = ecosystem("--check")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.slow
def test_a_check_that_fires_more_often_is_a_difference(tmp_path: Path) -> None:
    """The counts of a folder change with its files, and the difference names the check."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.dcm").write_bytes(part10([Given("StudyDate", "DA", "20261301")]))
    wanted = (tmp_path / "in", "--table", tmp_path / "counts.tsv")
    assert ecosystem(*wanted).returncode == 0
    assert ecosystem(*wanted, "--check").returncode == 0
    assert "check\tvalue/date-impossible\tmedium\t1\t1" in (tmp_path / "counts.tsv").read_text("utf-8")
    (tmp_path / "in" / "b.dcm").write_bytes(part10([Given("StudyDate", "DA", "20261301")]))
    ran = ecosystem(*wanted, "--check")
    assert ran.returncode == 1
    assert "+check\tvalue/date-impossible\tmedium\t2\t2" in ran.stdout


def test_a_folder_needs_its_own_table(tmp_path: Path) -> None:
    """Counts of somebody's archive never take the place of those of the public files."""
    assert ecosystem(tmp_path).returncode == 2
