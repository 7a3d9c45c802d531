"""When an attribute of type 1C or 2C, or a module of usage C, is required: the conditions of PS3.3 as logic.

Only conditions that speak of the data set alone are logic; the rest cannot be decided by a program, and has no row.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from tagwise.standard import dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Values: TypeAlias = Callable[[str], "Sequence[str] | None"]
    """The values of an attribute by keyword: none where it is absent, an empty sequence where it is empty."""

_CONDITIONS = "conditions.tsv"
_PLACES = "condition_places.tsv"
_MODULES = "condition_modules.tsv"

Logic = list[Any]
"""`["and", …]`, `["or", …]`, `["present", keyword]`, `["in", keyword, index, values]` and their like."""

How = Literal["exact", "parent", "attribute"]
"""`exact`: the sentence stands at this place. `parent`: inferred from the same attribute in sequences of the same name.
`attribute`: inferred from the same attribute wherever it is."""


class Condition(NamedTuple):
    """A condition: what holds when it is met, and what otherwise.

    `then` is `required` or `forbidden`. `otherwise` is `free`, `forbidden`, or the logic under which the attribute may
    be there although it is not required.
    """

    then: str
    when: Logic
    otherwise: str | Logic


@cache
def _conditions() -> Mapping[str, Condition]:
    rows = tables.rows(_CONDITIONS, ("condition", "then", "when", "otherwise"))
    return {name: Condition(*(json.loads(part) for part in parts)) for name, *parts in rows}


@cache
def _places() -> Mapping[tuple[str, str], tuple[str, How]]:
    rows = tables.rows(_PLACES, ("list", "keyword", "condition", "how"))
    return {(name, keyword): (condition, how) for name, keyword, condition, how in rows}  # type: ignore[misc]  # the maker writes only these words


@cache
def _modules() -> Mapping[tuple[str, str], str]:
    return {(iod, module): name for iod, module, name in tables.rows(_MODULES, ("iod", "module", "condition"))}


def of_attribute(items: str, keyword: str) -> tuple[Condition, How] | None:
    """The condition of an attribute in a list of `module_items.tsv`, and how it was found; None where there is none.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    found = _places().get((items, keyword))
    return (_conditions()[found[0]], found[1]) if found else None


def of_module(iod: str, module: str) -> Condition | None:
    """The condition of a module of usage C in an IOD; None where it cannot be decided by a program.

    >>> of_module("cr-image", "no-such-module") is None
    True

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    name = _modules().get((iod, module))
    return _conditions()[name] if name else None


def edition() -> str:
    """The edition that the conditions are from, which is older than that of the modules."""
    return tables.facts(_CONDITIONS)["edition"]


def met(logic: Logic, values: Values) -> bool | None:
    """Whether a condition is met: true, false, or None where the data set cannot tell.

    >>> met(["in", "Modality", 0, ["MG"]], {"Modality": ["MG"]}.get)
    True
    >>> met(["not in", "Modality", 0, ["MG"]], {}.get) is None
    True
    """
    operator, *rest = logic
    if operator in ("and", "or"):
        return _joined(operator, [met(part, values) for part in rest])
    found = values(rest[0])
    if operator in ("present", "absent"):
        return (found is not None) is (operator == "present")
    if operator == "filled":
        return bool(found and any(found))
    if operator == "nonzero":
        return _compared(found, 0, lambda value: value != 0)
    index, wanted = rest[1], rest[2]
    if operator in (">", "<"):
        limit = float(wanted[0])
        return _compared(
            found, index, (lambda value: value > limit) if operator == ">" else (lambda value: value < limit)
        )
    return _listed(operator, found, index, wanted)


def _joined(operator: str, parts: list[bool | None]) -> bool | None:
    decisive = operator == "or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _compared(found: Sequence[str] | None, index: int, test: Callable[[float], bool]) -> bool | None:
    """A comparison of numbers; an attribute that is absent is neither greater nor less."""
    if found is None:
        return False
    try:
        return test(float(found[index]))
    except (IndexError, ValueError):
        return None


def _listed(operator: str, found: Sequence[str] | None, index: int, wanted: Sequence[str]) -> bool | None:
    """Whether a value is one of those named. What an absent attribute would be otherwise, nobody knows."""
    if found is None or index >= len(found):
        return False if operator == "in" and found is None else None
    if operator == "points to":
        return _digits(found[index]) in {dictionary.by_keyword()[keyword].digits for keyword in wanted}
    return (found[index].strip() in wanted) is (operator == "in")


def _digits(tag: str) -> str:
    return "".join(letter for letter in tag.upper() if letter in "0123456789ABCDEF")


def words(logic: Logic) -> str:
    """A condition in words.

    >>> words(["and", ["present", "PixelData"], [">", "SamplesPerPixel", 0, ["1"]]])
    'Pixel Data is present and Samples per Pixel is greater than 1'
    """
    operator, *rest = logic
    if operator in ("and", "or"):
        inner = [f"({words(part)})" if part[0] in ("and", "or") else words(part) for part in rest]
        return f" {operator} ".join(inner)
    name = dictionary.by_keyword()[rest[0]].name
    if len(rest) == 1:
        return f"{name} {_ALONE[operator]}"
    index, values = rest[1], rest[2]
    where = f" value {index + 1}" if index else ""
    if operator == "points to":
        values = [dictionary.by_keyword()[keyword].name for keyword in values]
    return f"{name}{where} {_COMPARED[operator]} {_either(values)}"


_ALONE = {"present": "is present", "absent": "is absent", "filled": "has a value", "nonzero": "is not zero"}
_COMPARED = {"in": "is", "not in": "is not", ">": "is greater than", "<": "is less than", "points to": "points to"}


def _either(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
