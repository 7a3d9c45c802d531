"""Says to somebody that an audit found something new: how many findings of which check on which device, nothing else.

A receiver that cannot be reached hears of the same findings after the next audit: the history remembers who was told.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from tagwise.alerting.message import message
from tagwise.errors import AlertNotDelivered, TagwiseError

if TYPE_CHECKING:
    from tagwise.alerting.message import Message
    from tagwise.auditing.history import History
    from tagwise.auditing.result import AuditResult
    from tagwise.control.alerts import Alerts, Receiver
    from tagwise.findings import Severity

_MODULES = {"email": "mail", "webhook": "webhook", "slack": "webhook", "prometheus": "prometheus", "syslog": "syslog"}


class Delivery(NamedTuple):
    """What became of one alert: sent, or nothing to say, or why it was not delivered; `note` is worth knowing."""

    receiver: str
    sent: bool
    error: TagwiseError | None = None
    note: str = ""


def deliver(alerts: Alerts, result: AuditResult, history: History, *, threshold: Severity) -> tuple[Delivery, ...]:
    """Tell every receiver what it has not heard of yet. No receiver keeps another from being told.

    Args:
        threshold: The least severity, for receivers that name none.

    Raises:
        HistoryError: What was delivered cannot be written down.
    """
    return tuple(_deliver(one, alerts, result, history, one.severity or threshold) for one in alerts.receivers)


def _deliver(
    receiver: Receiver, alerts: Alerts, result: AuditResult, history: History, threshold: Severity
) -> Delivery:
    run = result.since.run if result.since else None
    if run is None:
        return Delivery(receiver.name, sent=False)
    told = message(alerts, result, history, receiver.name, threshold)
    if not told.says_something and not receiver.hears_always:
        _remember(history, run, receiver.name, delivered=True)
        return Delivery(receiver.name, sent=False)
    try:
        note = _send(receiver, told)
    except TagwiseError as error:
        _remember(history, run, receiver.name, delivered=False)
        return Delivery(receiver.name, sent=False, error=error)
    _remember(history, run, receiver.name, delivered=True)
    return Delivery(receiver.name, sent=True, note=note)


def _send(receiver: Receiver, told: Message) -> str:
    module = import_module(f"tagwise.alerting.{_MODULES[receiver.kind]}")
    try:
        return str(module.send(receiver, told) or "")
    except TagwiseError:
        raise
    except Exception as error:  # the audit's results must not be lost; its text may quote an address with a secret
        raise AlertNotDelivered(f"alert {receiver.name}: {type(error).__name__}") from error


def _remember(history: History, run: int, name: str, *, delivered: bool) -> None:
    with history.writing() as db:
        db.execute("UPDATE alerts SET delivered = ? WHERE run = ? AND name = ?", [delivered, run, name])
