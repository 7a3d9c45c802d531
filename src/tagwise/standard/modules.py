"""Which modules hold an attribute, with type and path; which IODs hold a module; which SOP class has which IOD.

`module_items.tsv` is a shared tree: a list of attributes is kept once, however many modules and sequences use it. A
look-up walks from the lists that hold the attribute up to the modules.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from tagwise.errors import UnknownName
from tagwise.standard import tables
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ITEMS = "module_items.tsv"
_ITEM_COLUMNS = ("list", "keyword", "type", "items")
_MODULES = "modules.tsv"
NO_LIST = "-"
"""What stands in the column `items` of an attribute that is no sequence."""

Depth = Literal["top", "first", "all"]
"""How deep an attribute may be to count as used by a module.

`top`: an attribute of the module itself. `first`: also inside a sequence of the module. `all`: at any depth.
"""
DEEPEST: Mapping[Depth, int] = {"top": 0, "first": 1, "all": 99}


class Usage(NamedTuple):
    """A module in an IOD: `usage` is M, U or C (PS3.3 A.1.3), `ie` the information entity it describes."""

    iod: str
    iod_name: str
    ie: str
    module: str
    usage: str


class Place(NamedTuple):
    """One place of an attribute in a module: the keywords of the sequences around it, outermost first, and its type.

    `type` is 1, 1C, 2, 2C or 3, or "" in modules of services, where PS3.4 gives it for each operation.
    """

    module: str
    module_name: str
    path: tuple[str, ...]
    type: str

    @property
    def depth(self) -> int:
        """In how many sequences the attribute is."""
        return len(self.path)


class Item(NamedTuple):
    """One attribute of a module or of a sequence in it. `items` names the list inside, `-` where there is none."""

    keyword: str
    type: str
    items: str


def placed_keywords() -> list[str]:
    """The keyword of every row of the tree: an attribute that many lists hold comes often."""
    return [line.split("\t", 2)[1] for line in tables.lines(_ITEMS, _ITEM_COLUMNS)]


def edition() -> str:
    """The edition that modules and IODs are from."""
    return tables.facts(_MODULES)["edition"]


@cache
def _module_rows() -> Mapping[str, tuple[str, str]]:
    """Name and list of each module, by module."""
    rows = tables.rows(_MODULES, ("module", "name", "list"))
    return {module: (name, items) for module, name, items in rows}


@cache
def names() -> Mapping[str, str]:
    """The readable name of each module: `General Series` by `general-series`."""
    return {module: name for module, (name, _) in _module_rows().items()}


@cache
def _modules_by_list() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for module, (_, items) in _module_rows().items():
        found.setdefault(items, []).append(module)
    return {items: tuple(modules) for items, modules in found.items() if items != NO_LIST}


def of_list(items: str) -> tuple[str, ...]:
    """The modules whose own attributes are this list."""
    return _modules_by_list().get(items, ())


@lru_cache(maxsize=16)
def holders(keyword: str) -> tuple[tuple[str, str], ...]:
    """The lists that hold the attribute, and its type there. A page asks twice: for the places and for their number."""
    cell = f"\t{keyword}\t"
    rows = [line.split("\t") for line in tables.lines(_ITEMS, _ITEM_COLUMNS) if cell in line] if keyword else []
    return tuple((row[0], row[2]) for row in rows)


@cache
def _sequences() -> Mapping[str, list[str]]:
    """The rows of the sequences whose items a list describes, by list. They are split only when a walk comes by."""
    found: dict[str, list[str]] = {}
    for line in tables.lines(_ITEMS, _ITEM_COLUMNS):
        if not line.endswith(NO_LIST):
            found.setdefault(line.rpartition("\t")[2], []).append(line)
    return found


@cache
def parents(items: str) -> tuple[tuple[str, str, str], ...]:
    """The lists that hold a sequence whose items this list describes, with keyword and type of that sequence."""
    rows = [line.split("\t") for line in _sequences().get(items, ())]
    return tuple((row[0], row[1], row[2]) for row in rows)


def places(keyword: str, depth: Depth = "all") -> tuple[Place, ...]:
    """Every place of the attribute down to a depth, by depth, then by module name.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    deepest = DEEPEST[depth]
    found: list[Place] = []
    open_ends: list[tuple[str, str, tuple[str, ...]]]
    open_ends = [(items, kind, ()) for items, kind in holders(keyword)]
    while open_ends:
        items, kind, path = open_ends.pop()
        found.extend(Place(module, names()[module], path, kind) for module in of_list(items))
        if len(path) < deepest:
            open_ends.extend((holder, kind, (sequence, *path)) for holder, sequence, _ in parents(items))
    return tuple(sorted(found, key=lambda place: (place.depth, place.module_name, place.path)))


def counts(keyword: str) -> Mapping[Depth, int]:
    """How many modules use the attribute, by each rule of depth.

    >>> counts("SeriesInstanceUID")
    {'top': 5, 'first': 17, 'all': 38}

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    modules: set[str] = set()
    seen = level = {items for items, _ in holders(keyword)}
    sizes: list[int] = []
    while level:
        modules.update(module for items in level for module in of_list(items))
        sizes.append(len(modules))
        level = {holder for items in level for holder, *_ in parents(items)} - seen
        seen = seen | level
    return {depth: sizes[min(deepest, len(sizes) - 1)] if sizes else 0 for depth, deepest in DEEPEST.items()}


@cache
def _items() -> Mapping[str, tuple[Item, ...]]:
    found: dict[str, list[Item]] = {}
    for name, keyword, kind, items in tables.rows(_ITEMS, _ITEM_COLUMNS):
        found.setdefault(name, []).append(Item(keyword, kind, items))
    return {name: tuple(items) for name, items in found.items()}


def list_of(module: str, path: tuple[str, ...] = ()) -> str:
    """The name of the list that a module, or a sequence in it, has in the tree.

    Raises:
        UnknownName: There is no such module, or no such sequence in it.
    """
    if module not in _module_rows():
        raise UnknownName(module, closest(module, names(), 5))
    name = _module_rows()[module][1]
    for sequence in path:
        inside = {item.keyword: item.items for item in _items().get(name, ())}
        if sequence not in inside:
            raise UnknownName(sequence, closest(sequence, inside, 5))
        name = inside[sequence]
    return name


def items(module: str, path: tuple[str, ...] = ()) -> tuple[Item, ...]:
    """The attributes of a module, or of a sequence in it, in the order of the standard.

    Raises:
        UnknownName: There is no such module, or no such sequence in it.
    """
    return _items().get(list_of(module, path), ())


def keywords_of(chosen: Iterable[str]) -> frozenset[str]:
    """Every attribute that these modules have at any depth.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    lists = [_module_rows()[module][1] for module in chosen]
    seen: set[str] = set()
    found: set[str] = set()
    while lists:
        name = lists.pop()
        if name not in seen:
            seen.add(name)
            found.update(item.keyword for item in _items().get(name, ()))
            lists.extend(item.items for item in _items().get(name, ()) if item.items != NO_LIST)
    return frozenset(found)


@cache
def _sizes(name: str) -> tuple[int, ...]:
    """How many attributes a list has, and how many its sequences have, level by level."""
    found = [len(_items().get(name, ()))]
    for item in _items().get(name, ()):
        if item.items != NO_LIST:
            for level, size in enumerate(_sizes(item.items), 1):
                found[level:] = [sum(found[level : level + 1]) + size, *found[level + 1 :]]
    return tuple(found)


def sizes(module: str) -> tuple[int, ...]:
    """How many attributes a module has at each depth: at top level first, then in first-level sequences, and so on.

    Raises:
        UnknownName: There is no such module.
    """
    if module not in _module_rows():
        raise UnknownName(module, closest(module, names(), 5))
    return _sizes(_module_rows()[module][1])


@cache
def iod_names() -> Mapping[str, str]:
    """The readable name of each IOD: `CT Image` by `ct-image`."""
    return {iod: name for iod, name in tables.rows("iods.tsv", ("iod", "name"))}  # noqa: C416 - rows are lists


@cache
def _rows_by_module() -> Mapping[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for row in tables.rows("iod_modules.tsv", ("iod", "ie", "module", "usage")):
        found.setdefault(row[2], []).append(row)
    return found


@cache
def usages(module: str) -> tuple[Usage, ...]:
    """The IODs that a module belongs to, by slug; empty for a module of a service (PS3.3 annex B).

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    return tuple(
        Usage(iod, iod_names()[iod], ie, module, usage) for iod, ie, _, usage in _rows_by_module().get(module, ())
    )


def having(module: str) -> Iterator[tuple[str, str]]:
    """The IODs that a module belongs to, by slug, each with the usage of the module in it."""
    for iod, _, _, usage in _rows_by_module().get(module, ()):
        yield iod, usage


@cache
def iod_of_sop_class() -> Mapping[str, str]:
    """The IOD of each storage SOP class, by UID.

    >>> iod_of_sop_class()["1.2.840.10008.5.1.4.1.1.2"]
    'ct-image'
    """
    return dict(tables.rows("sop_classes.tsv", ("uid", "iod")))
