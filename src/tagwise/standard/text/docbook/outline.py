"""The first pass: which part and edition a file is, and number, title and web page of everything it can refer to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard.text import links
from tagwise.standard.text.docbook import reading
from tagwise.standard.text.nodes import squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagwise.standard.text.nodes import Node

_DIVISIONS = frozenset({"chapter", "appendix", "section"})
_NUMBERED = frozenset({"table", "figure", "example", "equation"})
_TITLES = frozenset({"title", "caption"})
_SUBTITLE = re.compile(r"PS3\.(\d+)\s+(\d{4}[a-z])")
_NOUNS = {"section": "Section", "table": "Table", "figure": "Figure", "example": "Example", "equation": "Equation"}


class Target(NamedTuple):
    """What a cross-reference leads to. `page` is the file of NEMA's web pages that has it."""

    kind: str
    id: str
    label: str
    title: str
    page: str

    @property
    def name(self) -> str:
        """Noun and number, as `Section C.7.3` or `Annex C`.

        >>> Target("chapter", "chapter_C", "C", "Modules", "").name
        'Annex C'
        """
        if self.kind in _NOUNS:
            return f"{_NOUNS[self.kind]} {self.label}"
        return f"{'Chapter' if self.label.isdecimal() else 'Annex'} {self.label}"


class Outline(NamedTuple):
    """A part of the standard: its number as `PS3.3`, its edition as `2024b`, and its targets by identifier."""

    path: Path
    part: str
    edition: str
    title: str
    targets: Mapping[str, Target]

    @property
    def base(self) -> str:
        """Where the web pages of this part and edition are."""
        return web(self.part, self.edition)


def web(part: str, edition: str) -> str:
    """The address of the web pages of a part, with a stroke at its end."""
    return f"https://dicom.nema.org/medical/dicom/{edition}/output/chtml/part{int(part.partition('.')[2]):02}/"


def read(path: Path) -> Outline:
    """The outline of a file.

    Raises:
        StandardFilesWrong: It is no part of the standard in DocBook, or damaged.
    """
    found = _Reader()
    reading.stream(path, found.begin, found.end)
    said = _SUBTITLE.search(found.subtitle)
    if not said:
        shown = found.subtitle[:60] or "nothing"
        raise reading.wrong(
            path,
            found.subtitle_line,
            f"its subtitle has to name part and edition, as DICOM PS3.3 2024b; it is {shown!r}",
        )
    return Outline(path, f"PS3.{said[1]}", said[2], found.subtitle, found.targets)


class _Reader:
    def __init__(self) -> None:
        self.subtitle = ""
        self.subtitle_line = 1
        self.targets: dict[str, Target] = {}
        self._trail: list[tuple[str, bool]] = []
        self._open: list[Node] = []
        self._sections = [0]  # how many sections each open division has had so far

    def begin(self, node: Node) -> bool:
        if node.name in _DIVISIONS:
            self._sections[-1] += 1
            first = node.name == "section" and self._sections[-1] == 1
            self._trail.append((node.attributes.get("id", ""), first))
            self._sections.append(0)
        if node.name in _DIVISIONS or node.name in _NUMBERED:
            self._add(node, "")
        parent = self._open[-1].name if self._open else ""
        wanted = node.name == "subtitle" or (node.name in _TITLES and (parent in _DIVISIONS or parent in _NUMBERED))
        self._open.append(node)
        return wanted

    def end(self, node: Node) -> None:
        self._open.pop()
        if node.name in _DIVISIONS:
            self._trail.pop()
            self._sections.pop()
        elif node.name == "subtitle" and not self.subtitle:
            self.subtitle, self.subtitle_line = node.text(), node.line
        elif node.name in _TITLES and self._open and node.children:
            self._add(self._open[-1], squeezed(node.text()))

    def _add(self, node: Node, title: str) -> None:
        name = node.attributes.get("id", "")
        if name:
            page = links.page(self._trail) if self._trail else ""
            self.targets[name] = Target(node.name, name, node.attributes.get("label", ""), title, page)
