"""What tests of web pages share: a server on loopback, an exported site, and a browser that watches every request."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
import uvicorn
from tests.chromium import CHROMIUM, launched

from tagwise.web import exporting, links
from tagwise.web.answers import POLICY
from tagwise.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Scheme = Literal["light", "dark"]
    Open = Callable[..., Page]

EVERY_KIND = (
    "attributes/0020-000e",
    "attributes/0008-0005",
    "attributes/0018-0061",
    "modules/general-series",
    "iods/ct-image",
    "sop-classes/1.2.840.10008.5.1.4.1.1.2",
    "transfer-syntaxes/1.2.840.10008.1.2.4.50",
    "uids/1.2.840.10008.1.4.1.1",
    "vrs/pn",
    "private/gems-iden-01",
    "checks/identity/series-uid-reused",
)
"""A page of every kind, the fullest and the emptiest attribute among them."""

OVERVIEWS = exporting.overviews()
"""Lists, front page, search and what else is not about a single thing."""


def sample(step: int = 20) -> list[str]:
    """Every so many-th page, and one of every kind."""
    return list(dict.fromkeys([*EVERY_KIND, *exporting.pages()[::step]]))


class Place(NamedTuple):
    """Where pages are read: what comes before an address, and whether files are named."""

    root: str
    files: bool

    def url(self, address: str) -> str:
        """The URL of an address, with its query and fragment."""
        if not self.files:
            return self.root + address
        target = links.among(exporting.files(twins=True))(address)
        assert target is not None, address
        return self.root + target


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported site with a part of its pages."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TAGWISE_STANDARD_TEXT", "off")  # as in every test
        writer = exporting.Writer(folder, twins=True)
        exporting.write_beside_pages(writer, "")
        for address in sample():
            writer.document(exporting.page(address))
    return folder


@pytest.fixture(scope="session")
def on_server() -> Iterator[Place]:
    """The real server, on loopback."""
    server = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    yield Place(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/", files=False)
    server.should_exit = True
    thread.join(10)


class _Strict(SimpleHTTPRequestHandler):
    """A plain file server with the policy that docs/site.md names."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[Place]:
    """A folder on a web server that knows nothing of tagwise, below a path."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Strict, directory=folder.parent)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Place(f"http://127.0.0.1:{server.server_port}/{folder.name}/", files=True)
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="session")
def on_file_server(site: Path) -> Iterator[Place]:
    """The exported site on a web server."""
    with served(site) as place:
        yield place


@pytest.fixture(scope="session")
def on_disk(site: Path) -> Place:
    """The exported site without any server."""
    return Place(f"{site.as_uri()}/", files=True)


SLOW = pytest.mark.slow


@pytest.fixture(params=["on_server", "on_disk", pytest.param("on_file_server", marks=SLOW)])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of the three places in turn."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["on_server", pytest.param("on_disk", marks=SLOW), pytest.param("on_file_server", marks=SLOW)])
def anywhere(request: pytest.FixtureRequest) -> Place:
    """The server; in the slow tests the other places, too: for what should not depend on the place."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Playwright runs an event loop in this thread: it must be gone before other modules start their own."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with launched() as chromium:
        yield chromium


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open pages in a fresh context; afterwards no page may have complained or asked another host for anything."""
    context = None
    said: list[str] = []
    asked: list[str] = []
    roots: list[str] = []

    def visit_page(
        place: Place,
        address: str = "attributes/0020-000e",
        *,
        width: int = 1280,
        scheme: Scheme = "light",
        script: bool = True,
    ) -> Page:
        nonlocal context
        if context is None:
            context = browser.new_context(java_script_enabled=script, color_scheme=scheme)
            context.set_default_timeout(10_000)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        roots.append(place.root)
        page.goto(place.url(address))
        return page

    yield visit_page
    if context:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(tuple(roots))] == []
