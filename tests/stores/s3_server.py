"""A real S3 server on loopback, moto, in front of which requests are counted, delayed, refused or broken off."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

BUCKET = "archive"
CLOSE, BREAK_OFF = (0, "close"), (0, "break off")
_ACCOUNT = "123456789012"
_REASONS = {403: "Forbidden", 429: "Too Many Requests", 503: "Service Unavailable"}
_ROLE = "/latest/meta-data/iam/security-credentials/"
_MACHINE = {
    "/latest/api/token": "token",
    _ROLE: "tagwise",
    f"{_ROLE}tagwise": json.dumps(
        {"AccessKeyId": "MACHINE", "SecretAccessKey": "x", "Token": "y", "Expiration": "2999-01-01T00:00:00Z"}
    ),
}
"""What the metadata service of an instance answers (it is moto that does not have one)."""


@dataclass(frozen=True)
class Asked:
    """One request, and how many bytes its answer has."""

    method: str
    path: str
    query: str
    range: str
    size: int


class S3Server:
    """Use it as a context manager. `url` is its address, `asked` what was asked of it.

    `fault` gets method, path and query of each request before the store does. It returns None, or what to do instead: a
    status to answer with, and its code, CLOSE (no answer), or BREAK_OFF (half of one).
    `after` is called when a request has been answered. Instead of answers the server may give `garbage`;
    as `machine` it also is the metadata service of an instance.
    """

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.authorizations: list[str] = []
        self.machine = False
        self.fault: Callable[[str, str, str], tuple[int, str] | None] | None = None
        self.after: Callable[[str, str], None] | None = None
        self.delay = 0.0
        self.garbage = b""
        self._cleared = 0
        self._trust = trust
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from moto.s3.models import s3_backends
        from werkzeug.serving import make_server

        class Quiet(MotoRequestHandler):
            def log(self, *_: object) -> None:
                """Say nothing."""

        self._store = s3_backends[_ACCOUNT]["aws"]
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet, ssl_context=self._trust
        )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"{'https' if self._trust else 'http'}://127.0.0.1:{self._server.server_port}"
        self.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def clear(self) -> None:
        """An empty bucket and no faults; a request that was made before leaves no trace, whenever it is answered."""
        self._cleared += 1
        self._store.reset()
        self._store.create_bucket(BUCKET, "us-east-1")
        self.fault, self.after, self.delay, self.garbage = None, None, 0.0, b""
        self.machine = False
        self.asked.clear()
        self.authorizations.clear()

    def put(self, key: str, content: bytes) -> None:
        self._store.put_object(BUCKET, key, content)

    def put_folder(self, folder: Path) -> None:
        """Every file of a folder, its path below it as key."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(path.relative_to(folder).as_posix(), path.read_bytes())

    def delete(self, key: str) -> None:
        self._store.delete_object(BUCKET, key)

    def gets(self) -> list[Asked]:
        """Requests for contents of objects."""
        return [asked for asked in self.asked if asked.method == "GET" and "list-type" not in asked.query]

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        method, path, query = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]
        cleared = self._cleared
        time.sleep(self.delay)
        if self.machine and path.startswith("/latest"):
            answer = [_MACHINE.get(path, "tagwise").encode()]
            start("200 OK", [("Content-Length", str(len(answer[0])))])
            return answer
        self.authorizations.append(environ.get("HTTP_AUTHORIZATION", ""))
        fault = self.fault(method, path, query) if self.fault else None
        if fault and fault[0]:
            status, code = fault
            body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            start(f"{status} {_REASONS.get(status, 'Fault')}", [("Content-Length", str(len(body)))])
            answer = [body]
        elif self.garbage:
            start("200 OK", [("Content-Length", str(len(self.garbage)))])
            answer = [self.garbage]
        else:
            with self._guard:
                answer = [b"".join(self._app(environ, start))]
            if fault == BREAK_OFF:
                answer = [answer[0][: len(answer[0]) // 2]]
            elif fault == CLOSE:
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        size = len(answer[0]) if method == "GET" else 0
        if cleared != self._cleared:
            return answer
        self.asked.append(Asked(method, path, query, environ.get("HTTP_RANGE", ""), size))
        if self.after:
            self.after(method, path)
        return answer
