"""With what a server is asked: certificates, tokens and passwords from where other programs have them too.

Nothing here is ever printed: no token, no password, no header of a file.
"""

from __future__ import annotations

import base64
import ipaddress
import netrc
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tagwise.errors import BadSetting
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "TAGWISE_TOKEN"  # noqa: S105 - the name of a variable, not a token
HEADERS = "TAGWISE_HEADERS"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service is: what a SOURCE names, taken apart.

    `query` are attributes that select studies, as `StudyDate=20260101-20260131`, and what the server wants besides.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be equal for credentials to be sent."""
        return self.scheme, self.host, self.port

    def shown(self) -> str:
        """The address without what may be secret: values of the query that are no attributes."""
        query = [(key, value if is_attribute(key) else "...") for key, value in self.query]
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        netloc = host if self.port == usual else f"{host}:{self.port}"
        return urlunsplit((self.scheme, netloc, self.path, urlencode(query), ""))


def address(url: str) -> Address:
    """The parts of an address.

    Raises:
        BadSetting: It is no address, or has a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting(f"this is no address of a server: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or any(ord(sign) < 33 for sign in url):
        raise BadSetting("an address is written https://HOST/PATH, as https://pacs.example.org/dicom-web")
    if parts.username is not None:
        raise BadSetting(
            "an address with a password in it is not taken: others would see it in lists of processes and in reports",
            hint=f"Name user and password in ~/.netrc, or a token in {TOKEN}.",
        )
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    usual = 443 if parts.scheme == "https" else 80
    return Address(parts.scheme, parts.hostname, port or usual, parts.path.rstrip("/"), query)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number; no name is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


@dataclass(frozen=True, slots=True)
class Login:
    """Header fields that go with every request. They are left out of its text."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def login(host: str) -> Login:
    """What the surroundings have for a host: a file of header fields, a token, or user and password in netrc.

    Raises:
        BadSetting: A file cannot be read, or is not as it should be.
    """
    headers: dict[str, str] = {}
    if given := os.environ.get(HEADERS):
        headers.update(_header_file(Path(given)))
    if "authorization" in (name.casefold() for name in headers):
        return Login(headers)
    if token := os.environ.get(TOKEN, "").strip():
        if not (token.isascii() and token.isprintable()):
            raise BadSetting(f"{TOKEN} holds what no token has: a line break, or letters outside ASCII")
        headers["Authorization"] = f"Bearer {token}"
    elif found := _from_netrc(host):
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(found).encode()).decode()
    return Login(headers)


def trust() -> ssl.SSLContext:
    """Certificates that are trusted: those of the system, or those that SSL_CERT_FILE or SSL_CERT_DIR names.

    Raises:
        BadSetting: SSL_CERT_FILE cannot be read, or holds no certificate.
    """
    own = os.environ.get("SSL_CERT_FILE")
    try:
        return ssl.create_default_context(cafile=own or None)
    except (OSError, ssl.SSLError) as error:
        raise BadSetting(
            f"SSL_CERT_FILE names {own!r}, which cannot be used: {error.strerror or error}",
            hint="It must be a PEM file with the certificate of the authority that signed the server's.",
        ) from error


def _header_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadSetting(f"{HEADERS} names {str(path)!r}, which cannot be read") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not (
            colon and name.isascii() and name.replace("-", "").isalnum() and value.isascii() and value.isprintable()
        ):
            raise BadSetting(f"{str(path)!r}, line {number}: a header field is written NAME: VALUE")
        found[name] = value.strip()
    return found


def _from_netrc(host: str) -> tuple[str, str] | None:
    """User and password for a host."""
    given = os.environ.get("NETRC")
    path = Path(given) if given else Path.home() / ".netrc"
    if not given and not path.is_file():
        return None
    try:
        found = netrc.netrc(path).authenticators(host)
    except netrc.NetrcParseError as error:
        # Its text may quote what stands there: only the line is said.
        raise BadSetting(f"{str(path)!r}, line {error.lineno}: this is not as a netrc file should be") from None
    except (OSError, ValueError) as error:
        raise BadSetting(f"{str(path)!r} cannot be read") from error
    return (found[0], found[2] or "") if found else None


def is_attribute(key: str) -> bool:
    """Whether a key of a query is an attribute, by its keyword or its tag: `StudyDate`, `00080020`."""
    return key in dictionary.by_keyword() or (len(key) == 8 and key.isalnum())
