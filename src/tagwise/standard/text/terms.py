"""Enumerated values and defined terms of an attribute, found in its wordings and in the sections they refer to.

A list in a section counts only where the link to it stands in a row of the attribute, and the title of the section is
the name of the attribute, alone or beside another (`Image Type and Frame Type`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard.text import content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.standard.text.content import Block, Blocks, Terms
    from tagwise.standard.text.records import Definition, Place, Section, Wording

_KIND = re.compile(r"\b(enumerated\s+value|defined\s+term)s?\b", re.IGNORECASE)
_VALUE = re.compile(r"\bvalue\s+(\d+)\b", re.IGNORECASE)
_TAG = re.compile(r"\(([0-9A-Fa-f]{4},[0-9A-Fa-f]{4})\)")
_CONDITION = re.compile(r"\b(?:if|when)\b\s*(.*)", re.IGNORECASE)
_RETIRED = re.compile(r"^retired\b", re.IGNORECASE)


class Title(NamedTuple):
    """What the title of a list says: kind, for which value, on which condition, for which attributes it is."""

    kind: str
    value: int | None
    condition: str
    tags: tuple[str, ...]


class Found(NamedTuple):
    """A list for an attribute. `section` is "" where the row itself has it; `places` are the rows that lead to it."""

    title: Title
    terms: Terms
    section: str
    places: tuple[Place, ...]


def title(text: str) -> Title | None:
    """What the title of a list of terms says; None if it is no list of values, or one of retired ones.

    >>> title("Enumerated Values for Value 3:")
    Title(kind='enumerated', value=3, condition='', tags=())
    >>> title("Defined Terms for Lossy Image Compression Method (0028,2114):").tags
    ('(0028,2114)',)
    >>> title("Enumerated Values if Bits Stored = 8:").condition
    'Bits Stored = 8'
    >>> title("Resources:") is None
    True
    """
    kind = _KIND.search(text)
    if not kind or _RETIRED.match(text):
        return None
    said = _CONDITION.search(text)
    condition = said[1].rstrip(": ") if said else ""
    head = text[: said.start()] if said else text
    value = _VALUE.search(head)
    tags = tuple(f"({tag.upper()})" for tag in _TAG.findall(head))
    return Title(kind[1].split()[0].lower(), int(value[1]) if value else None, condition, tags)


def found(definition: Definition, name: str, section: Callable[[str], Section | None]) -> Iterator[Found]:
    """The lists for an attribute, in the order of its wordings; those of a section once, with all rows that lead there.

    Args:
        definition: Its wordings.
        name: Its name, which the title of a section has to have.
        section: Gives the section with a label.
    """
    leading: dict[str, list[Wording]] = {}
    own: dict[Wording, list[Found]] = {}
    for wording in (definition.main, *definition.others):
        own[wording] = list(_own(definition.tag, wording))
        yield from own[wording]
        for label in dict.fromkeys(link.target for link in wording.links if link.target):
            leading.setdefault(label, []).append(wording)
    for label, wordings in leading.items():
        target = section(label)
        if target is None or not is_about(target.title, name):
            continue
        for listed in _of_section(definition.tag, target):
            bound = [one for one in wordings if not _narrows(own[one], listed.title.value)]
            places = tuple(dict.fromkeys(place for one in bound for place in one.places))
            if places:
                yield listed._replace(places=places)


def _narrows(own: list[Found], value: int | None) -> bool:
    """Whether a row has a list of its own for this value, so that it does not take the one of the section."""
    return any(not one.title.condition and one.title.value in (None, value) for one in own)


def _own(tag: str, wording: Wording) -> Iterator[Found]:
    for said, terms in _titled(wording.blocks):
        if not said.tags or tag in said.tags:
            yield Found(said, terms, "", wording.places)


def is_about(heading: str, name: str) -> bool:
    """Whether the title of a section names the attribute.

    >>> is_about("Image Type and Frame Type", "Image Type"), is_about("Image Type Value 3", "Image Type")
    (True, True)
    >>> is_about("Patient Orientation", "Patient"), is_about("Modality", "Modality")
    (False, True)
    """
    named = re.split(r",| and |/", re.sub(r"\bValues? \d.*$|\bAttributes?\b", "", heading, flags=re.IGNORECASE))
    return name.casefold() in {part.strip().casefold() for part in named}


def _of_section(tag: str, section: Section) -> Iterator[Found]:
    for said, terms in _titled(section.blocks):
        if not said.tags or tag in said.tags:
            yield Found(said, terms, section.label, ())


def _titled(blocks: Blocks) -> Iterator[tuple[Title, Terms]]:
    """The lists of values among the blocks; lists inside terms of another list are parts of its explanations.

    Where the title of a list does not say for which value it is, the paragraph before it may.
    """
    before = ""
    for block in blocks:
        if isinstance(block, content.Terms):
            said = title(block.title)
            if said is not None:
                yield said if said.value else said._replace(value=_only_value(before)), block
        elif not isinstance(block, content.Table):
            yield from _titled(_below(block))
        before = content.words(block.runs) if isinstance(block, content.Paragraph) else ""


def _only_value(text: str) -> int | None:
    """The number of the value that a paragraph is about; None if it names none, or several."""
    named = set(_VALUE.findall(text))
    return int(named.pop()) if len(named) == 1 else None


def _below(block: Block) -> Blocks:
    return tuple(inner for group in content.inside(block) for inner in group)
