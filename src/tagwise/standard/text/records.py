"""What is read from a text: the definition of an attribute with its wordings and places, sections, descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.standard.text import content

if TYPE_CHECKING:
    from tagwise.standard.text.content import Blocks, Link


_IN_SLUGS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
MACRO = "macro"
MODULE = "module"
"""The kinds of a place."""


class Place(NamedTuple):
    """Where a wording stands: a module or macro, its section and table of PS3.3, and the sequences around it.

    `path` has the tags of those sequences, outermost first. `type` is "" where the table has no types.
    """

    kind: str
    slug: str
    name: str
    section: str
    table: str
    url: str
    type: str
    path: tuple[str, ...]


class Wording(NamedTuple):
    """One of the texts for an attribute, and every place that has it, the one that counts most first.

    Where a macro has it, the modules that only include the macro are counted in `modules`, not listed.
    """

    blocks: Blocks
    places: tuple[Place, ...]
    modules: int

    @property
    def text(self) -> str:
        """As plain text: a paragraph in a line."""
        return content.plain(self.blocks)

    @property
    def links(self) -> tuple[Link, ...]:
        """The cross-references in the text."""
        return content.links(self.blocks)


class Definition(NamedTuple):
    """What PS3.3 says of an attribute: the main wording, and the others where modules describe it differently.

    `str()` of it is the main wording as plain text. `edition` is as `2020a`, `source` names package or files.
    """

    tag: str
    edition: str
    source: str
    main: Wording
    others: tuple[Wording, ...]

    @property
    def text(self) -> str:
        """The main wording as plain text."""
        return self.main.text

    @property
    def links(self) -> tuple[Link, ...]:
        """The cross-references of the main wording."""
        return self.main.links

    @property
    def section(self) -> str:
        """The section of PS3.3 with the main wording, as `C.7.3`."""
        return self.main.places[0].section

    @property
    def url(self) -> str:
        """Where the table of the main wording is on the web."""
        return self.main.places[0].url

    def __str__(self) -> str:
        """The main wording as plain text."""
        return self.text


class Section(NamedTuple):
    """A section of the standard: `label` as `C.7.3.1.1.1`, its title, where it is on the web, its content."""

    label: str
    title: str
    url: str
    blocks: Blocks


class Description(NamedTuple):
    """What a module, macro or IOD is for."""

    name: str
    section: str
    url: str
    blocks: Blocks
    edition: str
    source: str

    @property
    def text(self) -> str:
        """As plain text."""
        return content.plain(self.blocks)

    def __str__(self) -> str:
        """The description as plain text."""
        return self.text


def slug(name: str) -> str:
    """The name of a module, macro or IOD as a key: small letters and digits.

    >>> slug("X-Ray Angiographic Image")
    'x-ray-angiographic-image'
    """
    return "-".join("".join(one if one in _IN_SLUGS else " " for one in name.lower()).split())


def pack_wordings(wordings: tuple[Wording, ...]) -> list[Any]:
    """Wordings for a JSON file."""
    return [[content.packed(one.blocks), [[*place] for place in one.places], one.modules] for one in wordings]


def unpack_definition(tag: str, edition: str, source: str, lists: list[Any]) -> Definition:
    """The definition from what `pack_wordings` made of all its wordings, the main one first."""
    wordings = tuple(
        Wording(content.unpacked(blocks), tuple(_place(place) for place in places), modules)
        for blocks, places, modules in lists
    )
    return Definition(tag, edition, source, wordings[0], wordings[1:])


def _place(cells: list[Any]) -> Place:
    kind, slug, name, section, table, url, type_, path = cells
    return Place(kind, slug, name, section, table, url, type_, tuple(path))


def pack_section(section: Section) -> list[Any]:
    """A section for a JSON file."""
    return [section.label, section.title, section.url, content.packed(section.blocks)]


def unpack_section(lists: list[Any]) -> Section:
    """A section from what `pack_section` made."""
    label, title, url, blocks = lists
    return Section(label, title, url, content.unpacked(blocks))
