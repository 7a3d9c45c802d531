"""The pages of an exported site: valid, without a broken link, and the same as the server's."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.web.conftest import sample
from tests.web.html_checks import Links, problems

from tagwise.web import exporting, front, lists
from tagwise.web.links import file_of
from tagwise.web.site import write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.conftest import Place

SHARDS = 12


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with all its pages."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TAGWISE_STANDARD_TEXT", "off")  # as in every test
        write_site(folder, base_url="https://example.org/dicom/")
    return folder


@pytest.fixture(scope="module")
def client(on_server: Place) -> Iterator[httpx.Client]:
    """A client of the real server."""
    with httpx.Client(base_url=on_server.root, trust_env=False) as client:
        yield client


def pages_of(folder: Path) -> list[str]:
    """Every HTML file of a site."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def test_every_link_of_a_sample_leads_somewhere(site: Path) -> None:
    """Pages, anchors, styles, scripts and twins that a page names are there."""
    checked = Links(site, exporting.files(twins=True))
    pages = pages_of(site)
    assert len(pages) > 350
    assert [link for page in pages for link in checked.broken(page)] == []


def test_a_broken_link_would_be_seen(tmp_path: Path) -> None:
    """The check of links finds what it is for."""
    named = ("no.html", "b.html#no", "/b.html", "../b.html", "b.html#yes", "b.html?x")
    (tmp_path / "a.html").write_text("".join(f'<a href="{target}">' for target in named))
    (tmp_path / "b.html").write_text('<p id="yes">')
    broken = Links(tmp_path, frozenset({"a.html", "b.html"})).broken("a.html")
    assert [link.target for link in broken] == ["no.html", "b.html#no", "/b.html", "../b.html", "b.html?x"]


def test_html_of_a_sample_is_valid(site: Path) -> None:
    """No error of syntax, no id twice, no reference into nothing, headings in order."""
    found = {page: problems((site / page).read_text("utf-8")) for page in pages_of(site)[::4]}
    assert {page: says for page, says in found.items() if says} == {}
    overviews = {
        page: problems((site / file_of(page)).read_text("utf-8")) for page in ("", "search", "about", "limits")
    }
    assert {page: says for page, says in overviews.items() if says} == {}


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p><p></div>", "end-tag-too-early"),
        ('<h1 id="a">x</h1><p id="a">', "id 'a' twice"),
        ('<h1>x</h1><label for="b">', "nothing has the id 'b'"),
        ("<h1>x</h1><h3>y</h3>", "h3 after h1"),
        ("<p>no heading", "0 headings of level 1"),
    ],
)
def test_invalid_html_would_be_seen(html: str, says: str) -> None:
    """The check of HTML finds what it is for."""
    start = "<!DOCTYPE html><html lang=en><head><title>t</title></head><body>"
    assert says in " ".join(problems(start + html))
    assert problems(start + "<h1>x</h1><h2>y</h2><h3>z</h3><h2>y</h2>") == []


@pytest.mark.parametrize("address", sample(120))
def test_an_exported_page_is_the_page_of_the_server(site: Path, client: httpx.Client, address: str) -> None:
    """Text and structure are the same; only where links lead differs."""
    writer = exporting.Writer(site, twins=True)
    file = file_of(address)
    assert (site / file).read_text("utf-8") == writer.moved(client.get(f"/{address}").text, "../" * file.count("/"))
    twin = json.loads((site / file_of(f"{address}.json")).read_text("utf-8"))
    assert twin == client.get(f"/{address}.json").json()


@pytest.mark.parametrize("address", sorted({*lists.LISTS, *front.FRONT} - {"api"}))
def test_an_exported_list_is_the_list_of_the_server(site: Path, client: httpx.Client, address: str) -> None:
    """Text and JSON are the same; filters, which take a server, are gone."""
    theirs = re.sub(r'<form class="filters".*?</form>\n', "", client.get(f"/{address}").text, flags=re.DOTALL)
    file = file_of(address)
    assert (site / file).read_text("utf-8") == exporting.Writer(site, twins=True).moved(theirs, "../" * file.count("/"))
    if address in lists.LISTS:
        assert (site / file_of(f"{address}.json")).read_text("utf-8") == client.get(f"/{address}.json").text


def test_links_without_a_target_are_hidden(site: Path) -> None:
    """What only a server can answer stands in an element that the style sheet hides where the link is cut."""
    pages = {page: (site / page).read_text("utf-8") for page in pages_of(site)}
    assert [page for page, html in pages.items() if "<a>" in re.sub('<span class="served">.*?</span>', "", html)] == []
    assert any('<span class="served">' in html for html in pages.values())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_whole_site_is_there_and_links_hold(whole_site: Path) -> None:
    """Every file that anything may lead to is written, and every link and anchor of every page works."""
    there = {path.relative_to(whole_site).as_posix() for path in whole_site.rglob("*") if path.is_file()}
    assert there == exporting.files(twins=True) | {"404.html", "sitemap.xml", ".tagwise-site"}
    checked = Links(whole_site, frozenset(there))
    assert [link for page in pages_of(whole_site) for link in checked.broken(page)] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_all_html_is_valid(whole_site: Path, shard: int) -> None:
    """As for the sample, for every page of the site."""
    found = {page: problems((whole_site / page).read_text("utf-8")) for page in pages_of(whole_site)[shard::SHARDS]}
    assert {page: says for page, says in found.items() if says} == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_whole_site_is_the_same_every_time(
    whole_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written anew, with other processes and another hash seed, every file has the same bytes."""
    monkeypatch.setenv("PYTHONHASHSEED", "11")
    write_site(tmp_path / "again", base_url="https://example.org/dicom/", jobs=3)
    for path in sorted(whole_site.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(whole_site)).read_bytes(), path
