"""The sections of an attribute page about Mirth Connect and pydicom, and the list of examples."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tagwise import pages
from tagwise.knowledge import mirth
from tagwise.pages import as_json, text

SPECIAL = ["SeriesInstanceUID", "PatientName", "ProcedureCodeSequence", "AccessionNumber"]
GENERATED = ["EchoTime", "60xx,3000", "(0018,0061)", "Item", "LUTData", "CommandField", "ImplementationClassUID"]


def section(name: str, which: str, width: int = 80) -> str:
    return text.page(pages.attribute(name), width=width, sections=[which])


@pytest.mark.parametrize("name", SPECIAL)
def test_code_and_messages_are_shown_as_they_are(name: str) -> None:
    """Line by line, at every width; so that they can be copied."""
    for width in (60, 80, 100):
        shown = section(name, "mirth", width).split("\n")
        for example in pages.attribute(name).mirth:
            for line in example.code.splitlines():
                assert f"    {line}".rstrip() in shown
            for case in example.cases:
                for line in case.message.text.splitlines():
                    assert f"      {line}" in shown


@pytest.mark.parametrize("name", [*SPECIAL, *GENERATED])
@pytest.mark.parametrize("which", ["mirth", "pydicom"])
def test_prose_beside_code_is_wrapped(name: str, which: str) -> None:
    """What is indented as text fits; only code may be wider."""
    for line in section(name, which, 60).split("\n")[3:]:
        assert len(line) <= 60 or line.startswith("    "), line
        assert line == line.rstrip()


def test_an_example_says_what_kind_of_step_it_is_and_what_comes_out() -> None:
    """Everything that a case lists is on the page."""
    shown = " ".join(section("SeriesInstanceUID", "mirth").split())
    assert "source filter (a filter: the message goes on if it returns true)" in shown
    assert "→ returns false → log error: Series Instance UID is not valid" in shown
    assert "→ channelMap seriesInstanceUID = 1.2.826.0.1.3680043.10.11" in shown
    shown = " ".join(section("ClinicalTrialSubjectID", "mirth").split())
    assert "globalChannelMap has 4711 = S-001" in shown
    assert "→ status ERROR: The patient of 1.2.3 is no subject of the trial" in shown
    assert "→ DICOM message afterwards:" in shown
    assert "→ not sent to Mammography CAD, Report Server" in " ".join(section("Modality", "mirth").split())
    assert "The outbound template, HL7 v2.x:" in section("OperatorsName", "mirth")
    assert "→ nothing changes" in section("PatientAge", "mirth")


@pytest.mark.parametrize("name", GENERATED)
def test_generated_code_is_short(name: str) -> None:
    """A few lines: most readers of a page look for something else."""
    for which in ("mirth", "pydicom"):
        assert len(section(name, which).split("\n")) <= 20


def test_json_has_the_same_as_the_objects() -> None:
    """Codes, messages and results, all of it serialisable."""
    page = pages.attribute("StudyTime")
    document = json.loads(json.dumps(as_json.page(page)))
    assert [one["code"] for one in document["mirth"]["examples"]] == [one.code for one in page.mirth]
    (case, *_) = document["mirth"]["examples"][0]["cases"]
    assert case["message"]["kind"] == "DICOM"
    assert document["mirth"]["accessor"] == {"code": page.mirth_access.code, "notes": list(page.mirth_access.notes)}
    assert document["pydicom"]["code"] == page.pydicom.code
    assert {"out", "error", "returns", "channel_map", "removed", "log"} <= case.keys()


def test_attributes_without_an_example_read_no_file() -> None:
    """TOML is imported only where there is an example."""
    code = (
        "import sys; from tagwise import pages; from tagwise.pages import text; "
        "text.page(pages.attribute('EchoTime')); sys.exit('tomllib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_list_names_every_example() -> None:
    """With attribute, goal and title."""
    ran = subprocess.run(
        [sys.executable, "-m", "tagwise", "list", "mirth"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    lines = ran.stdout.splitlines()
    assert len(lines) == len(mirth.listed()) + 1
    assert any(line.split()[:2] == ["SeriesInstanceUID", "validation"] for line in lines)
