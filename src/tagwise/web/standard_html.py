"""Text of the standard as HTML, its cross-references as links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tagwise.standard.text import content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagwise.standard.text.content import Block, Blocks, Run

_LINK = Markup('<a href="{}" rel="noreferrer" title="PS3 {}">{}</a>')


def blocks(shown: Blocks) -> Markup:
    """Blocks one after the other.

    >>> blocks((content.Paragraph(("See ", content.Link("C.7", "C.7", "https://example.org/"))),))
    Markup('<p>See <a href="https://example.org/" rel="noreferrer" title="PS3 C.7">C.7</a></p>')
    """
    return Markup("\n").join(_block(one) for one in shown)


def _block(one: Block) -> Markup:  # noqa: PLR0911 - one return for each kind of block
    if isinstance(one, content.Paragraph):
        return Markup("<p>{}</p>").format(_runs(one.runs))
    if isinstance(one, content.Heading):
        return Markup("<h3>{}</h3>").format(one.text)
    if isinstance(one, content.Note):
        return Markup('<div class="note"><h3>{}</h3>{}</div>').format(one.title, blocks(one.blocks))
    if isinstance(one, content.Listing):
        items = Markup("").join(Markup("<li>{}</li>").format(blocks(item)) for item in one.items)
        return Markup("<ol>{}</ol>" if one.ordered else "<ul>{}</ul>").format(items)  # noqa: S704 - two literals
    if isinstance(one, content.Terms):
        return _terms(one)
    if isinstance(one, content.Table):
        return _table(one)
    return Markup('<pre tabindex="0">{}</pre>').format(one.text)


def _runs(runs: Iterable[Run]) -> Markup:
    parts = (escape(run) if isinstance(run, str) else _LINK.format(run.url, run.target, run.text) for run in runs)
    return Markup("").join(parts)


def _terms(one: content.Terms) -> Markup:
    title = Markup("<p>{}</p>").format(one.title) if one.title else Markup("")
    rows = Markup("").join(
        Markup("<div><dt><code>{}</code></dt><dd>{}</dd></div>").format(term.code, blocks(term.meaning))
        for term in one.terms
    )
    return Markup('{}<dl class="inner">{}</dl>').format(title, rows)


def _table(one: content.Table) -> Markup:
    caption = Markup("<caption>{}</caption>").format(one.caption) if one.caption else Markup("")
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<th>{}</th>" if number < one.heads else "<td>{}</td>").format(blocks(cell))  # noqa: S704 - two literals
                for cell in row
            )
        )
        for number, row in enumerate(one.rows)
    )
    return Markup('<div class="wide"><table>{}{}</table></div>').format(caption, rows)
