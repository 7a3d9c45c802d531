"""What must be true of the project itself: its documents run, its files stay small, its import is cheap."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import tagwise
from tagwise.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CODE = sorted(path for folder in ("src", "tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py"))
LONGEST_FILE = 500


def _commands() -> list[tuple[str, str]]:
    """Every `tagwise …` command line that a document, a docstring of a command or a script shows."""
    places = [*DOCUMENTS, ROOT / "tools" / "demo.sh", *(ROOT / "src" / "tagwise" / "cli").glob("*.py")]
    line = re.compile(
        r"(?:^ {4}|^|`)tagwise ((?:show|search|list|check|scan|audit|standard|serve|site) [^`\n#|]*)", re.MULTILINE
    )
    return [
        (place.name, re.split(r"  +|[:.]? [>—]", match[1])[0].strip())
        for place in places
        for match in line.finditer(place.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("place", "line"), _commands(), ids=lambda value: value)
def test_every_command_line_shown_is_accepted(place: str, line: str) -> None:
    name, *arguments = shlex.split(line.replace("…", "X").replace("'", ""))
    command = main.get_command(click.Context(main), name)
    assert command is not None
    command.make_context(name, [argument for argument in arguments if argument != "PATH..."])


def test_the_exact_words_that_documents_show_open_a_page() -> None:
    words = re.compile(r"`((?:attribute|module|iod|sop-class|transfer-syntax|uid|vr|check|private):[^`… ]+)`")
    shown = {match[1] for place in DOCUMENTS for match in words.finditer(place.read_text("utf-8"))}
    assert len(shown) >= 9
    for one in shown:
        assert tagwise.show(one)


def test_commands_are_shown_at_all() -> None:
    assert len(_commands()) >= 10


def test_the_python_of_the_readme_runs(
    archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = archive({}, {"PatientID": "P2"})
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    exec(code.replace('"/archive"', repr(str(folder))), {})  # noqa: S102 - our own README
    assert "identity/series-uid-reused" in capsys.readouterr().out


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_too_big_to_know(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_importing_tagwise_loads_nothing_heavy() -> None:
    heavy = ("click", "duckdb", "jinja2", "msgspec", "pyarrow", "pydicom", "rich", "sqlglot")
    code = f"import sys, tagwise; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_every_public_name_is_there_and_explained() -> None:
    for name in tagwise.__all__:
        value = getattr(tagwise, name)
        assert name == "__version__" or value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = tagwise.nonsense  # type: ignore[attr-defined]


def test_the_changelog_has_this_version() -> None:
    assert f"## {tagwise.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_pinned_requirements_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--index-url|--find-links", path.read_text("utf-8")), path.name


def test_make_lists_its_targets() -> None:
    ran = subprocess.run(["make", "-s", "-C", str(ROOT)], capture_output=True, text=True, check=True)
    for target in ("demo", "test", "test-slow", "bench", "data", "new-check"):
        assert f"make {target}" in ran.stdout


def test_a_new_check_starts_complete(tmp_path: Path) -> None:
    """The file that `make new-check` writes is a check that passes its own example."""
    code = (ROOT / "tools" / "new_check.py").read_text("utf-8")
    package = tmp_path / "src" / "tagwise" / "checks" / "identity"
    package.mkdir(parents=True)
    (tmp_path / "src" / "tagwise" / "__init__.py").write_text('__version__ = "0.1.0"\n')
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "new_check.py").write_text(code)

    def run(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(tmp_path / "tools" / "new_check.py"), name]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run("identity/made-up-pattern").returncode == 0
    text = (package / "made_up_pattern.py").read_text("utf-8")
    compile(text, "made_up_pattern.py", "exec")
    assert "def made_up_pattern(" in text
    assert run("identity/made-up-pattern").returncode == 2
    assert run("nowhere/made-up-pattern").returncode == 2
    assert run("identity/Bad Name 1").returncode == 2
