"""What one data set of an object must hold by its IOD: the modules laid over each other, level by level.

A level is the object itself or the items of one sequence. It is worked out once for the modules that are present, and
then compared with each data set by a few set operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import conditions, dictionary, functional_groups, iods, modules, tags, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tagwise.standard.conditions import Condition, How
    from tagwise.standard.values import ValueList

Part = tuple[str, tuple[str, ...]]
"""A module and the sequences in it, outermost first: where a list of attributes stands."""

SHARED, PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
CONTENT = "ContentSequence"
CONTENT_MODULES = frozenset({"sr-document-content"})
"""Modules whose attributes depend on the value type of a content item: the tree of modules has lost which (C.17.3)."""
_CODED = frozenset({"CodeValue", "LongCodeValue", "URNCodeValue"})
_BY_HAND = _CODED | {"CodingSchemeDesignator", "CodingSchemeVersion"}


_BITS = frozenset({"RegionFlags"})
"""Attributes whose lists are for single bits of the value."""


class Need(NamedTuple):
    """An attribute that a level asks for: its type, and the name of the module that says so."""

    tag: int
    keyword: str
    type: str
    module: str


class Conditional(NamedTuple):
    """Attributes of type 1C and 2C that one condition decides."""

    condition: Condition
    how: How
    needs: tuple[Need, ...]
    tags: frozenset[int]

    def can_matter(self, absent: frozenset[int]) -> bool:
        """Whether it can have something to say where these of its attributes are absent."""
        if self.condition.then == "required":
            return bool(absent) or self.condition.otherwise != "free"
        return len(absent) < len(self.tags)


class Codes(NamedTuple):
    """The codes that an attribute may have. `value` is counted from 1, 0 means each; `strict` that there are no others.

    `strict` lists are enumerated values that hold without a condition.
    """

    value: int
    codes: frozenset[str]
    strict: bool
    listed: tuple[str, ...]


class Look(NamedTuple):
    """What has to be looked at in an element: the one at this place of its data set, of which `tag` is the tag.

    `is_typed` says that it must have a value. `inner` is the level of its items, `codes` are those it may have.
    `is_unexpected` says that no module of the IOD has it there, `is_plain` that it needs a value and no more. Where
    there are codes, `right` is for values that were found to be right.
    """

    place: int
    tag: int
    is_unexpected: bool
    is_typed: bool
    inner: Level | None = None
    codes: tuple[Codes, ...] = ()
    right: set[tuple[str, bytes]] | None = None
    is_plain: bool = False


class Reading(NamedTuple):
    """What the tags of a data set alone say at a level: the needs it misses, conditions to decide, places to look at.

    Each condition comes with the tags that it is about and that are absent. `undecided` are attributes that are absent
    and whose condition no program can decide.
    """

    missing: tuple[Need, ...]
    open: tuple[tuple[Conditional, frozenset[int]], ...]
    undecided: int
    looks: tuple[Look, ...]


class _DependsError(Exception):
    """The tags of a data set alone do not decide a condition."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """What the data sets at one place must hold, by tag.

    `known` are the attributes that any module of the IOD has there; `inside` has the parts that describe the items of
    each sequence: those that bind, and all. `undecidable` are attributes of type 1C and 2C whose condition no program
    can decide. `is_code` says that the items are codes (PS3.3 8.8), `of_content` that they are content items.
    """

    always: Mapping[int, Need]
    always_tags: frozenset[int]
    conditional: tuple[Conditional, ...]
    typed_1: Mapping[int, Need]
    undecidable: frozenset[int]
    known: frozenset[str]
    known_tags: frozenset[int]
    inside: Mapping[int, tuple[tuple[Part, ...], tuple[Part, ...]]]
    codes: Mapping[int, tuple[Codes, ...]]
    is_code: bool
    of_content: bool

    def read(self, numbers: tuple[int, ...]) -> Reading:
        """Compare with the tags of a data set, in their order."""
        there = dict.fromkeys(numbers)
        missing = tuple(self.always[tag] for tag in self.always_tags.difference(there))
        open_ = [(one, one.tags.difference(there)) for one in self.conditional]
        asked = tuple(
            (one, absent) for one, absent in open_ if one.can_matter(absent) and not self._never(one, absent, there)
        )
        looks = filter(None, (self._look(place, tag) for place, tag in enumerate(numbers)))
        return Reading(missing, asked, len(self.undecidable.difference(there)), tuple(looks))

    def _never(self, one: Conditional, absent: frozenset[int], there: Mapping[int, None]) -> bool:
        """Whether nothing is asked for, because nothing is there that the condition speaks of."""

        def absent_here(keyword: str) -> None:
            if keyword not in self.known or _tag(keyword) in there:
                raise _DependsError

        if one.condition.then != "required" or len(absent) < len(one.tags):
            return False
        try:
            return conditions.met(one.condition.when, absent_here) is False
        except _DependsError:
            return False

    def _look(self, place: int, tag: int) -> Look | None:
        if tag not in self.known_tags:
            return Look(place, tag, is_unexpected=True, is_typed=False) if self._is_unexpected(tag) else None
        is_typed = tag in self.always or tag in self.typed_1
        inner = level(*self.inside[tag]) if tag in self.inside else None
        codes = self.codes.get(tag, ())
        if inner is None and not codes:
            return Look(place, tag, is_unexpected=False, is_typed=True, is_plain=True) if is_typed else None
        return Look(place, tag, is_unexpected=False, is_typed=is_typed, inner=inner, codes=codes, right=set())

    def _is_unexpected(self, tag: int) -> bool:
        """Whether a tag that no module of the IOD has here is an attribute that some module has elsewhere."""
        known = tags.by_number()[tag]
        if not known.keyword or known.retired or not self.known or known.keyword not in _placed():
            return False
        return not (tag >> 24 == 0x60 and (tag & 0xFF00FFFF) in self.known_tags)


@lru_cache(maxsize=1)
def _placed() -> frozenset[str]:
    """The attributes that some module has; others are newer than our modules."""
    return frozenset(modules.placed_keywords())


class Presence(NamedTuple):
    """How to see that a module is in an object.

    `signs` are tags that only this module has in the IOD, those of type 3 excepted; `own` those of type 1 and 2.
    """

    module: str
    name: str
    usage: str
    condition: Condition | None
    signs: frozenset[int]
    own: frozenset[int]


def _tag(keyword: str) -> int:
    found = dictionary.by_keyword().get(keyword)
    return found.number if found else 0


@lru_cache(maxsize=256)
def presences(iod: str) -> tuple[Presence, ...]:
    """The modules of an IOD, and how to see which of them an object has.

    Raises:
        UnknownName: There is no such IOD.
        StandardDataError: A table is missing or damaged.
    """
    uses = iods.modules_of(iod)
    holders: dict[str, set[str]] = {}
    for use in uses:
        for item in modules.items(use.module):
            holders.setdefault(item.keyword, set()).add(use.module)
    found = []
    for use in uses:
        items = modules.items(use.module)
        unique = [item for item in items if len(holders[item.keyword]) == 1]
        signs = frozenset(_tag(item.keyword) for item in unique if item.type != "3")
        own = frozenset(_tag(item.keyword) for item in unique if item.type in ("1", "2"))
        condition = conditions.of_module(iod, use.module) if use.usage == "C" else None
        name = modules.names()[use.module]
        found.append(Presence(use.module, name, use.usage, condition, signs, own))
    return tuple(found)


class Seen(NamedTuple):
    """The modules that the tags of an object show: those it must have or shows, and those to be thought about.

    `open` has modules of which the object lacks all attributes of type 1 and 2 although it must have the module, and
    those that it must have under a condition; each with whether it lacks these attributes.
    """

    sure: frozenset[str]
    open: tuple[tuple[Presence, bool], ...]


@lru_cache(maxsize=256)
def modules_seen(iod: str) -> Callable[[tuple[int, ...]], Seen]:
    """What says which modules of an IOD an object with some tags has.

    Raises:
        UnknownName: There is no such IOD.
        StandardDataError: A table is missing or damaged.
    """
    known = presences(iod)

    def seen(numbers: tuple[int, ...]) -> Seen:
        there = frozenset(numbers)
        sure, open_ = set[str](), []
        for module in known:
            lacks_own = len(module.own) > 1 and module.own.isdisjoint(there)
            has_signs = not module.signs.isdisjoint(there)
            if module.usage == "M" or has_signs:
                sure.add(module.module)
            may_be_needed = module.condition is not None and module.condition.then == "required"
            if (module.usage == "M" and lacks_own) or (may_be_needed and (lacks_own or not has_signs)):
                open_.append((module, lacks_own))
        return Seen(frozenset(sure), tuple(open_))

    return seen


@lru_cache(maxsize=256)
def has_content(iod: str) -> bool:
    """Whether the objects of an IOD are documents of content items (PS3.3 C.17.3).

    Raises:
        UnknownName: There is no such IOD.
        StandardDataError: A table is missing or damaged.
    """
    return any(use.module in CONTENT_MODULES for use in iods.modules_of(iod))


@lru_cache(maxsize=512)
def root(iod: str, present: frozenset[str]) -> Level:
    """The level of the object itself, where the object has these modules of the IOD.

    Raises:
        UnknownName: There is no such IOD.
        StandardDataError: A table is missing or damaged.
    """
    parts = tuple((use.module, ()) for use in iods.modules_of(iod))
    return level(tuple(part for part in parts if part[0] in present), parts)


@lru_cache(maxsize=4096)
def level(binding: tuple[Part, ...], known: tuple[Part, ...]) -> Level:
    """The level of the items that these parts describe.

    Args:
        binding: Parts of modules that the object has. Where several describe the items of one sequence, only what all
            of them ask for is asked for.
        known: These, and parts of modules that it may have.
    """
    needs = _needs(binding)
    always = {need.tag: need for need, condition in needs if need.type in ("1", "2") and condition is None}
    open_ = [(need, found) for need, found in needs if need.type in ("1C", "2C") and need.tag not in always]
    keywords = {item.keyword for part in known for item in modules.items(*part)}
    is_code = keywords >= _CODED
    if is_code:
        open_ = [(need, found) for need, found in open_ if need.keyword not in _BY_HAND]
    of_content = any(part[0] in CONTENT_MODULES for part in binding) and "RelationshipType" in keywords
    if of_content:
        always, open_ = {}, []
        keywords.add(CONTENT)
    return Level(
        always=always,
        always_tags=frozenset(always),
        conditional=_grouped(open_),
        typed_1={need.tag: need for need, _ in needs if need.type == "1C"} | _groups(binding),
        undecidable=frozenset(need.tag for need, found in open_ if found is None),
        known=frozenset(keywords),
        known_tags=frozenset(_tag(keyword) for keyword in keywords),
        inside={tag: (_inside(binding).get(tag, parts), parts) for tag, parts in _inside(known).items()},
        codes=_codes(binding, known),
        is_code=is_code,
        of_content=of_content,
    )


def _needs(parts: tuple[Part, ...]) -> list[tuple[Need, tuple[Condition, How] | None]]:
    """What the parts ask for, each attribute once for each condition."""
    found: dict[tuple[str, str], tuple[Need, tuple[Condition, How] | None]] = {}
    counts: dict[str, int] = {}
    for module, path in parts:
        if module in CONTENT_MODULES and not path:
            continue
        groups = bool(path) and path[-1] in (SHARED, PER_FRAME)
        for item in modules.items(module, path):
            counts[item.keyword] = counts.get(item.keyword, 0) + 1
            if item.type not in ("1", "2", "1C", "2C") or groups:
                continue
            condition = conditions.of_attribute(modules.list_of(module, path), item.keyword)
            if item.type in ("1", "2"):
                condition = None
            need = Need(_tag(item.keyword), item.keyword, item.type, modules.names()[module])
            key = (item.keyword, "" if item.type in ("1", "2") else str(condition))
            if key not in found or (found[key][0].type == "2" and item.type == "1"):
                found[key] = need, condition
    in_sequence = any(path for _, path in parts)
    if in_sequence and len(parts) > 1:
        return [entry for entry in found.values() if counts[entry[0].keyword] == len(parts)]
    return list(found.values())


def _groups(parts: tuple[Part, ...]) -> dict[int, Need]:
    """The functional groups that have an item where they are there; which must be there, the IOD says."""
    return {
        _tag(item.keyword): Need(_tag(item.keyword), item.keyword, item.type, modules.names()[module])
        for module, path in parts
        if path and path[-1] in (SHARED, PER_FRAME)
        for item in modules.items(module, path)
        if item.type in ("1", "1C")
    }


def _grouped(needs: Iterable[tuple[Need, tuple[Condition, How] | None]]) -> tuple[Conditional, ...]:
    groups: dict[str, tuple[Condition, How, list[Need]]] = {}
    for need, found in needs:
        if found is not None:
            groups.setdefault(str(found), (*found, []))[2].append(need)
    return tuple(
        Conditional(condition, how, tuple(group), frozenset(need.tag for need in group))
        for condition, how, group in groups.values()
    )


def _inside(parts: tuple[Part, ...]) -> dict[int, tuple[Part, ...]]:
    """The parts of each sequence. Content items may hold content items without end: the same part describes them."""
    found: dict[int, list[Part]] = {}
    for module, path in parts:
        for item in modules.items(module, path):
            if item.items != modules.NO_LIST:
                found.setdefault(_tag(item.keyword), []).append((module, (*path, item.keyword)))
        if module in CONTENT_MODULES and path and path[-1] == CONTENT:
            found.setdefault(_tag(CONTENT), []).append((module, path))
    return {tag: tuple(inner) for tag, inner in found.items()}


def _codes(binding: tuple[Part, ...], known: tuple[Part, ...]) -> dict[int, tuple[Codes, ...]]:
    """The lists of codes that hold here, by tag; several modules that have lists for one attribute must all be kept."""
    held: dict[str, int] = {}
    for part in known:
        for item in modules.items(*part):
            held[item.keyword] = held.get(item.keyword, 0) + 1
    found: dict[int, list[Codes]] = {}
    for part in binding:
        for keyword, lists in _lists_of(part).items():
            if held.get(keyword):
                found.setdefault(_tag(keyword), []).extend(_merged(lists))
    return {tag: tuple(dict.fromkeys(codes)) for tag, codes in found.items()}


@lru_cache(maxsize=1)
def _lists() -> Mapping[Part, Mapping[str, list[ValueList]]]:
    found: dict[Part, dict[str, list[ValueList]]] = {}
    for one in values.all_lists():
        for place in one.places:
            if place.kind == "module" and one.keyword not in _BITS:
                found.setdefault((place.slug, place.path), {}).setdefault(one.keyword, []).append(one)
    return found


@lru_cache(maxsize=1)
def _lists_of_groups() -> Mapping[tuple[str, ...], Mapping[str, list[ValueList]]]:
    """The lists in the macros of functional groups, by the sequences that lead to them from the item of a frame."""
    groups = functional_groups.keywords()
    found: dict[tuple[str, ...], dict[str, list[ValueList]]] = {}
    for one in values.all_lists():
        for place in one.places:
            if place.kind == "macro" and place.path and place.path[0] in groups and one.keyword not in _BITS:
                found.setdefault(place.path, {}).setdefault(one.keyword, []).append(one)
    return found


def _lists_of(part: Part) -> Mapping[str, list[ValueList]]:
    path = part[1]
    if path and path[0] in (SHARED, PER_FRAME):
        return _lists_of_groups().get(path[1:], {})
    return _lists().get(part, {})


def _merged(lists: list[ValueList]) -> Iterable[Codes]:
    """One list for each value number. Where lists hold under conditions, a code of any of them may be right."""
    for number in sorted({one.value or 0 for one in lists}):
        ours = [one for one in lists if (one.value or 0) == number]
        codes = {code for one in lists if one.value in (None, number) or not number for code in one.codes}
        strict = any(one.kind == "enumerated" and not one.condition for one in ours)
        if not strict and len(codes) == 1:
            continue  # one more code than those of a list elsewhere
        yield Codes(number, frozenset(codes), strict, tuple(ours[0].codes))
