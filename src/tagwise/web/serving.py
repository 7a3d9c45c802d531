"""Serving the pages from this process: an address of our own, limits for clients that are slow or mean, a quick end."""

from __future__ import annotations

import contextlib
import errno
import gc
import ipaddress
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tagwise.errors import AddressNotUsable
from tagwise.web.app import create_app, warm_up

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator

DEFAULT_PORT = 8440
_LARGEST_HEAD = 16 * 1024  # bytes of request line and headers; a browser sends one or two thousand
_MOST_CONNECTIONS = 256
_KEPT_ALIVE = 5  # seconds that an idle connection stays open
_PATIENCE = 20.0  # seconds in which a request has to arrive, or an answer to be taken
_FAREWELL = 2  # seconds for answers under way when the server ends


class Bound(NamedTuple):
    """A socket that listens, and how a browser on this machine reaches it."""

    socket: socket.socket
    url: str
    loopback: bool


def bind(host: str, port: int) -> Bound:
    """Take an address before anything else is done, so that what is wrong with it is said at once.

    Args:
        host: A name or number of this machine; `0.0.0.0` and `::` are all its addresses.
        port: 0 takes one that is free.

    Raises:
        AddressNotUsable: The port is taken or reserved, or the host is not this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise AddressNotUsable(
            f"{host[:200]!r} is no host that this machine can find", hint="--host 127.0.0.1 is this machine alone"
        ) from error
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_MOST_CONNECTIONS)
    except OSError as error:
        made.close()
        raise _refused(host, port, error) from error
    taken: str = made.getsockname()[0]
    ip = ipaddress.ip_address(taken.partition("%")[0])
    reached = (
        ("[::1]" if ip.version == 6 else "127.0.0.1")
        if ip.is_unspecified
        else f"[{taken}]"
        if ip.version == 6
        else taken
    )
    return Bound(made, f"http://{reached}:{made.getsockname()[1]}", ip.is_loopback)


def _refused(host: str, port: int, error: OSError) -> AddressNotUsable:
    if error.errno == errno.EADDRINUSE:
        return AddressNotUsable(
            f"another program listens on port {port} of {host}",
            hint="--port 0 takes a free one; --port N takes another",
        )
    if error.errno == errno.EACCES:
        return AddressNotUsable(
            f"this user may not listen on port {port}",
            hint=f"Ports from 1024 on are for everybody: --port {DEFAULT_PORT}",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return AddressNotUsable(
            f"{host} is no address of this machine", hint="--host 0.0.0.0 listens on all addresses it has"
        )
    return AddressNotUsable(f"cannot listen on port {port} of {host}: {error.strerror}")


class _Patient(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to patience: a client that sends or reads too slowly is cut off.

    uvicorn alone waits for ever for the rest of a head, and for a client that does not read its answer.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(_PATIENCE, self._give_up)

    def _give_up(self) -> None:
        self.transport.abort()


class _Server(uvicorn.Server):
    """A server whose signals are ours: it ends without raising them again, so that the exit status is 0."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], Any]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, and say so: from now on a signal ends the server well."""
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End at Ctrl-C, SIGTERM and SIGHUP, at the second one without waiting for anybody; put handlers back."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        before = {number: signal.getsignal(number) for number in numbers}
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, _number: int, _frame: object) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def serve(bound: Bound, *, root_path: str = "", ready: Callable[[], Any] = lambda: None) -> None:
    """Answer requests until a signal comes.

    Args:
        root_path: As for `create_app`.
        ready: Called when the first page will be fast.

    Raises:
        BadSetting: The root path is none.
    """
    config = uvicorn.Config(
        create_app(root_path),
        http=_Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # what matters is said by the application itself
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=_FAREWELL,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
    )
    with bound.socket:
        warm_up(root_path)
        gc.freeze()  # the tables stay: without them the garbage collector is done in a millisecond
        try:
            _Server(config, ready).run(sockets=[bound.socket])
        finally:
            gc.unfreeze()  # else extensions that are loaded speak of leaks at the end
