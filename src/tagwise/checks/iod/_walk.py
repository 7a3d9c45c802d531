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
    from tagwise.standard.requirements import Conditional, Level, Look, Need, Presence
    from tagwise.validation.objects import DataSet, Element, ParsedObject

SOP_CLASS = 0x00080016
_KEY = "iod"
_PADDING = b" \0"


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
        return requirements.has_content(self.iod)

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
    seen = root.shape.ask(requirements.modules_seen(iod))
    present = set(seen.sure)
    for module, lacks_own in seen.open:
        condition = module.condition
        if condition is None or met(condition.when, Asking(root, _everything(iod), None)) is True:
            present.add(module.module)
            if lacks_own:
                found.modules.append(module)
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
    reading = data_set.shape.ask(level.read)
    for need in reading.missing:
        found.missing.append(Lacking(data_set, need))
    for one, absent in reading.open:
        _decide(one, absent, data_set, asking, found)
    found.undecided += reading.undecided
    if level.is_code:
        found.coded.append(data_set)
    elif level.of_content:
        found.items.append(data_set)
    elements = data_set.elements
    for look in reading.looks:
        element = elements[look.place]
        if look.is_plain and element.raw and element.raw[0] not in _PADDING:
            continue  # the usual case: what must have a value has one
        _look(element, look, level, asking, found)


def _look(element: Element, look: Look, level: Level, asking: Asking, found: Examined) -> None:
    """Look at one element that is there."""
    if look.is_unexpected:
        found.unexpected.append(element)
        return
    if look.is_typed and is_empty(element):
        _empty(element, level, asking, found)
    if element.items and look.inner is not None:
        for item in element.items:
            _visit(item, look.inner, Asking(item, look.inner, asking), found)
    elif look.codes:
        found.codes.extend(_codes.wrong(element, look))


def _decide(one: Conditional, absent: frozenset[int], data_set: DataSet, asking: Asking, found: Examined) -> None:
    """Compare attributes of type 1C and 2C with their condition."""
    condition = one.condition
    holds = met(condition.when, asking)
    if condition.then == "required":
        if holds is None:
            found.undecided += len(absent)
        elif holds:
            found.missing += [Lacking(data_set, need, condition, one.how) for need in one.needs if need.tag in absent]
        allowed = holds is not False or len(absent) == len(one.tags) or _may_be_there(condition, asking)
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
