"""The light Markdown of check pages as HTML: paragraphs, lists and `code`. Everything else is text and is escaped."""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

from tagwise.printable import printable

_ITEM = re.compile(r"(?P<mark>[-*]|\d+\.)\s+(?P<text>.*)")
_LISTS = {"ol": Markup("<ol>{}</ol>"), "ul": Markup("<ul>{}</ul>")}
_CODE = re.compile(r"`([^`]+)`")

_Block = tuple[str, list[str]]


def to_html(text: str) -> Markup:
    r"""Return the text as paragraphs, `ol` and `ul`, with `code` inside them.

    >>> to_html("Compare `Modality`:\n\n1. CT\n2. MR")
    Markup('<p>Compare <code>Modality</code>:</p>\n<ol><li>CT</li><li>MR</li></ol>')
    """
    html = []
    for kind, blocks in groupby(_blocks(text), key=lambda block: block[0]):
        inner = [_inline(" ".join(lines)) for _, lines in blocks]
        if kind == "p":
            html += [Markup("<p>{}</p>").format(paragraph) for paragraph in inner]
        else:
            items = Markup("").join(Markup("<li>{}</li>").format(item) for item in inner)
            html.append(_LISTS[kind].format(items))
    return Markup("\n").join(html)


def _blocks(text: str) -> list[_Block]:
    """Split into paragraphs and list items, each with its lines; a line that starts no block continues the last."""
    blocks: list[_Block] = []
    fresh = True
    for line in text.splitlines():
        if not line.strip():
            fresh = True
            continue
        kind = blocks[-1][0] if blocks else "p"
        item = _ITEM.fullmatch(line.strip())
        if item and _starts_item(item["mark"], kind, fresh=fresh):
            blocks.append(("ol" if item["mark"][0].isdigit() else "ul", [item["text"]]))
        elif fresh and not (blocks and kind != "p" and line[0] == " "):
            blocks.append(("p", [line.strip()]))
        else:
            blocks[-1][1].append(line.strip())
        fresh = False
    return blocks


def _starts_item(mark: str, kind: str, *, fresh: bool) -> bool:
    """Whether a mark starts an item: a wrapped sentence may begin with "12." and is no list (CommonMark 5.2)."""
    return fresh or kind != "p" or mark in {"-", "*", "1."}


def _inline(text: str) -> Markup:
    """Escape the text and turn what stands between backticks into code."""
    parts = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(printable(part)) if odd % 2 else escape(printable(part))
        for odd, part in enumerate(parts)
    )
