"""Which codes an attribute may have: enumerated values (no others) and defined terms (others where none fits).

The table has the codes of edition 2020a. Where an edition is imported, its lists are read from its text instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from tagwise.standard import dictionary, tables
from tagwise.standard.text import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.standard.text.records import Definition, Place, Section
    from tagwise.standard.text.terms import Found

FILE = "values.tsv"
COLUMNS = ("keyword", "kind", "value", "condition", "codes", "retired", "where", "section")
BETWEEN = "|"
"""What stands between codes; no code has it."""
INSIDE = ">"
"""What stands between a module and the sequences in it."""
_MACRO = "macro:"

Kind = Literal["enumerated", "defined"]


class ValuePlace(NamedTuple):
    """Where a list holds: a module (or a macro, wherever it is included), and the sequences around the attribute."""

    kind: str
    slug: str
    path: tuple[str, ...] = ()


class ValueList(NamedTuple):
    """The codes of an attribute in some places.

    `value` is the number of the value that the list is for, None for any. `condition` says when it holds, "" always.
    `retired` are those of the codes that are retired. `section` is where the list is, if not in the rows of `places`.
    """

    keyword: str
    kind: Kind
    value: int | None
    condition: str
    codes: tuple[str, ...]
    retired: tuple[str, ...]
    places: tuple[ValuePlace, ...]
    section: str


def edition() -> str:
    """The edition of the table."""
    return tables.facts(FILE)["edition"]


def source() -> str:
    """What the table is made from."""
    return tables.facts(FILE)["sources"]


def of(keyword: str) -> tuple[ValueList, ...]:
    """The lists of an attribute in the table: first the ones of the places where it is least deep, with most IODs.

    >>> [(found.kind, found.codes) for found in of("PatientSex")]
    [('enumerated', ('M', 'F', 'O'))]

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    start = f"{keyword}\t"
    return tuple(_value_list(line) for line in tables.lines(FILE, COLUMNS) if line.startswith(start))


def all_lists() -> tuple[ValueList, ...]:
    """Every list of the table, in the order of tags."""
    return tuple(_value_list(line) for line in tables.lines(FILE, COLUMNS))


def _value_list(line: str) -> ValueList:
    keyword, kind, value, condition, codes, retired, where, section = line.split("\t")
    if kind not in ("enumerated", "defined") or not (codes and where):
        raise tables.damaged(FILE, f"a list of {keyword} is neither enumerated nor defined, or is empty")
    return ValueList(
        keyword,
        cast("Kind", kind),
        int(value) if value else None,
        condition,
        tuple(codes.split(BETWEEN)),
        tuple(retired.split(BETWEEN)) if retired else (),
        tuple(_place(word) for word in where.split()),
        section,
    )


def _place(word: str) -> ValuePlace:
    slug, *path = word.split(INSIDE)
    kind = records.MACRO if slug.startswith(_MACRO) else records.MODULE
    return ValuePlace(kind, slug.removeprefix(_MACRO), tuple(path))


def where(place: ValuePlace) -> str:
    """A place as the table writes it.

    >>> where(ValuePlace("macro", "selector-attribute"))
    'macro:selector-attribute'
    """
    return INSIDE.join((f"{_MACRO if place.kind == records.MACRO else ''}{place.slug}", *place.path))


def from_text(
    definition: Definition, name: str, section: Callable[[str], Section | None]
) -> Iterator[tuple[ValueList, dict[str, str]]]:
    """The lists in a text, each with the meaning of its codes in the text; equal lists are one.

    Args:
        definition: What the text says of the attribute.
        name: The name of the attribute.
        section: Gives the section of the text with a label.
    """
    from tagwise.standard.text import content, terms  # noqa: PLC0415 - only for attributes that have lists

    merged: dict[tuple[object, ...], list[Found]] = {}
    for one in terms.found(definition, name, section):
        codes = tuple(term.code for term in one.terms.terms)
        merged.setdefault((one.title[:3], codes, one.section), []).append(one)
    ranked = sorted(merged.values(), key=lambda found: (_rank(found), found[0].title.value or 0))
    for found in ranked:
        meanings = {term.code: content.plain(term.meaning) for term in found[0].terms.terms}
        yield _merged(_keyword(definition.tag), found, meanings), meanings


def _rank(found: list[Found]) -> tuple[object, ...]:
    from tagwise.standard.text import arranging  # noqa: PLC0415 - as in from_text

    return min(arranging.rank(place) for one in found for place in one.places)


def _merged(keyword: str, found: list[Found], meanings: dict[str, str]) -> ValueList:
    from tagwise.standard.text import arranging  # noqa: PLC0415 - as in from_text

    title = found[0].title
    places = sorted({place for one in found for place in one.places}, key=arranging.rank)
    return ValueList(
        keyword,
        cast("Kind", title.kind),
        title.value,
        title.condition,
        tuple(meanings),
        tuple(code for code, meaning in meanings.items() if meaning.startswith(("Retired", "(Retired"))),
        tuple(dict.fromkeys(_value_place(place) for place in places)),
        found[0].section,
    )


def _value_place(place: Place) -> ValuePlace:
    return ValuePlace(place.kind, place.slug, tuple(_keyword(tag) for tag in place.path))


def _keyword(tag: str) -> str:
    """The keyword of a tag; the tag itself where a newer text knows an attribute that our dictionary does not."""
    known = dictionary.lookup(tag)
    return known.keyword if known else tag
