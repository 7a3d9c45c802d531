"""How each kind of page looks: its sections, each as lines of text and as JSON.

A view is a module with `head` (the first lines), `head_document` (what JSON always has) and `SECTIONS`. One entry there
is one section: in text, in JSON, and for `--section`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from tagwise.errors import UnknownName
from tagwise.standard.nearness import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tagwise.pages.layout import Ink
    from tagwise.pages.lookup import Page

Document = dict[str, Any]

_VIEWS = {
    "AttributePage": "attribute",
    "CheckPage": "check",
    "IodPage": "iod",
    "ModulePage": "module",
    "PrivatePage": "private",
    "SopClassPage": "uid",
    "TransferSyntaxPage": "uid",
    "UidPage": "uid",
    "VrPage": "vr",
}


class Section(NamedTuple):
    """One part of a page. `lines` yields nothing where there is nothing to say; `document` is merged into the JSON."""

    name: str
    lines: Callable[[Any, int, Ink], Iterator[str]]
    document: Callable[[Any], Document]


class View(Protocol):
    """What a module of this folder has."""

    SECTIONS: Sequence[Section]

    def head(self, page: Any, width: int, ink: Ink) -> Iterator[str]:
        """The first lines: what the thing is called."""
        ...

    def head_document(self, page: Any) -> Document:
        """What JSON has even when only one section is asked for: `kind` and what identifies the thing."""
        ...


def name_of(page: Page) -> str:
    """The name of the view of a page, such as `attribute` or `uid`."""
    return _VIEWS[type(page).__name__]


def of(page: Page) -> View:
    """The view of a page."""
    return cast("View", import_module(f"tagwise.pages.views.{name_of(page)}"))


def sections(page: Page, names: Sequence[str] = ()) -> tuple[Section, ...]:
    """The sections of a page, all of them or those with these names, in the order of the page.

    Raises:
        UnknownName: The page has no such section; `.hint` lists those it has.
    """
    every = tuple(of(page).SECTIONS)
    known = [section.name for section in every]
    for name in names:
        if name not in known:
            error = UnknownName(name, closest(name, known, 1))
            error.hint = f"The sections of this page are {', '.join(known)}"
            raise error
    return tuple(section for section in every if not names or section.name in names)


def text_lines(page: Page, width: int, ink: Ink, names: Sequence[str] = ()) -> Iterator[str]:
    """A page line by line: its head, then its sections with a blank line before each."""
    chosen = sections(page, names)
    yield from of(page).head(page, width, ink)
    for section in chosen:
        for number, line in enumerate(section.lines(page, width, ink)):
            if not number:
                yield ""
            yield line


def document(page: Page, names: Sequence[str] = ()) -> Document:
    """A page as a structure of dicts, lists, text and numbers; `as_json` lists the keys."""
    made = of(page).head_document(page)
    for section in sections(page, names):
        made |= section.document(page)
    return made
