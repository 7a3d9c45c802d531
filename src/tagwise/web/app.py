"""The pages over HTTP, for one machine or one hospital network: read only, no outside request, nothing to configure."""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Route

from tagwise.errors import AmbiguousName, BadSetting, UnknownName, UsageError
from tagwise.pages import as_json, lookup, searching
from tagwise.pages.naming import KINDS, split
from tagwise.web import addresses, answers, front, links, lists, openapi, render, static
from tagwise.web.answers import HTML, JSON, answer, base_of, body, moved, path_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tagwise.pages.naming import Kind
    from tagwise.pages.searching import Hit
    from tagwise.web.answers import Body
    from tagwise.web.lists import Asked

_LONGEST = openapi.LONGEST_QUERY
_SUGGESTED = 8
_SHOWN = 200
_KINDS: Mapping[str, Kind] = {folder: kind for kind, folder in addresses.FOLDERS.items()}
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_log = logging.getLogger("tagwise.web")


class Site:
    """The application, as ASGI servers want it. What goes wrong inside is logged, and never told to a client."""

    def __init__(self, root_path: str = "") -> None:
        self.root_path = root_path
        self._app = Starlette(
            routes=[
                Route("/", _front),
                Route("/search", _search),
                Route("/search.json", _search_json),
                Route("/openapi.json", _openapi),
                Route("/show/{name:path}", _show),
                Route("/static/{name:path}", _static),
                Route("/favicon.ico", _favicon),
                Route("/{folder}", _folder),
                Route("/{folder}/{slug:path}", _page),
            ],
            exception_handlers={404: _not_found, 405: _not_allowed, Exception: _broken},
        )
        # `_without_slash` knows which addresses have no slash at their end; Starlette's answer has none of our headers.
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a path may have the root path in front, or a proxy may have taken it away."""
        if self.root_path and scope["type"] == "http":
            path = scope["path"]
            inside = f"{path}/".startswith(f"{self.root_path}/")
            path = path.removeprefix(self.root_path) if inside else path
            scope = {**scope, "root_path": self.root_path, "path": f"{self.root_path}{path or '/'}"}
        try:
            await self._app(scope, receive, send)
        except Exception:
            if scope["type"] != "http":
                raise
            # The client has its answer already: Starlette raises again what `_broken` has answered.
            _log.exception("internal error at %.200r", scope["path"])


def create_app(root_path: str = "") -> ASGIApp:
    """The application, for any ASGI server; `tagwise serve` runs it with uvicorn.

    >>> create_app("/dicom").root_path
    '/dicom'

    Args:
        root_path: The path before all addresses, where a proxy or another application is around this one. An
            application that mounts this one needs none: it tells by itself.

    Raises:
        BadSetting: The path does not start with `/`, ends with one, or has characters that links cannot have.
    """
    if not _PREFIX.fullmatch(root_path):
        raise BadSetting(
            f"{root_path[:80]!r} is no root path", hint="Write it like /tagwise, without a slash at the end"
        )
    return Site(root_path)


def warm_up(root_path: str = "") -> None:
    """Read tables, compile templates and build the index of names, so that the first reader does not wait for it."""
    base = f"{root_path}/"
    for name in render.environment().list_templates():
        render.environment().get_template(name)
    searching.search("series uid")
    for words in ("SeriesInstanceUID", "module:general-series", "sop-class:CTImageStorage"):
        _page_html(words, render.address_of(lookup.show(words)), base)
    _front_html("", base)
    _list_body("attributes", lists.Asked(), in_json=False, base=base)


def _front(request: Request) -> Response:
    return answer(request, _front_html("", base_of(request)))


@lru_cache(maxsize=16)
def _front_html(name: str, base: str) -> Body:
    return body(links.relocated(front.FRONT[name](), base), HTML)


def _openapi(request: Request) -> Response:
    return answer(request, _description(base_of(request)))


@lru_cache(maxsize=4)
def _description(base: str) -> Body:
    return body(json.dumps(openapi.document(base), ensure_ascii=False), JSON)


def _folder(request: Request) -> Response:
    """A list or another page at the top of the site, or its JSON twin."""
    name = request.path_params["folder"]
    bare = name.removesuffix(".json")
    if bare in lists.LISTS:
        return _list(request, bare, in_json=bare != name)
    if name in front.FRONT:
        return answer(request, _front_html(name, base_of(request)))
    lower = bare.lower()
    if lower != bare and (lower in lists.LISTS or lower in front.FRONT):
        return moved(request, lower + name[len(bare) :])
    return _missing(request, name)


def _list(request: Request, kind: str, *, in_json: bool) -> Response:
    try:
        chosen = lists.asked(kind, request.query_params)
    except UsageError as error:
        if in_json:
            return _refused(request, str(error), error.hint)
        problem = f"{str(error)[:1].upper()}{str(error)[1:]}. {error.hint}".strip()
        return answer(request, _html(request, lists.refused(kind, problem)), 400)
    base = "/" if in_json else base_of(request)  # addresses in JSON are relative
    return answer(request, _list_body(kind, chosen, in_json=in_json, base=base))


@lru_cache(maxsize=128)
def _list_body(kind: str, chosen: Asked, *, in_json: bool, base: str) -> Body:
    if in_json:
        return body(lists.document(kind, chosen), JSON)
    return body(links.relocated(lists.html(kind, chosen), base), HTML)


def _page(request: Request) -> Response:
    """The page at an address, its JSON twin, or the way to the address that another spelling means."""
    folder, slug = request.path_params["folder"], request.path_params["slug"]
    if len(slug) > _LONGEST or len(folder) > _LONGEST:
        return _missing(request)
    named = slug.strip("/")
    bare = named.removesuffix(".json")
    kind = _KINDS.get(folder.lower())
    if not named:
        return _without_slash(request, folder.lower())
    if kind is None:
        return _missing(request, named)
    words = addresses.words(kind, bare) if folder in _KINDS and named == slug else None
    if words is None:
        return _elsewhere(request, kind, bare, named[len(bare) :])
    if bare != named:
        return answer(request, _twin(words))
    return answer(request, _page_html(words, f"{folder}/{slug}", base_of(request)))


@lru_cache(maxsize=2048)
def _page_html(words: str, address: str, base: str) -> Body:
    return body(links.relocated(render.page_html(render.shown(words), address), base), HTML)


@lru_cache(maxsize=256)
def _twin(words: str) -> Body:
    return body(json.dumps(as_json.page(render.shown(words)), ensure_ascii=False), JSON)


def _without_slash(request: Request, name: str) -> Response:
    """Where an address that ends with a slash leads to."""
    if name.removesuffix(".json") in (*lists.LISTS, *front.FRONT, "search"):
        return moved(request, name)
    return _missing(request, name)


def _elsewhere(request: Request, kind: Kind, name: str, ending: str = "") -> Response:
    """Where a keyword, name or other spelling of a tag leads to."""
    try:
        address = render.address_of(lookup.show(f"{kind}:{name}"))
    except (UnknownName, AmbiguousName):
        return _missing(request, name)
    return moved(request, address + ending)


def _show(request: Request) -> Response:
    """What `tagwise show` would open; with `.json` its twin."""
    name = request.path_params["name"].strip("/")
    bare = name.removesuffix(".json")
    try:
        address = render.address_of(lookup.show(bare))
    except AmbiguousName as error:
        return _ambiguous(request, error, in_json=bare != name)
    except UnknownName as error:
        return _missing(request, split(bare)[1], error.hint)
    return moved(request, address + name[len(bare) :], 307)


def _ambiguous(request: Request, error: AmbiguousName, *, in_json: bool) -> Response:
    if in_json:
        document = {"error": str(error), "hint": "Choose one by its exact words", "choices": error.choices}
        return answer(request, body(json.dumps(document, ensure_ascii=False), JSON), 300)
    choices = [(render.address_of(lookup.show(words)), words, called) for words, called in error.choices.items()]
    return answer(request, _html(request, render.document("ambiguous.html", name=error.name, choices=choices)), 300)


def _search(request: Request) -> Response:
    query, kinds = _query(request), _kinds(request)
    hits = _hits(query, openapi.MOST_HITS, kinds or ()) if kinds is not None else []
    return answer(request, _html(request, render.document("search.html", query=query, hits=hits)))


def _search_json(request: Request) -> Response:
    asked, kinds = request.query_params.get("limit", "20"), _kinds(request)
    if not re.fullmatch(r"[0-9]{1,4}", asked) or not 0 < int(asked) <= openapi.MOST_HITS:
        return _refused(request, f"limit is a number from 1 to {openapi.MOST_HITS}")
    if kinds is None:
        return _refused(request, "there is no such kind", f"The kinds are {', '.join(KINDS)}")
    query = _query(request)
    document = {"kind": "hits", "query": query, "hits": _hits(query, int(asked), kinds)}
    return answer(request, body(json.dumps(document, ensure_ascii=False), JSON))


def _query(request: Request) -> str:
    query: str = request.query_params.get("q", "")
    return _printable(query[:_LONGEST]).strip()


def _printable(text: str) -> str:
    """A text of a request without what neither HTML nor JSON can carry."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text)


def _kinds(request: Request) -> tuple[Kind, ...] | None:
    """The kinds that a search is narrowed to; None where one of them does not exist."""
    wanted = [one for one in request.query_params.getlist("kind") if one]
    found = tuple(kind for kind in KINDS if kind in wanted)
    return found if len(found) == len(set(wanted)) else None


def _hits(query: str, limit: int, kinds: tuple[Kind, ...] = ()) -> list[dict[str, str | bool]]:
    return [_hit(hit) for hit in searching.search(query, limit=limit, kinds=kinds)] if query else []


def _hit(hit: Hit) -> dict[str, str | bool]:
    """A hit of a search with the address of its page."""
    address = addresses.attribute(hit.label) if hit.kind == "attribute" else addresses.page(hit.kind, hit.label)
    return {**hit._asdict(), "address": address}


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in static.files():
        return _missing(request)
    named = request.query_params.get("v") == static.fingerprint(name)
    return answer(request, _asset(name), caching=answers.FOREVER if named else answers.PAGE)


def _favicon(request: Request) -> Response:
    """Where browsers look that show JSON, which has no place for a link to the icon."""
    return moved(request, "static/icon.svg")


@lru_cache(maxsize=32)
def _asset(name: str) -> Body:
    return body(static.files()[name], static.TYPES[name.rpartition(".")[2]])


def _html(request: Request, document: str) -> Body:
    return body(links.relocated(document, base_of(request)), HTML)


def _missing(request: Request, name: str = "", hint: str = "") -> Response:
    """404 with what is close to the name that was asked for."""
    query = _printable(name[:_SHOWN]).removesuffix(".json").replace("-", " ").replace("/", " ").strip()
    hits = _hits(query, _SUGGESTED)
    if request.scope["path"].endswith(".json"):
        asked = _printable(path_of(request)[:_SHOWN])
        document = {"error": f"there is no page /{asked}", "hint": hint, "near": hits}
        return answer(request, body(json.dumps(document, ensure_ascii=False), JSON), 404)
    return answer(request, _html(request, render.document("missing.html", name=query, hits=hits)), 404)


def _refused(request: Request, error: str, hint: str = "") -> Response:
    return answer(request, body(json.dumps({"error": error, "hint": hint}, ensure_ascii=False), JSON), 400)


async def _not_found(request: Request, _error: Exception) -> Response:
    return _missing(request)


async def _not_allowed(request: Request, _error: Exception) -> Response:
    return _plain(request, "This site can only be read: use GET or HEAD.", 405, Allow="GET, HEAD")


async def _broken(request: Request, _error: Exception) -> Response:
    return _plain(request, "Something went wrong here, and was logged. Please report it.", 500)


def _plain(request: Request, says: str, status: int, **headers: str) -> Response:
    """An answer that needs no template: what failed may be a template."""
    if request.scope["path"].endswith(".json"):
        return answer(request, body(json.dumps({"error": says}), JSON), status, **headers)
    return answer(request, body(f"{says}\n", "text/plain; charset=utf-8"), status, **headers)
