"""The pages over HTTP, for one machine or one hospital network: read only, no outside request, nothing to configure."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tagwise.errors import AmbiguousName, UnknownName
from tagwise.pages import as_json, lookup, searching
from tagwise.web import addresses, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from tagwise.pages.naming import Kind
    from tagwise.pages.searching import Hit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load and do: its own style, script and searches, nothing else."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_CACHED = "public, max-age=600"
_LONGEST = 200
_MOST_HITS = 100
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_KINDS: Mapping[str, Kind] = {folder: kind for kind, folder in addresses.FOLDERS.items()}


def create_app() -> Starlette:
    """The application, for any ASGI server; `tagwise serve` runs it with uvicorn."""
    return Starlette(
        routes=[
            Route("/", _home),
            Route("/search", _search),
            Route("/search.json", _search_json),
            Route("/show/{name:path}", _show),
            Route("/static/{name}", _static),
            Route("/{folder}/{slug:path}", _page),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={404: _not_found},
    )


def _answer(request: Request, body: str | bytes, media_type: str, status: int = 200) -> Response:
    """A response with an entity tag: a browser that has it already gets 304 without a body."""
    content = body.encode() if isinstance(body, str) else body
    tag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {**HEADERS, "ETag": tag, "Cache-Control": _CACHED if status == 200 else "no-store"}
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, media_type)


def _html(request: Request, text: str, status: int = 200) -> Response:
    return _answer(request, text, "text/html; charset=utf-8", status)


def _json(request: Request, document: object, status: int = 200) -> Response:
    return _answer(request, json.dumps(document, ensure_ascii=False), "application/json", status)


def _home(request: Request) -> Response:
    return _html(request, render.document("home.html"))


def _page(request: Request) -> Response:
    """The page at an address, its JSON twin, or the way to the address that another spelling means."""
    folder, slug = request.path_params["folder"], request.path_params["slug"]
    kind = _KINDS.get(folder)
    bare = slug.removesuffix(".json")
    if kind is None or len(slug) > _LONGEST:
        return _missing(request, slug)
    words = addresses.words(kind, bare)
    if words is None:
        return _elsewhere(request, kind, bare, ".json" if bare != slug else "")
    if bare != slug:
        return _answer(request, _twin(words), "application/json")
    return _html(request, _document(words, f"{folder}/{slug}"))


@lru_cache(maxsize=256)
def _document(words: str, address: str) -> str:
    return render.page_html(lookup.show(words), address)


@lru_cache(maxsize=32)
def _twin(words: str) -> str:
    return json.dumps(as_json.page(lookup.show(words)), ensure_ascii=False)


def _elsewhere(request: Request, kind: Kind, name: str, ending: str = "") -> Response:
    """Where a keyword, name or other spelling of a tag leads to."""
    try:
        address = render.address_of(lookup.show(f"{kind}:{name}"))
    except (UnknownName, AmbiguousName):
        return _missing(request, name)
    return RedirectResponse(f"/{quote(address)}{ending}", 308, HEADERS)


def _show(request: Request) -> Response:
    """What `tagwise show` would open."""
    name = request.path_params["name"]
    try:
        address = render.address_of(lookup.show(name))
    except AmbiguousName as error:
        choices = [(render.address_of(lookup.show(words)), words, called) for words, called in error.choices.items()]
        return _html(request, render.document("ambiguous.html", name=name, choices=choices), 300)
    except UnknownName:
        return _missing(request, name)
    return RedirectResponse(f"/{quote(address)}", 307, HEADERS)


def _missing(request: Request, name: str = "") -> Response:
    query = name[:_LONGEST].replace("-", " ").strip()
    hits = [_hit(hit) for hit in searching.search(query, limit=8)] if query else []
    if request.url.path.endswith(".json"):
        return _json(request, {"error": f"there is no page {request.url.path[:_LONGEST]}", "near": hits}, 404)
    return _html(request, render.document("missing.html", name=query, hits=hits), 404)


async def _not_found(request: Request, _error: Exception) -> Response:
    return _missing(request)


def _hit(hit: Hit) -> dict[str, str | bool]:
    """A hit of a search with the address of its page."""
    address = addresses.attribute(hit.label) if hit.kind == "attribute" else addresses.page(hit.kind, hit.label)
    return {**hit._asdict(), "address": address}


def _search(request: Request) -> Response:
    query = request.query_params.get("q", "")[:_LONGEST].strip()
    hits = [_hit(hit) for hit in searching.search(query, limit=_MOST_HITS)] if query else []
    return _html(request, render.document("search.html", query=query, hits=hits))


def _search_json(request: Request) -> Response:
    query = request.query_params.get("q", "")[:_LONGEST].strip()
    asked = request.query_params.get("limit", "20")
    if not asked.isdecimal() or not 0 < int(asked[:6]) <= _MOST_HITS:
        return _json(request, {"error": f"limit is a number from 1 to {_MOST_HITS}"}, 400)
    hits = [_hit(hit) for hit in searching.search(query, limit=int(asked))] if query else []
    return _json(request, {"kind": "hits", "query": query, "hits": hits})


@cache
def _assets() -> Mapping[str, bytes]:
    """Every file of the folder `assets`, by name: nothing else can be asked for."""
    return {file.name: file.read_bytes() for file in resources.files("tagwise.web").joinpath("assets").iterdir()}


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _assets():
        return _missing(request)
    return _answer(request, _assets()[name], _TYPES[name.rpartition(".")[2]])
