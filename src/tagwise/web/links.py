"""Links of a document, moved: every page is written for the root of a server, and may stand elsewhere."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tagwise.web import addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Container

_LINK = re.compile(r'\s(href|src|action|data-root)="/(?!/)([^"]*)"')
_TARGET = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_FILES = (".json", ".css", ".js", ".svg", ".html")
_FOLDERS = frozenset(addresses.FOLDERS.values())


def relocated(html: str, base: str, to: Callable[[str], str | None] | None = None) -> str:
    """A document whose links that start with `/` start with `base`; all others stay.

    Only attributes of tags are changed: text holds no quotation mark that is not escaped.

    >>> relocated('<a href="/vrs/pn#rule">PN</a> <a href="https://a.org/">A</a>', "/dicom/")
    '<a href="/dicom/vrs/pn#rule">PN</a> <a href="https://a.org/">A</a>'
    >>> relocated('<a href="/vrs/pn#rule">PN</a> <a href="/api">API</a>', "../", among({"vrs/pn.html"}))
    '<a href="../vrs/pn.html#rule">PN</a> <a>API</a>'

    Args:
        base: What stands for the first `/`; it ends with one.
        to: What stands for the rest of a target, query and fragment included; None to leave the link without a target.
    """
    base = escape(base)

    def moved(found: re.Match[str]) -> str:
        name, target = found.groups()
        rest = to(target) if to and name != "data-root" else target
        return "" if rest is None else f' {name}="{base}{rest}"'

    return html if base == "/" and to is None else _LINK.sub(moved, html)


def file_of(address: str) -> str:
    """The file of an exported site that holds what is at an address.

    >>> [file_of(address) for address in ("", "vrs/pn", "vrs/pn.json", "vrs", "vrs.json", "search", "static/icon.svg")]
    ['index.html', 'vrs/pn.html', 'vrs/pn.json', 'vrs/index.html', 'vrs/index.json', 'search.html', 'static/icon.svg']
    """
    bare = address.removesuffix(".json")
    if bare in _FOLDERS:
        return f"{bare}/index{address[len(bare) :] or '.html'}"
    if address.endswith(_FILES):
        return address
    return f"{address or 'index'}.html"


def among(files: Container[str]) -> Callable[[str], str | None]:
    """The way to the files of an exported site, for `relocated`: None to what is not among them."""
    known: dict[str, str | None] = {}

    def place(target: str) -> str | None:
        if target not in known:
            known[target] = _placed(target, files)
        return known[target]

    return place


def _placed(target: str, files: Container[str]) -> str | None:
    path, query, fragment = _TARGET.fullmatch(target).groups(default="")  # type: ignore[union-attr]  # matches any text
    file = file_of(path)
    # Without a server only the search reads a query; any other link would lead to something else than it says.
    readable = not query or path == "search" or path.startswith("static/")
    return f"{file}{query}{fragment}" if file in files and readable else None
