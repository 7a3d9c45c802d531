"""Conditions of attributes and modules: what the grammar made of them, and how they are decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tagwise.standard import conditions, dictionary, modules, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.standard.conditions import Logic

OPERATORS = {"present", "absent", "filled", "nonzero", "in", "not in", ">", "<", "points to"}


def _list_of(module: str) -> str:
    return {row[0]: row[2] for row in tables.rows("modules.tsv", ("module", "name", "list"))}[module]


def _leaves(logic: Logic) -> Iterator[Logic]:
    if logic[0] in ("and", "or"):
        for part in logic[1:]:
            yield from _leaves(part)
    else:
        yield logic


def _all() -> list[conditions.Condition]:
    rows = tables.rows("conditions.tsv", ("condition", "then", "when", "otherwise"))
    return [conditions.Condition(*(json.loads(part) for part in row[1:])) for row in rows]


def test_every_condition_is_well_formed() -> None:
    """Operators are known, keywords are those of the dictionary, and every condition has words."""
    for one in _all():
        assert one.then in ("required", "forbidden")
        assert isinstance(one.otherwise, list) or one.otherwise in ("free", "forbidden")
        for leaf in (*_leaves(one.when), *(_leaves(one.otherwise) if isinstance(one.otherwise, list) else ())):
            assert leaf[0] in OPERATORS
            assert leaf[1] in dictionary.by_keyword()
        assert conditions.words(one.when)


def test_every_place_is_a_conditional_attribute_of_our_tree() -> None:
    """A condition belongs to an attribute that our tables call 1C or 2C."""
    types = {(row[0], row[1]): row[2] for row in tables.rows("module_items.tsv", ("list", "keyword", "type", "items"))}
    places = tables.rows("condition_places.tsv", ("list", "keyword", "condition", "how"))
    assert len(places) > 1400
    assert {types[name, keyword] for name, keyword, _, _ in places} == {"1C", "2C"}


@pytest.mark.parametrize(
    ("module", "keyword", "says"),
    [
        ("image-pixel", "PlanarConfiguration", "Samples per Pixel is greater than 1"),
        ("image-pixel", "RedPaletteColorLookupTableDescriptor", None),
        ("modality-lut", "RescaleIntercept", "Modality LUT Sequence is absent"),
        ("modality-lut", "RescaleSlope", "Rescale Intercept is present"),
        ("voi-lut", "WindowWidth", "Window Center is present"),
        ("cine", "FrameTime", "Frame Increment Pointer points to Frame Time"),
    ],
)
def test_known_conditions(module: str, keyword: str, says: str | None) -> None:
    """Conditions that everybody in the field knows are as everybody knows them."""
    found = conditions.of_attribute(_list_of(module), keyword)
    if says is None:
        assert found is None or found[0].then == "required"
        return
    assert found is not None
    assert (conditions.words(found[0].when), found[1]) == (says, "exact")


def test_condition_of_a_module() -> None:
    """A module of usage C has the condition of the IOD it is in."""
    assert modules.names()["multi-frame"]
    found = conditions.of_module("secondary-capture-image", "no-such-module")
    assert found is None
    known = tables.rows("condition_modules.tsv", ("iod", "module", "condition"))
    assert all(conditions.of_module(iod, module) for iod, module, _ in known)


@pytest.mark.parametrize(
    ("logic", "values", "expected"),
    [
        (["present", "PixelData"], {"PixelData": []}, True),
        (["present", "PixelData"], {}, False),
        (["absent", "PixelData"], {}, True),
        (["filled", "Rows"], {"Rows": [""]}, False),
        (["in", "ImageType", 0, ["ORIGINAL"]], {"ImageType": ["ORIGINAL ", "PRIMARY"]}, True),
        (["in", "ImageType", 2, ["AXIAL"]], {"ImageType": ["ORIGINAL", "PRIMARY"]}, None),
        (["in", "ImageType", 0, ["ORIGINAL"]], {}, False),
        (["not in", "SegmentAlgorithmType", 0, ["MANUAL"]], {}, None),
        ([">", "SamplesPerPixel", 0, ["1"]], {"SamplesPerPixel": ["3"]}, True),
        ([">", "SamplesPerPixel", 0, ["1"]], {"SamplesPerPixel": ["x"]}, None),
        (["<", "SamplesPerPixel", 0, ["1"]], {}, False),
        (["nonzero", "NumberOfFrames"], {"NumberOfFrames": ["0"]}, False),
        (["points to", "FrameIncrementPointer", 0, ["FrameTime"]], {"FrameIncrementPointer": ["00181063"]}, True),
        (["and", ["present", "Rows"], ["not in", "Modality", 0, ["MG"]]], {"Rows": ["1"]}, None),
        (["and", ["absent", "Rows"], ["not in", "Modality", 0, ["MG"]]], {"Rows": ["1"]}, False),
        (["or", ["present", "Rows"], ["not in", "Modality", 0, ["MG"]]], {"Rows": ["1"]}, True),
    ],
)
def test_deciding(logic: Logic, values: dict[str, list[str]], expected: bool | None) -> None:
    """A condition is met, not met, or cannot be told; one part that cannot be told does not decide the rest."""
    assert conditions.met(logic, values.get) is expected
