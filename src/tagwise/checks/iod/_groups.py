"""Compares the functional groups of a multi-frame object with those that its IOD needs (PS3.3 C.7.6.16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.checks.iod._values import Asking, CannotTellError
from tagwise.standard import conditions, dictionary, functional_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.standard.conditions import Logic
    from tagwise.standard.functional_groups import Group
    from tagwise.validation.objects import DataSet, Element

_SHARED, _PER_FRAME, _FRAMES = 0x52009229, 0x52009230, 0x00280008
_ALWAYS_PER_FRAME = frozenset(["FrameContentSequence"])


class WrongGroup(NamedTuple):
    """A functional group that is missing, or in a place where it may not be. `kind` is missing, double or shared."""

    where: DataSet
    tag: int
    kind: str
    message: str
    element: Element | None = None


def wrong(root: DataSet, iod: str, asking: Asking) -> Iterator[WrongGroup]:
    """What is wrong with the functional groups of an object."""
    groups = functional_groups.groups_of(iod)
    shared, frames = _items(root, _SHARED), _items(root, _PER_FRAME)
    if not groups or not (shared or frames):
        return
    number = root.number_of(_FRAMES)
    if frames and number is not None and number != len(frames):
        told = f"PerFrameFunctionalGroupsSequence has {len(frames):,} items, and Number of Frames is {number:,}"
        yield WrongGroup(root, _PER_FRAME, "frames", told, root.tags[_PER_FRAME])
    for group in groups:
        yield from _group(group, root, shared, frames, asking)


def _items(root: DataSet, tag: int) -> list[DataSet]:
    element = root.tags.get(tag)
    return (element.items or []) if element is not None else []


def _group(
    group: Group, root: DataSet, shared: list[DataSet], frames: list[DataSet], asking: Asking
) -> Iterator[WrongGroup]:
    tag = dictionary.by_keyword()[group.keyword].number
    common = next((item.tags[tag] for item in shared if tag in item.tags), None)
    lacking = [frame for frame in frames if tag not in frame.tags]
    has_some = len(lacking) < len(frames)
    if common is not None and has_some:
        told = f"{group.keyword} is among the shared groups and among those of {len(frames) - len(lacking):,} frames"
        yield WrongGroup(root, tag, "double", told, common)
    elif common is not None and group.keyword in _ALWAYS_PER_FRAME:
        told = f"{group.keyword} is among the shared groups, and belongs to each frame"
        yield WrongGroup(root, tag, "shared", told, common)
    elif common is None and has_some and lacking:
        told = (
            f"{group.keyword} is missing in {len(lacking):,} of {len(frames):,} frames, from frame {lacking[0].number}"
        )
        yield WrongGroup(lacking[0], tag, "missing", told)
    elif common is None and not has_some and _required(group, asking):
        why = "mandatory"
        if group.when is not None:
            why = f"required where {conditions.words(group.when)}"
        yield WrongGroup(root, tag, "missing", f"{group.keyword} is in no functional group: it is {why}")


def _required(group: Group, asking: Asking) -> bool:
    return group.usage == "M" or (group.usage == "C" and group.when is not None and _met(group.when, asking) is True)


def _met(logic: Logic, asking: Asking) -> bool | None:
    try:
        return conditions.met(logic, asking)
    except CannotTellError:
        return None
