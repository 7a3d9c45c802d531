"""The section of an attribute page with its definition, and of module and IOD pages with their description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.pages import standard_text
from tagwise.pages.layout import wrap
from tagwise.quantities import quantity
from tagwise.standard.text import content, library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.iods import IodPage
    from tagwise.pages.layout import Ink
    from tagwise.pages.modules import ModulePage
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.text.records import Definition, Description, Place, Wording

_INDENT = "  "
_PLACES_SHOWN = 3
_ELSEWHERE = {"0000": "PS3.7", "0002": "PS3.10", "FFFE": "PS3.5", "0004": "PS3.3 annex F"}


class DefinitionSection(NamedTuple):
    """The definition of an attribute; or `missing` says why there is none. `problems` are about texts, not about it."""

    definition: Definition | None
    missing: str
    problems: tuple[str, ...]


class DescriptionSection(NamedTuple):
    """The description of a module or IOD; or `missing` says why there is none. `problems` are about texts."""

    description: Description | None
    missing: str
    problems: tuple[str, ...]


def of_attribute(found: Attribute) -> DefinitionSection:
    """The definition of an attribute in the text at hand.

    Raises:
        BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
        StandardTextDamaged: The text was changed.
    """
    shelf = library.shelf()
    if shelf.text is None:
        return DefinitionSection(None, standard_text.no_text(shelf), shelf.problems)
    definition = shelf.text.definition(found.tag)
    missing = "" if definition else f"{_named(shelf.text)} has no text for it: {_why(found)}."
    return DefinitionSection(definition, missing, shelf.problems)


def _named(text: library.Text) -> str:
    return f"DICOM {text.edition} ({text.source})"


def _why(found: Attribute) -> str:
    part = _ELSEWHERE.get(found.tag[1:5])
    if part and part != "PS3.3 annex F":
        return f"it is described in {part}"
    if found.retired:
        return "it is retired, and the modules of PS3.3 leave retired attributes out"
    if found.owner != "DICOM":
        return f"it belongs to {found.owner}"
    return "no table of modules or macros in PS3.3 has it" + (
        f"; it is newer than {found.added_after}" if found.added_after else ""
    )


def of_thing(kind: str, name: str) -> DescriptionSection:
    """The description of a `module` or an `iod` with this name in the text at hand.

    Raises:
        BadSetting: TAGWISE_STANDARD_TEXT says something unknown.
        StandardTextDamaged: The text was changed.
    """
    shelf = library.shelf()
    if shelf.text is None:
        return DescriptionSection(None, standard_text.no_text(shelf), shelf.problems)
    found = shelf.text.description(kind, name)
    if found is not None and not found.blocks:
        found = None
    missing = "" if found else f"{_named(shelf.text)} does not describe it under this name."
    return DescriptionSection(found, missing, shelf.problems)


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """The main wording whole, where it stands, what it refers to; all other wordings where every depth is wanted."""
    found = shown.definition_section
    yield ink("Definition", "bold")
    yield from standard_text.problem_lines(found.problems, width, ink)
    if found.definition is None:
        yield from wrap(found.missing, width, _INDENT)
        return
    definition = found.definition
    yield from standard_text.lines(definition.main.blocks, width, ink)
    yield from standard_text.link_lines(definition.links, width, ink)
    origin = f"{_places(definition.main)}. DICOM {definition.edition}, {definition.source}."
    yield from (ink(line, "dim") for line in wrap(origin, width, _INDENT))
    if definition.others:
        yield from _others(shown, definition, width, ink)


def _others(shown: AttributePage, definition: Definition, width: int, ink: Ink) -> Iterator[str]:
    said = quantity(len(definition.others), "other wording")
    if shown.depth != "all":
        name = shown.keyword or shown.tag
        yield from wrap(f"{said} in other modules:", width, _INDENT)
        yield f"{_INDENT}tagwise show {name} --section definition --depth all"
        return
    yield from ("", _INDENT + ink(f"{said} in other modules", "cyan"))
    for wording in definition.others:
        start = f"{_INDENT * 2}{_places(wording)}"
        yield from (ink(line, "dim") for line in wrap(start, width, _INDENT * 2))
        silent = not wording.blocks
        yield from ["      (no text)"] if silent else standard_text.lines(wording.blocks, width, ink, _INDENT * 3)


def _places(wording: Wording) -> str:
    """The first places of a wording, and how many modules have it.

    A macro stands for the modules that include it.
    """
    named = "; ".join(_place(place) for place in wording.places[:_PLACES_SHOWN])
    more = len(wording.places) - _PLACES_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    macro = any(place.kind == "macro" for place in wording.places)
    return named + rest + (f"; in {quantity(wording.modules, 'module')}" if macro and wording.modules else "")


def _place(place: Place) -> str:
    inside = f", inside {' > '.join(place.path)}" if place.path else ""
    return f"{place.name} {place.kind}, PS3.3 {place.section}, table {place.table}{inside}"


def document(shown: AttributePage) -> dict[str, Any]:
    """`definition`: `edition`, `source`, `text`, `blocks`, `places`, `modules`, `others`, `missing`, `problems`.

    Without a text, `edition`, `source` and `text` are null and lists are empty.
    """
    found = shown.definition_section
    definition = found.definition
    main = (
        _wording_document(definition.main) if definition else {"text": None, "blocks": [], "places": [], "modules": 0}
    )
    return {
        "definition": {
            "edition": definition.edition if definition else None,
            "source": definition.source if definition else None,
            **main,
            "others": [_wording_document(one) for one in definition.others] if definition else [],
            "missing": found.missing,
            "problems": list(found.problems),
        }
    }


def _wording_document(wording: Wording) -> dict[str, Any]:
    return {
        "text": wording.text,
        "blocks": content.document(wording.blocks),
        "places": [{**place._asdict(), "path": list(place.path)} for place in wording.places],
        "modules": wording.modules,
    }


def description_lines(shown: ModulePage | IodPage, width: int, ink: Ink) -> Iterator[str]:
    """What a module or IOD is for, or how to get the text that says so."""
    found = shown.description_section
    yield ink("Description", "bold")
    yield from standard_text.problem_lines(found.problems, width, ink)
    if found.description is None:
        yield from wrap(found.missing, width, _INDENT)
        return
    one = found.description
    yield from standard_text.lines(one.blocks, width, ink)
    yield from standard_text.link_lines(content.links(one.blocks), width, ink)
    origin = f"PS3.3 {one.section}. DICOM {one.edition}, {one.source}."
    yield from (ink(line, "dim") for line in wrap(origin, width, _INDENT))


def description_document(shown: ModulePage | IodPage) -> dict[str, Any]:
    """`description`: `edition`, `source`, `text`, `blocks`, `section`, `url`, `missing`, `problems`."""
    found = shown.description_section
    one = found.description
    return {
        "description": {
            "edition": one.edition if one else None,
            "source": one.source if one else None,
            "text": one.text if one else None,
            "blocks": content.document(one.blocks) if one else [],
            "section": one.section if one else None,
            "url": one.url if one else None,
            "missing": found.missing,
            "problems": list(found.problems),
        }
    }
