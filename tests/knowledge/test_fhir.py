"""The FHIR tables against the dictionary and against the definitions of FHIR R4, R4B and R5."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.knowledge import definitions

if TYPE_CHECKING:
    from tagwise.knowledge.entries import Rule

from tagwise.knowledge import fhir
from tagwise.standard import dictionary

MAPPINGS = fhir.all_mappings()
VERSIONS = {"R4", "R4B", "R5", "R6-ballot"}
BASE = [found for found in MAPPINGS if found.source.id.startswith("base")]
TAG = re.compile(r"\(?([0-9A-F]{4}),\s*([0-9A-F]{4})\)?")


def test_there_are_as_many_as_were_researched() -> None:
    """250 mappings of 110 attributes: losing lines shows."""
    assert (len(MAPPINGS), len({found.keyword for found in MAPPINGS})) == (250, 110)
    assert {version for found in MAPPINGS for version in found.versions} == VERSIONS


def test_keyword_and_tag_are_those_of_the_dictionary() -> None:
    """And so are those of the attributes that share the element."""
    for found in MAPPINGS:
        known = dictionary.by_keyword()
        assert known[found.keyword].tag == found.tag
        assert all(other in known for other in found.combined_with)
        assert found.keyword not in found.combined_with


def test_the_element_exists_with_its_type_and_cardinality() -> None:
    """In every version that the row names; a guide may ask for more than the definition does."""
    for found in [found for found in MAPPINGS if found.path]:
        for version in found.versions:
            defined = definitions.element(found.path, version)
            assert defined is not None, version
            assert defined.types == found.datatype, version
            least, most = found.cardinality.split("..")
            lowest, highest = defined.cardinality.split("..")
            assert int(least) >= int(lowest)
            assert highest in {"*", most}
            if found.source.id.startswith("base"):
                assert found.cardinality == defined.cardinality


def test_the_definition_of_r4_names_the_tag() -> None:
    """As it stands, or as it is misprinted; and no row invents a binding."""
    for found in [found for found in BASE if "R4" in found.versions]:
        defined = definitions.elements("R4")[found.path]
        printed = {f"({group},{element})" for group, element in TAG.findall(defined.mapping)}
        assert (found.printed or found.tag) in printed
        assert found.binding.partition(" ")[0] == defined.binding


def test_every_tag_that_the_definitions_of_r4_name_is_mapped() -> None:
    """Nothing was left out; (0010/*) is a rule."""
    mapped = {(found.path, found.printed or found.tag) for found in BASE if "R4" in found.versions}
    for path, defined in definitions.elements("R4").items():
        for group, element in TAG.findall(defined.mapping):
            assert (path, f"({group},{element})") in mapped


def test_a_row_says_where_it_is_from() -> None:
    """URL, date, and a source for the version of FHIR."""
    for found in MAPPINGS:
        assert re.fullmatch(r"https?://[\w.-]+/\S*", found.url)
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", found.checked)
        assert set(found.versions) <= set(found.source.versions)
        assert set(found.inferred) <= {"R4B", "keyword", "path", "note"}
        assert found.how in ({"join", "alternatives", "mixed"} if found.combined_with else {""})


def test_an_element_has_a_conversion_and_no_element_has_a_reason() -> None:
    """A path without a rule how to fill it is half a fact."""
    for found in MAPPINGS:
        if found.path:
            assert found.conversion
            assert found.datatype
        else:
            assert "has no element" in found.note


def test_the_conversion_fits_vr_and_datatype() -> None:
    """From the VR of the attribute to the type of the element."""
    for found in [found for found in MAPPINGS if found.conversion]:
        assert found.conversion
        from_, to = found.conversion.from_.split(), found.conversion.to.split()
        assert from_ == ["any"] or dictionary.by_keyword()[found.keyword].first_vr in from_
        if found.conversion.name in {
            "uid-to-id",
            "uid-to-identifier",
            "uid-to-coding",
            "number",
            "modality",
            "instant",
        }:
            assert found.datatype in to


def test_no_mapping_stands_twice() -> None:
    """One source, one version, one element, one context: one row."""
    rows = [(found.keyword, found.versions, found.source.id, found.path, found.context) for found in MAPPINGS]
    assert len(rows) == len(set(rows))


def test_rows_of_an_attribute_stand_together() -> None:
    """The loader searches for the first and reads on: rows elsewhere would be lost."""
    for keyword in {found.keyword for found in MAPPINGS}:
        assert len(fhir.mappings(keyword)) == sum(found.keyword == keyword for found in MAPPINGS)


def test_an_attribute_without_a_mapping_has_none_and_sources_say_what_was_read() -> None:
    """Also one whose keyword starts like another's."""
    assert fhir.mappings("PixelData") == ()
    assert fhir.mappings("Modalit") == ()
    assert fhir.mappings("") == ()
    assert {source.kind for source in fhir.sources().values()} == {"specification", "implementation guide", "product"}


def test_sharing_is_mutual() -> None:
    """If A shares an element with B in a source, so does B with A."""
    shared = {(found.keyword, found.source.id, found.path): set(found.combined_with) for found in BASE}
    for (keyword, source, path), others in shared.items():
        for other in others:
            assert keyword in shared[other, source, path]


@pytest.mark.parametrize("rule", fhir.rules(), ids=lambda rule: rule.name)
def test_a_rule_names_attributes_and_a_source(rule: Rule) -> None:
    """Rules, conversions and sources too have URL and date."""
    assert set(rule.keywords) <= set(dictionary.by_keyword())
    assert set(rule.versions) <= VERSIONS
    for entry in (rule, *fhir.conversions().values(), *fhir.sources().values()):
        assert re.fullmatch(r"https?://[\w.-]+/\S*", entry.url)
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", entry.checked)


def test_every_conversion_and_source_is_used() -> None:
    """An entry that nothing uses is an entry that nobody checks."""
    assert {found.conversion.name for found in MAPPINGS if found.conversion} == set(fhir.conversions())
    assert {found.source.id for found in MAPPINGS} == set(fhir.sources())


# What reference-page-notes.md, item 7, finds wrong elsewhere.


def paths(keyword: str, version: str) -> set[str]:
    return {found.path for found in fhir.mappings(keyword) if version in found.versions and found in BASE}


def test_the_accession_number_moved_between_r4_and_r5() -> None:
    """An identifier of the study in R4 and R4B; in R5 it belongs to what the study is based on."""
    assert "ImagingStudy.identifier" in paths("AccessionNumber", "R4") & paths("AccessionNumber", "R4B")
    assert "ImagingStudy.basedOn" not in paths("AccessionNumber", "R4")
    assert "ImagingStudy.basedOn" in paths("AccessionNumber", "R5")
    assert "ImagingStudy.identifier" not in paths("AccessionNumber", "R5")


def test_the_misprinted_tag_is_a_fact_and_never_the_tag() -> None:
    """(0080,0050) is nothing; who looks for it in a table still finds what is meant."""
    printed = {found.printed for found in fhir.mappings("AccessionNumber") if "ImagingStudy" in found.path}
    assert "(0080,0050)" in printed
    assert all(found.tag == "(0008,0050)" for found in fhir.mappings("AccessionNumber"))
    assert fhir.mappings("AccessionNumber")[0].tag not in {found.printed for found in MAPPINGS}


def test_there_is_more_than_r5_and_more_than_the_imaging_study() -> None:
    """A page with one version and one resource is not enough."""
    for keyword in ("StudyInstanceUID", "SOPClassUID", "Modality", "AccessionNumber", "SeriesInstanceUID"):
        assert {version for found in fhir.mappings(keyword) for version in found.versions} >= {"R4", "R4B", "R5"}
    assert len({found.resource for found in MAPPINGS if found.path}) >= 14
