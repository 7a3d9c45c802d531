"""An alert for a log server: RFC 5424 over UDP (RFC 5426), TCP (RFC 6587, octet counting) or a local socket."""

from __future__ import annotations

import errno
import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tagwise.errors import AlertNotDelivered
from tagwise.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.alerting.message import Message
    from tagwise.control.alerts import Receiver

_SECONDS = 10
_PORT = 514
_LONGEST = 2048
"""Bytes of a message that every receiver should take (RFC 5424 6.1)."""

_DAEMON = 3
_LEVELS = {Severity.HIGH: 3, Severity.MEDIUM: 4, Severity.LOW: 5}
"""Error, warning, notice (RFC 5424 6.2.1)."""


def send(receiver: Receiver, told: Message) -> str:
    """Send one message for the run, and one for each check. Over UDP nobody knows whether they arrive.

    Raises:
        AlertNotDelivered: Nobody listens there, as far as that can be told.
    """
    address = receiver.values["address"]
    try:
        _transmit(address, [message.encode() for message in messages(told)])
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise AlertNotDelivered(f"alert {receiver.name}: {address} cannot be reached: {why}") from error
    return ""


def messages(told: Message) -> Iterator[str]:
    """The messages in ASCII, so that none needs a byte order mark (RFC 5424 6.4)."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    host = "".join(one for one in socket.gethostname() if "!" <= one <= "~")[:255] or "-"
    worst = max((line.severity for line in told.lines), key=lambda one: one.rank, default=Severity.LOW)

    def formed(level: int, kind: str, text: str) -> str:
        plain = text.encode("ascii", "backslashreplace").decode()
        return f"<{_DAEMON * 8 + level}>1 {now} {host} tagwise {os.getpid()} {kind} - {plain}"[:_LONGEST]

    yield formed(_LEVELS[worst] if told.is_complete else 3, "audit", told.subject)
    for line in told.lines:
        devices = "; ".join(f"{number} on {label}" for label, number in line.devices)
        more = f"; {line.others} other devices" if line.others else ""
        text = f"{line.severity} {line.new} new {line.check}: {line.title}. {devices}{more} [{line.page}]"
        yield formed(_LEVELS[line.severity], "new", text)
    for check in told.crashed:
        yield formed(3, "crashed", f"check {check} crashed, the audit is not complete")


def _transmit(address: str, packets: list[bytes]) -> None:
    if address.startswith("unix:"):
        _local("/" + address.removeprefix("unix:").lstrip("/"), packets)
        return
    parts = urlsplit(address)
    where = (parts.hostname or "localhost", parts.port or _PORT)
    if parts.scheme == "tcp":
        with socket.create_connection(where, timeout=_SECONDS) as stream:
            stream.sendall(b"".join(b"%d %s" % (len(packet), packet) for packet in packets))
        return
    family, kind, protocol, _, target = socket.getaddrinfo(*where, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as datagrams:
        datagrams.connect(target)
        for packet in packets:
            datagrams.send(packet)


def _local(path: str, packets: list[bytes]) -> None:
    """Datagrams, as most systems have; a stream where the socket is one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(_SECONDS)
        try:
            datagrams.connect(path)
        except OSError as error:
            if error.errno == errno.EPROTOTYPE:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
                    stream.settimeout(_SECONDS)
                    stream.connect(path)
                    stream.sendall(b"".join(packet + b"\n" for packet in packets))
                return
            raise
        for packet in packets:
            datagrams.send(packet)
