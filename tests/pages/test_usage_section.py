"""The section on IODs: a sentence with rule and edition, a short table, everything where it is asked for."""

from __future__ import annotations

import json

import pytest

from tagwise import pages
from tagwise.pages import as_json, text, usage_section
from tagwise.standard import modules

NAMES = ["PatientID", "SliceThickness", "CodeValue", "ReferencedSOPInstanceUID", "CommandField", "BeamSequence"]


def _section(name: str, width: int = 80, depth: modules.Depth = "top") -> list[str]:
    shown = text.page(pages.attribute(name, depth=depth), width=width, sections=["usage"])
    return shown[shown.index("IODs that have it") :].split("\n")


def _squeezed(name: str) -> str:
    return " ".join(" ".join(_section(name)).split())


def test_the_count_names_rule_and_edition() -> None:
    says = "Required with a value in 165 of 175 IODs (module usage M, type 1, top level; DICOM 2026b); under"
    assert says in _squeezed("SeriesInstanceUID")
    assert "Required with a value in 0 of 175 IODs" in _squeezed("PatientID")
    assert "present but may be empty in 165 (M, type 2)" in _squeezed("PatientID")


def test_counts_add_up_to_all_iods() -> None:
    for name in NAMES:
        section = pages.attribute(name).usage
        assert sum(section.counts.values()) == len(section.uses) <= section.iods == len(modules.iod_names())


def test_the_table_is_short_unless_a_depth_is_asked_for() -> None:
    """A page of 175 lines is no help to somebody who asked what an attribute is."""
    few, every = _section("PatientID"), _section("PatientID", depth="all")
    assert len(few) < 25
    assert "  … and 156 more: tagwise show PatientID --section usage --depth all" in few
    assert len(every) > 166
    assert not [line for line in every if line.startswith("  …")]


def test_what_many_archives_hold_comes_first_among_equals() -> None:
    assert "1.2.840.10008.5.1.4.1.1.2  " in _section("PatientID")[6]
    assert set(usage_section._WELL_KNOWN) <= set(modules.iod_names())
    first = [use.iod for use in pages.attribute("SliceThickness").usage.uses[:2]]
    assert first == ["ct-image", "mr-image"]


def test_places_inside_sequences_and_functional_groups_are_named() -> None:
    says = _squeezed("SliceThickness")
    assert "M 2 1.2.840.10008.5.1.4.1.1.2 CT Image Storage M 2" in says
    assert "Enhanced CT Image Storage, in PixelMeasuresSequence (functional group)" in says


def test_where_no_iod_has_it_the_page_says_why() -> None:
    assert _section("CommandField")[1].startswith("  None of 175 in DICOM 2026b: it is part of a DIMSE message")
    assert "only modules of services use it, for which PS3.4" in _squeezed("PrintPriority")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_section_fits_the_terminal(name: str, width: int) -> None:
    for line in _section(name, width, "all"):
        assert len(line) <= width or "tagwise show" in line or len(line.split()[-1]) > width // 3, line


def test_json_has_every_iod_with_its_sop_classes_and_path() -> None:
    document = json.loads(json.dumps(as_json.page(pages.attribute("SliceThickness"), ["usage"])))["usage"]
    assert document["edition"] == modules.edition()
    assert document["rule"] == "module usage M, type 1, top level"
    assert len(document["used_by"]) == sum(document["counts"].values()) == 34
    ((enhanced),) = [use for use in document["used_by"] if use["iod"] == "enhanced-ct-image"]
    assert enhanced["need"] == "conditional"
    assert enhanced["functional_group"] == "PixelMeasuresSequence"
    assert [step["tag"] for step in enhanced["path"]] == ["(5200,9230)", "(0028,9110)"]
    assert enhanced["sop_classes"] == [{"uid": "1.2.840.10008.5.1.4.1.1.2.1", "name": "Enhanced CT Image Storage"}]
