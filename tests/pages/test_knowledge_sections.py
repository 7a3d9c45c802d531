"""FHIR, HL7 v2 and worklist on the page of an attribute: text and JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tagwise import pages
from tagwise.knowledge import fhir, hl7v2, worklist
from tagwise.pages import as_json, knowledge_text, text
from tagwise.pages.layout import Ink

HEADINGS = ("FHIR", "HL7 v2", "Modality Worklist")


def section(keyword: str, heading: str, width: int = 80) -> str:
    """The lines of one section, as one text with single blanks."""
    shown = text.page(pages.attribute(keyword, depth="top"), width=width)
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^\S|\Z)", shown, re.DOTALL | re.MULTILINE)
    assert found
    return " ".join(found[1].split())


def document(keyword: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(as_json.page(pages.attribute(keyword))))
    return found


def test_the_accession_number_shows_both_versions_both_carriers_and_the_misprint() -> None:
    """What a page of one version and one view gets wrong (reference-page-notes.md, items 7 and 8)."""
    shown = section("AccessionNumber", "FHIR")
    assert "Moved: ImagingStudy.identifier in R4 and R4B, ImagingStudy.basedOn from R5 on" in shown
    assert "the source prints (0080,0050)" in shown
    shown = section("AccessionNumber", "HL7 v2")
    assert "IPC-1 Accession Identifier, EI up to 80, usage R in OMI^O23 (2.5.1)" in shown
    assert "OBR-18 Placer Field 1, ST up to 60 in ORM^O01 (2.3.1)" in shown
    assert "may be longer than the VR allows" in shown


def test_where_sources_differ_the_page_says_so() -> None:
    """Both are shown, and neither is picked."""
    assert pages.attribute("StudyDescription").fhir.disagreements == (
        "R4: Microsoft DICOM-Cast has ImagingStudy.note, the specification ImagingStudy.description",
    )
    assert pages.attribute("SeriesInstanceUID").fhir.disagreements == ()
    assert "Moved: ImagingStudy.reasonCode" in section("ReasonForTheRequestedProcedure", "FHIR")


@pytest.mark.parametrize("keyword", ["PixelData", "Item", "LUTData", "ImagerPixelSpacing"])
def test_a_page_without_a_mapping_names_what_was_read(keyword: str) -> None:
    """Nothing found is not nothing looked for."""
    assert all(source.name in section(keyword, "FHIR") for source in fhir.sources().values())
    assert all(source.name in section(keyword, "HL7 v2") for source in hl7v2.sources().values())
    assert "edition of 2013" in section(keyword, "Modality Worklist")
    assert document(keyword)["fhir"]["mappings"] == document(keyword)["hl7v2"]["fields"] == []
    assert len(document(keyword)["fhir"]["read"]) == len(fhir.sources())


def test_the_doubtful_character_set_is_shown_as_such() -> None:
    """Only the page of Specific Character Set has the table."""
    assert "CNS 11643-1992 ISO_IR 166 CNS 11643 is the Chinese set of Taiwan" in section(
        "SpecificCharacterSet", "HL7 v2"
    )
    assert document("PatientName")["hl7v2"]["character_sets"] == []


def test_the_worklist_says_what_is_matched_and_returned() -> None:
    """With place, type and edition."""
    shown = section("Modality", "Modality Worklist")
    assert "ScheduledProcedureStepSequence (Scheduled Procedure Step): the SCP has to match it by single value" in shown
    assert "type 1 in the answer" in shown
    assert "edition of 2013" in shown


EVERY = sorted(
    {found.keyword for found in fhir.all_mappings()}
    | {found.keyword for found in hl7v2.all_fields()}
    | {key.keyword for key in worklist.all_keys()}
)


@pytest.mark.parametrize("width", [60, 80])
def test_every_section_fits_the_terminal(width: int) -> None:
    """No line is wider, except where a word is; none ends in blanks."""
    for keyword in EVERY:
        page = pages.attribute(keyword, depth="top")
        for line in (
            *knowledge_text.fhir_lines(page.fhir, width, text.PLAIN),
            *knowledge_text.hl7v2_lines(page.hl7v2, width, text.PLAIN),
            *knowledge_text.worklist_lines(page.worklist, width, text.PLAIN),
        ):
            assert len(line) <= width or len(line.split()) <= 3 or "tagwise show" in line, (keyword, line)
            assert line == line.rstrip()


def test_colour_changes_nothing_but_colour() -> None:
    """Lines break at the same words."""
    for keyword in ("AccessionNumber", "StudyInstanceUID", "SpecificCharacterSet", "PixelData"):
        page = pages.attribute(keyword, depth="top")
        assert re.sub(r"\x1b\[[0-9;]*m", "", text.page(page, ink=Ink(on=True))) == text.page(page)


def test_json_has_every_row_with_its_source_and_date() -> None:
    """And what a row names stands beside it."""
    for keyword in EVERY:
        found = document(keyword)
        assert len(found["fhir"]["mappings"]) == len(fhir.mappings(keyword))
        assert len(found["hl7v2"]["fields"]) == len(hl7v2.fields(keyword))
        assert len(found["worklist"]["keys"]) == len(worklist.keys(keyword))
        for kind, rows in (("fhir", "mappings"), ("hl7v2", "fields")):
            sources = {source["id"] for source in found[kind]["read"]}
            conversions = {conversion["name"] for conversion in found[kind]["conversions"]}
            for row in found[kind][rows]:
                assert row["source"] in sources
                assert row["conversion"] in conversions | {""}
                assert row["url"]
                assert row["checked"]


def test_text_shows_every_path_and_every_rule() -> None:
    """What JSON has, the text has; of long lists of fields it says how many are left."""
    for keyword in EVERY:
        shown = section(keyword, "FHIR", 100)
        page = pages.attribute(keyword)
        for found in page.fhir.mappings:
            assert found.path in shown
            assert found.source.name in shown
        for rule in page.fhir.rules:
            assert rule.rule in shown
        fields = section(keyword, "HL7 v2", 100)
        assert all(found.field in fields for found in page.hl7v2.fields[:12])
        assert (f"… and {len(page.hl7v2.fields) - 12} more" in fields) == (len(page.hl7v2.fields) > 12)


def test_sections_stand_in_their_order() -> None:
    """Between modules and checks."""
    shown = text.page(pages.attribute("AccessionNumber", depth="top"))
    places = [shown.index(f"\n{heading}\n") for heading in ("Modules that use it", *HEADINGS, "Operational errors")]
    assert places == sorted(places)


CARRIERS = {
    "AccessionNumber": {"in": {"OBR-18", "IPC-1"}, "out": {"OBR-18", "IPC-1"}},
    "StudyInstanceUID": {"in": {"ZDS-1.1", "IPC-3"}, "out": {"IPC-3", "OBX-5"}},
    "Modality": {"in": {"OBR-24", "IPC-5"}, "out": {"IPC-5"}},
    "RequestedProcedureID": {"in": {"OBR-19", "IPC-2"}, "out": {"OBR-19"}},
    "ScheduledProcedureStepID": {"in": {"OBR-20", "IPC-4"}, "out": set()},
    "PatientID": {"in": {"PID-3.1"}, "out": {"PID-3.1"}},
    "PatientName": {"in": {"PID-5"}, "out": {"PID-5"}},
    "SeriesInstanceUID": {"in": {"OBX-5"}, "out": set()},
}
"""What must be on the page: ORM^O01 with OBR and ZDS beside OMI^O23 with IPC, to DICOM and from it."""


@pytest.mark.parametrize(("keyword", "expected"), CARRIERS.items(), ids=CARRIERS)
def test_both_carriers_and_both_directions_are_shown_with_conversion(
    keyword: str, expected: dict[str, set[str]]
) -> None:
    """Where no source has a direction, the page says so instead of showing nothing."""
    page = pages.attribute(keyword)
    shown = " ".join(text.page(page, sections=["hl7v2"]).split())
    for direction, fields in expected.items():
        carried = {
            field.field
            for field in page.hl7v2.fields
            if any(message.direction == direction for message in field.messages)
        }
        assert fields <= carried
        assert (f"No source read has a message for {direction}." in shown) is not bool(carried)
    assert "in: HL7 to DICOM; out: DICOM to HL7." in shown
    assert all(field.conversion for field in page.hl7v2.fields if field.messages)
    assert as_json.page(page, ["hl7v2"])["hl7v2"]["without"] == [way for way, fields in expected.items() if not fields]


def test_an_order_has_no_series() -> None:
    """The page says so, because a channel that looks for one finds nothing."""
    shown = " ".join(text.page(pages.attribute("SeriesInstanceUID"), sections=["hl7v2"]).split())
    assert "The lists of ORM^O01, OMI^O23 and OMG^O19, of both directions, have no field for it" in shown
