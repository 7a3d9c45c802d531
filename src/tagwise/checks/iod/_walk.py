"""Compares an object with its IOD once; the checks of this folder each tell one kind of what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.checks.iod import _codes, _groups
from tagwise.checks.iod._values import Asking, CannotTellError, is_empty
from tagwise.standard import conditions, modules, requirements

if TYPE_CHECKING:
    from tagwise.checks.iod._codes import WrongCode
    from tagwise.checks.iod._groups import WrongGroup
    from tagwise.standard.conditions import Condition, How, Logic
    from tagwise.standard.requirements import Conditional, Level, Need, Presence
    from tagwise.validation.objects import DataSet, Element, ParsedObject

SOP_CLASS = 0x00080016
_KEY = "iod"


class Lacking(NamedTuple):
    """An attribute that a data set does not have, or has empty, and the condition that asks for it.

    `sure` is False for an empty attribute of type 1C that may be left out: then it should be left out.
    """

    where: DataSet
    need: Need
    condition: Condition | None = None
    how: How = "exact"
    sure: bool = True


class Superfluous(NamedTuple):
    """An attribute that is there although its condition forbids it."""

    element: Element
    need: Need
    condition: Condition
    how: How


@dataclass(slots=True)
class Examined:
    """What an object has too little, too much or wrong, compared with its IOD.

    `undecided` counts attributes of type 1C and 2C that are absent, where it cannot be decided whether they may be.
    """

    iod: str
    missing: list[Lacking] = field(default_factory=list)
    empty: list[Lacking] = field(default_factory=list)
    forbidden: list[Superfluous] = field(default_factory=list)
    modules: list[Presence] = field(default_factory=list)
    unexpected: list[Element] = field(default_factory=list)
    codes: list[WrongCode] = field(default_factory=list)
    groups: list[WrongGroup] = field(default_factory=list)
    items: list[DataSet] = field(default_factory=list)
    coded: list[DataSet] = field(default_factory=list)
    undecided: int = 0

    @property
    def has_content(self) -> bool:
        """Whether the object is a document of content items (PS3.3 C.17.3)."""
        return any(module.module in requirements.CONTENT_MODULES for module in requirements.presences(self.iod))

    @property
    def name(self) -> str:
        """The IOD as the standard calls it."""
        return modules.iod_names()[self.iod]


def sop_class_of(parsed: ParsedObject) -> str:
    """The SOP Class UID, "" where there is none."""
    return parsed.root.text(SOP_CLASS) or ""


def examined(parsed: ParsedObject) -> Examined | None:
    """The comparison of an object with its IOD, made once; None where its SOP class has no IOD that we know."""
    if _KEY not in parsed.conclusions:
        iod = modules.iod_of_sop_class().get(sop_class_of(parsed))
        parsed.conclusions[_KEY] = _compare(parsed, iod) if iod and parsed.complete else None
    return parsed.conclusions[_KEY]  # type: ignore[return-value] # nobody else writes under this key


def _compare(parsed: ParsedObject, iod: str) -> Examined:
    found = Examined(iod)
    present = _present(parsed.root, iod, found)
    level = requirements.root(iod, present)
    _visit(parsed.root, level, Asking(parsed.root, level, None), found)
    told = {tag for module in found.modules for tag in module.own}
    if told:
        root = parsed.root
        found.missing = [one for one in found.missing if one.where is not root or one.need.tag not in told]
    parsed.undecided = found.undecided
    found.groups.extend(_groups.wrong(parsed.root, iod, Asking(parsed.root, level, None)))
    return found


def _present(root: DataSet, iod: str, found: Examined) -> frozenset[str]:
    """The modules that an object has, or must have; those that it must have and lacks altogether are noted."""
    present: set[str] = set()
    tags = root.tags
    for module in requirements.presences(iod):
        must = module.usage == "M" or (
            module.condition is not None
            and module.condition.then == "required"
            and met(module.condition.when, Asking(root, _everything(iod), None)) is True
        )
        if must and len(module.own) > 1 and module.own.isdisjoint(tags):
            found.modules.append(module)
        if must or not module.signs.isdisjoint(tags):
            present.add(module.module)
    return frozenset(present)


@lru_cache(maxsize=256)
def _everything(iod: str) -> Level:
    return requirements.root(iod, frozenset())


def met(logic: Logic, asking: Asking) -> bool | None:
    """Whether a condition is met, None where the object cannot tell."""
    try:
        return conditions.met(logic, asking)
    except CannotTellError:
        return None


def _visit(data_set: DataSet, level: Level, asking: Asking, found: Examined) -> None:
    tags = data_set.tags
    for tag in level.always_tags.difference(tags):
        found.missing.append(Lacking(data_set, level.always[tag]))
    for one in level.conditional:
        _decide(one, data_set, asking, found)
    found.undecided += len(level.undecidable.difference(tags))
    if level.is_code:
        found.coded.append(data_set)
    elif level.of_content:
        found.items.append(data_set)
    _elements(data_set, level, asking, found)


def _elements(data_set: DataSet, level: Level, asking: Asking, found: Examined) -> None:
    """Look at what is there."""
    for element in data_set.elements:
        tag = element.tag
        if tag not in level.known_tags:
            _unknown(element, level, found)
            continue
        if (tag in level.always or tag in level.typed_1) and is_empty(element):
            _empty(element, level, asking, found)
        if element.items and tag in level.inside:
            inner = requirements.level(*level.inside[tag])
            for item in element.items:
                _visit(item, inner, Asking(item, inner, asking), found)
        elif tag in level.codes:
            found.codes.extend(_codes.wrong(element, level.codes[tag]))


def _decide(one: Conditional, data_set: DataSet, asking: Asking, found: Examined) -> None:
    """Compare attributes of type 1C and 2C with their condition."""
    absent = one.tags.difference(data_set.tags)
    condition = one.condition
    if not absent and condition.then == "required" and condition.otherwise == "free":
        return
    holds = met(condition.when, asking)
    if condition.then == "required":
        if holds is None:
            found.undecided += len(absent)
        elif holds:
            found.missing += [Lacking(data_set, need, condition, one.how) for need in one.needs if need.tag in absent]
        allowed = holds is not False or _may_be_there(condition, asking)
    else:
        allowed = holds is not True
    if not allowed:
        there = [(data_set.tags[need.tag], need) for need in one.needs if need.tag not in absent]
        found.forbidden += [Superfluous(element, need, condition, one.how) for element, need in there]


def _may_be_there(condition: Condition, asking: Asking) -> bool:
    """Whether an attribute may be there although it is not required; what cannot be told may."""
    if isinstance(condition.otherwise, str):
        return condition.otherwise == "free"
    return met(condition.otherwise, asking) is not False


def _empty(element: Element, level: Level, asking: Asking, found: Examined) -> None:
    """An attribute of type 1 or 1C without a value; the latter is a minor fault where it may be left out."""
    tag = element.tag
    if tag in level.always:
        if level.always[tag].type == "1":
            found.empty.append(Lacking(element.inside, level.always[tag]))
        return
    for one in level.conditional:
        for need in one.needs:
            if need.tag == tag and need.type == "1C" and met(one.condition.when, asking):
                found.empty.append(Lacking(element.inside, need, one.condition, one.how))
                return
    found.empty.append(Lacking(element.inside, level.typed_1[tag], sure=False))


def _unknown(element: Element, level: Level, found: Examined) -> None:
    known = element.known
    if known.keyword and not known.retired and level.known and known.keyword in _placed():
        tag = element.tag
        if not (tag >> 24 == 0x60 and (tag & 0xFF00FFFF) in level.known_tags):
            found.unexpected.append(element)


@lru_cache(maxsize=1)
def _placed() -> frozenset[str]:
    """The attributes that some module has; others are newer than our modules."""
    return frozenset(modules.placed_keywords())
