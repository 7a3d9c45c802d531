"""The section of an attribute page with its enumerated values and defined terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.pages import standard_text
from tagwise.pages.layout import wrap
from tagwise.quantities import quantity
from tagwise.standard import modules, values
from tagwise.standard.text import library

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.text.library import Text
    from tagwise.standard.values import ValueList, ValuePlace

_INDENT = "  "
_EXPLAINED = 12  # codes: a list of more is shown without meanings
_LISTS_SHOWN = 6
_PLACES_SHOWN = 3
KINDS = {"enumerated": "Enumerated values", "defined": "Defined terms"}
_LEGEND = "Enumerated values: no others. Defined terms: others only where none of these fits."


class CodeList(NamedTuple):
    """A list of codes with what each stands for; `meanings` is empty where no text is at hand."""

    values: ValueList
    meanings: Mapping[str, str]


class ValuesSection(NamedTuple):
    """The lists of an attribute; `edition` and `source` say where the codes are from."""

    edition: str
    source: str
    lists: tuple[CodeList, ...]


def of_attribute(found: Attribute) -> ValuesSection:
    """The lists of an attribute: those of an imported edition, else the table, with meanings from the package.

    Raises:
        BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
        StandardDataError: The table is missing or damaged.
        StandardTextDamaged: The text was changed.
    """
    text = library.shelf().text
    if text is not None and text.kind == "imported" and text.facts["definitions"]:
        return ValuesSection(text.edition, text.source, _read(found, text))
    listed = values.of(found.keyword)
    meanings: dict[tuple[object, ...], Mapping[str, str]] = {}
    if listed and text is not None:
        meanings = {_same(one.values): one.meanings for one in _read(found, text)}
    source = values.source()
    return ValuesSection(values.edition(), source, tuple(CodeList(one, meanings.get(_same(one), {})) for one in listed))


def _same(listed: ValueList) -> tuple[object, ...]:
    """What two lists have in common that are the same list; conditions are worded otherwise in the text."""
    return listed.kind, listed.value, listed.codes, listed.section, listed.places


def _read(found: Attribute, text: Text) -> tuple[CodeList, ...]:
    definition = text.definition(found.tag)
    if definition is None:
        return ()
    return tuple(CodeList(*pair) for pair in values.from_text(definition, found.name, text.section))


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """The lists, those of most IODs first; nothing where the standard has none."""
    found = shown.values
    if not found.lists:
        return
    yield ink("Values", "bold")
    all_of_them = shown.depth == "all"
    for one in found.lists if all_of_them else found.lists[:_LISTS_SHOWN]:
        yield from _list(one, width, ink, all_of_them)
    more = 0 if all_of_them else len(found.lists) - _LISTS_SHOWN
    if more > 0:
        yield f"{_INDENT}… and {quantity(more, 'more list')}: tagwise show {shown.keyword} --section values --depth all"
    origin = f"{_LEGEND} DICOM {found.edition}, {found.source}."
    yield from (ink(line, "dim") for line in wrap(origin, width, _INDENT))


def _list(one: CodeList, width: int, ink: Ink, whole: bool) -> Iterator[str]:
    listed = one.values
    head = KINDS[listed.kind]
    head += f" of value {listed.value}" if listed.value else ""
    head += f", if {readable(listed.condition)}" if listed.condition else ""
    start, *rest = wrap(f"{head}, in {_where(listed.places, whole)}", width, _INDENT, _INDENT * 2)
    yield start.replace(KINDS[listed.kind], ink(KINDS[listed.kind], "cyan"), 1)
    yield from rest
    rows = [(code, _meaning(one, code)) for code in listed.codes]
    if len(rows) > _EXPLAINED and not whole:
        rows = [(f"{code} (retired)" if code in listed.retired else code, "") for code, _ in rows]
        yield from standard_text.code_rows(rows, width, _INDENT * 2)
        if one.meanings and listed.section:
            yield f"{_INDENT * 2}Meanings: tagwise standard section {listed.section}"
        return
    yield from standard_text.code_rows(rows, width, _INDENT * 2)


def _meaning(one: CodeList, code: str) -> str:
    said = " ".join(one.meanings.get(code, "").split())
    return said or ("retired" if code in one.values.retired else "")


def readable(condition: str) -> str:
    """A condition with blanks around its signs.

    >>> readable("SegmentationType!=BINARY"), readable("ImageType[3]=LOCALIZER|LABEL"), readable("iod=rt-image")
    ('SegmentationType is not BINARY', 'ImageType[3] is LOCALIZER or LABEL', 'the IOD is rt-image')
    """
    condition = condition.replace("iod=", "the IOD=")
    return condition.replace("!=", " is not ").replace("=", " is ").replace(values.BETWEEN, " or ")


def _where(places: Sequence[ValuePlace], whole: bool) -> str:
    shown = places if whole else places[:_PLACES_SHOWN]
    more = len(places) - len(shown)
    return "; ".join(place_name(place) for place in shown) + (f"; and {more} more" if more else "")


def place_name(place: ValuePlace) -> str:
    """A place by the name of its module, and the sequences around the attribute."""
    named = modules.names().get(place.slug) if place.kind == "module" else f"macro {place.slug.replace('-', ' ')}"
    return " > ".join((named or place.slug.replace("-", " "), *place.path))


def document(shown: AttributePage) -> dict[str, Any]:
    """`values`: `edition`, `source`, `lists`: `kind`, `value`, `condition`, `codes`, `places`, `section`.

    A code has `code`, `meaning` ("" without a text) and `retired`; a place `kind`, `slug`, `path`.
    """
    found = shown.values
    return {
        "values": {
            "edition": found.edition,
            "source": found.source,
            "lists": [_list_document(one) for one in found.lists],
        }
    }


def _list_document(one: CodeList) -> dict[str, Any]:
    listed = one.values
    return {
        "kind": listed.kind,
        "value": listed.value,
        "condition": listed.condition,
        "codes": [
            {"code": code, "meaning": one.meanings.get(code, ""), "retired": code in listed.retired}
            for code in listed.codes
        ],
        "places": [{"kind": place.kind, "slug": place.slug, "path": list(place.path)} for place in listed.places],
        "section": listed.section,
    }
