"""The view of a module page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages import definition_section
from tagwise.pages.layout import INDENT, columns, wrap
from tagwise.pages.views import Section
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.pages.layout import Ink
    from tagwise.pages.modules import ModuleAttribute, ModulePage
    from tagwise.pages.views import Document
    from tagwise.standard.modules import Usage

_TYPES = "Type 1: present, with a value. 2: present, may be empty. 3: optional. C: only under a condition."
_NO_TYPE = "-: the service decides (PS3.4)."
_USAGES = {"M": "Mandatory in", "C": "Conditional in", "U": "Optional in"}


def head(shown: ModulePage, width: int, ink: Ink) -> Iterator[str]:  # noqa: ARG001 - every view has the width
    """Name and slug."""
    yield f"{ink(shown.name, 'bold')}  {ink('module', 'cyan')}"
    yield f"{shown.module} (DICOM {shown.edition})"


def head_document(shown: ModulePage) -> Document:
    """Kind, slug, name and edition."""
    return {"kind": "module", "module": shown.module, "name": shown.name, "edition": shown.edition}


def _attributes(shown: ModulePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Attributes", "bold")
    if shown.note:
        yield from wrap(f"None here: {shown.note}.", width, INDENT)
        return
    counts = shown.counts
    total = f"{counts['top']:,} at top level, {counts['first']:,} with first-level sequences, {counts['all']:,} in all."
    yield from wrap(total, width, INDENT)
    yield ""
    rows = list(_rows(shown.attributes, 0))
    table = list(columns([("Type", "Tag", "Keyword"), *rows], width))
    yield ink(table[0], "dim")
    yield from table[1:]
    yield ""
    untyped = any(not row[0].strip("-") for row in rows)
    yield from (ink(line, "dim") for line in wrap(f"{_TYPES} {_NO_TYPE}" if untyped else _TYPES, width, INDENT))
    if shown.depth != "all" and counts["all"] > counts[shown.depth]:
        yield ink(f"{INDENT}What sequences hold: tagwise show {shown.words} --depth all", "dim")


def _rows(attributes: Sequence[ModuleAttribute], level: int) -> Iterator[tuple[str, str, str]]:
    for one in attributes:
        found = one.attribute
        more = f"  (+ {one.inside} inside)" if one.inside and not one.items else ""
        retired = "  (retired)" if found.retired else ""
        # What columns would take for blanks to wrap at must stay: > marks the level, as the tables of PS3.3 do.
        yield one.type or "-", found.tag, f"{'>' * level}{found.keyword}{retired}{more}"
        yield from _rows(one.items, level + 1)


def _attributes_document(shown: ModulePage) -> Document:
    return {
        "depth": shown.depth,
        "counts": dict(shown.counts),
        "note": shown.note,
        "attributes": [_attribute_document(one) for one in shown.attributes],
    }


def _attribute_document(one: ModuleAttribute) -> Document:
    found = one.attribute
    return {
        "tag": found.tag,
        "keyword": found.keyword,
        "name": found.name,
        "vr": found.vr,
        "type": one.type,
        "retired": found.retired,
        "inside": one.inside,
        "items": [_attribute_document(item) for item in one.items],
    }


def _iods(shown: ModulePage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("IODs that have it", "bold")
    if not shown.iods:
        yield f"{INDENT}None: it belongs to a normalized IOD or to a service (PS3.3 B)."
        return
    for usage, says in _USAGES.items():
        having = [use for use in shown.iods if use.usage == usage]
        if having:
            yield from wrap(f"{says} {quantity(len(having), 'IOD')}: {_named(having)}.", width, INDENT, INDENT * 2)


def _named(uses: Sequence[Usage]) -> str:
    entities = {use.ie for use in uses}
    return ", ".join(use.iod_name if len(entities) == 1 else f"{use.iod_name} ({use.ie})" for use in uses)


def _iods_document(shown: ModulePage) -> Document:
    return {
        "iods": [{"iod": use.iod, "name": use.iod_name, "ie": use.ie, "usage": use.usage} for use in shown.iods],
    }


SECTIONS = (
    Section("description", definition_section.description_lines, definition_section.description_document),
    Section("attributes", _attributes, _attributes_document),
    Section("iods", _iods, _iods_document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
