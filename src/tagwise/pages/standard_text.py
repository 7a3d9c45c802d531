"""Text of the standard as lines for a terminal, and what to say where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.pages.layout import columns, wrap
from tagwise.standard.text import content, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.pages.layout import Ink
    from tagwise.standard.text.content import Block, Blocks, Link
    from tagwise.standard.text.library import Shelf

_STEP = "  "
HOW = "pip install 'tagwise[text]' gets edition 2020a; tagwise standard import DIR reads files of NEMA that you have."
"""How to get a text, in a sentence for pages."""


def no_text(shelf: Shelf) -> str:
    """Why there is no text, and how to get one; "" where there is one."""
    if shelf.text is not None:
        return ""
    wanted = library.setting()
    if wanted == "off":
        return f"Texts of the standard are switched off ({library.SETTING}=off)."
    only = f" {library.SETTING} allows only the {wanted} one." if wanted != "auto" else ""
    return f"No text of the standard is installed.{only} {HOW}"


def problem_lines(problems: Iterable[str], width: int, ink: Ink, indent: str = _STEP) -> Iterator[str]:
    """What is wrong with texts that are there, a paragraph each."""
    for problem in problems:
        yield from (ink(line, "yellow") for line in wrap(f"{problem.rstrip('.')}.", width, indent))


def lines(blocks: Blocks, width: int, ink: Ink, indent: str = _STEP) -> Iterator[str]:
    """Blocks as wrapped lines; lists of codes with their meanings."""
    for block in blocks:
        yield from _block(block, width, ink, indent)


def _block(block: Block, width: int, ink: Ink, indent: str) -> Iterator[str]:
    if isinstance(block, content.Paragraph):
        yield from wrap(content.words(block.runs), width, indent)
    elif isinstance(block, content.Heading):
        yield from ("", *(ink(line, "bold") for line in wrap(block.text, width, indent)))
    elif isinstance(block, content.Note):
        yield indent + ink(block.title, "dim")
        yield from lines(block.blocks, width, ink, indent + _STEP)
    elif isinstance(block, content.Listing):
        yield from _listing(block, width, ink, indent)
    elif isinstance(block, content.Terms):
        yield from _terms(block, width, ink, indent)
    elif isinstance(block, content.Table):
        yield from _table(block, width, ink, indent)
    else:
        yield from (indent + line.rstrip() for line in block.text.split("\n"))


def _listing(block: content.Listing, width: int, ink: Ink, indent: str) -> Iterator[str]:
    for number, item in enumerate(block.items, 1):
        mark = f"{number}. " if block.ordered else "- "
        inside = lines(item, width, ink, indent + " " * len(mark))
        first = next(inside, indent)
        yield indent + mark + first[len(indent) + len(mark) :]
        yield from inside


def _terms(block: content.Terms, width: int, ink: Ink, indent: str) -> Iterator[str]:
    if block.title:
        yield from (ink(line, "dim") for line in wrap(block.title, width, indent))
    if any(len(term.meaning) > 1 for term in block.terms):
        for term in block.terms:
            yield f"{indent}{_STEP}{term.code}"
            yield from lines(term.meaning, width, ink, indent + _STEP * 2)
        return
    yield from code_rows([(term.code, content.plain(term.meaning)) for term in block.terms], width, indent + _STEP)


def code_rows(rows: Sequence[tuple[str, str]], width: int, indent: str) -> Iterator[str]:
    """Codes with meanings as columns; codes alone in lines of several; long codes with their meanings below."""
    if not any(meaning for _, meaning in rows):
        yield from wrap(", ".join(code for code, _ in rows), width, indent)
    elif max(len(code) for code, _ in rows) <= width // 3:
        yield from columns(rows, width, indent)
    else:
        for code, meaning in rows:
            yield indent + code
            yield from wrap(meaning, width, indent + _STEP)


def _table(block: content.Table, width: int, ink: Ink, indent: str) -> Iterator[str]:
    """A row is a paragraph: tables of the standard are too wide for a terminal."""
    if block.caption:
        yield from wrap(block.caption, width, indent)
    for number, row in enumerate(block.rows):
        cells = [" ".join(content.plain(cell).split()) for cell in row]
        shown = wrap(" | ".join(cells), width, indent, indent + _STEP)
        yield from (ink(line, "bold") for line in shown) if number < block.heads else shown


def link_lines(links: Sequence[Link], width: int, ink: Ink, indent: str = _STEP) -> Iterator[str]:
    """Cross-references with their addresses, each in a line where it fits."""
    if links:
        yield indent + ink("It refers to", "dim")
        yield from columns([(link.text, link.url) for link in links], width, indent + _STEP)
