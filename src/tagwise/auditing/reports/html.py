"""The audit report as one HTML file that loads nothing and runs no code but its own, whatever the objects say."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.atomic import write_text
from tagwise.auditing.reports.html_view import MOST_OBJECTS, view
from tagwise.auditing.reports.summary import day_first_seen, seconds_in_words, total_findings, verdict
from tagwise.checks import markdown
from tagwise.reporting.html_page import environment

if TYPE_CHECKING:
    import os

    from jinja2 import Environment

    from tagwise.auditing.result import AuditResult


def render(result: AuditResult) -> str:
    """Return the report as one HTML document; it works without its script, which adds filters and copy buttons."""
    return (
        _environment()
        .get_template("audit.html")
        .render(
            result=result,
            view=view(result),
            aside=tuple(result.aside.sentences()),
            total=total_findings(result),
            verdict=markdown.to_html(verdict(result)),
            unreadable=result.unreadable[:MOST_OBJECTS],
            unreadable_total=max(result.counts.unreadable, len(result.unreadable)),
        )
    )


def write(result: AuditResult, path: str | os.PathLike[str]) -> None:
    """Write the report whole or not at all, readable by its owner only.

    Raises:
        ReportNotWritten: The file cannot be written; what was there before is untouched.
    """
    write_text(path, render(result))


@cache
def _environment() -> Environment:
    """The templates of audits."""
    made = environment(__package__ or "")
    made.filters["duration"] = seconds_in_words
    made.filters["first_seen"] = day_first_seen
    return made
