"""Which of the wordings of an attribute is the main one, and where each wording stands.

Modules describe one attribute differently. The main wording is the one of the module where the attribute is least deep;
of these, a module before a macro, then the module that most IODs have, then by name. Modules that our newest table of
modules no longer has come last.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import modules
from tagwise.standard.text.records import MACRO, MODULE, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagwise.standard.text.content import Blocks
    from tagwise.standard.text.records import Place


class Row(NamedTuple):
    """A row of a table of a module or macro: the text of an attribute there."""

    tag: str
    blocks: Blocks
    place: Place


_WEIGHTS = {"1": 4, "2": 3, "1C": 2, "2C": 2}
"""What an IOD counts where its module asks for the attribute: Pixel Spacing is at home in Image Plane, which demands it
of five IODs, and not in VL Image, where ten may have it."""


def by_tag(rows: Iterable[Row]) -> dict[str, tuple[Wording, ...]]:
    """The wordings of every attribute, the main one first, by tag in the order of tags."""
    # Most rows share the very same blocks. Comparing their texts each time would take longer than all the rest.
    numbers: dict[Blocks, int] = {}
    seen: dict[int, tuple[int, Blocks]] = {}
    texts: dict[str, dict[int, list[Place]]] = {}
    for row in rows:
        if id(row.blocks) not in seen:
            seen[id(row.blocks)] = numbers.setdefault(row.blocks, len(numbers)), row.blocks
        texts.setdefault(row.tag, {}).setdefault(seen[id(row.blocks)][0], []).append(row.place)
    said = list(numbers)
    return {tag: _ranked({said[number]: places for number, places in texts[tag].items()}) for tag in sorted(texts)}


def _ranked(texts: dict[Blocks, list[Place]]) -> tuple[Wording, ...]:
    said = [_wording(blocks, places) for blocks, places in texts.items() if blocks]
    silent = [_wording(blocks, places) for blocks, places in texts.items() if not blocks]
    return (*sorted(said, key=lambda one: rank(one.places[0])), *silent)


def _wording(blocks: Blocks, places: list[Place]) -> Wording:
    """A wording with its places in each module or macro, those where the attribute is least deep.

    Modules and macros that only include a macro with the wording are left out, and counted.
    """
    nearest: dict[tuple[str, str], list[Place]] = {}
    for place in sorted(set(places), key=rank):
        listed = nearest.setdefault((place.kind, place.slug), [place])
        if place not in listed and len(place.path) == len(listed[0].path):
            listed.append(place)
    count = sum(kind == MODULE for kind, _ in nearest)
    found = [place for listed in nearest.values() for place in listed]
    macros = [place for place in found if place.kind == MACRO]
    if macros:
        defining = [place for place in macros if not place.path] or macros
        found = [place for place in found if place in defining or (place.kind == MODULE and not place.path)]
    return Wording(blocks, tuple(found), count)


def rank(place: Place) -> tuple[bool, int, bool, int, str, tuple[str, ...]]:
    """What places are sorted by: the one that counts most first."""
    gone = place.kind == MODULE and place.slug not in modules.names()
    weight = _WEIGHTS.get(place.type, 1) if not place.path else 1
    return gone, len(place.path), place.kind == MACRO, -_iods(place.slug) * weight, place.slug, place.path


@cache
def _iods(slug: str) -> int:
    return len({usage.iod for usage in modules.usages(slug)})
