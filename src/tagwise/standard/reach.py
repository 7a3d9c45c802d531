"""How strongly each IOD asks for an attribute: by the usage of its module, its type, and the sequences around it.

A module may use an attribute in thousands of places. Of these only the one counts that asks most, so the walk goes from
the lists that hold the attribute up to the modules and visits each list once, the strongest way first.
"""

from __future__ import annotations

from typing import NamedTuple

from tagwise.standard import modules

NEEDS = ("required", "present", "conditional", "optional")
"""What an IOD asks, strongest first.

`required`: it has to be there with a value (module M, type 1, top level). `present`: it has to be there, but may be
empty (module M, type 2, top level). `conditional`: only under a condition (module C, type 1C or 2C), or inside a
sequence: our tables do not say whether a table of attributes is included there under a condition.
`optional`: module U, type 3, or inside a sequence of type 3; also where a service decides (no type).
"""

FUNCTIONAL_GROUPS = frozenset(
    {"SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "CurrentFrameFunctionalGroupsSequence"}
)
"""The sequences whose items hold functional groups (PS3.3 C.7.6.16): a group stands in one of them."""

_REQUIRED, _PRESENT, _CONDITIONAL, _OPTIONAL = range(4)
_OF_TYPE = {"1": _REQUIRED, "2": _PRESENT, "1C": _CONDITIONAL, "2C": _CONDITIONAL}
_OF_USAGE = {"M": _REQUIRED, "C": _CONDITIONAL}
_CONTENT = "sr-document-content"
"""What a content item has depends on its Value Type (PS3.3 C.17.3): the types of its tables hold only then."""


_Way = tuple[tuple[str, ...], tuple[str, ...], str, str]
"""Sequences around the attribute, their types, its own type, and the list that the walk has come to."""


class Reach(NamedTuple):
    """The place of an attribute in a module that asks most for it, the least deep one of several.

    `path` has the keywords of the sequences around it, outermost first, and `types` their types. `level` is the
    position in `NEEDS` where the module is used.
    """

    module: str
    path: tuple[str, ...]
    types: tuple[str, ...]
    type: str
    level: int


class IodUse(NamedTuple):
    """An IOD that has the attribute: what it asks, and the module and place that ask most.

    `usage` is M, C or U. `more` counts the other modules of the IOD that have the attribute, too.
    """

    iod: str
    name: str
    need: str
    usage: str
    module: str
    place: Reach
    more: int

    @property
    def functional_group(self) -> str:
        """The sequence of the functional group that has the attribute, "" outside of functional groups."""
        path = self.place.path
        return path[1] if len(path) > 1 and path[0] in FUNCTIONAL_GROUPS else ""


def strongest(keyword: str) -> tuple[Reach, ...]:
    """The strongest place of an attribute in every module that has it at any depth.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    found: list[Reach] = []
    settled: set[str] = set()
    open_ends: dict[tuple[int, int], list[_Way]] = {}
    for items, kind in modules.holders(keyword):
        open_ends.setdefault((_OF_TYPE.get(kind, _OPTIONAL), 0), []).append(((), (), kind, items))
    while open_ends:
        level, depth = min(open_ends)
        for path, types, kind, items in sorted(open_ends.pop((level, depth))):
            if items in settled:
                continue
            settled.add(items)
            found += [_reach(module, path, types, kind, level) for module in modules.of_list(items)]
            for holder, sequence, around in modules.parents(items):
                outer = max(level, _CONDITIONAL if around in _OF_TYPE else _OPTIONAL)
                way = ((sequence, *path), (around, *types), kind, holder)
                open_ends.setdefault((outer, depth + 1), []).append(way)
    return tuple(found)


def _reach(module: str, path: tuple[str, ...], types: tuple[str, ...], kind: str, level: int) -> Reach:
    if module == _CONTENT:
        level = max(level, _CONDITIONAL)
    return Reach(module, path, types, kind, level)


def iod_uses(keyword: str) -> tuple[IodUse, ...]:
    """The IODs that have an attribute at any depth: those that ask most first, then top level before sequences.

    >>> [(use.need, use.usage, use.place.type, use.module) for use in iod_uses("PatientID") if use.iod == "ct-image"]
    [('present', 'M', '2', 'patient')]

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    best: dict[str, tuple[int, int, str, Reach]] = {}
    having: dict[str, int] = {}
    for place in strongest(keyword):
        depth = len(place.path)
        for iod, usage in modules.having(place.module):
            having[iod] = having.get(iod, 0) + 1
            level = max(place.level, _OF_USAGE.get(usage, _OPTIONAL))
            known = best.get(iod)
            if known is None or (level, depth) < known[:2]:
                best[iod] = (level, depth, usage, place)
    names = modules.iod_names()
    return tuple(
        IodUse(iod, names[iod], NEEDS[level], usage, place.module, place, having[iod] - 1)
        for iod, (level, _, usage, place) in sorted(best.items(), key=lambda entry: (*entry[1][:2], entry[0]))
    )


def reached() -> frozenset[str]:
    """Every attribute that some IOD has at any depth: those for which `iod_uses` is not empty.

    >>> "PatientID" in reached(), "PrintPriority" in reached()
    (True, False)

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    return modules.keywords_of(module for module in modules.names() if any(modules.having(module)))
