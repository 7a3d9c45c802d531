"""Compares values with the lists of codes that hold at their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.checks.iod._values import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.standard.requirements import Codes, Look
    from tagwise.validation.objects import Element

_COMPARED = frozenset(["CS", "US", "SS", "UL", "SL", "IS"])
_SHOWN = 8
_REMEMBERED = 100


class WrongCode(NamedTuple):
    """A value that is in no list. `number` is which one, from 1; `strict` that the list is enumerated values."""

    element: Element
    number: int
    strict: bool
    listed: str


def wrong(element: Element, look: Look) -> list[WrongCode]:
    """The values of an element that are none of its codes; what is right is remembered."""
    if element.vr not in _COMPARED:
        return []
    raw = element.raw
    if raw is None or len(raw) > _REMEMBERED or element.inside.big_endian:
        return list(_wrong(element, look.codes))
    key = (element.vr, raw)
    right = look.right if look.right is not None else set()
    if key in right:
        return []
    found = list(_wrong(element, look.codes))
    if not found and len(right) < _REMEMBERED:
        right.add(key)
    return found


def _wrong(element: Element, lists: tuple[Codes, ...]) -> Iterator[WrongCode]:
    """The values of an element that are none of its codes.

    Where modules have several lists for one value, a code of any enumerated list is right, and without enumerated
    lists one of any list.
    """
    for number, value in enumerate(texts(element), 1):
        ours = [one for one in lists if one.value in (0, number)]
        strict = [one for one in ours if one.strict]
        judging = strict or ours
        if not value or not judging or any(_has(one, value, element.vr) for one in judging):
            continue
        yield WrongCode(element, number, bool(strict), _words(judging[0].listed))


def _has(one: Codes, value: str, vr: str) -> bool:
    if value in one.codes:
        return True
    if vr == "CS":
        return False
    return any(_number(code) == _number(value) for code in one.codes)


def _number(text: str) -> int | None:
    """A number as the object, or as the standard writes it: `0001H` is hexadecimal."""
    try:
        return int(text[:-1], 16) if text.endswith("H") else int(text)
    except ValueError:
        return None


def _words(codes: tuple[str, ...]) -> str:
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + more
