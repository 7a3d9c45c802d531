"""An alert by HTTP: JSON with a signature, or the JSON that Slack's incoming webhooks take.

Slack: https://api.slack.com/messaging/webhooks and https://api.slack.com/reference/surfaces/formatting (2026-11-23).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from tagwise import __version__
from tagwise.errors import AlertNotDelivered
from tagwise.findings import Severity

if TYPE_CHECKING:
    from tagwise.alerting.message import Message
    from tagwise.control.alerts import Receiver

_SECONDS = 10
_TRIES = 5
FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long."""

MOST_SECONDS = 60.0
"""After so many seconds nothing is tried again, whatever the receiver asks for."""

_PASSING = (408, 425, 429)
"""Answers besides 5xx after which the same request may succeed (RFC 9110 15.5.9, RFC 8470, RFC 6585)."""

_MOST_BLOCKS = 20
_COLOURS = {Severity.HIGH: ":red_circle:", Severity.MEDIUM: ":large_orange_circle:", Severity.LOW: ":white_circle:"}


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an error: the message would go where nobody has allowed it to go."""

    def redirect_request(self, *_: Any) -> None:
        return None


def send(receiver: Receiver, told: Message) -> str:
    """Post the message until it is taken, refused, or the time is over.

    Raises:
        AlertNotDelivered: It was not taken.
        BadControl: The address or the secret cannot be had.
    """
    document = slack(told) if receiver.kind == "slack" else told.to_dict()
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "User-Agent": f"tagwise/{__version__}"}
    if receiver.kind == "webhook":
        headers["X-Tagwise-Delivery"] = str(uuid.uuid4())
        key = receiver.secret("secret")
        if key is not None:
            headers["X-Tagwise-Timestamp"] = str(int(time.time()))
            headers["X-Tagwise-Signature"] = signature(key, headers["X-Tagwise-Timestamp"], body)
    request = Request(receiver.url(), body, headers, method="POST")  # noqa: S310 - Receiver.url() allows http and https
    _post(receiver, request)
    return ""


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) over the timestamp, a point and the body, so that neither can be sent again changed."""
    return "sha256=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _post(receiver: Receiver, request: Request) -> None:
    context = ssl.create_default_context(cafile=receiver.values.get("ca_file"))
    opener = build_opener(_NoRedirect, HTTPSHandler(context=context))
    where = f"alert {receiver.name}: {urlsplit(request.full_url).hostname}"  # the rest of the address may be a secret
    tries, end, pause = receiver.values.get("tries", _TRIES), time.monotonic() + MOST_SECONDS, FIRST_PAUSE
    for number in range(1, tries + 1):
        why, asked = _tried(opener, request, where)
        if not why:
            return
        wait = max(pause, asked)
        if number == tries or time.monotonic() + wait > end:
            break
        time.sleep(wait)
        pause *= 2
    raise AlertNotDelivered(f"{where} {why}; tried {number} times" if number > 1 else f"{where} {why}")


def _tried(opener: Any, request: Request, where: str) -> tuple[str, float]:
    """Why one try failed, "" where it did not, and how many seconds the receiver asks to wait.

    Raises:
        AlertNotDelivered: Another try would fail too.
    """
    try:
        with opener.open(request, timeout=_SECONDS):
            return "", 0.0
    except HTTPError as error:
        error.close()
        if error.code < 500 and error.code not in _PASSING:
            raise AlertNotDelivered(f"{where} refuses it with status {error.code}") from error
        return f"answers with status {error.code}", _seconds(error.headers.get("Retry-After"))
    except (URLError, OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            hint = "Name the certificate of its authority in ca_file."
            message = f"{where}: certificate not trusted: {reason.verify_message}"
            raise AlertNotDelivered(message, hint=hint) from error
        return f"cannot be reached: {getattr(reason, 'strerror', None) or type(reason).__name__}", 0.0


def _seconds(text: str | None) -> float:
    """What Retry-After asks for in seconds; a date there is not waited for."""
    return float(text) if text and text.strip().isascii() and text.strip().isdigit() else 0.0


def slack(told: Message) -> dict[str, Any]:
    """The message as blocks, and as text for notifications."""
    lines = [f"*{_escaped(told.subject)}*"]
    for line in told.lines[:_MOST_BLOCKS]:
        page = f"<{line.page}|{line.check}>" if line.page.startswith("http") else f"`{line.page}`"
        lines.append(f"{_COLOURS[line.severity]} {line.new:,} x {page}: {_escaped(line.title)}")
        lines += [f"    {number:,} on {_escaped(label)}" for label, number in line.devices]
        lines += [f"    and {line.others:,} more devices"] if line.others else []
    if len(told.lines) > _MOST_BLOCKS:
        lines.append(f"… and {len(told.lines) - _MOST_BLOCKS:,} more checks")
    lines += [f"Crashed, without an answer: {', '.join(told.crashed)}"] if told.crashed else []
    blocks, piece = [], ""
    for text in lines:  # a section takes 3,000 characters
        if len(piece) + len(text) > 2900:
            blocks.append(piece)
            piece = ""
        piece += f"{text}\n"
    sections = [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in (*blocks, piece)]
    return {"text": _escaped(told.subject), "blocks": sections}


def _escaped(text: str) -> str:
    """The three characters that Slack takes for its own, so that no device can mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
