"""The texts of the standard that are at hand, and their sections, as text and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.errors import UnknownName, UsageError
from tagwise.pages import standard_text
from tagwise.pages.layout import INDENT, fact, wrap
from tagwise.pages.text import fitting
from tagwise.quantities import quantity
from tagwise.standard.text import content, library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.layout import Ink
    from tagwise.standard.text.library import Text
    from tagwise.standard.text.records import Section

_SHOWN = 5
_PARTS = {
    "attributes": ("PS3.6", "attribute"),
    "uids": ("PS3.6", "UID"),
    "sop_classes": ("PS3.4", "storage SOP class"),
    "deidentification": ("PS3.15", "row of table E.1-1"),
}


class SectionPage(NamedTuple):
    """A section with the text that it is from."""

    section: Section
    text: Text


def text(width: int, ink: Ink) -> str:
    """The texts for a terminal: the one that is read first."""
    return "\n".join(_lines(fitting(width), ink))


def _lines(width: int, ink: Ink) -> Iterator[str]:
    shelf, every = library.shelf(), library.standard_texts()
    for one in every:
        used = shelf.text is not None and shelf.text.kind == one.kind
        yield f"{ink(f'DICOM {one.edition}', 'bold')}  {one.kind}{'  (pages are made from it)' if used else ''}"
        yield from fact("Source", _source(one), width, ink)
        yield from fact("Holds", _holds(one), width, ink)
        yield from fact("Kept in", one.path, width, ink)
        for line in _compared(one):
            yield from wrap(line, width, INDENT)
        yield ""
    yield from standard_text.problem_lines(shelf.problems, width, ink, "")
    missing = standard_text.no_text(shelf)
    if missing:
        yield from wrap(missing, width)
    elif len(every) == 1 and every[0].kind == "package":
        yield from wrap("A newer edition: tagwise standard import DIR with files of NEMA.", width)


def _source(one: Text) -> str:
    parts = one.facts.get("parts")
    return f"{one.source}: {', '.join(parts)}" if parts else one.source


def _holds(one: Text) -> str:
    facts = one.facts
    held = [quantity(facts["definitions"], "attribute") + " with definitions", quantity(facts["sections"], "section")]
    if facts.get("context_groups"):
        held.append(quantity(facts["context_groups"], "context group") + " by name")
    return ", ".join(held)


def _compared(one: Text) -> Iterator[str]:
    """What the edition has that our tables lack."""
    for key, found in one.facts.get("compared", {}).items():
        part, noun = _PARTS[key]
        lacking = found["lacking"]
        said = f"{part}: {quantity(found['count'], noun)}"
        if noun.startswith("row"):
            said = f"{part}: {found['count']:,} rows of table E.1-1"
        yield f"{said}, {_some(lacking) if lacking else 'all of them in the tables of tagwise'}"
        if found.get("differing"):
            listed = "; ".join(list(found["differing"].values())[:_SHOWN])
            yield f"{part}: {len(found['differing'])} with another basic action than in tagwise: {listed}"


def _some(lacking: dict[str, str]) -> str:
    named = ", ".join(f"{key} {name}" for key, name in list(lacking.items())[:_SHOWN])
    return f"{len(lacking)} of them not in the tables of tagwise: {named}{', …' if len(lacking) > _SHOWN else ''}"


def document() -> dict[str, Any]:
    """`kind` ("standard"), `setting`, `used`, `texts`, `problems`.

    A text has `kind`, `edition`, `source`, `path`, `definitions`, `sections`, `parts`, `context_groups`, `compared`.
    """
    shelf = library.shelf()
    return {
        "kind": "standard",
        "setting": library.setting(),
        "used": shelf.text.kind if shelf.text else None,
        "texts": [_document(one) for one in library.standard_texts()],
        "problems": list(shelf.problems),
    }


def _document(one: Text) -> dict[str, Any]:
    shown = ("definitions", "sections", "parts", "context_groups", "compared")
    return {
        "kind": one.kind,
        "edition": one.edition,
        "source": one.source,
        "path": one.path,
        **{key: one.facts.get(key) for key in shown},
    }


def imported(one: Text) -> str:
    """What an import has brought, in a few lines."""
    first = f"Imported DICOM {one.edition}: {_source(one)}; {_holds(one)}."
    return "\n".join([first, *_compared(one), f"Kept in {one.path}"])


def section(label: str) -> SectionPage:
    """The section with this label in the text at hand, else in any other text that is there.

    Raises:
        UnknownName: No text has it; `.nearest` lists close labels.
        UsageError: There is no text.
    """
    shelf = library.shelf()
    if shelf.text is None:
        raise UsageError("there is no text of the standard to read", hint=standard_text.no_text(shelf))
    wanted = " ".join(label.split()).removeprefix("Section ").removeprefix("PS3.3 ")
    found = shelf.text.section(wanted) or shelf.text.section(wanted.upper())
    if found is None:
        error = UnknownName(label[:100], _around(wanted[:100], shelf.text.labels()))
        error.hint = f"{error.hint}\n".lstrip() + f"DICOM {shelf.text.edition} ({shelf.text.source}) was read"
        raise error
    return SectionPage(found, shelf.text)


def _around(wanted: str, labels: list[str]) -> tuple[str, ...]:
    """Sections near one that is not there: what it would belong to, with the sections in it."""
    above = wanted.rpartition(".")[0]
    while above:
        near = [label for label in labels if label == above or label.startswith(f"{above}.")]
        if near:
            return tuple(sorted(near, key=lambda label: (len(label), label))[:_SHOWN])
        above = above.rpartition(".")[0]
    return ()


def section_text(shown: SectionPage, width: int, ink: Ink) -> str:
    """A section for a terminal."""
    found, width = shown.section, fitting(width)
    lines = [f"{ink(found.label, 'bold')}  {found.title}", ""]
    lines += standard_text.lines(found.blocks, width, ink)
    lines += standard_text.link_lines(content.links(found.blocks), width, ink)
    lines += ["", ink(f"{INDENT}{found.url}", "dim")]
    lines += [ink(f"{INDENT}DICOM {shown.text.edition}, {shown.text.source}", "dim")]
    return "\n".join(line.rstrip() for line in lines)


def section_document(shown: SectionPage) -> dict[str, Any]:
    """`kind` ("section"), `label`, `title`, `url`, `edition`, `source`, `text`, `blocks`."""
    found = shown.section
    return {
        "kind": "section",
        "label": found.label,
        "title": found.title,
        "url": found.url,
        "edition": shown.text.edition,
        "source": shown.text.source,
        "text": content.plain(found.blocks),
        "blocks": content.document(found.blocks),
    }
