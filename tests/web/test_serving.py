"""`tagwise serve` as its users meet it: an address, an end, and clients that are slow or mean."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tagwise.errors import AddressNotUsable
from tagwise.web import serving

if TYPE_CHECKING:
    from collections.abc import Iterator


class Served(NamedTuple):
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    port: int

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float, str]:
        """Exit status, seconds it took, and what it wrote to standard error."""
        start = time.monotonic()
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, time.monotonic() - start, errors

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def get(self, path: str = "/") -> tuple[int, dict[str, str], str]:
        """Status, headers and text of a page."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as asked:
            asked.request("GET", path)
            found = asked.getresponse()
            return found.status, {name.lower(): value for name, value in found.getheaders()}, found.read().decode()


@contextmanager
def serving_with(*arguments: str, code: str = "") -> Iterator[Served]:
    run = f"{code}\nfrom tagwise.cli import main; main(['serve', '--port', '0', *{list(arguments)!r}])"
    process = subprocess.Popen(
        [sys.executable, "-c", run], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://[^ ]+:(\d+)[^ ]*/", line)
        assert found, line
        yield Served(process, found[0], int(found[1]))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving_with() as found:
        yield found


def _talk(served: Served, request: bytes) -> bytes:
    """The answer to a request, as far as it came: who sends more than is read may see the connection broken."""
    answered = b""
    with closing(served.connect()) as made, contextlib.suppress(ConnectionError):
        made.sendall(request)
        while part := made.recv(65536):
            answered += part
    return answered


def test_the_address_that_is_printed_answers(served: Served) -> None:
    status, headers, text = served.get()
    assert status == 200
    assert "tagwise" in text
    assert "server" not in headers
    assert headers["x-content-type-options"] == "nosniff"


def test_only_this_machine_is_let_in_unless_asked_otherwise(served: Served) -> None:
    assert served.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /attributes/%00%ff HTTP/1.1", b"404"),
        (b"GET /static/../app.py HTTP/1.1", b"404"),
        (b"GET /static/%2e%2e%2fapp.py HTTP/1.1", b"404"),
        (b"GET /modules/General%20Series HTTP/1.1", b"308"),
        (b"GET /%zz%e4 HTTP/1.1", b"404"),
        (b"GET //evil.example/%2e%2e HTTP/1.1", b"404"),
        (b"GET http://evil.example/vrs HTTP/1.1", b"404"),
        (b"BREW / HTTP/1.1", b"405"),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1", b"404"),
        (b"\x16\x03\x01 this is TLS", b"400"),
        (b"GET / HTTP/x", b"400"),
    ],
    ids=lambda value: ascii(value[:40]),
)
def test_raw_requests_get_a_plain_answer(served: Served, request_line: bytes, status: bytes) -> None:
    answered = _talk(served, request_line + b"\r\nHost: [\r\nConnection: close\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 " + status)
    assert b"Traceback" not in answered


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 100_000 + b"Y: 1",
    ],
    ids=["request line", "header", "headers"],
)
def test_a_head_that_is_too_large_is_refused_and_nobody_else_notices(served: Served, request_head: bytes) -> None:
    answered = _talk(served, request_head + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert not answered or answered.startswith(b"HTTP/1.1 400")
    assert served.get()[0] == 200


def test_a_large_body_is_refused_without_being_read(served: Served) -> None:
    with closing(served.connect()) as made:
        made.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert made.recv(65536).startswith(b"HTTP/1.1 405")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_at_once_and_well(number: int) -> None:
    with serving_with(code="from tagwise.web import serving; serving._PATIENCE = 600.0") as served:
        assert served.get()[0] == 200
        idle, unfinished = served.connect(), served.connect()
        with closing(idle), closing(unfinished):
            unfinished.sendall(b"GET / HTTP/1.1\r\nHost: x")
            code, seconds, errors = served.end(number)
    assert (code, errors) == (0, "")
    assert seconds < 20, "it waited for a client"


def test_slow_clients_are_cut_off() -> None:
    """Who sends half a head, or never reads the answer, does not keep a connection."""
    with serving_with(code="from tagwise.web import serving; serving._PATIENCE = 1.0") as served:
        half, deaf = served.connect(), served.connect()
        with closing(half), closing(deaf):
            half.sendall(b"GET / HTTP/1.1\r\nHo")
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.sendall(b"GET /attributes HTTP/1.1\r\nHost: x\r\n\r\n")
            start = time.monotonic()
            with pytest.raises(ConnectionError):
                _until_closed(half)
            assert time.monotonic() - start < 40
            time.sleep(max(0.0, 3 - (time.monotonic() - start)))
            with pytest.raises(ConnectionError):
                _until_closed(deaf)
        assert served.end()[0] == 0


def _until_closed(made: socket.socket) -> None:
    """Read on; a connection that was cut off ends in an error."""
    while made.recv(65536):
        pass
    raise ConnectionResetError


def test_many_connections_do_not_lock_out_the_next(served: Served) -> None:
    held = [served.connect() for _ in range(40)]
    try:
        assert served.get("/vrs")[0] == 200
    finally:
        for one in held:
            one.close()


def test_a_root_path_is_in_the_address_and_in_the_links() -> None:
    with serving_with("--root-path", "/tagwise") as served:
        assert served.url.endswith("/tagwise/")
        assert 'href="/tagwise/vrs"' in served.get()[2]


def test_other_machines_are_warned_of() -> None:
    with serving_with("--host", "0.0.0.0") as served:  # noqa: S104 - this is what the warning is about
        assert served.url.startswith("http://127.0.0.1:")
        assert "Other machines can reach it" in served.end()[2]


def _refusal(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "tagwise", "serve", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--host", "192.0.2.1"), "no address of this machine"),
        (("--host", "no such host"), "no host that this machine can find"),
        (("--host", "x" * 300), "no host that this machine can find"),
        (("--port", "70000"), "70000 is not in the range"),
        (("--root-path", "tagwise/", "--port", "0"), "no root path"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    code, errors = _refusal(*arguments)
    assert code == 2
    assert says in errors
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_one_sentence(served: Served) -> None:
    code, errors = _refusal("--port", str(served.port))
    assert code == 2
    assert f"another program listens on port {served.port}" in errors
    assert "--port 0" in errors


def test_a_port_that_is_reserved_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(serving.socket.socket, "bind", refuses)
    with pytest.raises(AddressNotUsable, match="may not listen on port 80") as caught:
        serving.bind("127.0.0.1", 80)
    assert "from 1024 on" in caught.value.hint


def test_a_machine_with_ipv6_is_reached_by_it() -> None:
    try:
        bound = serving.bind("::1", 0)
    except AddressNotUsable:
        pytest.skip("this machine has no IPv6")
    with bound.socket:
        assert bound.url.startswith("http://[::1]:")
        assert bound.loopback


def test_help_and_other_commands_load_no_server() -> None:
    code = (
        "import sys\nfrom tagwise.cli import main\n"
        "try: main(['serve', '--help'])\n"
        "except SystemExit: print([name for name in ('uvicorn', 'jinja2', 'starlette') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("[]\n")
