"""A scan of an object store that answers after a delay, beside a client that fetches whole objects.

Usage: python bench/object_store.py [--objects 2000] [--delay 10] [--size 512] [--folder bench/archive]

The store is a stand-in: a process of its own that answers listings of 1,000 keys and ranges, each after so many
milliseconds. Objects are those of the other benchmarks, filled up with pixel data to so many KiB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from archive import make

_DATE = "Mon, 02 Mar 2026 10:00:00 GMT"

SCAN = """
import sys
from tagwise.scanning.run import scan
from tagwise.settings import ScanSettings
scan("s3://archive", index=sys.argv[1], settings=ScanSettings(jobs=2, in_flight=int(sys.argv[2])))
"""


class Store:
    """Answers as S3 does where nothing goes wrong."""

    def __init__(self, folder: Path, delay: float, size: int) -> None:
        self._objects = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
        self._delay, self._size = delay, size

    async def serve(self) -> None:
        """Print the port, then answer until the process is killed."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                head = request.decode("latin-1").split("\r\n")
                wanted = [line.partition(":")[2].strip() for line in head if line.lower().startswith("range:")]
                target = urlsplit(head[0].split(" ")[1])
                await asyncio.sleep(self._delay)
                writer.write(
                    self._object(target.path, wanted) if target.path != "/archive" else self._page(target.query)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _page(self, query: str) -> bytes:
        start = int(parse_qs(query).get("continuation-token", ["0"])[0])
        end = min(start + 1000, len(self._objects))
        more = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < len(self._objects) else ""
        contents = "".join(
            f"<Contents><Key>{number:07}</Key><LastModified>2026-03-02T10:00:00.000Z</LastModified>"
            f"<ETag>&quot;{number}&quot;</ETag><Size>{self._size}</Size></Contents>"
            for number in range(start, end)
        )
        body = f"<ListBucketResult>{more}{contents}</ListBucketResult>".encode()
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def _object(self, path: str, wanted: list[str]) -> bytes:
        number = int(path.rpartition("/")[2])
        first, last = 0, self._size - 1
        if wanted:
            first, last = (int(text) for text in wanted[0].removeprefix("bytes=").split("-"))
            last = min(last, self._size - 1)
        body = self._objects[number][first : last + 1]
        head = (
            f"HTTP/1.1 {'206 Partial Content' if wanted else '200 OK'}\r\nContent-Length: {last + 1 - first}\r\n"
            f'Content-Range: bytes {first}-{last}/{self._size}\r\nLast-Modified: {_DATE}\r\nETag: "{number}"\r\n\r\n'
        )
        return head.encode() + body + bytes(last + 1 - first - len(body))


def _whole(objects: int, in_flight: int) -> None:
    """Every object from its first byte to its last, by the client that tagwise uses too."""
    import obstore
    from obstore.store import S3Store

    store = S3Store("archive", client_options={"allow_http": True})
    with ThreadPoolExecutor(in_flight) as threads:
        for size in threads.map(lambda number: len(obstore.get(store, f"{number:07}").bytes()), range(objects)):
            if not size:
                sys.exit("an object has no bytes")


def _measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time, of a command and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--objects", type=int, default=2000)
    parser.add_argument("--delay", type=float, default=10, help="milliseconds before each answer")
    parser.add_argument("--size", type=int, default=512, help="KiB of an object")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "archive")
    parser.add_argument("--only", choices=["serve", "whole"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder / str(options.objects)
    if options.only == "serve":
        asyncio.run(Store(folder, options.delay / 1000, options.size * 1024).serve())
    elif options.only == "whole":
        _whole(options.objects, 64)
    else:
        make(folder, options.objects)
        _compare(options.objects, sys.argv[1:])


def _compare(objects: int, arguments: list[str]) -> None:
    this = [sys.executable, __file__, *arguments]
    with subprocess.Popen([*this, "--only", "serve"], stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip() if server.stdout else ""
            names = {
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            }
            environment = {**os.environ, **names}
            print("                                    objects/s   processor ms per object")
            with tempfile.TemporaryDirectory() as scratch:
                for in_flight in (2, 16, 64, 256):
                    command = [sys.executable, "-c", SCAN, f"{scratch}/{in_flight}.duckdb", str(in_flight)]
                    _row(f"tagwise scan, {in_flight} in flight", objects, *_measured(command, environment))
                    if in_flight == 64:
                        again = _measured(command, environment)
                        _row("  the same again, nothing changed", objects, *again)
            _row("whole objects, 64 in flight", objects, *_measured([*this, "--only", "whole"], environment))
        finally:
            server.kill()


def _row(name: str, objects: int, seconds: float, worked: float) -> None:
    print(f"{name:35} {objects / seconds:>9,.0f} {1000 * worked / objects:>10.2f}", flush=True)


if __name__ == "__main__":
    main()
