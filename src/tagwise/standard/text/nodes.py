"""A small tree for XML and for the HTML of the package: what `content` is made from."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w:]*)([^<>]*)>|([^<]+|<)")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_EMPTY = frozenset({"img", "br", "hr"})


class Node:
    """An element: its name without namespace, its attributes, and its children: nodes and text."""

    __slots__ = ("attributes", "children", "line", "name")

    def __init__(self, name: str, attributes: dict[str, str], line: int = 0) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node | str] = []
        self.line = line

    def nodes(self, *names: str) -> Iterator[Node]:
        """The elements directly inside, all of them or those with these names."""
        return (child for child in self.children if isinstance(child, Node) and (not names or child.name in names))

    def first(self, *names: str) -> Node | None:
        """The first element inside with one of these names."""
        return next(self.nodes(*names), None)

    def every(self, *names: str) -> Iterator[Node]:
        """The elements with one of these names at any depth."""
        for child in self.nodes():
            if child.name in names:
                yield child
            yield from child.every(*names)

    def text(self) -> str:
        """All text inside, with single blanks."""
        return squeezed("".join(self._texts()))

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()  # noqa: SLF001 - the same class


def squeezed(text: str) -> str:
    r"""The text with single blanks between words.

    >>> squeezed(" Section\u00a0C.7\n is")
    'Section C.7 is'
    """
    return " ".join(text.split())


def from_html(fragment: str) -> Node:
    """The tree of a fragment of HTML. A tag that is not closed ends with the one around it."""
    root = Node("", {})
    open_nodes = [root]
    for closing, name, rest, text in _TOKEN.findall(fragment):
        if text:
            open_nodes[-1].children.append(html.unescape(text))
        elif closing:
            _close(open_nodes, name.lower())
        else:
            node = Node(name.lower(), {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(rest)})
            open_nodes[-1].children.append(node)
            if node.name not in _EMPTY and not rest.endswith("/"):
                open_nodes.append(node)
    return root


def _close(open_nodes: list[Node], name: str) -> None:
    names = [node.name for node in open_nodes]
    if name in names[1:]:
        while open_nodes.pop().name != name:
            pass
