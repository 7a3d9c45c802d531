"""Damages objects one attribute at a time: taken out, emptied, or given a value that is wrong in one way."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pydicom import config
from pydicom.datadict import dictionary_VM, keyword_for_tag
from pydicom.valuerep import PersonName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

Place = tuple[tuple[int, ...], int]
"""The tags of the sequences on the way, whose first items are meant, and the tag of the attribute."""

_KEPT = frozenset({"SOPClassUID", "PixelData", "NumberOfFrames"})
"""Without the first nothing is judged; the others change what all of the object is."""
_WRONG: dict[str, tuple[tuple[str, str], ...]] = {
    "CS": (("a code that is not listed", "NOT_LISTED"), ("lower case", "low"), ("17 characters", "A" * 17)),
    "DA": (("dashes in a date", "2020-01-01"), ("a month 13", "20201301")),
    "TM": (("colons in a time", "10:11:12"), ("an hour 25", "250000")),
    "DT": (("letters in a date and time", "yesterday"),),
    "AS": (("an age without unit", "0054"),),
    "DS": (("a comma in a decimal", "1,5"), ("17 characters", "1.123456789012345")),
    "IS": (("a decimal for an integer", "1.5"), ("an integer out of range", "2147483648")),
    "UI": (("a leading zero in a UID", "1.2.03.4"), ("letters in a UID", "1.2.x.4"), ("a root 9", "9.8.7.6")),
    "SH": (("17 characters", "s" * 17), ("a control character", "a\x07b")),
    "LO": (("65 characters", "l" * 65), ("a control character", "a\x07b")),
    "PN": (("65 characters", "p" * 65), ("four component groups", "a=b=c=d")),
    "ST": (("1025 characters", "s" * 1025),),
    "AE": (("17 characters", "A" * 17),),
}
_NUMBERS = frozenset(["US", "SS", "UL", "SL"])


class Mutant(NamedTuple):
    """What was done where, and the object after it."""

    does: str
    place: Place
    dataset: Dataset


def places(dataset: Dataset, way: tuple[int, ...] = ()) -> Iterator[Place]:
    """The attributes of an object and of the first item of each sequence, at most four levels down."""
    for element in dataset:
        if element.tag.is_private or keyword_for_tag(element.tag) in _KEPT or element.tag.element == 0:
            continue
        yield way, int(element.tag)
        if element.VR == "SQ" and element.value and len(way) < 4:
            yield from places(element.value[0], (*way, int(element.tag)))


def holder(dataset: Dataset, way: tuple[int, ...]) -> Dataset:
    """The item that a way leads to."""
    for tag in way:
        dataset = dataset[tag].value[0]
    return dataset


def absent(dataset: Dataset, *, nested: bool) -> Iterator[Mutant]:
    """Each attribute taken out, then emptied: those of the object, or those of items."""
    for way, tag in places(dataset):
        if bool(way) == nested:
            out = copy.deepcopy(dataset)
            del holder(out, way)[tag]
            yield Mutant("missing", (way, tag), out)
            empty = copy.deepcopy(dataset)
            element = holder(empty, way)[tag]
            element.value = [] if element.VR == "SQ" else None
            yield Mutant("empty", (way, tag), empty)


def wrong(dataset: Dataset) -> Iterator[Mutant]:
    """Each attribute with values that are wrong in one way: code, characters, length, number of values, form."""
    for way, tag in places(dataset):
        element = holder(dataset, way)[tag]
        if element.keyword in ("SpecificCharacterSet", "BitsAllocated"):
            continue  # pydicom would not write the object any more
        for does, value in _values(element):
            changed = copy.deepcopy(dataset)
            there = holder(changed, way)[tag]
            there._value = value
            yield Mutant(does, (way, tag), changed)


def _values(element: DataElement) -> Iterator[tuple[str, object]]:
    many = list(element.value) if element.VM > 1 else [element.value]
    for does, value in _WRONG.get(element.VR, ()):
        made = PersonName(value) if element.VR == "PN" else value
        yield does, [made, *many[1:]] if len(many) > 1 else made
    if element.VR in _NUMBERS:
        yield "a number that is not listed", [77, *many[1:]] if len(many) > 1 else 77
    if not element.is_empty and (element.VR in _WRONG or element.VR in _NUMBERS):
        if dictionary_VM(element.tag) == "1" and element.VR != "ST":
            yield "two values for one", [*many, *many]
        elif len(many) > 1:
            yield "a value too few", many[:-1] if len(many) > 2 else many[0]


@contextmanager
def values_as_they_are() -> Iterator[None]:
    """Let pydicom write values that are wrong on purpose; its own settings are back afterwards."""
    settings = config.settings
    before = settings.reading_validation_mode, settings.writing_validation_mode
    settings.reading_validation_mode = settings.writing_validation_mode = config.IGNORE
    try:
        yield
    finally:
        settings.reading_validation_mode, settings.writing_validation_mode = before
