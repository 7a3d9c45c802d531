"""Lines of text for a terminal: colour that can be off, wrapping with hanging indents, aligned columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MARKER = r"(?:[-*]|\d+\.) +"  # compiled when first needed: an attribute page has no lists
_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}


class Ink(NamedTuple):
    """Colour on or off; text is the same either way."""

    on: bool = False

    def __call__(self, text: str, *styles: str) -> str:
        r"""The text in these styles.

        >>> Ink(on=False)("high", "red"), Ink(on=True)("high", "red")
        ('high', '\x1b[31mhigh\x1b[0m')
        """
        if not (self.on and text and styles):
            return text
        return f"\x1b[{';'.join(str(_CODES[style]) for style in styles)}m{text}\x1b[0m"


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """The words of a text in lines of at most `width`, a longer word alone in its line.

    >>> wrap("a series belongs to one study", 18, "- ")
    ['- a series belongs', '  to one study']

    Args:
        first: What the first line starts with.
        rest: What the other lines start with; blanks as long as `first` where it is not given.
    """
    rest = " " * len(first) if rest is None else rest
    lines: list[str] = []
    line, start = "", first
    for word in text.split():
        if line and len(start) + len(line) + 1 + len(word) > width:
            lines.append(start + line)
            line, start = word, rest
        else:
            line = f"{line} {word}" if line else word
    return [*lines, start + line] if line else lines


def prose(text: str, width: int, indent: str) -> Iterator[str]:
    """Paragraphs and lists of a page, wrapped; lines that are indented by four blanks are kept as they are."""
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        yield from _block(block.split("\n"), width, indent)
        yield ""


def _block(lines: Sequence[str], width: int, indent: str) -> Iterator[str]:
    """One paragraph or list: a line that starts with a marker opens an item, any other continues the one before."""
    if all(line.startswith("    ") for line in lines):
        yield from (indent + line.rstrip() for line in lines)
        return
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        marked = re.match(_MARKER, line)
        if marked or not items:
            items.append((marked[0] if marked else "", []))
        items[-1][1].append(line[len(marked[0]) :] if marked else line)
    for marker, texts in items:
        yield from wrap(" ".join(texts), width, indent + marker)


def columns(rows: Iterable[Sequence[str]], width: int, indent: str = "  ", gap: str = "  ") -> Iterator[str]:
    """Rows as aligned columns; the last column takes what is left of the width and wraps."""
    listed = [tuple(row) for row in rows]
    if not listed:
        return
    sizes = [max(len(row[index]) for row in listed) for index in range(len(listed[0]) - 1)]
    for row in listed:
        cells = [cell.ljust(size) for cell, size in zip(row, sizes, strict=False)]
        start = indent + gap.join([*cells, ""])
        yield from wrap(row[-1], width, start) or [start.rstrip()]


def listing(words: Iterable[str], width: int, indent: str) -> list[str]:
    """Words separated by commas, wrapped."""
    return wrap(", ".join(words), width, indent)


INDENT = "  "
_LABEL = 10
HANG = " " * (len(INDENT) + _LABEL)
SEVERITY_INK = {"high": ("red", "bold"), "medium": ("yellow",), "low": ("blue",)}


def fact(label: str, text: str, width: int, ink: Ink) -> Iterator[str]:
    """A label and its text, which hangs under itself when it wraps."""
    start = ink(label.ljust(_LABEL), "dim")
    for number, line in enumerate(wrap(text, width, HANG)):
        yield line if number else INDENT + start + line.removeprefix(HANG)


def titled(severity: str, name: str, title: str, width: int, ink: Ink) -> Iterator[str]:
    """A check in two lines: how severe and its name; its title."""
    column = max(map(len, SEVERITY_INK))
    yield f"{INDENT}{ink(severity, *SEVERITY_INK[severity])}{' ' * (column - len(severity))}{INDENT}{name}"
    yield from wrap(title, width, " " * (column + 2 * len(INDENT)))
