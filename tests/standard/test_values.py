"""Enumerated values and defined terms: known truths, and that the table fits the dictionary and the modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagwise.errors import StandardDataError
from tagwise.standard import dictionary, modules, tables, values
from tagwise.standard.text import content, records, terms

if TYPE_CHECKING:
    from tagwise.standard.values import ValueList


def in_module(keyword: str, module: str, value: int | None = None) -> ValueList:
    """The one list that a module has for an attribute without condition."""
    (found,) = [
        one
        for one in values.of(keyword)
        if one.value == value and not one.condition and module in {place.slug for place in one.places}
    ]
    return found


@pytest.mark.parametrize(
    ("keyword", "module", "value", "kind", "codes"),
    [
        ("PatientSex", "patient", None, "enumerated", ("M", "F", "O")),
        ("Laterality", "general-series", None, "enumerated", ("R", "L")),
        ("ImageLaterality", "general-image", None, "enumerated", ("R", "L", "U", "B")),
        ("PresentationIntentType", "dx-series", None, "enumerated", ("FOR PRESENTATION", "FOR PROCESSING")),
        ("ImageType", "general-image", 1, "enumerated", ("ORIGINAL", "DERIVED")),
        ("ImageType", "general-image", 2, "enumerated", ("PRIMARY", "SECONDARY")),
        ("ImageType", "ct-image", 3, "defined", ("AXIAL", "LOCALIZER")),
        ("ImageType", "nm-image", 4, "enumerated", ("EMISSION", "TRANSMISSION")),
        ("PhotometricInterpretation", "ct-image", None, "enumerated", ("MONOCHROME1", "MONOCHROME2")),
        ("Modality", "ct-series", None, "enumerated", ("CT",)),
        ("ConversionType", "sc-equipment", None, "defined", ("DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN")),
    ],
)
def test_known_lists(keyword: str, module: str, value: int | None, kind: str, codes: tuple[str, ...]) -> None:
    """As dciodvfy has them: the lists of PS3.3, not what flattening makes of them."""
    found = in_module(keyword, module, value)
    assert (found.kind, found.codes) == (kind, codes)


def test_modality_has_the_defined_terms_of_the_section_that_its_row_refers_to() -> None:
    """C.7.3.1.1.1 holds for the general module; modules with a list of their own do not take it."""
    (general,) = [one for one in values.of("Modality") if one.section == "C.7.3.1.1.1"]
    assert general.kind == "defined"
    assert {"CT", "MR", "US", "DX", "SR", "PR", "KO", "SEG", "RTSTRUCT", "OT"} <= set(general.codes)
    assert not {"CF", "DM", "OPR", "CS", "ST"} & set(general.codes)  # retired
    slugs = {place.slug for place in general.places}
    assert "general-series" in slugs
    assert not {"ct-series", "mr-series", "presentation-series"} & slugs
    assert values.of("Modality")[0] == general


def test_retired_codes_are_marked() -> None:
    """C.7.6.3.1.2 keeps them in its list."""
    found = in_module("PhotometricInterpretation", "image-pixel")
    assert found.retired == ("HSV", "ARGB", "CMYK", "YBR_PARTIAL_422")
    assert {"MONOCHROME1", "RGB", "PALETTE COLOR", "YBR_FULL_422", *found.retired} <= set(found.codes)


def test_conditions_are_facts() -> None:
    """Which attribute has to have which code; no words of the standard."""
    conditions = {one.condition: one.codes for one in values.of("BitsAllocated") if one.condition}
    assert conditions["SegmentationType=BINARY"] == ("1",)
    assert conditions["SegmentationType!=BINARY"] == ("8",)


def test_a_list_knows_the_sequences_around_it() -> None:
    """One module has two lists for one attribute, each in a sequence of its own."""
    found = {
        place.path: one.codes
        for one in values.of("PhotometricInterpretation")
        for place in one.places
        if place.slug == "image-box-pixel-presentation"
    }
    assert found == {
        ("BasicGrayscaleImageSequence",): ("MONOCHROME1", "MONOCHROME2"),
        ("BasicColorImageSequence",): ("RGB",),
    }


def test_every_list_fits_the_tables() -> None:
    """Keywords exist, codes fit the VR, sequences are real, nothing is doubled."""
    listed = values.all_lists()
    assert len(listed) > 800
    assert len(set(listed)) == len(listed)
    for one in listed:
        attribute = dictionary.by_keyword()[one.keyword]
        assert len(set(one.codes)) == len(one.codes)
        assert set(one.retired) <= set(one.codes)
        if attribute.vr == "CS":
            assert all(len(code) <= 26 for code in one.codes), one
        for place in one.places:
            assert all(keyword in dictionary.by_keyword() for keyword in place.path)


def test_nearly_every_module_is_one_of_ours() -> None:
    """2020a names five modules that 2026b calls otherwise."""
    slugs = {place.slug for one in values.all_lists() for place in one.places if place.kind == "module"}
    assert len(slugs - set(modules.names())) <= 5


def test_no_sentence_is_in_the_table() -> None:
    """Codes are short; the longest is that of an overlay subtype, and it is a code."""
    for one in values.all_lists():
        for code in one.codes:
            assert len(code.split()) <= 4, code
            assert "." not in code or code[0].isdigit() or code.startswith(("ROW", "COL")), code


def test_a_damaged_table_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that is neither."""
    real = tables.lines
    monkeypatch.setattr(
        tables, "lines", lambda *names: tuple(line.replace("enumerated", "wild", 1) for line in real(*names))
    )
    with pytest.raises(StandardDataError, match=r"values\.tsv"):
        values.of("PatientSex")


@pytest.mark.parametrize(
    ("text", "kind", "value", "condition"),
    [
        ("Enumerated Values:", "enumerated", None, ""),
        ("Defined Terms", "defined", None, ""),
        ("Value 2 Enumerated Values:", "enumerated", 2, ""),
        ("Defined Terms for Image Type Value 3:", "defined", 3, ""),
        ("Enumerated Values if Image Type (0008,0008) Value 3 is LOCALIZER:", "enumerated", None,
         "Image Type (0008,0008) Value 3 is LOCALIZER"),
    ],
)  # fmt: skip
def test_titles_are_understood(text: str, kind: str, value: int | None, condition: str) -> None:
    """The number of a value in a condition is not the value that the list is for."""
    assert terms.title(text) == (kind, value, condition, ())


@pytest.mark.parametrize("text", ["Retired Defined Terms:", "Resources:", "Bit Map Values for Value 4:", ""])
def test_other_lists_are_no_values(text: str) -> None:
    """Retired lists, and lists that explain words."""
    assert terms.title(text) is None


def test_the_value_is_taken_from_the_paragraph_before_the_list() -> None:
    """As in C.7.6.1.1.2; a paragraph that names two values says nothing."""
    listed = content.Terms("Enumerated Values:", (content.Term("A", ()),))

    def number(sentence: str) -> int | None:
        blocks = (content.Paragraph((sentence,)), listed)
        definition = records.Definition("(0008,0008)", "", "", records.Wording(blocks, (), 0), ())
        (found,) = terms.found(definition, "Image Type", lambda _: None)
        return found.title.value

    assert number("Value 1 says what it is") == 1
    assert number("Value 1 and Value 2 say what it is") is None
    assert number("It says what it is") is None
