"""The dictionary against pydicom's, and every way to spell an attribute."""

from __future__ import annotations

import string
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

from tagwise.errors import UnknownName
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.standard.dictionary import Attribute

ATTRIBUTES = dictionary.all_attributes()
PYDICOM = {
    **{f"{tag:08X}": row for tag, row in DicomDictionary.items()},
    **{digits.upper().replace("X", "x"): row for digits, row in RepeatersDictionary.items()},
}

DISAGREEMENTS = {
    # PS3.6 2025e retires Ethnic Group (0010,2160) for Ethnic Groups (0010,2162).
    ("00102160", "retired"): (False, True),
    # In 2024c the keywords of these two do not fit their names; in 2025e they do.
    ("003A0320", "keyword"): ("SummarizedFilterLookupTable", "SummarizedFilterLookupTableSequence"),
    ("003A0325", "keyword"): ("AnalogFilterType", "AnalogFilterTypeCodeSequence"),
    # Retired in 2024c, current in 2025e.
    ("30040012", "retired"): (True, False),
}

HOSTILE = ["", " ", "\0", "'", '"; DROP TABLE', "\\", "\n\t", "🎉" * 40, "x" * 1_000_000, "(" * 500, "x" * 8 + "\0"]
SPELLINGS = [
    "({0},{1})",
    "{0},{1}",
    "{0}{1}",
    "0x{0}{1}",
    "0x{0},0x{1}",
    "{0} {1}",
    "{0}:{1}",
    "x{0}{1}",
    "tag{0}{1}",
    " ( {0} , {1} ) ",
]


def test_there_are_more_attributes_than_in_any_single_source() -> None:
    """The union has the attributes of both editions."""
    assert len(ATTRIBUTES) >= 5_100
    assert len(ATTRIBUTES) > len(PYDICOM)
    assert len(dictionary.by_keyword()) == len(ATTRIBUTES) - 6  # six retired ones have no keyword


def test_only_the_listed_facts_differ_from_pydicom() -> None:
    """Tag, keyword, name, VR, VM and retirement are pydicom's, except where the newer edition says otherwise."""
    ours = {attribute.digits: attribute for attribute in ATTRIBUTES}
    found = {}
    for digits, (vr, vm, name, retired, keyword) in PYDICOM.items():
        theirs = {"keyword": keyword, "name": name, "vr": vr, "vm": vm, "retired": bool(retired)}
        for fact, value in theirs.items():
            if getattr(ours[digits], fact) != value:
                found[digits, fact] = (value, getattr(ours[digits], fact))
    assert found == DISAGREEMENTS


def test_an_attribute_that_pydicom_lacks_is_marked_as_newer() -> None:
    """What only DCMTK's newer dictionary has says so, and nothing else does."""
    newer = {attribute.digits for attribute in ATTRIBUTES if attribute.added_after}
    assert newer == {attribute.digits for attribute in ATTRIBUTES} - set(PYDICOM)
    assert len(newer) == 165
    assert dictionary.find("GenderIdentitySequence").name_from_keyword


def test_keywords_and_tags_are_unique() -> None:
    """No two attributes share a tag, a keyword in any case, or a keyword with the former one of another."""
    keywords = [attribute.keyword.lower() for attribute in ATTRIBUTES if attribute.keyword]
    keywords += [attribute.former_keyword.lower() for attribute in ATTRIBUTES if attribute.former_keyword]
    assert [keyword for keyword, count in Counter(keywords).items() if count > 1] == []
    assert len({attribute.tag for attribute in ATTRIBUTES}) == len(ATTRIBUTES)


def test_no_keyword_reads_like_a_tag() -> None:
    """A keyword that could be taken for a tag could not be found."""
    assert [attribute.keyword for attribute in ATTRIBUTES if dictionary.tag_digits(attribute.keyword)] == []


def test_the_table_of_keywords_agrees_with_the_look_up() -> None:
    """The mapping for whole-dictionary users and the search for single names give equal attributes."""
    mapping = dictionary.by_keyword()
    assert all(dictionary.find(keyword) == attribute for keyword, attribute in list(mapping.items())[::50])
    assert "NoSuchKeyword" not in mapping


@settings(deadline=None)  # the machine may be busy; time is asserted elsewhere
@given(
    attribute=st.sampled_from(ATTRIBUTES),
    spelling=st.sampled_from(SPELLINGS),
    change=st.sampled_from([str.upper, str.lower, str.title]),
)
def test_every_spelling_of_every_tag_finds_the_attribute(
    attribute: Attribute, spelling: str, change: Callable[[str], str]
) -> None:
    """Brackets, separators, prefixes and case do not matter."""
    digits = attribute.digits
    assert dictionary.find(change(spelling.format(digits[:4], digits[4:]))) == attribute


@settings(deadline=None)  # the machine may be busy; time is asserted elsewhere
@given(attribute=st.sampled_from([one for one in ATTRIBUTES if one.repeats]), fill=st.sampled_from("02468aC"))
def test_every_tag_of_a_range_finds_the_repeater(attribute: Attribute, fill: str) -> None:
    """A tag as it stands in an object finds the attribute that stands for its range."""
    digits = attribute.digits.replace("x", fill.upper())
    # (0028,0400) is an attribute of its own inside the range (0028,04x0).
    plain = [one for one in ATTRIBUTES if one.digits == digits]
    assert dictionary.find(digits) == (plain[0] if plain else attribute)


@settings(deadline=None)  # the machine may be busy; time is asserted elsewhere
@given(
    attribute=st.sampled_from([one for one in ATTRIBUTES if one.keyword]),
    change=st.sampled_from([str.upper, str.lower, str.swapcase]),
)
def test_every_keyword_and_name_finds_its_attribute(attribute: Attribute, change: Callable[[str], str]) -> None:
    """Case does not matter; a name that two attributes share finds one of them."""
    assert dictionary.find(change(attribute.keyword)) == attribute
    assert dictionary.find(change(attribute.name)).name.lower().replace("-", " ") in {
        attribute.name.lower().replace("-", " "),
        dictionary.find(attribute.name).name.lower().replace("-", " "),
    }


@pytest.mark.parametrize(
    ("written", "keyword"),
    [
        ("series instance uid", "SeriesInstanceUID"),
        ("Patient's Name", "PatientName"),
        ("patient name", "PatientName"),
        ("SERIES-INSTANCE-UID", "SeriesInstanceUID"),
        ("60xx,3000", "OverlayData"),
        ("(6002,3000)", "OverlayData"),
        ("AnalogFilterType", "AnalogFilterTypeCodeSequence"),
        ("(1000,0010)", "EscapeTriplet"),
    ],
)
def test_a_name_a_person_would_write_is_found(written: str, keyword: str) -> None:
    """Names with and without blanks, apostrophes and former keywords work."""
    assert dictionary.find(written).keyword == keyword


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SeriesInstnceUID", "SeriesInstanceUID"),
        ("patient nme", "PatientName"),
        ("accesion number", "AccessionNumber"),
        ("referncedseriessequense", "ReferencedSeriesSequence"),
        ("Modaltiy", "Modality"),
        ("birth date", "PatientBirthDate"),
    ],
)
def test_a_typing_error_gets_what_was_meant_first(written: str, meant: str) -> None:
    """The first suggestion is the attribute a person would have meant."""
    with pytest.raises(UnknownName) as caught:
        dictionary.find(written)
    assert caught.value.nearest[0] == meant
    assert meant in caught.value.hint


def test_an_unknown_tag_gets_its_neighbours() -> None:
    """Tags near it in the same group are suggested with their keywords."""
    with pytest.raises(UnknownName) as caught:
        dictionary.find("(0010,0031)")
    assert "(0010,0030) PatientBirthDate" in caught.value.nearest


@pytest.mark.parametrize(
    ("tag", "says"),
    [("0009,1001", "(0009,0010)"), ("0009,0010", "(0009,10xx)"), ("0010,0000", "group length")],
)
def test_a_tag_outside_the_dictionary_is_explained(tag: str, says: str) -> None:
    """Private elements and group lengths say what they are."""
    with pytest.raises(UnknownName) as caught:
        dictionary.find(tag)
    assert says in caught.value.hint


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:12]))
def test_hostile_input_is_an_unknown_name_at_once(name: str) -> None:
    """Nothing that can be typed gives another exception, a long message or a long wait."""
    dictionary.nearest("warm up")
    start = time.process_time()
    with pytest.raises(UnknownName) as caught:
        dictionary.find(name)
    assert time.process_time() - start < 5
    assert len(str(caught.value)) < 3_000


@settings(deadline=None)  # the machine may be busy; time is asserted elsewhere
@given(st.text(alphabet=string.printable + "ÄÖ🎉\0", max_size=300))
def test_any_text_gives_an_attribute_or_unknown_name(name: str) -> None:
    """There is no text that makes a look-up fail in another way."""
    try:
        found = dictionary.find(name)
    except UnknownName:
        return
    assert found.tag in {attribute.tag for attribute in ATTRIBUTES}
