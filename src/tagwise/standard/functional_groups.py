"""Which functional groups a multi-frame IOD has, and which of them it needs (PS3.3 annex A)."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.standard.conditions import Logic

_FILE = "functional_groups.tsv"


class Group(NamedTuple):
    """A functional group by the keyword of its sequence; `when` is the condition of usage C, None if undecidable."""

    keyword: str
    usage: str
    when: Logic | None


@cache
def _groups() -> Mapping[str, tuple[Group, ...]]:
    found: dict[str, list[Group]] = {}
    for iod, sequence, usage, when in tables.rows(_FILE, ("iod", "sequence", "usage", "when")):
        found.setdefault(iod, []).append(Group(sequence, usage, json.loads(when) if when else None))
    return {iod: tuple(groups) for iod, groups in found.items()}


def groups_of(iod: str) -> tuple[Group, ...]:
    """The functional groups of an IOD; none where it has no frames with groups, or is newer than the table.

    >>> [group.keyword for group in groups_of("segmentation") if group.usage == "M"]
    ['FrameContentSequence', 'SegmentIdentificationSequence']

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return _groups().get(iod, ())


@cache
def keywords() -> frozenset[str]:
    """The sequences that are functional groups of any IOD.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return frozenset(group.keyword for groups in _groups().values() for group in groups)


def edition() -> str:
    """The edition that the usages are from, which is older than that of the modules."""
    return tables.facts(_FILE)["edition"]
