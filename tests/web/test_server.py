"""What the server answers: right pages, right headers, and nothing worse than 404 whatever is asked."""

from __future__ import annotations

import html
import json
import logging
import re
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount
from tests.web.asking import Answer, Client

import tagwise
from tagwise.errors import BadSetting
from tagwise.pages import as_json, lookup
from tagwise.web import addresses, answers, app, front, lists, render, static

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_OF_EACH = (
    *("/", "/about", "/api", "/search", "/search?q=series+uid", "/attributes/0020-000e", "/modules/general-series"),
    *("/iods/ct-image", "/sop-classes/1.2.840.10008.5.1.4.1.1.2", "/transfer-syntaxes/1.2.840.10008.1.2.4.90"),
    *("/uids/1.2.840.10008.1.4.1.1", "/vrs/ob", "/private/gems-iden-01", "/checks/identity/series-uid-reused"),
    *(f"/{kind}" for kind in lists.LISTS),
)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as made:
        yield made


def _links(document: str) -> set[str]:
    """The addresses of a document that are in this site."""
    return {html.unescape(one) for one in re.findall(r'\s(?:href|src|action)="(/[^"]*)"', document)}


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_every_kind_of_page_is_answered_whole(client: Client, path: str) -> None:
    found = client.get(path)
    assert found.status == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.text.rstrip().endswith("</html>")
    assert found.text.count("<h1") == 1
    assert " style=" not in found.text
    assert "<script>" not in found.text


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_every_link_of_a_page_leads_to_a_page(client: Client, path: str) -> None:
    links = sorted(one for one in _links(client.get(path).text) if not one.startswith("/attributes/"))
    attributes = sorted(one for one in _links(client.get(path).text) if one.startswith("/attributes/"))
    for link in links[:400] + attributes[::40]:
        address, _, query = link.partition("#")[0].partition("?")
        assert client.get(unquote(address), query).status == 200, link


def test_a_module_is_shown_with_all_that_its_sequences_hold(client: Client) -> None:
    page = tagwise.module("rt-beams", depth="all")
    assert page.counts["all"] > 300
    shown = client.get("/modules/rt-beams").text
    assert len(re.findall(r'<span class="tag">', shown)) == page.counts["all"]
    assert client.get("/modules/rt-beams.json").json == as_json.page(page)


def test_json_is_what_the_command_line_prints(client: Client) -> None:
    assert client.get("/attributes/0010-0010.json").json == as_json.page(lookup.show("PatientName"))
    assert client.get("/checks.json").json == as_json.check_list(tagwise.list_checks())
    assert client.get("/search.json?q=patient+id").json["hits"][0]["show"] == tagwise.search("patient id")[0].show


ERRORS = {
    "/nothing": 404,
    "/attributes/nothing.json": 404,
    "/show/Modaltiy": 404,
    "/show/CT Image": 300,
    "/attributes?vr=ZZ": 400,
    "/search.json?limit=x": 400,
    "/attributes/PatientID": 308,
    "/show/PatientID": 307,
    "/vrs/": 308,
}


@pytest.mark.parametrize("path", [*ONE_OF_EACH, *ERRORS, "/static/tagwise.css", "/openapi.json"])
def test_every_answer_has_the_headers_that_protect_a_browser(client: Client, path: str) -> None:
    found = client.get(path)
    assert found.status == ERRORS.get(path, 200)
    for name, value in answers.HEADERS.items():
        assert found.headers[name.lower()] == value
    assert "cache-control" in found.headers


def test_what_is_not_get_is_refused(client: Client) -> None:
    for path in ("/", "/attributes/0020-000e", "/search.json", "/static/tagwise.css", "/attributes"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
            found = client.get(path, method=method)
            assert found.status == 405
            assert found.headers["allow"] == "GET, HEAD"
            assert "content-security-policy" in found.headers


@pytest.mark.parametrize("path", ["/", "/attributes/0020-000e", "/attributes/0020-000e.json", "/vrs.json", "/nothing"])
def test_head_has_the_headers_of_get_and_no_body(client: Client, path: str) -> None:
    got, asked = client.get(path), client.get(path, method="HEAD")
    assert asked.content == b""
    assert asked.headers == got.headers
    assert asked.status == got.status


def test_a_client_that_has_the_page_gets_304(client: Client) -> None:
    for path in ("/attributes/0020-000e", "/attributes/0020-000e.json", "/", "/vrs", "/search?q=x", "/static/theme.js"):
        tag = client.get(path).headers["etag"]
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            found = client.get(path, if_none_match=known)
            assert (found.status, found.content) == (304, b"")
            assert found.headers["etag"] == tag
            assert "content-security-policy" in found.headers
        assert client.get(path, if_none_match='"other"').status == 200


def test_entity_tags_tell_documents_apart(client: Client) -> None:
    tags = {client.get(path).headers["etag"] for path in ("/vrs/pn", "/vrs/ui", "/vrs/pn.json", "/vrs")}
    assert len(tags) == 4


def test_pages_are_packed_for_those_who_take_it(client: Client) -> None:
    path = "/attributes/0020-000e"
    plain, packed = client.get(path), client.get(path, accept_encoding="br, gzip;q=0.5")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert packed.text == plain.text
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    for refusing in ("gzip;q=0", "identity", "", "br", "gzip; q=0.0"):
        assert "content-encoding" not in client.get(path, accept_encoding=refusing).headers


def test_files_are_kept_for_ever_only_by_the_name_of_their_content(client: Client) -> None:
    for name in static.files():
        assert "immutable" in client.get(static.address(name)).headers["cache-control"]
        for query in ("", "v=", "v=000000000000", "x=1"):
            assert "immutable" not in client.get(f"/static/{name}", query).headers["cache-control"]
    shown = client.get("/").text
    assert all(static.address(name) in shown for name in set(static.files()) - {"static-search.js"})


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/attributes/SeriesInstanceUID", "/attributes/0020-000e"),
        ("/attributes/0020000E", "/attributes/0020-000e"),
        ("/attributes/(0020,000E)", "/attributes/0020-000e"),
        ("/attributes/0020-000E", "/attributes/0020-000e"),
        ("/attributes/series instance uid", "/attributes/0020-000e"),
        ("/attributes/6002-3000", "/attributes/60xx-3000"),
        ("/attributes/SeriesInstanceUID.json", "/attributes/0020-000e.json"),
        ("/attributes/0020-000e/", "/attributes/0020-000e"),
        ("/ATTRIBUTES/0020-000e", "/attributes/0020-000e"),
        ("/Attributes", "/attributes"),
        ("/attributes/", "/attributes"),
        ("/search/", "/search"),
        ("/ABOUT", "/about"),
        ("/modules/General Series", "/modules/general-series"),
        ("/modules/GENERAL-SERIES", "/modules/general-series"),
        ("/iods/CT Image", "/iods/ct-image"),
        ("/vrs/PN", "/vrs/pn"),
        ("/vrs/Person Name.json", "/vrs/pn.json"),
        ("/uids/1.2.840.10008.5.1.4.1.1.2", "/sop-classes/1.2.840.10008.5.1.4.1.1.2"),
        ("/uids/CTImageStorage", "/sop-classes/1.2.840.10008.5.1.4.1.1.2"),
        ("/sop-classes/1.2.840.10008.5.1.4.1.1.2.json/", "/sop-classes/1.2.840.10008.5.1.4.1.1.2.json"),
        ("/checks/uid-padded", "/checks/identity/uid-padded"),
        ("/private/GEMS_IDEN_01", "/private/gems-iden-01"),
        ("/show/SeriesInstanceUID", "/attributes/0020-000e"),
        ("/show/SeriesInstanceUID.json", "/attributes/0020-000e.json"),
        ("/show/module:patient", "/modules/patient"),
        ("/show/identity/uid-padded", "/checks/identity/uid-padded"),
        ("/favicon.ico", "/static/icon.svg"),
    ],
)
def test_other_spellings_lead_to_the_one_address(client: Client, path: str, leads: str) -> None:
    found = client.get(path)
    assert found.status in (307, 308)
    assert found.headers["location"] == leads
    assert client.get(leads).status == 200


def test_a_redirect_never_leaves_the_site(client: Client) -> None:
    for path in (
        "//evil.example/",
        "//evil.example/attributes/PatientID",
        "/\\evil.example/",
        "/show///evil.example",
        "//",
    ):
        found = client.get(path, host="evil.example")
        assert "evil" not in found.headers.get("location", "")
        assert not found.headers.get("location", "/x").startswith("//")


def test_what_is_missing_comes_with_what_is_close(client: Client) -> None:
    page = client.get("/attributes/SeriesInstnceUID")
    assert page.status == 404
    assert 'href="/attributes/0020-000e"' in page.text
    assert client.get("/modules/general-serie.json").json["near"][0]["address"] == "modules/general-series"
    assert client.get("/show/SeriesInstnceUID.json").json["near"][0]["show"] == "SeriesInstanceUID"
    assert page.headers["cache-control"] == "no-store"


def test_a_name_of_several_things_lists_them(client: Client) -> None:
    page = client.get("/show/CT Image")
    assert page.status == 300
    assert {"/iods/ct-image", "/modules/ct-image"} <= _links(page.text)
    assert set(client.get("/show/CT Image.json").json["choices"]) == {"iod:ct-image", "module:ct-image"}


HOSTILE = [
    *("/\x00", "/attributes/\x00", "/attributes/0020-000e\x00", "/static/\x00", "/show/\x00", "/\x00/\x00.json"),
    *("/static/../app.py", "/static/..%2fapp.py", "/static/../../../../etc/passwd", "/static//etc/passwd", "/static/"),
    *("/attributes/../static/tagwise.css", "/../../etc/passwd", "/static/tagwise.css/", "/static/__init__.py"),
    *("/%zz", "/attributes/%", "/attributes/%e4%bd", "/\ud800", "/show/\udcff.json", "/attributes/\u202e"),
    *("/" + "a" * 100_000, "/attributes/" + "9" * 100_000, "/show/" + "x:" * 50_000, "/" + "/" * 5_000),
    *("/checks/" + "../" * 2_000, "/uids/" + "1." * 40_000, "/show/" + "sequence " * 30, "/private/" + "~" * 300),
    *("/attributes/0020-000e.json.json", "/.json", "/attributes/.json", "/show/.json", "/show/", "/search.json/"),
    *("/search?q=%00", "/search?q=%ff%fe", "/search?" + "q=a&" * 5_000, "/search.json?limit=%00", "/?%", "/vrs?%=&&;"),
    *(
        "/search.json?limit=٣",
        "/search.json?limit=-1",
        "/search.json?limit=1e3",
        "/search?kind=%00",
        "/attributes?vr=%00",
    ),
    *("/attributes?module=../../etc", "/cloud?service='", "/cloud?status=" + "x" * 9_999, "/uids?status=%F0%9F%92%A9"),
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path[:40]))
def test_hostile_addresses_are_answered_calmly(client: Client, path: str) -> None:
    found = client.get(path)
    assert found.status in (200, 307, 308, 400, 404)
    assert len(found.content) < 100_000
    _calm(found)


def _calm(found: Answer) -> None:
    assert found.status < 500
    assert "Traceback" not in found.text
    assert "content-security-policy" in found.headers


@pytest.mark.parametrize(
    "host", ["", "[", "[::1", "a b", "evil.example:99999999", "\xff", "localhost:abc", "x" * 5_000]
)
def test_no_host_header_matters(client: Client, host: str) -> None:
    for path in ("/", "/attributes/", "/attributes/PatientID", "/nothing.json", "/search?q=a"):
        found = client.get(path, host=host)
        assert found.status == client.get(path).status
        assert found.headers.get("location") == client.get(path).headers.get("location")


PARTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [*addresses.FOLDERS.values(), "static", "show", "search", "search.json", "..", "", "0020-000e", ".json"]
    ),
)


def _ask_at_random(client: Client, parts: list[str], query: str) -> None:
    _calm(client.get("/" + "/".join(parts), query.encode("utf-8", "surrogatepass")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARTS, max_size=4), st.text(max_size=40))
@example(["show", "vr:"], "q")
@example(["attributes", "(xxxx,xxxx)"], "")
@example(["0", "\n", ""], "")
def test_random_addresses_never_break_the_server(client: Client, parts: list[str], query: str) -> None:
    _ask_at_random(client, parts, query)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PARTS, max_size=4), st.text(max_size=40))
def test_ten_thousand_random_addresses_never_break_the_server(client: Client, parts: list[str], query: str) -> None:
    _ask_at_random(client, parts, query)


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "path",
    [
        *("/search?q=", "/show/", "/attributes/", "/checks/", "/nothing/", "/", "/search.json?q=", "/show/module:"),
        *("/attributes?vr=", "/attributes?", "/cloud?status=", "/modules?x="),
    ],
)
def test_what_a_request_holds_is_never_markup(client: Client, path: str) -> None:
    found = client.get(path + (quote(SCRIPT) if "?" in path else SCRIPT))
    if found.headers["content-type"].startswith("text/html"):
        assert "<script>" not in found.text
        assert "<img" not in found.text
        assert "<main" in found.text
    else:
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["content-type"] == "application/json"
        json.loads(found.text)


def test_a_search_shows_what_was_searched_for(client: Client) -> None:
    assert html.escape('a"b') not in client.get("/search?q=zzz").text
    assert 'value="a&#34;b"' in client.get("/search", "q=a%22b").text


def test_what_breaks_inside_is_logged_and_not_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> str:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(render, "document", breaks)
    for path in ("/search", "/nothing/at-all", "/search?q=x"):
        with caplog.at_level(logging.ERROR, "tagwise.web"):
            found = client.get(path)
        assert found.status == 500
        assert "secret" not in found.text
        assert "ZeroDivision" not in found.text
        assert found.headers["cache-control"] == "no-store"
        for name in answers.HEADERS:
            assert name.lower() in found.headers
    assert "a secret" in caplog.text
    assert len(caplog.records) == 3


@pytest.mark.parametrize(
    ("query", "least", "most"),
    [("", 5344, 5344), ("vr=UI", 100, 250), ("vr=ui&status=retired", 5, 60), ("module=general-series", 25, 40)],
)
def test_filters_of_attributes_agree_with_the_json(client: Client, query: str, least: int, most: int) -> None:
    shown = client.get("/attributes", query).text
    rows = client.get("/attributes.json", query).json["rows"]
    assert least <= len(rows) <= most
    assert re.findall(r'<td class="tag">(\S+)</td>', shown) == [row["tag"] for row in rows]


def test_the_form_keeps_what_was_asked_for(client: Client) -> None:
    shown = client.get("/attributes?vr=UI&status=retired").text
    assert re.findall(r'<option value="([^"]*)" selected>', shown) == ["UI", "retired", ""]
    assert '/attributes.json?vr=UI&amp;status=retired"' in shown


def test_a_wrong_filter_is_said_beside_the_right_ones(client: Client) -> None:
    found = client.get("/attributes?vr=UX")
    assert found.status == 400
    assert "Nothing is called" in found.text
    assert '<option value="UI">' in found.text
    assert "has no filter" in client.get("/modules?colour=red").text


def test_the_matrix_has_every_attribute_when_asked(client: Client) -> None:
    shown = client.get("/cloud?scope=all").text
    everything = [row["tag"] for row in client.get("/attributes.json").json["rows"] if row["keyword"]]
    assert re.findall(r'<td class="tag">(\S+)</td>', shown) == everything
    listed = client.get("/cloud.json?service=google&status=queryable").json["attributes"]
    assert all("queryable" in row["status"]["google"] for row in listed)
    assert {"StudyDate", "PatientID"} <= {row["keyword"] for row in listed}


def test_menu_and_lists_are_the_same() -> None:
    assert {address.removeprefix("/") for address, _ in render.MENU} == set(lists.LISTS)
    assert dict(render.MENU) == {f"/{kind}": shown.title for kind, shown in lists.LISTS.items()}


def test_the_front_page_counts_what_the_lists_have(client: Client) -> None:
    shown = client.get("/").text
    for kind, count in lists.counts().items():
        rows = client.get(f"/{kind}.json").json
        found = next(rows[key] for key in ("rows", "checks", "topics", "sections", "attributes") if key in rows)
        if kind == "limits":
            found = [limit for topic in found for limits in topic["limits"].values() for limit in limits]
        elif kind == "mirth":
            found = {row["name"] for row in found}
        assert len(found) == count, kind
        assert f"{count:,}</span>" in shown
    for one in front.examples():
        assert render.address_of(lookup.show(one.words)) == one.address


def test_sources_name_every_table_of_the_standard(client: Client) -> None:
    shown = client.get("/about").text
    for one in front.standard():
        assert one.sources in html.unescape(shown)
        assert one.edition in shown
    folder = resources.files("tagwise.standard").joinpath("data")
    assert {file.name for file in folder.iterdir() if file.name.endswith(".tsv")} == set(front._STANDARD)


PREFIXED = (
    "/",
    "/attributes/0020-000e",
    "/attributes",
    "/search?q=uid",
    "/nothing",
    "/show/CT Image",
    "/about",
    "/api",
)


@pytest.mark.parametrize("path", PREFIXED)
def test_below_a_prefix_every_link_has_it(path: str) -> None:
    with Client(app.create_app("/tagwise")) as client:
        for asked in (path, f"/tagwise{path}"):
            found = client.get(asked)
            assert all(link.startswith("/tagwise/") for link in _links(found.text))
            assert 'data-root="/tagwise/"' in found.text
    with Client() as other:
        assert len(_links(other.get(path).text)) == len(_links(found.text))


def test_below_a_prefix_redirects_and_the_description_have_it() -> None:
    with Client(app.create_app("/tagwise")) as client:
        assert client.get("/attributes/PatientID").headers["location"] == "/tagwise/attributes/0010-0020"
        assert client.get("/tagwise/vrs/").headers["location"] == "/tagwise/vrs"
        assert client.get("/openapi.json").json["servers"] == [{"url": "/tagwise/"}]
        assert 'href="/tagwise/vrs"' in client.get("/tagwise").text
        assert client.get("/tagwise-other/vrs").status == 404


def test_another_application_can_have_it_inside() -> None:
    around = Starlette(routes=[Mount("/dicom", tagwise.create_app())])
    with Client(around) as client:
        assert 'href="/dicom/attributes"' in client.get("/dicom/").text
        assert client.get("/dicom/attributes/PatientID").headers["location"] == "/dicom/attributes/0010-0020"
        assert client.get("/dicom/search.json?q=uid").status == 200


@pytest.mark.parametrize("prefix", ["tagwise", "/tagwise/", "/", "/a b", '/"x', "/../x\n", "//evil.example", "/é"])
def test_a_prefix_that_links_cannot_have_is_refused(prefix: str) -> None:
    with pytest.raises(BadSetting, match="no root path"):
        tagwise.create_app(prefix)
