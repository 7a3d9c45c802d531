"""The tables of modules and macros of PS3.3: attributes with their texts, and the macros that they include."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.standard.text.content import Blocks
    from tagwise.standard.text.docbook.blocks import Builder
    from tagwise.standard.text.nodes import Node

_CAPTION = re.compile(r"(?P<name>.+?) (?P<kind>Module|Macro)(?: Table)?(?: Attributes?)?(?: Descriptions?)?")
_TAG = re.compile(r"\(([0-9A-Fa-fxX]{4}),\s?([0-9A-Fa-fxX]{4})\)")
_DEEPEST = 12  # sequences in sequences; a macro that includes itself would have no end


class AttributeRow(NamedTuple):
    """An attribute of a table: in how many sequences it is, its type and its text."""

    depth: int
    tag: str
    type: str
    blocks: Blocks


class IncludeRow(NamedTuple):
    """A macro that a table includes, and in how many sequences."""

    depth: int
    table: str


class ModuleTable(NamedTuple):
    """A table of a module or macro. `id` is its identifier in the file, `section` that of its section."""

    id: str
    label: str
    kind: str
    name: str
    section: str
    rows: tuple[AttributeRow | IncludeRow, ...]


class Reached(NamedTuple):
    """An attribute that a table has itself or through macros: the sequences around it, outermost first."""

    path: tuple[str, ...]
    row: AttributeRow


def read(node: Node, section: str, builder: Builder) -> ModuleTable | None:
    """The table of a module or macro; None for any other table."""
    title = node.first("caption", "title")
    named = _CAPTION.fullmatch(title.text()) if title else None
    head = node.first("thead")
    columns = [cell.text().casefold() for cell in next(head.nodes("tr")).nodes("th", "td")] if named and head else []
    if not named or "tag" not in columns or not columns[-1].endswith("description"):
        return None
    body = (row for part in node.nodes("tbody") for row in part.nodes("tr"))
    rows = tuple(row for line in body for row in _row(line, columns, builder))
    given = node.attributes
    return ModuleTable(given.get("id", ""), given.get("label", ""), named["kind"].lower(), named["name"], section, rows)


def _row(line: Node, columns: list[str], builder: Builder) -> Iterator[AttributeRow | IncludeRow]:
    cells = list(line.nodes("td", "th"))
    name = cells[0].text() if cells else ""
    depth = len(name.replace(" ", "")) - len(name.replace(" ", "").lstrip(">"))
    found = _TAG.search(cells[columns.index("tag")].text()) if len(cells) == len(columns) else None
    if found:
        kind = cells[columns.index("type")].text() if "type" in columns else ""
        tag = f"({found[1]},{found[2]})".upper().replace("X", "x")
        yield AttributeRow(depth, tag, kind, builder.blocks(cells[-1].children))
    elif "include" in name.casefold():
        for reference in cells[0].every("xref"):
            yield IncludeRow(depth, reference.attributes.get("linkend", ""))


def reached(table: ModuleTable, tables: Mapping[str, ModuleTable]) -> Iterator[Reached]:
    """Every attribute of a table with those of the macros it includes, at any depth; a macro within itself once."""
    yield from _reached(table, tables, (), frozenset({table.id}))


def _reached(
    table: ModuleTable, tables: Mapping[str, ModuleTable], start: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Reached]:
    inside: list[str] = []
    for row in table.rows:
        path = (*start, *inside[: row.depth])
        if isinstance(row, AttributeRow):
            yield Reached(path, row)
            inside = [*inside[: row.depth], row.tag]
        elif row.table in tables and row.table not in seen and len(path) < _DEEPEST:
            yield from _reached(tables[row.table], tables, path, seen | {row.table})
