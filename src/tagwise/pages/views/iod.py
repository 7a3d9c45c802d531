"""The view of an IOD page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tagwise.pages import definition_section
from tagwise.pages.layout import INDENT, columns, wrap
from tagwise.pages.views import Section
from tagwise.standard import modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.pages.iods import IodPage
    from tagwise.pages.layout import Ink
    from tagwise.pages.views import Document
    from tagwise.standard.modules import Usage

_USAGES = "M: mandatory. C: under a condition. U: optional (PS3.3 A.1.3)."


def head(shown: IodPage, width: int, ink: Ink) -> Iterator[str]:  # noqa: ARG001 - every view has the width
    """Name and slug."""
    yield f"{ink(shown.name, 'bold')}  {ink('IOD', 'cyan')}"
    yield f"{shown.iod} (DICOM {shown.edition})"


def head_document(shown: IodPage) -> Document:
    """Kind, slug, name and edition."""
    return {"kind": "iod", "iod": shown.iod, "name": shown.name, "edition": shown.edition}


def module_lines(uses: Sequence[Usage], width: int, ink: Ink) -> Iterator[str]:
    """Modules with their usage, by information entity."""
    for ie, group in groupby(uses, key=lambda use: use.ie):
        yield f"{INDENT}{ink(ie, 'cyan')}"
        rows = ((use.usage, modules.names()[use.module]) for use in group)
        yield from columns(rows, width, INDENT * 2)
    yield ""
    yield from (ink(line, "dim") for line in wrap(_USAGES, width, INDENT))


def module_documents(uses: Sequence[Usage]) -> list[Document]:
    """Modules with entity and usage, in the order of the standard."""
    named = modules.names()
    return [{"module": use.module, "name": named[use.module], "ie": use.ie, "usage": use.usage} for use in uses]


def _modules(shown: IodPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Modules by information entity", "bold")
    yield from module_lines(shown.modules, width, ink)


def _modules_document(shown: IodPage) -> Document:
    return {"modules": module_documents(shown.modules)}


def _sop_classes(shown: IodPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("SOP classes", "bold")
    if not shown.sop_classes:
        yield from wrap("None that stores instances of it.", width, INDENT)
    retired = {True: " (retired)", False: ""}
    yield from columns(((one.uid, f"{one.name}{retired[one.retired]}") for one in shown.sop_classes), width, INDENT)


def _sop_classes_document(shown: IodPage) -> Document:
    return {"sop_classes": [{"uid": one.uid, "name": one.name, "retired": one.retired} for one in shown.sop_classes]}


SECTIONS = (
    Section("description", definition_section.description_lines, definition_section.description_document),
    Section("modules", _modules, _modules_document),
    Section("sop-classes", _sop_classes, _sop_classes_document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
