"""What a data set says when a condition asks for an attribute, and what it cannot say."""

from __future__ import annotations

from struct import iter_unpack
from typing import TYPE_CHECKING

from tagwise.standard import dictionary
from tagwise.standard.requirements import PER_FRAME, SHARED

if TYPE_CHECKING:
    from tagwise.standard.requirements import Level
    from tagwise.validation.objects import DataSet, Element

_FORMATS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"}
_OF_FRAME = frozenset(["FrameType", "VolumetricProperties", "PixelPresentation"])
"""Attributes that describe a frame in its frame type, some of them the whole image too, where they may be MIXED."""
_SHARED, _PER_FRAME = 0x52009229, 0x52009230


class CannotTellError(Exception):
    """The attribute is not one that this data set, or one around it, could hold."""


def texts(element: Element) -> list[str]:
    """The values as text, whatever the VR; a value that is no text, and an item, count as one value.

    A number is written as short as can be, a tag as its eight digits.
    """
    if element.items is not None:
        return ["item"] * len(element.items)
    raw = element.raw
    if raw is None:
        return ["value"] if element.length else []
    order = ">" if element.inside.big_endian else "<"
    form = _FORMATS.get(element.vr)
    if form is not None:
        size = {"H": 2, "h": 2, "L": 4, "l": 4, "f": 4}.get(form, 8)
        return [
            f"{number:g}" if form in "fd" else str(number)
            for (number,) in iter_unpack(order + form, raw[: len(raw) // size * size])
        ]
    if element.vr == "AT":
        return [f"{group:04X}{number:04X}" for group, number in iter_unpack(order + "HH", raw[: len(raw) // 4 * 4])]
    if element.vr[0] == "O":
        return ["value"] if raw else []
    return element.strings()


def is_empty(element: Element) -> bool:
    """Whether there is no value: no bytes, only padding, or no items."""
    if element.items is not None:
        return not element.items
    raw = element.raw
    if raw is None:
        return not element.length
    return not raw or (element.vr not in _FORMATS and element.vr[0] != "O" and not raw.strip(b" \0"))


class Asking:
    """Answers what conditions ask at one data set: in it, or in those around it where the attribute belongs there."""

    def __init__(self, data_set: DataSet, level: Level, around: Asking | None) -> None:
        self.data_set = data_set
        self.level = level
        self.around = around

    def __call__(self, keyword: str) -> list[str] | None:
        """The values of an attribute, None where it is absent.

        Raises:
            CannotTellError: The attribute belongs neither here nor around.
        """
        tag = dictionary.by_keyword()[keyword].number
        if keyword in _OF_FRAME:
            of_frame = self._of_frame(tag)
            if of_frame is not None:
                return texts(of_frame)
        at: Asking | None = self
        while at is not None:
            element = at.data_set.tags.get(tag)
            if element is not None:
                return texts(element)
            if keyword in at.level.known:
                return None
            at = at.around
        raise CannotTellError(keyword)

    def _of_frame(self, tag: int) -> Element | None:
        """What holds for the frames of a functional group: it stands in a group of its own (PS3.3 C.7.6.16.2)."""
        at: Asking | None = self
        while at is not None:
            sequence = at.data_set.sequence
            if sequence is not None and sequence.name in (SHARED, PER_FRAME):
                shared = sequence.inside.tags.get(_SHARED)
                return _in_group(at.data_set, tag) or (
                    _in_group(shared.items[0], tag) if shared and shared.items else None
                )
            at = at.around
        return None


def _in_group(groups: DataSet, tag: int) -> Element | None:
    for element in groups.elements:
        if element.items and element.known.keyword.endswith("FrameTypeSequence"):
            return element.items[0].tags.get(tag)
    return None
