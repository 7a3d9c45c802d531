"""Who hears of new findings: receivers from `[alerts]` of tagwise.toml and from `--alert` (docs/nightly.md)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tagwise.control.reading import nearest_words
from tagwise.errors import BadControl
from tagwise.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.control.reading import Table

_URL = {"url": str, "url_env": str, "url_file": str, "ca_file": str, "tries": int}
KINDS: Mapping[str, Mapping[str, type]] = {
    "email": {
        "host": str,
        "port": int,
        "security": str,
        "user": str,
        "password_env": str,
        "password_file": str,
        "from": str,
        "to": list,
        "ca_file": str,
    },
    "webhook": {**_URL, "secret_env": str, "secret_file": str, "always": bool},
    "slack": _URL,
    "prometheus": {"file": str},
    "syslog": {"address": str},
}
"""The keys of each kind of receiver besides `kind` and `severity`, and their types."""

_MAIN = {"email": "to", "webhook": "url", "slack": "url", "prometheus": "file", "syslog": "address"}
"""The key that `--alert KIND=VALUE` sets."""

_SECRETS = ("password", "secret", "token")
_LONGEST_SECRET = 4096


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver. `severity` is the least that it hears of; None means what makes the run fail."""

    name: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None

    @property
    def hears_always(self) -> bool:
        """Whether it is told that a run took place even where nothing is new."""
        return self.kind == "prometheus" or bool(self.values.get("always"))

    def secret(self, key: str) -> str | None:
        """What the environment or a file holds for the key; None where neither is named.

        Raises:
            BadControl: The variable is not set, or the file cannot be read. What it holds is never told.
        """
        variable, file = self.values.get(f"{key}_env"), self.values.get(f"{key}_file")
        if variable is not None:
            value = os.environ.get(variable, "").strip()
            if not value:
                raise BadControl(f"alert {self.name}: the environment variable {variable} is not set")
            return value
        if file is None:
            return None
        try:
            with Path(file).open(encoding="utf-8") as opened:
                value = opened.read(_LONGEST_SECRET + 1).strip()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise BadControl(f"alert {self.name}: {file!r} cannot be read: {why}") from error
        if not value or len(value) > _LONGEST_SECRET:
            raise BadControl(f"alert {self.name}: {file!r} holds no {key} of 1 to {_LONGEST_SECRET} characters")
        return value

    def url(self) -> str:
        """The address of a receiver that is called by HTTP.

        Raises:
            BadControl: There is none, or it is not http or https.
        """
        address = self.values.get("url") or self.secret("url") or ""
        try:
            parts = urlsplit(address)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or any(character <= " " for character in address):
            raise BadControl(f"alert {self.name}: its address is no http or https URL")
        return str(address)


@dataclass(frozen=True, slots=True)
class Alerts:
    """All receivers, and what messages say: what the archive is called, and where the pages of checks are."""

    receivers: tuple[Receiver, ...] = ()
    archive: str = ""
    pages: str = ""
    required: bool = False

    def with_options(self, options: Iterable[str]) -> Alerts:
        """These, and those of `--alert KIND=VALUE`; a table of the same name gives what the option does not say.

        Raises:
            BadControl: An option names no kind, or has no value.
        """
        receivers = {one.name: one for one in self.receivers}
        for option in options:
            kind, _, value = option.partition("=")
            if kind not in KINDS or not value.strip():
                hint = f"Write --alert KIND=VALUE. {nearest_words(kind, KINDS)}"
                raise BadControl(f"--alert {kind!r} names no receiver and its value", hint=hint)
            key, given = _MAIN[kind], value.strip()
            found = receivers.get(kind) or Receiver(kind, kind)
            values: dict[str, Any] = {one: has for one, has in found.values.items() if not one.startswith(key)}
            if key == "url" and given.startswith("env:"):
                values["url_env"] = given.removeprefix("env:")
            else:
                values[key] = [one.strip() for one in given.split(",") if one.strip()] if key == "to" else given
            receivers[kind] = replace(found, values=values)
        made = replace(self, receivers=tuple(receivers.values()))
        for one in made.receivers:
            problem = _problem(one)
            if problem:
                raise BadControl(f"alert {one.name}: {problem}")
        return made


def read(table: Table) -> Alerts:
    """The table `[alerts]`: `archive`, `pages`, `required`, and one table for each receiver.

    Raises:
        BadControl: It says what does not exist, or holds a secret.
    """
    receivers, required = [], False
    for name in table:
        if name in ("archive", "pages"):
            table.text(name)
        elif name == "required":
            required = bool(_typed(table, name, bool))
        else:
            receivers.append(_receiver(name, table.table(name)))
    return Alerts(tuple(receivers), table.text("archive") or "", table.text("pages") or "", required)


def _receiver(name: str, table: Table) -> Receiver:
    kind = table.text("kind") or name
    if kind not in KINDS:
        raise table.wrong("", f"{kind!r} is no kind of receiver", f"{nearest_words(kind, KINDS)} Name it in kind = …")
    keys = KINDS[kind]
    for key in _SECRETS:
        if key in table:
            hint = f'Write {key}_env = "NAME" or {key}_file = "PATH".'
            raise table.wrong(key, "secrets do not stand in this file", hint)
    table.only(("kind", "severity", *keys))
    severity = table.text("severity")
    if severity is not None and severity not in tuple(Severity):
        raise table.wrong("severity", f"{severity!r} is no severity", f"It is one of {', '.join(Severity)}.")
    values = {key: _typed(table, key, keys[key]) for key in keys if key in table}
    made = Receiver(name, kind, values, Severity(severity) if severity else None)
    problem = _problem(made, partly=True)
    if problem:
        raise table.wrong("", problem)
    return made


def _typed(table: Table, key: str, kind: type) -> Any:
    if kind is str:
        return table.text(key)
    value: Any = table.value(key)
    if kind is list:
        return [value] if isinstance(value, str) else table.texts(key)
    is_right = type(value) is kind if kind is bool else type(value) is int and 0 < value < 65536
    if not is_right:
        wanted = "true or false" if kind is bool else "a number from 1 to 65535"
        raise table.wrong(key, f"{value!r} is not {wanted}")
    return value


def _problem(receiver: Receiver, *, partly: bool = False) -> str:
    """Why the receiver cannot work, "" where it can; `partly` where an option may still say the rest."""
    values, key = receiver.values, _MAIN[receiver.kind]
    if not partly and not any(values.get(name) for name in (key, f"{key}_env", f"{key}_file")):
        return f"it needs {key}"
    if receiver.kind == "email":
        return _email_problem(values)
    address = str(values.get("address", "udp://x"))
    if receiver.kind == "syslog" and not address.startswith(("udp://", "tcp://", "unix:")):
        return "its address is udp://HOST:PORT, tcp://HOST:PORT or unix:PATH"
    return ""


def _email_problem(values: Mapping[str, Any]) -> str:
    security = values.get("security", "starttls")
    if security not in ("starttls", "tls", "none"):
        return f"security is {security!r}, but it is one of starttls, tls, none"
    if values.get("user") and not (values.get("password_env") or values.get("password_file")):
        return "a user needs password_env or password_file"
    if values.get("user") and security == "none":
        return "a password is not sent without TLS: set security to starttls or tls"
    texts = [values.get("from", ""), *values.get("to", ())]
    if any(character < " " for text in texts for character in text):
        return "an address holds a line break"
    return ""
