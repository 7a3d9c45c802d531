"""The view of the page of a private creator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.knowledge import mirth_access, pydicom_code
from tagwise.pages.layout import INDENT, columns, wrap
from tagwise.pages.mirth_section import code_lines
from tagwise.pages.views import Section
from tagwise.quantities import quantity

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
    yield from wrap(f"{quantity(len(shown.elements), 'element')}, from {shown.sources}", width)


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


def _mirth(shown: PrivatePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink(f"Mirth Connect and Open Integration Engine: {shown.elements[0].tag}", "bold")
    yield from code_lines(mirth_access.private_accessor(shown.elements[0]), width)


def _mirth_document(shown: PrivatePage) -> Document:
    accessor = mirth_access.private_accessor(shown.elements[0])
    return {"mirth": {"tag": shown.elements[0].tag, "code": accessor.code, "notes": list(accessor.notes)}}


def _pydicom(shown: PrivatePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink(f"pydicom: {shown.elements[0].tag}", "bold")
    yield from code_lines(pydicom_code.private_snippet(shown.elements[0]), width)


def _pydicom_document(shown: PrivatePage) -> Document:
    snippet = pydicom_code.private_snippet(shown.elements[0])
    return {"pydicom": {"tag": shown.elements[0].tag, "code": snippet.code, "notes": list(snippet.notes)}}


SECTIONS = (
    Section("elements", _elements, _elements_document),
    Section("mirth", _mirth, _mirth_document),
    Section("pydicom", _pydicom, _pydicom_document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
