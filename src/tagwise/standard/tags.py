"""What a parser has to know of a tag, by its number: keyword, VR, multiplicity, retired or not.

`dictionary` answers a person who looks one attribute up; this table answers a program that meets a hundred in each of
a million objects, so an entry is built once and found by one dict access.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tagwise.standard import dictionary, tables

_IMPLICIT_VRS = {"US or SS": "US", "OB or OW": "OW", "US or OW": "OW", "US or SS or OW": "OW", "NONE": "UN"}
"""The VR that a value in implicit VR is read by where the dictionary leaves a choice (PS3.5 A.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownTag:
    """One tag of the dictionary.

    `vrs` are the VRs it may have, `vr` the one it is read by in implicit VR. Its values number `least` to `most` (None:
    no limit), in steps of `step`. `keyword` is "" for private elements, group lengths and tags that nobody knows.
    """

    keyword: str
    name: str
    vr: str
    vrs: frozenset[str]
    least: int
    most: int | None
    step: int
    retired: bool


def _unnamed(name: str, vr: str, most: int | None = None) -> KnownTag:
    return KnownTag("", name, vr, frozenset({vr}), 1, most, 1, retired=False)


PRIVATE = _unnamed("private element", "UN")
PRIVATE_CREATOR = _unnamed("private creator", "LO", 1)
GROUP_LENGTH = _unnamed("group length", "UL", 1)
UNKNOWN = _unnamed("unknown element", "UN")


class _Tags(dict[int, KnownTag]):
    """Tags by number. What is no attribute of the dictionary is never stored: a hostile object has millions."""

    def __init__(self) -> None:
        super().__init__()
        rows = tables.rows(dictionary.FILE, dictionary.COLUMNS)
        self._rows = {int(row[0][1:5] + row[0][6:10], 16): row for row in rows if "x" not in row[0]}

    def __missing__(self, tag: int) -> KnownTag:
        if tag & 0x10000:  # an odd group; the dictionary has none
            element = tag & 0xFFFF
            if element > 0xFF:
                return PRIVATE
            return PRIVATE_CREATOR if element > 0xF else PRIVATE if element else GROUP_LENGTH
        row = self._rows.get(tag)
        if row is not None:
            return self.setdefault(tag, _entry(row))
        if not tag & 0xFFFF:
            return GROUP_LENGTH
        found = dictionary.in_range(f"{tag:08X}")
        if found is None:
            return UNKNOWN
        return self.setdefault(tag, _entry(found))


def _entry(row: list[str]) -> KnownTag:
    _, keyword, name, vr, vm, retired, *_ = row
    least, most, step = _multiplicity(vm)
    vrs = frozenset(vr.split(" or "))
    return KnownTag(keyword, name, _IMPLICIT_VRS.get(vr, vr), vrs, least, most, step, retired == "retired")


def _multiplicity(vm: str) -> tuple[int, int | None, int]:
    """Least, most and step of a VM as PS3.6 writes it.

    >>> _multiplicity("1"), _multiplicity("1-3"), _multiplicity("2-2n"), _multiplicity("1-n")
    ((1, 1, 1), (1, 3, 1), (2, None, 2), (1, None, 1))
    """
    least, _, most = vm.partition("-")
    if not most:
        return int(least), int(least), 1
    if most.endswith("n"):
        return int(least), None, int(most[:-1] or 1)
    return int(least), int(most), 1


@cache
def by_number() -> dict[int, KnownTag]:
    """Every tag, group first: a dict that knows each number, private and unknown ones too.

    >>> by_number()[0x0020000E].keyword, by_number()[0x60023000].keyword, by_number()[0x00091001].name
    ('SeriesInstanceUID', 'OverlayData', 'private element')

    Raises:
        StandardDataError: The dictionary is missing or damaged.
    """
    return _Tags()
