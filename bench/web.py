"""Time of pages and searches on the server, beside a bare Starlette application under the same uvicorn, in one run.

Requests go over loopback on one connection that is kept. "first" is the first visit: the page is looked up, rendered
and packed; "again" is what every later visitor gets. The last table is the work alone, without HTTP.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

_HELLO = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
def hello(request):
    return PlainTextResponse("hello")
from tagwise.web.serving import bind
taken = bind("127.0.0.1", 0)
print(taken.url, flush=True)
uvicorn.Server(uvicorn.Config(Starlette(routes=[Route("/", hello)]), http="h11", log_level="critical",
    access_log=False)).run(sockets=[taken.socket])
"""
_TAGWISE = "from tagwise.cli import main; main(['serve', '--port', '0'])"
_WORDS = ("series uid", "pat nam", "0020,00", "1.2.840.10008.1.2.4", "jpeg lossless", "sequence", "Modaltiy", "s")
_HEAVY = ("0008-0100", "0008-0102", "0008-0104", "0008-1155", "0020-000e")


class Server:
    """A program that prints its address, and one connection to it."""

    def __init__(self, code: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        if self._process.stdout is None:
            raise SystemExit("the server has no output")
        words = self._process.stdout.readline().split()
        url = next(word for word in words if word.startswith("http://"))
        self._asked = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=60)
        self.milliseconds("/")

    def milliseconds(self, path: str) -> float:
        """The time of one request, until the last byte is here."""
        start = time.perf_counter()
        self._asked.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = self._asked.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} is answered with {answer.status}")
        return (time.perf_counter() - start) * 1000

    def end(self) -> None:
        """End the program."""
        self._asked.close()
        self._process.terminate()
        self._process.wait()


def report(name: str, times: Iterable[float]) -> None:
    """One line: median, 99 of 100, worst."""
    found = sorted(times)
    print(f"{name:44} {statistics.median(found):7.2f} {found[int(0.99 * (len(found) - 1))]:7.2f} {found[-1]:7.2f}")


def measure_requests(slugs: list[str]) -> None:
    """Requests to both servers in turn."""
    tagwise, hello = Server(_TAGWISE), Server(_HELLO)
    bare, first, again, twins, searches = [], [], [], [], []
    for slug in slugs:
        bare.append(hello.milliseconds("/"))
        first.append(tagwise.milliseconds(f"/attributes/{slug}"))
        again.append(tagwise.milliseconds(f"/attributes/{slug}"))
        twins.append(tagwise.milliseconds(f"/attributes/{slug}.json"))
    words = [quote(_WORDS[number % len(_WORDS)]) for number in range(len(slugs))]
    searches.extend(tagwise.milliseconds(f"/search.json?limit=12&q={one}") for one in words)
    print(f"{f'requests, {len(slugs)} attributes (ms)':44}  median     99%   worst")
    report("bare Starlette, hello", bare)
    report("attribute page, first", first)
    report("attribute page, again", again)
    report("attribute page as JSON, first", twins)
    report("search while typing", searches)
    for path in ("/attributes", "/cloud?scope=all", "/limits"):
        report(f"{path}, first", [tagwise.milliseconds(path)])
        report(f"{path}, again", [tagwise.milliseconds(path) for _ in range(20)])
    tagwise.end()
    hello.end()


def measure_work(slugs: list[str]) -> None:
    """Looking up and rendering in this process: processor time, which other programs do not lengthen."""
    from tagwise.pages import lookup
    from tagwise.web import addresses, app, render
    from tagwise.web.answers import HTML, body

    app.warm_up()
    found, rendered, packed = [], [], []
    for slug in slugs:
        start = time.process_time()
        page = lookup.show(addresses.words("attribute", slug) or slug)
        looked = time.process_time()
        document = render.page_html(page, f"attributes/{slug}")
        made = time.process_time()
        body(document, HTML)
        found.append((looked - start) * 1000)
        rendered.append((made - looked) * 1000)
        packed.append((time.process_time() - made) * 1000)
    print(f"\n{'processor time of the work alone (ms)':44}  median     99%   worst")
    report("look up", found)
    report("render", rendered)
    report("entity tag and gzip", packed)


def main() -> None:
    """Measure attributes at random, and those that have the largest pages."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=500)
    from tagwise.web import addresses

    every = [slug for kind, slug in addresses.everything() if kind == "attribute"]
    slugs = [*_HEAVY, *random.Random(1).sample(every, options.parse_args().pages)]
    measure_requests(slugs)
    measure_work(slugs)


if __name__ == "__main__":
    main()
