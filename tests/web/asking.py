"""Asking the application without a network: any path, also one that no client would send."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tagwise.web.app import create_app

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp


class Answer(NamedTuple):
    """What came back; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body, unpacked where it came packed."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.content) if packed else self.content).decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.text)


class Client:
    """Asks an application, request by request, in one event loop."""

    def __init__(self, app: ASGIApp | None = None) -> None:
        self.app = app or create_app()
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.__exit__(kind, error, trace)

    def get(
        self, path: str, query: str | bytes = "", *, method: str = "GET", root_path: str = "", **headers: str
    ) -> Answer:
        """The answer to one request. A keyword such as `if_none_match` is a header; `%xx` in a path stays as it is."""
        path, _, inside = path.partition("?") if not query else (path, "", "")
        raw = query or inside
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("utf-8", "surrogatepass"),
            "query_string": raw.encode() if isinstance(raw, str) else raw,
            "root_path": root_path,
            "headers": [
                (name.replace("_", "-").encode(), value.encode("latin-1"))
                for name, value in {"host": "tagwise.example", **headers}.items()
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        return self._runner.run(self._ask(scope))

    async def _ask(self, scope: dict[str, Any]) -> Answer:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, *bodies = sent
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], headers, b"".join(one.get("body", b"") for one in bodies))
