"""The errors found in a published reference page: our pages and checks are right where it is wrong.

Each item is described where it is tested; the wrong form is run or shown beside ours where that can be done. Item 1,
item 2 and the JavaScript of item 4 are about code for Mirth Connect, which the tests of the examples run; here the
paths on our pages are held.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.checks import archive

from tagwise import pages
from tagwise.checks import registry
from tagwise.checks.sql import standalone
from tagwise.knowledge import cloud, fhir, hl7v2, mirth
from tagwise.pages import as_json, text
from tagwise.standard import dictionary, modules
from tagwise.web import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ROOT = Path(__file__).resolve().parents[1]
ITEMS = range(1, 10)

BIG_SERIES = "SELECT SeriesInstanceUID, COUNT(*) FROM instances GROUP BY SeriesInstanceUID HAVING COUNT(*) > 200"
"""The statement of the published page: it finds series that are big, and calls them re-used."""
LOOSE_UID = re.compile(r"^[0-9.]{1,64}$")
"""The pattern of the published page."""
BROKEN_UIDS = ("1..2", ".1", "1.", "01.2", "1.02")


def _shown(name: str, *sections: str) -> str:
    """The text of a page in one line."""
    return " ".join(text.page(pages.attribute(name), sections=sections).split())


def test_every_item_has_a_test_of_its_number() -> None:
    """No error of that page is without a test."""
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tested = {int(number) for number in re.findall(r"^(?:async )?def test_item_(\d)_", written, re.MULTILINE)}
    assert tested == set(ITEMS)


def test_item_1_the_path_in_mirths_xml_is_an_element_named_after_the_tag() -> None:
    """Mirth makes `<dicom><tag0020000E …>`; a path by attribute `tag` of elements `attr` gives an empty text."""
    assert "tag0020000E in Mirth Connect" in _shown("SeriesInstanceUID", "identity")
    for known in dictionary.all_attributes():
        if not known.repeats:
            assert re.fullmatch(r"[0-9A-F]{8}", known.digits)
    assert as_json.page(pages.attribute("PixelData"), ["identity"])["spellings"]["mirth_connect"] == "tag7FE00010"
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.tsv"), *(ROOT / "docs").glob("*.md")]
    assert not [path.name for path in sources if "attr.(@tag" in path.read_text("utf-8")]


def test_item_2_mirths_hl7_tree_is_by_name_and_never_by_number() -> None:
    """`tmp['OBR'][18]` is not the accession number; `tmp['OBR']['OBR.18']['OBR.18.1']` is."""
    paths = {field.field: field.mirth for field in hl7v2.all_fields()}
    assert paths["OBR-18"] == "['OBR']['OBR.18']['OBR.18.1']"
    for path in paths.values():
        assert not re.search(r"\[\d+\]", path)
        assert re.match(r"\['[A-Z][A-Z0-9]{2}'\]\['[A-Z][A-Z0-9]{2}\.\d+'\]", path)


@pytest.fixture
def reused_and_big() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two studies of 40 slices share a series UID; beside them one sound series of 500 slices."""
    ct = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "Modality": "CT", "PatientID": "P1"}
    reused = [
        {
            **ct,
            "StudyInstanceUID": f"1.2.3.{study}",
            "SeriesInstanceUID": "1.2.3.9",
            "SOPInstanceUID": f"1.2.{study}.{n}",
        }
        for study in (1, 2)
        for n in range(40)
    ]
    sound = {**ct, "StudyInstanceUID": "1.2.4", "SeriesInstanceUID": "1.2.4.1"}
    big = [{**sound, "SOPInstanceUID": f"1.2.4.1.{n}"} for n in range(500)]
    yield archive.archive([*reused, *big])
    archive.archive([])


def test_item_3_counting_instances_does_not_find_a_series_uid_that_is_used_twice(
    reused_and_big: duckdb.DuckDBPyConnection,
) -> None:
    """The published statement names the sound series and misses the re-used one; ours names that one only."""
    counted = [row[0] for row in reused_and_big.execute(BIG_SERIES).fetchall()]
    assert counted == ["1.2.4.1"]
    check = registry()["identity/series-uid-reused"]
    (found,) = reused_and_big.execute(standalone(check)).fetchall()
    assert found[0] == "1.2.3.9"
    (error,) = [one for one in pages.attribute("SeriesInstanceUID").errors if one.name == check.name]
    assert error.sql == standalone(check)
    assert "COUNT(*) >" not in error.sql


@pytest.mark.parametrize("uid", BROKEN_UIDS)
def test_item_4_a_uid_that_breaks_the_grammar_is_found_whatever_a_loose_pattern_says(uid: str) -> None:
    """PS3.5 9.1: no empty component, no leading zero."""
    assert LOOSE_UID.fullmatch(uid)
    found = archive.result(registry()["identity/uid-malformed"], archive.archive([{"SeriesInstanceUID": uid}]))
    assert [row["SeriesInstanceUID"] for row in found] == [uid]


def test_item_4_padding_is_not_stripped_before_it_is_judged() -> None:
    """Who strips blanks and NULs first never sees the padding that splits a series in two."""
    stored = [{"SeriesInstanceUID": "1.2.3.4 "}, {"SeriesInstanceUID": "1.2.3.4\0\0"}]
    assert {LOOSE_UID.fullmatch(row["SeriesInstanceUID"].strip(" \0")) is not None for row in stored} == {True}
    found = archive.result(registry()["identity/uid-padded"], archive.archive(stored))
    assert sorted(row["SeriesInstanceUID"] for row in found) == ["1.2.3.4\0\0", "1.2.3.4 "]


def test_item_5_counts_of_modules_name_rule_and_edition() -> None:
    """5, 17 and 38 modules are all true, each by a rule of its own; "15 modules" is not."""
    assert modules.counts("SeriesInstanceUID") == {"top": 5, "first": 17, "all": 38}
    shown = _shown("SeriesInstanceUID", "modules")
    says = "5 at top level, 17 at top level or in a first-level sequence, 38 at any depth (DICOM 2026b)."
    assert says in shown
    assert "(module usage M, type 1, top level; DICOM 2026b)" in _shown("SeriesInstanceUID", "usage")


@pytest.mark.parametrize("name", ["SeriesInstanceUID", "CodeValue", "ReferencedSOPInstanceUID", "PatientID"])
def test_item_5_no_module_is_counted_twice(name: str) -> None:
    """However many places a module has for the attribute."""
    used = as_json.page(pages.attribute(name), ["modules"])["modules"]
    listed = [use["module"] for use in used["used_by"]]
    assert len(listed) == len(set(listed)) == used["counts"]["all"]


def test_item_6_a_status_has_service_version_condition_and_source() -> None:
    """Azure v1 and v2 differ; Azure has no search key SOPClassUID; AWS publishes no list of required attributes."""
    page = as_json.page(pages.attribute("PatientID"), ["cloud"])["cloud"]
    assert [one["service"] for one in page] == ["aws", "azure-v1", "azure-v2", "google"]
    facts = {one["service"]: one["facts"] for one in page}
    assert facts["azure-v1"] != facts["azure-v2"]
    for fact in (fact for listed in facts.values() for fact in listed):
        assert fact["sources"]
        assert all(source["url"].startswith("https://") and source["taken"] for source in fact["sources"])
    for service in ("azure-v1", "azure-v2"):
        assert "queryable" not in cloud.status("SOPClassUID", service)
    assert "required (inferred)" in _shown("SeriesInstanceUID", "cloud")


def test_item_6_fuzzy_search_is_a_query_parameter() -> None:
    """There is no key PatientNameFuzzy."""
    shown = _shown("PatientName", "cloud")
    assert "fuzzymatching=true" in shown
    assert "PatientNameFuzzy" not in shown


def test_item_7_fhir_is_more_than_r5_and_the_accession_number_moved() -> None:
    """R4: ImagingStudy.identifier; R5: ImagingStudy.basedOn; and the printed tag (0080,0050) is called a misprint."""
    shown = _shown("AccessionNumber", "fhir")
    assert "Moved: ImagingStudy.identifier in R4 and R4B, ImagingStudy.basedOn from R5 on" in shown
    assert "the source prints (0080,0050)" in shown
    page = as_json.page(pages.attribute("AccessionNumber"))
    assert page["tag"] == "(0008,0050)"
    assert {version for one in page["fhir"]["mappings"] for version in one["versions"]} >= {"R4", "R4B", "R5"}
    printed = {found.printed for found in fhir.all_mappings() if found.printed}
    assert not [found.tag for found in fhir.all_mappings() if found.tag == "(0080,0050)"]
    assert "(0080,0050)" in printed


@pytest.mark.parametrize(
    ("name", "carriers"),
    [("AccessionNumber", ("OBR-18", "IPC-1")), ("StudyInstanceUID", ("ZDS-1.1", "IPC-3"))],
)
def test_item_8_hl7_v2_has_two_carriers_and_two_directions(name: str, carriers: tuple[str, str]) -> None:
    """ORM^O01 of 2.3.1 and OMI^O23 of 2.5.1 carry the same attribute in different fields."""
    carried = [(field.field, message) for field in hl7v2.fields(name) for message in field.messages]
    orm, omi = carriers
    assert {(orm, "ORM^O01"), (omi, "OMI^O23")} <= {(field, message.message) for field, message in carried}
    assert {message.direction for _, message in carried} == {"in", "out"}
    shown = _shown(name, "hl7v2")
    assert all(one in shown for one in (*carriers, "ORM^O01 (2.3.1)", "OMI^O23 (2.5.1)"))


@pytest.mark.usefixtures("package_text")
def test_item_9_definitions_keep_their_cross_references() -> None:
    """What a definition refers to is a link in Python, JSON and HTML, and an address in the text."""
    page = pages.attribute("PixelSpacing")
    assert page.definition is not None
    targets = {link.target: link.url for link in page.definition.links}
    assert targets["10.7.1.3"].startswith("https://dicom.nema.org/")
    (block, *_) = as_json.page(page, ["definition"])["definition"]["blocks"]
    every = [
        link["target"]
        for one in as_json.page(page, ["definition"])["definition"]["blocks"]
        for link in one.get("links", ())
    ]
    assert block["kind"] == "paragraph"
    assert "10.7.1.3" in every
    assert targets["10.7.1.3"] in _shown("PixelSpacing", "definition")
    assert f'href="{targets["10.7.1.3"]}"' in render.page_html(page, "attributes/0028-0030")


def test_item_9_the_title_of_an_example_is_not_cut_inside_its_pattern() -> None:
    """Titles of examples are whole sentences without code."""
    for listed in mirth.listed():
        assert not re.search(r"[\\\[\](){}^$]|\.\.\.|…", listed.title), listed.title
