"""A small DICOMweb server on loopback that can be told to do everything wrong."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

DataSet = dict[str, dict[str, Any]]
_ALWAYS = {"00080018", "0020000D", "0020000E", "00080060", "00100020", "00201206", "00201208", "00201209"}


def element(vr: str, *values: object) -> dict[str, Any]:
    """An element of the DICOM JSON model."""
    return {"vr": vr, "Value": list(values)} if values else {"vr": vr}


def instance(study: int = 1, series: int = 1, number: int = 1, **further: dict[str, Any]) -> DataSet:
    """The metadata of a CT image; keyword arguments are tags after a letter, as `t00080060`."""
    return {
        "00080008": element("CS", "ORIGINAL", "PRIMARY", "AXIAL"),
        "00080016": element("UI", "1.2.840.10008.5.1.4.1.1.2"),
        "00080018": element("UI", f"1.2.3.{study}.{series}.{number}"),
        "00080050": element("SH", f"A{study}"),
        "00080060": element("CS", "CT"),
        "00080070": element("LO", "ACME"),
        "00100010": element("PN", {"Alphabetic": "Doe^Jane"}),
        "00100020": element("LO", f"P{study}"),
        "00200011": element("IS", series),
        "00200013": element("IS", number),
        "0020000D": element("UI", f"1.2.3.{study}"),
        "0020000E": element("UI", f"1.2.3.{study}.{series}"),
        "00280030": element("DS", 0.5, 0.5),
        "7FE00010": {"vr": "OW", "BulkDataURI": "http://127.0.0.1/never-asked-for"},
        **{key[1:]: value for key, value in further.items()},
    }


def uid(one: DataSet, tag: str) -> str:
    return str(one[tag]["Value"][0])


@dataclass
class WebServer:
    """Serves `instances` while its `with` lasts.

    Args:
        cap: Matches that an answer has at most, however many are asked for.
        pages: Whether `offset` is heeded.
        fields: Whether `includefield` is heeded.
        before: Is asked first; True says that it has answered in its own way.
        trust: Makes it speak TLS.
    """

    instances: list[DataSet] = field(default_factory=lambda: [instance()])
    cap: int = 1000
    pages: bool = True
    fields: bool = True
    before: Callable[[BaseHTTPRequestHandler, str], bool] = lambda _handler, _path: False
    trust: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if self.trust:
            self._server.socket = self.trust.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        scheme = "https" if self.trust else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/dicom-web"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name that http.server calls
                outside.asked.append(self.path)
                outside.headers.append(dict(self.headers))
                path = urlsplit(self.path).path.removeprefix("/dicom-web")
                try:
                    if not outside.before(self, path):
                        answer(self, outside.found(path, parse_qsl(urlsplit(self.path).query)))
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def found(self, path: str, query: list[tuple[str, str]]) -> list[DataSet] | None:
        """The matches of a search, or metadata; None where nothing is."""
        parts = path.strip("/").split("/")
        tags = ("0020000D", "0020000E", "00080018")
        within = [
            one
            for one in self.instances
            if all(uid(one, tag) == part for tag, part in zip(tags, parts[1::2], strict=False))
        ]
        if parts[-1] == "metadata":
            return within or None
        if parts[0] != "studies" or len(parts) % 2 == 0:
            return None
        level = {"studies": 0, "series": 1, "instances": 2}[parts[-1]]
        matches = list({tuple(uid(one, tag) for tag in tags[: level + 1]): one for one in reversed(within)}.values())
        wanted = {tag for key, value in query if key == "includefield" for tag in value.split(",")}
        shown = [self._match(one, level, wanted if self.fields else set()) for one in reversed(matches)]
        settings = dict(query)
        start = int(settings.get("offset", "0")) if self.pages else 0
        return shown[start : start + min(self.cap, int(settings.get("limit", "1000")))]

    def _match(self, one: DataSet, level: int, wanted: set[str]) -> DataSet:
        same = [other for other in self.instances if uid(other, "0020000D") == uid(one, "0020000D")]
        series = [other for other in same if uid(other, "0020000E") == uid(one, "0020000E")]
        counted = {
            "00201206": element("IS", len({uid(other, "0020000E") for other in same})),
            "00201208": element("IS", len(same)),
            "00201209": element("IS", len(series)),
        }
        return {
            tag: value
            for tag, value in {**one, **counted}.items()
            if tag in _ALWAYS | wanted and not (level < 2 and tag == "00080018")
        }


def answer(
    handler: BaseHTTPRequestHandler,
    matches: list[DataSet] | None,
    *,
    status: int = 200,
    form: str = "application/dicom+json",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> None:
    """Send an answer with its length."""
    content = body if body is not None else json.dumps(matches).encode() if matches is not None else b"{}"
    handler.send_response(status if matches is not None or body is not None else 404)
    handler.send_header("Content-Type", form)
    handler.send_header("Content-Length", str(len(content)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)
