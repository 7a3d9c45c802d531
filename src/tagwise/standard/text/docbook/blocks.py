"""Blocks from trees of DocBook elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.standard.text.content import Listing, Literal, Note, Paragraph, Table, Term, Terms
from tagwise.standard.text.html_blocks import tidy, titled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.standard.text.content import Block, Blocks, Run
    from tagwise.standard.text.docbook.references import References
    from tagwise.standard.text.nodes import Node

_NOTES = {"note": "Note", "important": "Important", "warning": "Warning", "caution": "Caution", "tip": "Tip"}
_LISTS = frozenset({"itemizedlist", "orderedlist"})
_TABLES = frozenset({"table", "informaltable"})
_FIGURES = frozenset({"figure", "informalfigure", "mediaobject"})
_LITERAL = frozenset({"programlisting", "literallayout", "screen"})
_GROUPS = frozenset({"para", "simpara", "formalpara", "example", "equation", "blockquote", "sidebar", "listitem"})
_BLOCKS = frozenset({"variablelist", *_NOTES, *_LISTS, *_TABLES, *_FIGURES, *_LITERAL, *_GROUPS})
_LINKS = frozenset({"xref", "olink", "link", "ulink"})
_RAISED = {"subscript": "_", "superscript": "^"}
_LEFT_OUT = frozenset({"title", "caption", "indexterm", "anchor", "remark"})


class Builder:
    """Makes blocks; knows where cross-references lead."""

    def __init__(self, references: References) -> None:
        self._references = references

    def blocks(self, children: Iterable[Node | str]) -> Blocks:
        """The blocks of what is inside an element."""
        return tuple(titled(list(self._blocks(children))))

    def block(self, node: Node) -> Blocks:
        """The blocks of one element."""
        return self.blocks([node])

    def _blocks(self, children: Iterable[Node | str]) -> Iterator[Block]:
        loose: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or child.name not in _BLOCKS:
                loose.append(child)
                continue
            yield from self._paragraph(loose)
            loose = []
            yield from self._block(child)
        yield from self._paragraph(loose)

    def _paragraph(self, children: Sequence[Node | str]) -> Iterator[Block]:
        if all(isinstance(child, str) and child.isspace() for child in children):
            return
        runs = tidy(list(self._runs(children)))
        if runs:
            yield Paragraph(runs)

    def _block(self, node: Node) -> Iterator[Block]:
        if node.name in _NOTES:
            yield Note(self._title(node) or _NOTES[node.name], self.blocks(node.children))
        elif node.name in _LISTS:
            items = tuple(self.blocks(item.children) for item in node.nodes("listitem"))
            yield Listing(node.name == "orderedlist", items)
        elif node.name == "variablelist":
            yield Terms(self._title(node), tuple(self._term(entry) for entry in node.nodes("varlistentry")))
        elif node.name in _TABLES:
            yield self._table(node)
        elif node.name in _FIGURES:
            yield Paragraph((f"[figure] {self._title(node)}".strip(),))
        elif node.name in _LITERAL:
            yield Literal("".join(child for child in node.children if isinstance(child, str)).strip("\n"))
        else:
            yield from self._blocks(node.children)

    def _title(self, node: Node) -> str:
        title = node.first("title", "caption")
        return title.text() if title else ""

    def _term(self, entry: Node) -> Term:
        code = ", ".join(term.text() for term in entry.nodes("term"))
        meaning = (block for item in entry.nodes("listitem") for block in self.blocks(item.children))
        return Term(code, tuple(meaning))

    def _table(self, node: Node) -> Table:
        head = node.first("thead")
        rows = tuple(tuple(self.blocks(cell.children) for cell in row.nodes("td", "th")) for row in node.every("tr"))
        return Table(self._title(node), len(list(head.nodes("tr"))) if head else 0, rows)

    def _runs(self, children: Iterable[Node | str]) -> Iterator[Run]:
        for child in children:
            if isinstance(child, str):
                yield child
            elif child.name in _LINKS:
                yield self._references.link(child)
            elif child.name in _RAISED:
                yield f"{_RAISED[child.name]}{child.text()}"
            elif child.name == "quote":
                yield from ("“", *self._runs(child.children), "”")
            elif child.name == "footnote":
                yield f" ({child.text()})"
            elif child.name == "inlinemediaobject":
                yield "[figure]"
            elif child.name not in _LEFT_OUT:
                yield from self._runs(child.children)
