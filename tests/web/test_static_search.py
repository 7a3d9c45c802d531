"""The search of an exported site: it finds what `tagwise search` finds, in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwise.pages.searching import search
from tagwise.pages.word_index import index
from tagwise.web import addresses, exporting, search_index
from tagwise.web.links import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from tests.web.conftest import Place

    from tagwise.pages.searching import Hit

FIRST = 12

QUERIES = (
    *(
        "series uid",
        "pat nam",
        "patient",
        "Patient's Name",
        "patient\u2019s name",
        "PatientName",
        "seriesUID",
        "StudyInstUID",
    ),
    *("0020,00", "0020,000e", "(0020,000E)", "0020000e", "0x0020000e", "0018 0050", "(0018,9", ",0010", "7fe0", "00"),
    *("60xx,3000", "6002,3000", "60023000", "x", "0", "002", "0020", "0018,0061"),
    *("1.2.840.10008.1.2.4", "1.2.840.10008.1.2", "1.", "1.2.840.10008.5.1.4.1.1.40"),
    *("jpeg lossless", "implicit vr", "rle", "CT Image Storage", "ct image", "mr", "SOPClassUID", "sop class uid"),
    *("PN", "pn", "person name", "DS", "general series", "module", "iod", "sequence", "s", "in", "k-space", "mAs"),
    *("identity/series-uid-reused", "series-uid-reused", "reused", "instanceuid", "uid", "orientation patient"),
    *("Modaltiy", "SeriesInstnceUID", "referncedseriessequense", "windw", "acession number", "bits alocated"),
    *(
        "patinet nmae",
        "manufacterer model",
        "zzzzqqq",
        "  modality  ",
        "a b c d e f g h i j",
        "'\"><",
        "é",
        "physician's",
    ),
    *("", " ", "-", "x" * 200, "x" * 201, "DICOM", "toString", "constructor", "__proto__"),
)


@pytest.fixture(scope="module")
def page(browser: Browser, on_disk: Place) -> Iterator[Page]:
    """A page of the exported site, opened from the disk."""
    page = browser.new_page()
    page.goto(on_disk.url("vrs/pn"))
    yield page
    page.close()


def by_script(page: Page, query: str) -> list[list[object]]:
    """The hits of the script."""
    script = """query => tagwiseFind(query).then(hits => hits.map(
        hit => [hit.kind, hit.show, hit.label, hit.name, hit.retired, hit.how, hit.address]))"""
    found: list[list[object]] = page.evaluate(script, query)
    return found


def by_python(query: str) -> list[list[object]]:
    """The hits of `tagwise search`, with the files of their pages."""
    return [[*hit, file_of(_address(hit))] for hit in search(query, limit=FIRST)]


def _address(hit: Hit) -> str:
    return addresses.attribute(hit.label) if hit.kind == "attribute" else addresses.page(hit.kind, hit.label)


@pytest.mark.parametrize("query", QUERIES)
def test_script_and_python_find_the_same(page: Page, query: str) -> None:
    """The first hits agree in everything: what, in which order, why, and where its page is. No exception is needed."""
    assert by_script(page, query) == by_python(query)


def _queries() -> st.SearchStrategy[str]:
    entries = index().entries
    names = st.sampled_from(entries).flatmap(lambda entry: st.sampled_from([entry.name, entry.label, entry.words]))
    cut = st.tuples(names, st.integers(0, 12), st.integers(1, 30)).map(lambda cut: cut[0][cut[1] : cut[1] + cut[2]])
    swapped = cut.map(lambda text: text[:2] + text[3:4] + text[2:3] + text[4:])
    return st.one_of(names, cut, swapped, st.text(max_size=20), st.lists(cut, max_size=3).map(" ".join))


@pytest.mark.slow
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_queries())
def test_script_and_python_agree_on_anything(page: Page, query: str) -> None:
    """Parts of names, swapped letters, any text: the hits agree."""
    assert by_script(page, query) == by_python(query)


def test_every_entry_has_its_page(page: Page) -> None:
    """What the index leaves out comes back right: every entry leads to a file of the site."""
    found = {file for hits in page.evaluate(_ALL, [entry.label for entry in index().entries]) for file in hits}
    assert len(found) > 6000
    assert found <= exporting.files(twins=False)


_ALL = "labels => Promise.all(labels.map(label => tagwiseFind(label, 3).then(hits => hits.map(hit => hit.address))))"


def test_the_index_is_small() -> None:
    """A reader on a slow line waits for it once: it stays below 400 KB, of which compression leaves a quarter."""
    assert len(search_index.script().encode()) < 400_000


def test_the_index_is_loaded_when_needed(browser: Browser, on_file_server: Place) -> None:
    """Reading a page costs no index; going into the search box loads it, once, under a name that browsers may keep."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(on_file_server.url("vrs/pn"))
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "search-index" in url]
    page.locator("#q").focus()
    page.wait_for_function("window.tagwiseIndex")
    page.locator("#q").fill("modality")
    page.locator("#hits strong").first.wait_for()
    loaded = [url for url in asked if "search-index" in url]
    assert loaded == [on_file_server.root + f"static/search-index.js?v={search_index.fingerprint()}"]
    page.close()
