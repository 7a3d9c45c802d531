"""An alert by e-mail: SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS from the start, and AUTH (RFC 4954)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

from tagwise.errors import AlertNotDelivered

if TYPE_CHECKING:
    from tagwise.alerting.message import Message
    from tagwise.control.alerts import Receiver

_SECONDS = 20


def send(receiver: Receiver, told: Message) -> str:
    """Send the text; what is returned says which recipients were refused, "" where none was.

    Raises:
        AlertNotDelivered: No recipient gets it.
        BadControl: The password cannot be had.
    """
    values = receiver.values
    host, security = values.get("host", "localhost"), values.get("security", "starttls")
    port = values.get("port", 465 if security == "tls" else 25 if security == "none" else 587)
    password = receiver.secret("password")
    where = f"alert {receiver.name}: mail server {host}:{port}"
    try:
        context = ssl.create_default_context(cafile=values.get("ca_file"))
        if security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, "tagwise", timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, "tagwise", timeout=_SECONDS)
        with server:
            if security == "starttls":
                server.starttls(context=context)
            if values.get("user"):
                server.login(values["user"], password or "")
            refused = server.send_message(_letter(receiver, told))
    except smtplib.SMTPRecipientsRefused as error:
        raise AlertNotDelivered(f"{where} refuses every recipient") from error
    except smtplib.SMTPNotSupportedError as error:
        hint = "STARTTLS or a sign-in was asked for, and the server offers none: see security and user."
        raise AlertNotDelivered(f"{where} does not support what is asked of it", hint=hint) from error
    except smtplib.SMTPResponseException as error:
        raise AlertNotDelivered(f"{where} answers {error.smtp_code}") from error
    except ssl.SSLCertVerificationError as error:
        hint = "Name the certificate of its authority in ca_file."
        raise AlertNotDelivered(f"{where}: certificate not trusted: {error.verify_message}", hint=hint) from error
    except (OSError, smtplib.SMTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise AlertNotDelivered(f"{where} cannot be reached: {why}") from error
    return f"refused by the mail server: {', '.join(sorted(refused))}" if refused else ""


def _letter(receiver: Receiver, told: Message) -> EmailMessage:
    letter = EmailMessage()
    sender = receiver.values.get("from", "tagwise@localhost")
    letter["Subject"] = told.subject
    letter["From"] = sender
    letter["To"] = ", ".join(receiver.values["to"])
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = make_msgid("tagwise", domain=sender.rpartition("@")[2].strip("<> ") or "localhost")
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note should answer
    letter.set_content(told.text())
    return letter
