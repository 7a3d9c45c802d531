"""The documents of an exported site, and the process that writes its share of them."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tagwise.pages import as_json, lookup
from tagwise.web import addresses, render, search_index
from tagwise.web.links import among, file_of, relocated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

INDEX = "static/search-index.js"
_TOLD = 25  # pages between two lines of a child
_SCRIPT = '<script src="/static/tagwise.js"'
_WITH_SEARCH = f'<script src="/static/static-search.js" defer></script>\n{_SCRIPT}'


class Document(NamedTuple):
    """What stands at an address: its HTML, whose links start at the root, and its JSON twin, "" where it has none."""

    address: str
    html: str
    twin: str = ""


class Written(NamedTuple):
    """How much was written: files of any kind, and bytes."""

    files: int = 0
    size: int = 0


@cache
def assets() -> Mapping[str, bytes]:
    """Every file of the folder `assets`, by its address."""
    folder = resources.files("tagwise.web").joinpath("assets")
    return {f"static/{file.name}": file.read_bytes() for file in folder.iterdir()}


def lists() -> Iterator[Document]:
    """The documents beside the pages of single things."""
    yield Document("", render.document("home.html"))
    yield Document("search", render.document("site-search.html"))


LISTS = ("", "search")
"""The addresses of `lists`."""

WITH_TWINS: tuple[str, ...] = ()
"""Those of them that have a JSON twin."""


def pages() -> list[str]:
    """The address of every page of a single thing."""
    return [f"{addresses.FOLDERS[kind]}/{slug}" for kind, slug in addresses.everything()]


def page(address: str) -> Document:
    """The page of a single thing, with its twin."""
    folder, _, slug = address.partition("/")
    kind = next(kind for kind, name in addresses.FOLDERS.items() if name == folder)
    found = lookup.show(addresses.words(kind, slug) or "")
    return Document(address, render.page_html(found, address), json.dumps(as_json.page(found), ensure_ascii=False))


@cache
def files(*, twins: bool) -> frozenset[str]:
    """Every file of a site that something may lead to."""
    names = {file_of(address) for address in (*LISTS, *pages())}
    if twins:
        names |= {file_of(f"{address}.json") for address in (*WITH_TWINS, *pages())}
    return frozenset(names | assets().keys() | {INDEX})


class Writer:
    """Writes documents into the folder of a site, and counts what it writes.

    Args:
        twins: Whether JSON twins are written; links to them lose their target where they are not.
    """

    def __init__(self, folder: Path, *, twins: bool) -> None:
        self._folder = folder
        self._twins = twins
        self._to = among(files(twins=twins))
        self._made: set[Path] = set()
        self.written = Written()

    def document(self, made: Document) -> None:
        """Write a document, and its twin where twins are wanted."""
        self.file(file_of(made.address), self.moved(made.html, "../" * file_of(made.address).count("/")))
        if self._twins and made.twin:
            self.file(file_of(f"{made.address}.json"), made.twin)

    def moved(self, html: str, base: str) -> str:
        """A document as it stands in the site: with the search that needs no server, and links between files."""
        return relocated(html.replace(_SCRIPT, _WITH_SEARCH), base, self._to)

    def file(self, name: str, content: str | bytes) -> None:
        """Write a file.

        Raises:
            OSError: It cannot be written.
        """
        path = self._folder / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        self.written = Written(self.written.files + 1, self.written.size + len(data))


def write_beside_pages(writer: Writer, base_url: str) -> None:
    """Write everything but the pages of single things: lists, search, assets, what needs an address."""
    for made in lists():
        writer.document(made)
    for name, content in assets().items():
        writer.file(name, content)
    writer.file(INDEX, search_index.script())
    if base_url:
        writer.file("404.html", writer.moved(render.document("site-missing.html"), base_url))
        writer.file("sitemap.xml", sitemap(base_url))
    else:
        # A server shows it at any depth, where no relative link leads anywhere.
        writer.file("404.html", render.document("site-lost.html"))


def sitemap(base_url: str) -> str:
    """Every page for search engines (sitemaps.org, protocol 0.9); without dates, so that it stays the same."""
    found = sorted(file_of(address) for address in (*LISTS, *pages()))
    urls = "".join(f"<url><loc>{base_url}{name.removesuffix('index.html')}</loc></url>\n" for name in found)
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{start}{urls}</urlset>\n"


def write_share(writer: Writer, part: int, parts: int, say: Callable[[int], object]) -> None:
    """Write every n-th page, and say now and then how many more there are."""
    since = 0
    for address in pages()[part::parts]:
        writer.document(page(address))
        since += 1
        if since == _TOLD:
            say(since)
            since = 0
    say(since)


def main(folder: str, twins: str, part: str, parts: str) -> None:
    """Be one of several processes: a line for some pages each, then how much was written, or what went wrong."""

    def say(*words: object) -> None:
        # A parent that has gone closes the pipe: writing fails, and this process ends.
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()

    writer = Writer(Path(folder), twins=twins == "twins")
    try:
        write_share(writer, int(part), int(parts), lambda number: say("pages", number))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except OSError as error:
        say("failed", error.errno or 0)
        raise SystemExit(1) from None
    say("written", *writer.written)
