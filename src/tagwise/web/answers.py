"""Answers over HTTP: what a client may keep, what it has already, and what a browser may do with a page."""

from __future__ import annotations

import gzip
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

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
"""What every answer has, whatever its status."""

HTML = "text/html; charset=utf-8"
JSON = "application/json"

PAGE = "public, max-age=600"
"""For pages and JSON: they change with the version of tagwise, and an entity tag saves the body after ten minutes."""
FOREVER = "public, max-age=31536000, immutable"
"""For a file whose address names its content."""
NEVER = "no-store"
"""For errors: what is missing today may be there tomorrow."""

_WORTH_PACKING = 1000  # bytes; below, the packed form and its header are no shorter
_LEVEL = 6
_REFUSED = re.compile(r";\s*q\s*=\s*0(\.0*)?\s*$")


class Body(NamedTuple):
    """What an answer holds, ready to be sent many times: packed where that is shorter."""

    media_type: str
    tag: str
    content: bytes
    packed: bool


def body(text: str | bytes, media_type: str) -> Body:
    """A body with its entity tag; the same content has the same tag in every process."""
    content = text.encode() if isinstance(text, str) else text
    tag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    packed = len(content) >= _WORTH_PACKING
    return Body(media_type, tag, gzip.compress(content, _LEVEL, mtime=0) if packed else content, packed)


def answer(request: Request, found: Body, status: int = 200, caching: str = PAGE, **headers: str) -> Response:
    """An answer with this body; 304 without one where the client has it already, and only its headers for HEAD."""
    more = {**HEADERS, "Cache-Control": caching if status == 200 else NEVER, "Vary": "Accept-Encoding", **headers}
    if status == 200:
        more["ETag"] = found.tag
        if _has(request.headers.get("if-none-match", ""), found.tag):
            return Response(status_code=304, headers=more)
    content = found.content
    if found.packed and _takes_gzip(request.headers.get("accept-encoding", "")):
        more["Content-Encoding"] = "gzip"
    elif found.packed:
        content = gzip.decompress(content)
    if request.method == "HEAD":
        more["Content-Length"] = str(len(content))
        content = b""
    return Response(content, status, more, found.media_type)


def moved(request: Request, address: str, status: int = 308) -> Response:
    """The way to an address of this site, without a leading slash; the links of `answer` start at the same base."""
    headers = {**HEADERS, "Cache-Control": PAGE, "Location": base_of(request) + quote(address)}
    return Response(status_code=status, headers=headers)


def base_of(request: Request) -> str:
    """Where this site starts: `/`, or the path that a proxy or an application around it gives it, such as `/dicom/`.

    Only path characters are taken over: a path may come out of a request.
    """
    path = quote(request.scope.get("root_path", "").strip("/"))
    return f"/{path}/" if path else "/"


def path_of(request: Request) -> str:
    """The path of a request below the start of this site, without a leading slash."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", "")).lstrip("/")


def _has(known: str, tag: str) -> bool:
    """Whether the entity tags that a client knows hold this one (RFC 9110 13.1.2: weak comparison)."""
    bare = tag.removeprefix("W/")
    return any(one.strip() in ("*", bare, tag) for one in known.split(","))


def _takes_gzip(accepted: str) -> bool:
    """Whether a client wants bodies packed (RFC 9110 12.5.3)."""
    for one in accepted.lower().split(","):
        if one.partition(";")[0].strip() in ("gzip", "x-gzip"):
            return not _REFUSED.search(one)
    return False
