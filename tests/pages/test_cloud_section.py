"""The sections of an attribute page about cloud services and de-identification, and the list of cloud facts."""

from __future__ import annotations

import json
import re

import pytest

from tagwise import pages
from tagwise.errors import UsageError
from tagwise.knowledge import cloud
from tagwise.pages import as_json, cloud_list, cloud_section, text
from tagwise.pages.layout import Ink
from tagwise.standard import deidentification, dictionary

NAMES = ["SeriesInstanceUID", "PatientID", "SliceLocation", "ErrorComment", "60xx,3000", "(0018,0061)", "StudyDate"]


def cloud_lines(name: str, width: int = 80) -> list[str]:
    shown = text.page(pages.attribute(name), width=width)
    return shown[shown.index("\nCloud services\n") + 1 : shown.index("\n\nDe-identification\n")].split("\n")


def squeezed(name: str) -> str:
    return " ".join(text.page(pages.attribute(name)).split())


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_a_line_for_each_service(name: str) -> None:
    """With its status, also where nothing is listed."""
    lines = cloud_lines(name)
    for label in cloud_section.LABELS.values():
        (line,) = [line for line in lines if line.startswith(f"  {label} ")]
        assert any(word in line for word in cloud.STATUS_WORDS)


def test_status_lines_have_level_and_what_is_inferred() -> None:
    """The two things that one word would hide."""
    page = squeezed("SeriesInstanceUID")
    assert "AWS required (inferred) · queryable (series level) · promoted (series level)" in page
    assert "Azure v1 required · queryable (series level)" in page
    assert "AWS preserved, by default" in squeezed("SliceLocation")


def test_the_two_versions_of_azure_show_where_they_differ() -> None:
    """What is the same is named, not repeated."""
    page = squeezed("PatientID")
    assert "required must be there with a value" in page
    assert "required must be there; an empty value is stored with a warning" in page
    assert "as v1: limit, update, worklist, returned" in page


def test_sources_that_disagree_and_dates_are_shown() -> None:
    """Both limits of AWS, and the date of each text."""
    page = squeezed("StudyDescription")
    assert "256 characters: longest value on import [elsewhere: 64 in the API reference" in page
    assert "dicom-services-conformance-statement (2022-10-13)" in page
    assert "dicom-services-conformance-statement-v2 (2024-01-18)" in page
    assert "taken over 2026-11-23" in page


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_sections_fit_the_terminal(name: str, width: int) -> None:
    """Only an address may be longer."""
    for line in cloud_lines(name, width):
        assert len(line) <= width or len(line.split()) == 1, line


@pytest.mark.parametrize("name", NAMES)
def test_json_and_text_say_the_same(name: str) -> None:
    """Every sentence and every page of the JSON is in the text."""
    page = pages.attribute(name)
    document = json.loads(json.dumps(as_json.page(page)))
    assert [entry["service"] for entry in document["cloud"]] == list(cloud.SERVICE_KEYS)
    shown = "".join(text.page(page).split())
    for entry in document["cloud"]:
        assert entry["status"]
        for fact in entry["facts"]:
            assert "".join(fact["says"].split()) in shown
            assert "".join(fact["disagrees"].split()) in shown
            for source in fact["sources"]:
                assert source["url"].rpartition("/")[2] in shown
                assert source["dated"] in shown


def test_json_limits_are_numbers() -> None:
    """And null where there is none."""
    document = as_json.page(pages.attribute("PatientID"))
    limits = {fact["limit"] for entry in document["cloud"] for fact in entry["facts"]}
    assert limits == {None, 64, 256}


def test_every_attribute_has_both_sections() -> None:
    """Whatever it is: each in ten of the dictionary, repeating groups and those without a keyword."""
    every = dictionary.all_attributes()
    for attribute in {*every[::10], *(one for one in every if one.repeats or not one.keyword)}:
        shown = cloud_section.of(attribute)
        assert [support.service.key for support in shown] == list(cloud.SERVICE_KEYS)
        assert all(support.statuses for support in shown)
        found = deidentification.of_tag(attribute.tag)
        assert found is None or found.basic in deidentification.MEANINGS


def test_de_identification_names_profile_options_and_edition() -> None:
    """Each action with its meaning."""
    page = squeezed("SeriesInstanceUID")
    assert "Basic profile U replace it by another UID" in page
    assert "Retain UIDs K keep it" in page
    assert "PS3.15 table E.1-1 (DICOM 2026d)" in page
    assert "table E.1-1 (DICOM 2026d) does not name it" in squeezed("Modality")
    assert "row (50xx,xxxx)" in squeezed("CurveData")
    long = squeezed("StudyDate")
    assert "Retain Longitudinal Temporal Information, Modified Dates C clean it" in long


def test_de_identification_in_json() -> None:
    """With null where the table is silent."""
    known = as_json.page(pages.attribute("PatientID"))["deidentification"]
    assert (known["row"], known["basic"], known["edition"], known["options"]) == ("(0010,0020)", "Z/D", "2026d", [])
    assert known["meaning"] == deidentification.MEANINGS["Z/D"]
    silent = as_json.page(pages.attribute("Modality"))["deidentification"]
    assert (silent["row"], silent["basic"], silent["meaning"]) == (None, None, None)


def test_the_matrix_lists_every_attribute_with_all_services() -> None:
    """Text and JSON."""
    rows = list(cloud.matrix())
    shown = cloud_list.text(ink=Ink()).split("\n")
    document = cloud_list.document()
    assert [row["keyword"] for row in document["attributes"]] == [row.keyword for row in rows]
    assert all(set(row["status"]) == set(cloud.SERVICE_KEYS) for row in document["attributes"])
    (line,) = [line for line in shown if line.endswith(" PatientID")]
    assert line.split() == ["(0010,0020)", "QP", "RQ", "RQ", "Q", "PatientID"]
    assert f"{len(rows)} attributes." in " ".join(shown)
    assert "* our conclusion" in "\n".join(shown)


@pytest.mark.parametrize("key", cloud.SERVICE_KEYS)
def test_one_service_lists_its_own_facts_only(key: str) -> None:
    """Each attribute with a status; private attributes too."""
    document = cloud_list.document(key)
    assert [one["service"] for one in document["services"]] == [key]
    own = {(fact.keyword, fact.tag) for fact in cloud.listed_facts() if fact.service == key}
    assert {(row["keyword"], row["tag"]) for row in document["attributes"]} == own
    blocks = cloud_list.text(key, ink=Ink()).split("\n\n")[1:-1]
    assert len(blocks) == len(own)
    for block in blocks:
        assert re.match(r"\([0-9A-F]{4},[0-9A-F]{4}\) ", block)
        assert any(word in block.split("\n")[1] for word in cloud.STATUS_WORDS), block


def test_an_unknown_service_is_an_error() -> None:
    """And those there are get named."""
    with pytest.raises(UsageError, match="azure") as caught:
        cloud_list.document("azure")
    assert "azure-v1, azure-v2" in caught.value.hint
