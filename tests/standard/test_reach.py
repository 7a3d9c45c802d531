"""How strongly IODs ask for an attribute: against every place one by one, and on cases that everybody knows."""

from __future__ import annotations

import random

import pytest

from tagwise.standard import modules, reach, tables

KNOWN = {
    ("SOPInstanceUID", "ct-image"): ("required", "M", "1", ()),
    ("SeriesInstanceUID", "mr-image"): ("required", "M", "1", ()),
    ("PatientID", "ct-image"): ("present", "M", "2", ()),
    ("PatientID", "rt-plan"): ("present", "M", "2", ()),
    ("PixelSpacing", "ct-image"): ("required", "M", "1", ()),
    ("SliceThickness", "ct-image"): ("present", "M", "2", ()),
    ("SliceThickness", "enhanced-ct-image"): (
        *("conditional", "M", "1C"),
        ("PerFrameFunctionalGroupsSequence", "PixelMeasuresSequence"),
    ),
    ("BodyPartExamined", "ct-image"): ("optional", "M", "3", ()),
    ("Laterality", "ct-image"): ("conditional", "M", "2C", ()),
    ("ContrastBolusAgent", "ct-image"): ("conditional", "C", "2", ()),
    ("ClinicalTrialSponsorName", "ct-image"): ("optional", "U", "1", ()),
    ("BeamSequence", "rt-plan"): ("conditional", "C", "1", ()),
}


@pytest.mark.parametrize(("case", "expected"), KNOWN.items(), ids=lambda value: "/".join(map(str, value)))
def test_cases_that_are_easy_to_look_up(case: tuple[str, str], expected: tuple[object, ...]) -> None:
    keyword, iod = case
    (use,) = [use for use in reach.iod_uses(keyword) if use.iod == iod]
    assert (use.need, use.usage, use.place.type, use.place.path) == expected


def test_what_every_object_has() -> None:
    """SOP Common is mandatory in all IODs but DICOMDIR; objects without a patient have no Patient ID of their own."""
    everywhere = reach.iod_uses("SOPInstanceUID")
    assert {use.iod for use in everywhere} == set(modules.iod_names()) - {"basic-directory"}
    assert {use.need for use in everywhere} == {"required"}
    without = set(modules.iod_names()) - {use.iod for use in reach.iod_uses("PatientID") if use.need == "present"}
    assert {"color-palette", "hanging-protocol", "implant-template-group", "inventory"} <= without
    assert len(without) == 10


def test_a_type_1_inside_a_sequence_is_not_required() -> None:
    """The sequence, or the table that brings it, may be missing: SR items have a reference only by Value Type."""
    found = {use.iod: use for use in reach.iod_uses("ReferencedSOPInstanceUID")}
    assert found["basic-text-sr"].place.type == "1"
    assert not [use for use in found.values() if use.place.path and use.need in ("required", "present")]
    (reference,) = [use for use in reach.iod_uses("ReferencedSOPSequence") if use.iod == "basic-text-sr"]
    assert (reference.place.module, reference.need) == ("sr-document-content", "conditional")


def test_a_functional_group_is_named() -> None:
    found = {use.iod: use for use in reach.iod_uses("SliceThickness")}
    assert found["enhanced-mr-image"].functional_group == "PixelMeasuresSequence"
    assert found["ct-image"].functional_group == ""


def _need_one_by_one(keyword: str) -> dict[str, int]:
    """The same from every single place, as the definition of the needs says it."""
    best: dict[str, int] = {}
    for place in modules.places(keyword):
        own = {"1": 0, "2": 1, "1C": 2, "2C": 2}.get(place.type, 3)
        for end in range(len(place.path)):
            (around,) = {
                item.type for item in modules.items(place.module, place.path[:end]) if item.keyword == place.path[end]
            }
            own = max(own, 2 if around in ("1", "2", "1C", "2C") else 3)
        if place.module == "sr-document-content":
            own = max(own, 2)
        for usage in modules.usages(place.module):
            need = max(own, {"M": 0, "C": 2}.get(usage.usage, 3))
            best[usage.iod] = min(best.get(usage.iod, 9), need)
    return best


@pytest.mark.parametrize("seed", range(3))
def test_the_walk_finds_what_asks_most(seed: int) -> None:
    """For attributes drawn at random, and for sequences and codes that stand in hundreds of places."""
    drawn = random.Random(seed).sample(sorted(set(modules.placed_keywords())), 40)  # noqa: S311 - not for security
    for keyword in (*drawn, "ReferencedSOPClassUID", "PixelSpacing", "FrameOfReferenceUID"):
        walked = {use.iod: reach.NEEDS.index(use.need) for use in reach.iod_uses(keyword)}
        assert walked == _need_one_by_one(keyword), keyword


def test_those_that_ask_most_come_first() -> None:
    found = reach.iod_uses("PixelSpacing")
    order = [(reach.NEEDS.index(use.need), len(use.place.path), use.iod) for use in found]
    assert order == sorted(order)


def test_every_iod_is_there_once_and_counts_the_other_modules() -> None:
    found = reach.iod_uses("SeriesInstanceUID")
    assert len({use.iod for use in found}) == len(found)
    (ct,) = [use for use in found if use.iod == "ct-image"]
    having = {place.module for place in modules.places("SeriesInstanceUID")}
    assert ct.more == len({use for use in having if "ct-image" in dict(modules.having(use))}) - 1


def test_an_attribute_of_no_object_has_no_iod() -> None:
    assert reach.iod_uses("CommandField") == ()
    assert reach.iod_uses("") == ()


def test_usages_are_those_that_the_ranking_knows() -> None:
    """A new letter in a new edition must not pass for optional without notice."""
    assert {row[3] for row in tables.rows("iod_modules.tsv", ("iod", "ie", "module", "usage"))} == {"M", "C", "U"}
