"""The view of the page of a private creator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages.layout import INDENT, columns, counted, wrap
from tagwise.pages.views import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.pages.layout import Ink
    from tagwise.pages.private import PrivatePage
    from tagwise.pages.views import Document

_ABOUT = (
    "xx is the block: 10 where the creator stands in (gggg,0010), 11 where it stands in (gggg,0011) (PS3.5 7.8.1). "
    "No standard holds these elements: vendors change them, and people collected them."
)


def head(shown: PrivatePage, width: int, ink: Ink) -> Iterator[str]:
    """The creator, and where the list is from."""
    yield f"{ink(shown.creator, 'bold')}  {ink('private creator', 'cyan')}"
    yield from wrap(f"{counted(len(shown.elements), 'element')}, from {shown.sources}", width)


def head_document(shown: PrivatePage) -> Document:
    """Kind, creator and sources."""
    return {"kind": "private", "creator": shown.creator, "sources": shown.sources}


def _elements(shown: PrivatePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Elements", "bold")
    rows = ((one.tag, one.vr, one.vm, one.name) for one in shown.elements)
    table = list(columns([("Tag", "VR", "VM", "Name"), *rows], width))
    yield ink(table[0], "dim")
    yield from table[1:]
    yield ""
    yield from (ink(line, "dim") for line in wrap(_ABOUT, width, INDENT))


def _elements_document(shown: PrivatePage) -> Document:
    return {
        "elements": [{"tag": one.tag, "vr": one.vr, "vm": one.vm, "name": one.name} for one in shown.elements],
    }


SECTIONS = (Section("elements", _elements, _elements_document),)
"""An entry here is a section in text, in JSON and for `--section`."""
