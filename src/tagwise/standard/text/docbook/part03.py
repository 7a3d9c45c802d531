"""The second pass over PS3.3: sections, descriptions of modules and IODs, and the texts of attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import modules
from tagwise.standard.text import links, records
from tagwise.standard.text.arranging import Row
from tagwise.standard.text.content import Paragraph
from tagwise.standard.text.docbook import module_tables, reading
from tagwise.standard.text.docbook.blocks import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.standard.text.content import Block
    from tagwise.standard.text.docbook.module_tables import ModuleTable
    from tagwise.standard.text.docbook.outline import Outline, Target
    from tagwise.standard.text.docbook.references import References
    from tagwise.standard.text.nodes import Node

_DIVISIONS = frozenset({"chapter", "appendix", "section"})
_AROUND = frozenset({"book", *_DIVISIONS})
_LEFT_OUT = frozenset({"title", "subtitle", "info", "toc", "index", "bibliography", "glossary"})
_IOD = re.compile(r"(.+?) (?:IOD|Information Object Definition) Description")


class Content(NamedTuple):
    """What PS3.3 has: sections by label, descriptions by key, rows of attributes."""

    sections: dict[str, records.Section]
    descriptions: dict[str, records.Section]
    rows: list[Row]


def read(outline: Outline, references: References) -> Content:
    """The content of a file.

    Raises:
        StandardFilesWrong: The file is damaged.
    """
    reader = _Reader(outline, Builder(references))
    reading.stream(outline.path, reader.begin, reader.end)
    return Content(reader.sections, reader.descriptions, list(reader.rows()))


class _Reader:
    def __init__(self, outline: Outline, builder: Builder) -> None:
        self.sections: dict[str, records.Section] = {}
        self.descriptions: dict[str, records.Section] = {}
        self._outline = outline
        self._builder = builder
        self._tables: dict[str, ModuleTable] = {}
        self._open: list[Target] = []
        self._blocks: list[list[Block]] = []

    def begin(self, node: Node) -> bool:
        """Whether a tree of this element is wanted: whatever stands in a section."""
        if node.name in _DIVISIONS:
            self._open.append(self._outline.targets.get(node.attributes.get("id", ""), _NOWHERE))
            self._blocks.append([])
        return node.name not in _AROUND and node.name not in _LEFT_OUT and bool(self._open)

    def end(self, node: Node) -> None:
        """Keep what was read."""
        if node.name in _DIVISIONS:
            self._close(self._open.pop(), tuple(self._blocks.pop()))
        elif self._open and node.children and node.name not in _LEFT_OUT:
            self._keep(node)

    def _keep(self, node: Node) -> None:
        section = self._open[-1]
        table = module_tables.read(node, section.id, self._builder) if node.name == "table" else None
        if table is None:
            self._blocks[-1].extend(self._builder.block(node))
            return
        self._tables[table.id] = table
        self._describe(table.kind, table.name, section)
        title = node.first("caption", "title")
        self._blocks[-1].append(Paragraph((f"Table {table.label}. {title.text() if title else table.name}",)))

    def _describe(self, kind: str, name: str, section: Target) -> None:
        key = f"{kind} {records.slug(name)}"
        said = tuple(block for block in self._blocks[-1] if isinstance(block, Paragraph))
        if said and key not in self.descriptions:
            self.descriptions[key] = records.Section(section.label, name, self._url(section), said)

    def _close(self, section: Target, blocks: tuple[Block, ...]) -> None:
        if not section.label:
            return
        self.sections[section.label] = records.Section(section.label, section.title, self._url(section), blocks)
        described = _IOD.fullmatch(section.title)
        if described and blocks:
            name = described[1]
            found = records.Section(section.label, name, self._url(section), blocks)
            self.descriptions[f"iod {records.slug(name)}"] = found

    def _url(self, target: Target) -> str:
        return f"{self._outline.base}{target.page}#{target.id}"

    def rows(self) -> Iterator[Row]:
        """Every row of every table, those of macros in each table that includes them."""
        slugs = {records.slug(name): slug for slug, name in modules.names().items()}
        for table in self._tables.values():
            label = self._outline.targets[table.section].label if table.section in self._outline.targets else ""
            slug = records.slug(table.name)
            place = records.Place(
                table.kind,
                slugs.get(slug, slug) if table.kind == records.MODULE else slug,
                table.name,
                label,
                table.label,
                self._url(self._outline.targets.get(table.id, _NOWHERE)),
                "",
                (),
            )
            for found in module_tables.reached(table, self._tables):
                yield Row(found.row.tag, found.row.blocks, place._replace(type=found.row.type, path=found.path))


def _nowhere() -> Target:
    from tagwise.standard.text.docbook.outline import Target  # noqa: PLC0415 - the name is for types elsewhere

    return Target("section", "", "", "", links.page([("", False)]))


_NOWHERE = _nowhere()
