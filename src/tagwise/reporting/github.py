"""Annotations of GitHub Actions: one line of output for each finding.

The form is that of https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (2026-11-20):
a message escapes `%`, CR and LF; a property `:` and `,` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.findings import Severity
from tagwise.printable import printable

if TYPE_CHECKING:
    from tagwise.findings import Finding

_COMMANDS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "notice"}


def annotation(finding: Finding, artifact: str = "") -> str:
    """One finding as a workflow command.

    Args:
        artifact: The file that was looked at, "" where the finding is about no file.
    """
    path = finding.subject.get("file_path", artifact)
    place = finding.place
    attribute = f"{place.attribute}: " if place and place.attribute else ""
    subject = ", ".join(f"{name} {value}" for name, value in finding.subject.items() if name != "file_path")
    named = f" ({subject})" if subject and place is None else ""
    properties = {"file": path, "title": f"{finding.check}: {finding.title}"}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    message = _message(f"{attribute}{finding.message}{named}. {finding.page}")
    return f"::{_COMMANDS[finding.severity]} {told}::{message}"


def _message(text: str) -> str:
    """Hidden characters, line ends too, are spelled out first, so that nothing can begin a command of its own."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
