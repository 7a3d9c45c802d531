"""Modules, IODs and SOP classes against highdicom's extract, and the counts under each rule of depth."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwise.errors import UnknownName
from tagwise.standard import dictionary, modules, uids

RENAMED = {
    "AnalogFilterType": "AnalogFilterTypeCodeSequence",
    "SummarizedFilterLookupTable": "SummarizedFilterLookupTableSequence",
}


@cache
def source(name: str) -> Any:
    return json.loads((files("highdicom") / "_standard" / name).read_text(encoding="utf-8"))


@cache
def source_places() -> dict[str, set[tuple[str, tuple[str, ...], str]]]:
    """Module, path and type of every keyword, as highdicom lists them."""
    found: dict[str, set[tuple[str, tuple[str, ...], str]]] = {}
    for module, rows in source("module_attribute_map.json").items():
        for row in rows:
            kind = "" if row["type"] == "None" else row["type"]
            path = tuple(RENAMED.get(keyword, keyword) for keyword in row["path"])
            found.setdefault(RENAMED.get(row["keyword"], row["keyword"]), set()).add((module, path, kind))
    return found


KEYWORDS = sorted(dictionary.by_keyword())


def test_the_series_uid_is_counted_by_each_rule() -> None:
    """The counts for (0020,000E) in 2026b, counted by hand in the sources."""
    assert modules.edition() == "2026b"
    assert modules.counts("SeriesInstanceUID") == {"top": 5, "first": 17, "all": 38}


def test_the_modules_with_the_series_uid_at_top_level_are_the_series_modules() -> None:
    """The five of the rule `top`, all type 1."""
    places = modules.places("SeriesInstanceUID", "top")
    assert {place.module for place in places} == {
        "general-series",
        "rt-series",
        "sr-document-series",
        "key-object-document-series",
        "encapsulated-document-series",
    }
    assert {place.type for place in places} == {"1"}


@settings(max_examples=60, deadline=None)
@given(keyword=st.sampled_from(KEYWORDS))
def test_every_place_is_the_source_s_and_none_is_missing(keyword: str) -> None:
    """The shared tree says exactly what the flat list of the source says, for any attribute."""
    ours = {(place.module, place.path, place.type) for place in modules.places(keyword)}
    assert ours == source_places().get(keyword, set())


@settings(max_examples=60, deadline=None)
@given(keyword=st.sampled_from(KEYWORDS))
def test_counts_are_the_number_of_modules_in_the_source(keyword: str) -> None:
    """Counting without listing gives the same as listing."""
    places = source_places().get(keyword, set())
    expected = {
        depth: len({module for module, path, _ in places if len(path) <= deepest})
        for depth, deepest in modules.DEEPEST.items()
    }
    assert modules.counts(keyword) == expected


@pytest.mark.parametrize("keyword", ["CodeValue", "PixelData", "ReferencedSOPInstanceUID", "PatientID"])
def test_the_most_used_attributes_are_complete(keyword: str) -> None:
    """Thousands of places go through the shared tree unharmed."""
    ours = [(place.module, place.path, place.type) for place in modules.places(keyword)]
    assert len(ours) == len(set(ours))
    assert set(ours) == source_places()[keyword]


def test_a_module_is_read_in_the_order_of_the_standard() -> None:
    """Attributes of a module, and of a sequence in it, come in the order of the source."""
    rows = source("module_attribute_map.json")["general-series"]
    assert [item.keyword for item in modules.items("general-series")] == [
        row["keyword"] for row in rows if not row["path"]
    ]
    inside = [row["keyword"] for row in rows if row["path"] == ["ReferencedPerformedProcedureStepSequence"]]
    path = ("ReferencedPerformedProcedureStepSequence",)
    assert [item.keyword for item in modules.items("general-series", path)] == inside


@pytest.mark.parametrize(
    ("module", "path", "nearest"),
    [("general-serie", (), "general-series"), ("general-series", ("Modalty",), "Modality")],
)
def test_an_unknown_module_or_sequence_is_named(module: str, path: tuple[str, ...], nearest: str) -> None:
    """What is near is suggested."""
    with pytest.raises(UnknownName) as caught:
        modules.items(module, path)
    assert nearest in caught.value.nearest


def test_every_iod_has_the_modules_of_the_source() -> None:
    """Usage and information entity are the source's, not swapped or shifted."""
    expected = {
        (iod, row["ie"], row["key"], row["usage"])
        for iod, rows in source("iod_module_map.json").items()
        for row in rows
    }
    ours = {(use.iod, use.ie, use.module, use.usage) for module in modules.names() for use in modules.usages(module)}
    assert ours == expected
    assert {usage for *_, usage in ours} == {"M", "C", "U"}
    assert len(modules.iod_names()) == 175


def test_the_patient_module_is_mandatory_and_the_specimen_module_is_not() -> None:
    """PS3.3 A.3: the CT Image IOD, read from the standard and not from our tables."""
    of_ct = {
        use.module: use.usage
        for module in ("patient", "specimen")
        for use in modules.usages(module)
        if use.iod == "ct-image"
    }
    assert of_ct == {"patient": "M", "specimen": "U"}


def test_every_sop_class_has_an_iod_and_a_name() -> None:
    """The map is the source's, and each UID is in the table of UIDs."""
    ours = modules.iod_of_sop_class()
    assert ours == source("sop_class_iod_map.json")
    assert set(ours.values()) <= set(modules.iod_names())
    assert all(uids.by_uid()[uid].kind == "SOP Class" for uid in ours)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("general-series", "General Series"),
        ("xa-xrf-acquisition", "XA/XRF Acquisition"),
        ("sop-common", "SOP Common"),
        ("contrast-bolus", "Contrast/Bolus"),
        ("vl-whole-slide-microscopy-image-multi-frame-functional-groups",
         "VL Whole Slide Microscopy Image Multi-frame Functional Groups"),
    ],
)  # fmt: skip
def test_module_names_read_as_in_the_standard(module: str, name: str) -> None:
    """Slugs become names by the maker's rule."""
    assert modules.names()[module] == name


def test_every_attribute_of_a_module_is_in_the_dictionary() -> None:
    """No place names a keyword that the dictionary lacks."""
    listed = {keyword for keyword, places in source_places().items() for _ in places}
    assert listed <= set(dictionary.by_keyword())
