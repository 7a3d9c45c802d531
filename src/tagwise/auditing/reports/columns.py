"""Columns of text without lines around them, for terminals and logs: no cell is cut, no line ends in spaces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

GAP = 2
_LEAST = 12

Cell = list[Text]
"""Lines. One with `no_wrap` is never broken, so that a UID can be copied whole."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; `right` for numbers, `flexible` for text that may be wrapped to make the row fit."""

    heading: str
    right: bool = False
    flexible: bool = False


def lay_out(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], console: Console, indent: int = 2) -> list[Text]:
    """Return the lines of a table with its headings, at most as wide as the console where nothing forbids wrapping."""
    heads = [[Text(column.heading, style="dim")] for column in columns]
    widths = _widths(columns, [heads, *rows], console.width - indent)
    return [line for row in (heads, *rows) for line in _row(columns, row, widths, console, indent)]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], room: int) -> list[int]:
    """Give every column what it needs; if that is too much, the flexible ones share what the others leave."""
    widths = [max((line.cell_len for row in rows for line in row[i]), default=0) for i in range(len(columns))]
    too_much = sum(widths) + GAP * (len(columns) - 1) - room
    flexible = sorted((i for i, column in enumerate(columns) if column.flexible), key=lambda i: -widths[i])
    while too_much > 0 and flexible and widths[flexible[0]] > _LEAST:
        widest = flexible[0]
        next_width = widths[flexible[1]] if len(flexible) > 1 else _LEAST
        less = max(1, min(too_much, widths[widest] - max(next_width, _LEAST)))
        widths[widest] -= less
        too_much -= less
        flexible.sort(key=lambda i: -widths[i])
    return widths


def _row(
    columns: Sequence[Column], row: Sequence[Cell], widths: Sequence[int], console: Console, indent: int
) -> Iterator[Text]:
    """The lines of one row."""
    cells = [_wrapped(cell, width, console) for cell, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=Text("")):
        line = Text(" " * indent)
        for column, part, width in zip(columns, parts, widths, strict=True):
            space = " " * max(0, width - part.cell_len)
            line += Text.assemble(space, part) if column.right else Text.assemble(part, space)
            line.append(" " * GAP)
        line.rstrip()
        yield line


def _wrapped(cell: Cell, width: int, console: Console) -> Cell:
    """The lines of a cell, broken at spaces, or inside a word that is longer than the column."""
    return [part for line in cell for part in ([line] if line.no_wrap else line.wrap(console, width, overflow="fold"))]
