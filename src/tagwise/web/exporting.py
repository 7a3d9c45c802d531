"""The documents of an exported site, and the process that writes its share of them."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tagwise.pages import as_json
from tagwise.web import addresses, front, lists, render, search_index, static
from tagwise.web.links import among, file_of, relocated

if TYPE_CHECKING:
    from collections.abc import Callable

INDEX = "static/search-index.js"
_TOLD = 25  # pages between two lines of a child


class Document(NamedTuple):
    """What stands at an address: its HTML, whose links start at the root, and its JSON twin, "" where it has none."""

    address: str
    html: str
    twin: str = ""


class Written(NamedTuple):
    """How much was written: files of any kind, and bytes."""

    files: int = 0
    size: int = 0


def overviews() -> tuple[str, ...]:
    """The address of every document that is not about a single thing; those of `lists` have a twin."""
    return tuple(dict.fromkeys((*front.FRONT, "search", *lists.LISTS)))


def overview(address: str) -> Document:
    """One of them, as it is without a server: lists without filters, a search that is done by script."""
    if address in lists.LISTS:
        return Document(address, lists.html(address, narrowing=False), lists.document(address))
    if address in _OTHERWISE:
        return Document(address, render.document(_OTHERWISE[address]))
    return Document(address, front.FRONT[address]())


_OTHERWISE = {"search": "site-search.html", "api": "site-api.html"}
"""The templates of documents that are others without a server."""


def pages() -> list[str]:
    """The address of every page of a single thing."""
    return [f"{addresses.FOLDERS[kind]}/{slug}" for kind, slug in addresses.everything()]


def page(address: str) -> Document:
    """The page of a single thing, with its twin."""
    folder, _, slug = address.partition("/")
    kind = next(kind for kind, name in addresses.FOLDERS.items() if name == folder)
    found = render.shown(addresses.words(kind, slug) or "")
    return Document(address, render.page_html(found, address), json.dumps(as_json.page(found), ensure_ascii=False))


@cache
def files(*, twins: bool) -> frozenset[str]:
    """Every file of a site that something may lead to."""
    names = {file_of(address) for address in (*overviews(), *pages())}
    if twins:
        names |= {file_of(f"{address}.json") for address in (*lists.LISTS, *pages())}
    else:
        names.remove(file_of("api"))
    return frozenset(names | {f"static/{name}" for name in static.files()} | {INDEX})


@cache
def _scripts() -> tuple[str, str]:
    """How a page loads its script, and how it loads the search that needs no server as well."""
    script = f'<script src="{static.address("tagwise.js")}"'
    search = (
        f'<script src="{static.address("static-search.js")}" data-index="{search_index.fingerprint()}" defer></script>'
    )
    return script, f"{search}\n{script}"


class Writer:
    """Writes documents into the folder of a site, and counts what it writes.

    Args:
        twins: Whether JSON twins are written; links to them lose their target where they are not.
    """

    def __init__(self, folder: Path, *, twins: bool) -> None:
        self._folder = folder
        self.twins = twins
        self._to = among(files(twins=twins))
        self._made: set[Path] = set()
        self.written = Written()

    def document(self, made: Document) -> None:
        """Write a document, and its twin where twins are wanted."""
        self.file(file_of(made.address), self.moved(made.html, "../" * file_of(made.address).count("/")))
        if self.twins and made.twin:
            self.file(file_of(f"{made.address}.json"), made.twin)

    def moved(self, html: str, base: str) -> str:
        """A document as it stands in the site: with the search that needs no server, and links between files."""
        return relocated(html.replace(*_scripts()), base, self._to)

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
    for address in overviews():
        if file_of(address) in files(twins=writer.twins):
            writer.document(overview(address))
    for name, content in static.files().items():
        writer.file(f"static/{name}", content)
    writer.file(INDEX, search_index.script())
    if base_url:
        writer.file("404.html", writer.moved(render.document("site-missing.html"), base_url))
        writer.file("sitemap.xml", sitemap(base_url, twins=writer.twins))
    else:
        # A server shows it at any depth, where no relative link leads anywhere.
        writer.file("404.html", render.document("site-lost.html"))


def sitemap(base_url: str, *, twins: bool) -> str:
    """Every page for search engines (sitemaps.org, protocol 0.9); without dates, so that it stays the same."""
    found = sorted(name for name in files(twins=twins) if name.endswith(".html") and name != "search.html")
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
