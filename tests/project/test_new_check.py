"""What `make new-check` writes for one object loads as a check, and its example fails until it is filled in."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagwise.checks import HEADINGS
from tagwise.checks.objects import ObjectCheck
from tagwise.checks.writing import part10
from tagwise.validation import parsing
from tagwise.validation.engine import Plan, Selection

if TYPE_CHECKING:
    from tagwise.checks.objects import ObjectExample

ROOT = Path(__file__).resolve().parents[2]
FILLED = {
    "value": ("if element.raw:", 'if element.raw != b"20261301":'),
    "element": ("if element.vr:", 'if element.raw != b"20261301":'),
    "dataset": ("or element.raw:", 'or element.raw != b"20261301":'),
    "object": ("if parsed.complete:", 'if parsed.root.get(0x00080020).raw != b"20261301":'),
}


def started(tmp_path: Path, kind: str) -> Path:
    """The file that the tool writes for a kind, in a tree of its own."""
    (tmp_path / "src" / "tagwise" / "checks" / "value").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "tagwise" / "__init__.py", tmp_path / "src" / "tagwise")
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "new_check.py", tmp_path / "tools")
    command = [sys.executable, str(tmp_path / "tools" / "new_check.py"), f"value/made-up-{kind}", kind]
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path / "src" / "tagwise" / "checks" / "value" / f"made_up_{kind}.py"


def loaded(path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectCheck:
    """The check in a file, loaded as if it stood in the folder of checks."""
    name = f"tagwise.checks.value.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    check = getattr(module, path.stem)
    assert isinstance(check, ObjectCheck)
    return check


def found(check: ObjectCheck, example: ObjectExample) -> list[tuple[str, str]]:
    """Check and attribute of each finding."""
    parsed = parsing.parse_bytes(part10(example.elements, example.syntax))
    findings = Plan([check], Selection()).run(parsed, {"object": "example"})
    return [(finding.check, finding.place.attribute if finding.place else "") for finding in findings]


@pytest.mark.parametrize("kind", FILLED)
def test_a_check_of_one_object_starts_unfilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """It loads with all headings and stays silent, so its firing example fails; one condition makes it pass."""
    path = started(tmp_path, kind)
    check = loaded(path, monkeypatch)
    assert check.name == f"value/made-up-{kind}"
    assert tuple(check.sections()) == HEADINGS
    assert found(check, check.fires[0]) == []
    before, after = FILLED[kind]
    code = path.read_text("utf-8")
    assert before in code
    path.write_text(code.replace(before, after), "utf-8")
    check = loaded(path, monkeypatch)
    assert found(check, check.fires[0]) == [(check.name, check.fires[0].expect[0])]
    assert found(check, check.silent[0]) == []


def test_an_unknown_kind_is_refused() -> None:
    """The kinds are named, and nothing is written."""
    command = [sys.executable, str(ROOT / "tools" / "new_check.py"), "value/made-up", "pixel"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "dataset" in ran.stdout
    assert not (ROOT / "src" / "tagwise" / "checks" / "value" / "made_up.py").exists()
