"""What must be true of the HTML of any page, whoever made it, and of the links of a site."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import html5lib

if TYPE_CHECKING:
    from pathlib import Path

_ID = re.compile(r'\sid="([^"]*)"')
_TARGET = re.compile(r'\s(?:href|src|action)="([^"]*)"')
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
_LEVELS = {f"h{level}": level for level in range(1, 7)}


def problems(html: str) -> list[str]:
    """What is wrong with a document: syntax, ids, references to ids, the order of headings."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    found = [f"{place}: {code} {details}" for place, code, details in parser.errors]
    elements = list(tree.iter())
    ids = [element.get("id") for element in elements if element.get("id") is not None]
    found += [f"id {name!r} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    found += [f"id {name!r} has a blank" for name in ids if re.search(r"\s", name) or not name]
    for element in elements:
        wanted = [name for kind in _REFERENCES for name in (element.get(kind) or "").split()]
        found += [f"nothing has the id {name!r}" for name in wanted if name not in ids]
    levels = [_LEVELS[element.tag] for element in elements if element.tag in _LEVELS]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} headings of level 1")
    found += [
        f"h{level} after h{before}" for before, level in zip([0, *levels], levels, strict=False) if level > before + 1
    ]
    if not (tree.findtext("head/title") or "").strip():
        found.append("no title")
    return found


class Link(NamedTuple):
    """A target as it stands in a page."""

    page: str
    target: str


def targets(html: str) -> list[str]:
    """What a page leads to or loads."""
    return [unescape(found) for found in _TARGET.findall(html)]


class Links:
    """Checks the links of an exported site.

    Args:
        files: The files that the site has, or will have when it is complete.
    """

    def __init__(self, folder: Path, files: frozenset[str]) -> None:
        self._folder = folder
        self._files = files
        self._ids = cache(self._ids_of)

    def broken(self, page: str) -> list[Link]:
        """The links of a page that lead nowhere; outside links are only looked at."""
        html = (self._folder / page).read_text("utf-8")
        return [Link(page, target) for target in dict.fromkeys(targets(html)) if not self._works(page, target)]

    def _works(self, page: str, target: str) -> bool:
        parts = urlsplit(target)
        if parts.scheme:
            return parts.scheme == "https" and bool(parts.hostname) and " " not in target
        if parts.netloc or parts.path.startswith("/") or (parts.query and not _may_have_query(parts.path)):
            return False
        to = page if not parts.path else _joined(page, unquote(parts.path))
        if to is None or to not in self._files:
            return False
        return not parts.fragment or not (self._folder / to).exists() or unquote(parts.fragment) in self._ids(to)

    def _ids_of(self, page: str) -> frozenset[str]:
        return frozenset(unescape(name) for name in _ID.findall((self._folder / page).read_text("utf-8")))


def _may_have_query(path: str) -> bool:
    return path.endswith("search.html") or "static/" in path


def _joined(page: str, path: str) -> str | None:
    """The file that a relative path means on a page; None outside the site."""
    parts = page.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
