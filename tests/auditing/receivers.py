"""Real receivers on loopback: a mail server, a web server, a log server. Each keeps what it was sent."""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key, made now."""
    made, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    how = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*how, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


class MailServer:
    """SMTP with STARTTLS and AUTH PLAIN and LOGIN, one connection at a time; `letters` are as they came."""

    def __init__(self, tls: tuple[Path, Path] | None = None, user: str = "", password: str = "") -> None:
        self.letters: list[str] = []
        self.was_encrypted = False
        self.was_signed_in = False
        self._tls, self._user, self._password = tls, user, password
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with suppress(OSError):
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with connection, connection.makefile("rwb") as stream:
            if not self._answers(stream, "220 test"):
                return
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            if self._tls:
                context.load_cert_chain(*self._tls)
            with context.wrap_socket(connection, server_side=True) as encrypted, encrypted.makefile("rwb") as inner:
                self.was_encrypted = True
                self._answers(inner, "")

    def _answers(self, stream: IO[bytes], hello: str) -> bool:
        """Talk until the client leaves; True where it wants TLS now."""
        _say(stream, *([hello] if hello else []))
        while line := stream.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                offers = ["STARTTLS"] if self._tls and not self.was_encrypted else []
                offers += ["AUTH PLAIN LOGIN"] if self._user and self.was_encrypted else []
                lines = ["test", *offers]
                _say(stream, *(f"250-{one}" for one in lines[:-1]), f"250 {lines[-1]}")
            elif word == "STARTTLS" and self._tls:
                _say(stream, "220 go on")
                return True
            elif word == "AUTH":
                given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
                self.was_signed_in = given == [self._user, self._password]
                _say(stream, "235 welcome" if self.was_signed_in else "535 no")
            elif word == "DATA":
                _say(stream, "354 go on")
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    letter += stream.readline()
                self.letters.append(letter.decode())
                _say(stream, "250 taken")
            else:
                _say(stream, self._simple(word, line))
                if word == "QUIT":
                    break
        return False

    def _simple(self, word: str, line: str) -> str:
        if word == "MAIL" and self._user and not self.was_signed_in:
            return "530 sign in first"
        if word == "RCPT" and "nobody@" in line:
            return "550 no such user"
        return "221 bye" if word == "QUIT" else "250 ok"


def _say(stream: IO[bytes], *lines: str) -> None:
    stream.write(b"".join(line.encode() + b"\r\n" for line in lines))
    stream.flush()


class WebServer:
    """Answers posts with the statuses it is given, then 200; `posts` are headers and bodies."""

    def __init__(self, *statuses: int) -> None:
        self.posts: list[tuple[dict[str, str], bytes]] = []
        answers, posts = list(statuses), self.posts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posts.append((dict(self.headers.items()), body))
                self.send_response(answers.pop(0) if answers else 200)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook/SECRET-PATH"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def log_server(kind: str, folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A log server: its address, and all bytes that came, a datagram or a whole connection at a time."""
    got: list[bytes] = []
    is_stream = kind in ("tcp", "unix-stream")
    family = socket.AF_UNIX if kind.startswith("unix") else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM if is_stream else socket.SOCK_DGRAM)
    server.bind(str(folder / "log") if family == socket.AF_UNIX else ("127.0.0.1", 0))
    server.settimeout(0.5)
    address = f"unix:{folder / 'log'}" if family == socket.AF_UNIX else f"{kind}://127.0.0.1:{server.getsockname()[1]}"
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                if is_stream:
                    connection, _ = server.accept()
                    with connection, connection.makefile("rb") as stream:
                        got.append(stream.read())
                else:
                    got.append(server.recv(1 << 16))
            except TimeoutError:
                continue

    if is_stream:
        server.listen()
    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield address, got
    finally:
        stop.set()
        thread.join(5)
        server.close()
