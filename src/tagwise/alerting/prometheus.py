"""The state after an audit as a file for node_exporter's textfile collector.

Text format: https://prometheus.io/docs/instrumenting/exposition_formats/ (2026-11-23).
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from tagwise.atomic import neighbour
from tagwise.errors import AlertNotDelivered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.alerting.message import Message
    from tagwise.control.alerts import Receiver

_NAMED = {"\\": r"\\", '"': r"\"", "\n": r"\n"}


def send(receiver: Receiver, told: Message) -> str:
    """Replace the file whole or not at all. Everybody may read it: the collector is another user, and it holds counts.

    Raises:
        AlertNotDelivered: It cannot be written; the file that was there is untouched.
    """
    path = receiver.values["file"]
    if not path.endswith(".prom"):
        raise AlertNotDelivered(f"alert {receiver.name}: {path!r} does not end in .prom, so nobody collects it")
    try:
        with neighbour(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(exposition(told))
            os.fchmod(file.fileno(), 0o644)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can have this path"
        raise AlertNotDelivered(f"alert {receiver.name}: {path!r} cannot be written: {why}") from error
    return ""


def exposition(told: Message) -> str:
    """All metrics as text."""
    archive = {"archive": told.archive}
    by_check = [
        ({**archive, "check": check, "severity": severity}, number)
        for (check, severity), number in sorted(told.findings.items())
    ]
    new = [
        ({**one, "check": check, "severity": severity}, told.new_by_check.get((check, severity), 0))
        for one in (archive,)
        for check, severity in sorted(told.findings)
    ]
    plain = {
        "tagwise_audit_start_timestamp_seconds": ("When the last audit began.", told.started.timestamp()),
        "tagwise_audit_end_timestamp_seconds": ("When this file was written.", time.time()),
        "tagwise_audit_duration_seconds": ("How long the last audit took.", told.seconds),
        "tagwise_audit_complete": ("1 where every check ran on a finished scan.", int(told.is_complete)),
        "tagwise_audit_crashed_checks": ("Checks that gave no answer.", len(told.crashed)),
        "tagwise_instances": ("Readable objects.", told.instances),
        "tagwise_series": ("Series.", told.series),
        "tagwise_unreadable_objects": ("Objects that could not be read.", told.unreadable),
        "tagwise_findings_gone": ("Findings of the audit before that were not met again.", told.gone),
    }
    lines = [line for name, (says, value) in plain.items() for line in _metric(name, says, [(archive, value)])]
    lines += _metric("tagwise_findings", "Findings that are neither waived nor gone.", by_check)
    lines += _metric("tagwise_findings_new", "Findings that the audit before did not have.", new)
    return "\n".join(lines) + "\n"


def _metric(name: str, says: str, values: Iterable[tuple[dict[str, str], float]]) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items() if text)
        yield f"{name}{f'{{{named}}}' if named else ''} {value}"


def _escaped(text: str) -> str:
    return "".join(_NAMED.get(character, character) for character in text)
