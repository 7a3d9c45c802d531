"""Private elements by creator. The table is read only when somebody asks for one, as text, not split into rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import UnknownName
from tagwise.standard import tables
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "private.tsv"
_COLUMNS = ("creator", "tag", "vr", "vm", "name")


class PrivateElement(NamedTuple):
    """One element of a private block. In `tag`, `xx` is the block that the creator reserved in the object at hand."""

    creator: str
    tag: str
    vr: str
    vm: str
    name: str


@cache
def _starts() -> Mapping[str, int]:
    """The first row of each creator, as it is written and, where that is no other creator, in lower case."""
    rows = tables.lines(FILE, _COLUMNS)
    starts = {row.partition("\t")[0]: number for number, row in enumerate(rows) if not row.startswith("\t")}
    return {**{creator.lower(): number for creator, number in starts.items()}, **starts}


def _start(creator: str) -> int | None:
    """The first row of a creator. Four pairs of creators differ in case only: as it is written comes first."""
    bare = creator.strip()
    return _starts().get(bare, _starts().get(bare.lower()))


@cache
def creators() -> tuple[str, ...]:
    """Every creator, in alphabetical order.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return tuple(row.partition("\t")[0] for row in tables.lines(FILE, _COLUMNS) if not row.startswith("\t"))


def known(creator: str) -> bool:
    """Whether the table has elements of this creator; case does not matter, blanks at either end neither."""
    return _start(creator) is not None


def elements(creator: str) -> tuple[PrivateElement, ...]:
    """The elements of one creator in the order of tags.

    >>> elements("gems_iden_01")[1].name
    'Full fidelity'

    Raises:
        UnknownName: The table has no such creator; `.nearest` lists close ones.
        StandardDataError: The table is missing or damaged.
    """
    start = _start(creator)
    if start is None:
        raise UnknownName(creator[:200], closest(creator, creators(), 5))
    rows = tables.lines(FILE, _COLUMNS)
    written = rows[start].partition("\t")[0]
    end = start + 1
    while end < len(rows) and rows[end].startswith("\t"):
        end += 1
    return tuple(_element(written, row) for row in rows[start:end])


def _element(creator: str, row: str) -> PrivateElement:
    _, tag, vr, vm, name = row.split("\t")
    return PrivateElement(creator, f"({tag[:4]},{tag[4:]})", vr, vm, name)


def count() -> int:
    """How many elements all creators have together."""
    return len(tables.lines(FILE, _COLUMNS))
