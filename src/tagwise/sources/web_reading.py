"""GET over HTTP from servers that stall, break off, limit rates or answer something else.

An answer is read as a stream, within a bound of time and one of size, and given whole or not at all: what breaks off is
asked for again, so nothing is counted twice.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import io
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from tagwise.errors import BadSetting, SourceError, SourceRefused, SourceUnreachable
from tagwise.sources.json_stream import JsonDamaged
from tagwise.sources.web_login import TOKEN, Address, Login, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from typing_extensions import Buffer

T = TypeVar("T")

JSON_TYPES = ("application/dicom+json", "application/json")
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_AGAIN = (408, 500, 502, 504)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how much: what ends a request however a server behaves. Times are seconds."""

    connect: float = 15.0
    """For a connection, its certificate included."""

    silence: float = 60.0
    """Between two pieces of an answer."""

    answer: float = 900.0
    """For one answer from its first piece to its last."""

    size: int = 2_000_000_000
    """Bytes of one answer, after decompression."""

    attempts: int = 4
    """Of one request, where the connection breaks off or the server fails."""

    wait: float = 300.0
    """In all between the attempts of one request, Retry-After included."""

    pause: float = 1.0
    """Before the second attempt; it is doubled before each further one."""


class NotGiven(Exception):
    """One resource is not given, others may be: the reason in words for a row. Never leaves this package."""


class _Again(Exception):
    """An attempt failed; another may succeed."""

    def __init__(self, failed: SourceError | NotGiven, wait: float | None = None) -> None:
        super().__init__(str(failed))
        self.failed, self.wait = failed, wait


class Client:
    """Asks one server. One client may be used by several threads; each has a connection of its own."""

    def __init__(self, base: Address, *, login: Login, trust: ssl.SSLContext | None, bounds: Bounds) -> None:
        self._base, self._login, self._trust, self._bounds = base, login, trust, bounds
        self._stopped = threading.Event()
        self._local = threading.local()
        self._open: set[_Timed] = set()

    def get(self, path: str, query: Sequence[tuple[str, str]], take: Callable[[Iterable[bytes]], T]) -> T:
        """What `take` makes of an answer; it may be called again from the beginning, after an attempt that failed.

        Raises:
            NotGiven: This resource is not given.
            SourceError: Nothing is given: nobody answers, credentials are refused, the server has too much to do.
        """
        waited, pause = 0.0, self._bounds.pause
        for attempt in range(1, self._bounds.attempts + 1):
            try:
                return self._followed(path, query, take)
            except _Again as again:
                wait = pause if again.wait is None else again.wait
                self._drop()
                if attempt == self._bounds.attempts or waited + wait > self._bounds.wait or self._stopped.is_set():
                    raise again.failed from again
            waited, pause = waited + wait, 2 * pause
            self._stopped.wait(wait)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def stop(self) -> None:
        """Let no request be tried again, and none go on; those that wait for the server wait no longer."""
        self._stopped.set()
        for timed in list(self._open):
            timed.wake()

    def close(self) -> None:
        """Close every connection; call it when no thread asks any more."""
        self.stop()
        for timed in list(self._open):
            timed.close()

    def _followed(self, path: str, query: Sequence[tuple[str, str]], take: Callable[[Iterable[bytes]], T]) -> T:
        """Follow redirections, as long as they stay on the server."""
        target = self._base.path + path + ("?" + urlencode(query, safe=",", quote_via=quote) if query else "")
        for _ in range(5):
            found = self._asked(target, take)
            if not isinstance(found, _Moved):
                return found
            target = self._same_server(found.location, target)
        raise SourceRefused(f"{self._base.shown()} redirects in a circle")

    def _same_server(self, location: str, target: str) -> str:
        scheme, host, port = self._base.origin
        netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        url = urljoin(f"{scheme}://{netloc}{target}", location)
        try:
            there = address(url)
        except BadSetting:
            there = None
        if there is None or there.origin != self._base.origin:
            where = f"{there.scheme}://{there.host}:{there.port}" if there else "an address that is none"
            raise SourceRefused(
                f"{self._base.shown()} redirects to {where}, which is not followed",
                hint="Another server would get the credentials of this one. If it is right, name it as SOURCE;"
                " if it is a page to log in, a token is missing: docs/sources-web.md.",
            )
        parts = urlsplit(url)
        return parts.path + ("?" + parts.query if parts.query else "")

    def _asked(self, target: str, take: Callable[[Iterable[bytes]], T]) -> T | _Moved:
        where = self._base.shown()
        try:
            response = self._sent(target)
            if response.status == 200 or response.status in (204, 206):
                found = take(self._content(response))
                response.read()  # nothing: a connection is only used again after the end of an answer
                return found
            return self._declined(response)
        except JsonDamaged as error:
            raise _Again(NotGiven(f"the answer is damaged: {error}")) from error
        except ssl.SSLCertVerificationError as error:
            raise SourceUnreachable(
                f"{where}: its certificate is not trusted: {error.verify_message}",
                hint="If an authority of your own signed it, name its certificate in SSL_CERT_FILE.",
            ) from error
        except TimeoutError as error:
            raise _Again(SourceUnreachable(f"{where} does not answer in time", hint=_hint(self._bounds))) from error
        except (http.client.HTTPException, ssl.SSLError, OSError) as error:
            self._drop()
            raise _Again(SourceUnreachable(f"{where}: {_words(error)}")) from error

    def _declined(self, response: http.client.HTTPResponse) -> _Moved:
        """Say why there is no answer."""
        where, status = (
            self._base.shown(),
            f"{response.status} {http.client.responses.get(response.status, '')}".strip(),
        )
        if response.status in _REDIRECTS and (location := response.getheader("Location")):
            self._drop()
            return _Moved(location)
        self._drop()  # the body of an error is not read: it can be endless, and may quote patient values
        if response.status in (401, 403, 407):
            told = "it was sent what is configured" if self._login.headers else "nothing was sent to log in"
            raise SourceRefused(
                f"{where} answers {status}; {told}",
                hint=f"A token goes into {TOKEN}, user and password into ~/.netrc: docs/sources-web.md.",
            )
        if response.status in _BUSY:
            after = _retry_after(response.getheader("Retry-After"))
            wants = f", and wants {after:.0f} s of rest" if after else ""
            raise _Again(
                SourceRefused(f"{where} answers {status}{wants}", hint="Ask again when it has less to do."), after
            )
        missing = NotGiven(f"the server answers {status}")
        raise _Again(missing) if response.status in _AGAIN else missing

    def _sent(self, target: str) -> http.client.HTTPResponse:
        connection, fresh = self._connection()
        while True:
            try:
                if connection.sock is None:
                    connection.connect()
                    # http.client needs of a socket what _Timed has.
                    made: Any = connection.sock
                    connection.sock = _Timed(made, self._bounds, self._open)
                used: Any = connection.sock
                used.begin(self._stopped)
                connection.putrequest("GET", target, skip_accept_encoding=True)
                fields = {"Accept": ", ".join(JSON_TYPES), "Accept-Encoding": "gzip", "User-Agent": "tagwise"}
                for name, value in {**fields, **self._login.headers}.items():
                    connection.putheader(name, value)
                connection.endheaders()
                return connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                # A kept connection that the server has closed meanwhile is no failure of the request.
                self._drop()
                if fresh:
                    raise
                connection, fresh = self._connection()

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is not None:
            return kept, False
        made = self._new_connection()
        self._local.connection = made
        return made, True

    def _new_connection(self) -> http.client.HTTPConnection:
        scheme, host, port = self._base.origin
        proxy = None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)
        near = urlsplit(proxy if proxy and "://" in proxy else f"http://{proxy}") if proxy else None
        at = (near.hostname or "", near.port or 8080) if near else (host, port)
        if self._trust is None:
            made = http.client.HTTPConnection(*at, timeout=self._bounds.connect)
        else:
            made = http.client.HTTPSConnection(*at, timeout=self._bounds.connect, context=self._trust)
        if near:
            made.set_tunnel(host, port)
        return made

    def _drop(self) -> None:
        """Close the connection of this thread."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            connection.close()

    def _content(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        """The pieces of an answer, decompressed."""
        form = (response.getheader("Content-Type") or "").partition(";")[0].strip().casefold()
        if response.status != 204 and form not in JSON_TYPES:
            self._drop()
            raise NotGiven(f"the answer is {form or 'of no type'}, not {JSON_TYPES[0]}")
        packed = (response.getheader("Content-Encoding") or "identity").casefold()
        if packed not in ("gzip", "identity"):
            self._drop()
            raise NotGiven(f"the answer is compressed with {packed}, which nobody asked for")
        total = 0
        for piece in _unpacked(_pieces(response)) if packed == "gzip" else _pieces(response):
            total += len(piece)
            if total > self._bounds.size:
                self._drop()
                raise NotGiven(f"the answer is larger than {self._bounds.size:,} bytes")
            yield piece


@dataclass(frozen=True, slots=True)
class _Moved:
    location: str


class _Timed:
    """A socket whose reads end: after a silence, and after the time for one answer, however slowly it drips."""

    def __init__(self, sock: socket.socket, bounds: Bounds, among: set[_Timed]) -> None:
        self._sock, self._bounds, self._among = sock, bounds, among
        among.add(self)
        self._end, self._stopped = 0.0, threading.Event()

    def begin(self, stopped: threading.Event) -> None:
        self._end, self._stopped = time.monotonic() + self._bounds.answer, stopped

    def sendall(self, data: bytes) -> None:
        self._limit()
        self._sock.sendall(data)

    def recv_into(self, buffer: memoryview) -> int:
        self._limit()
        return self._sock.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - http.client reads bytes
        return io.BufferedReader(_Raw(self), 1 << 16)

    def close(self) -> None:
        self._among.discard(self)
        self._sock.close()

    def wake(self) -> None:
        """End what another thread waits for; only that thread closes."""
        with contextlib.suppress(OSError):
            # Of a TLS socket only the connection below it: its own shutdown takes apart what the other thread uses.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def _limit(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0 or self._stopped.is_set():
            raise TimeoutError
        self._sock.settimeout(min(left, self._bounds.silence))


class _Raw(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        return self._timed.recv_into(memoryview(buffer))


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(1 << 16):
        yield piece
    if response.length:  # http.client takes an early end for the end
        raise http.client.IncompleteRead(b"", response.length)


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress in steps of bounded size: a few bytes can stand for gigabytes."""
    unpack = zlib.decompressobj(31)
    try:
        for piece in pieces:
            held = piece
            while held and not unpack.eof:
                yield unpack.decompress(held, 1 << 18)
                held = unpack.unconsumed_tail
    except zlib.error as error:
        raise JsonDamaged("it is not gzip, as it says") from error
    if not unpack.eof:
        raise JsonDamaged("it ends in the middle")


def _retry_after(field: str | None) -> float | None:
    """Seconds that a server asks to wait, as a number or as a date (RFC 9110 10.2.3); None where it says nothing."""
    if not field:
        return None
    if field.strip().isdecimal():
        return float(field.strip()[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(field).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _hint(bounds: Bounds) -> str:
    return (
        f"It has {bounds.connect:g} s for a connection, {bounds.silence:g} s between two pieces of an answer,"
        f" and {bounds.answer:g} s for one answer."
    )


def _words(error: Exception) -> str:
    """What happened to a connection, in words."""
    if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError | BrokenPipeError):
        return "the server closed the connection before it answered"
    if isinstance(error, http.client.IncompleteRead):
        return "the server closed the connection in the middle of an answer"
    if isinstance(error, http.client.HTTPException):
        return "the answer is not HTTP"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    strerror = getattr(error, "strerror", None)
    return str(strerror or error) or type(error).__name__
