"""The audit report as one HTML file that loads nothing and runs no code but its own, whatever the objects say."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tagwise.atomic import write_text
from tagwise.auditing.reports.html_view import MOST_OBJECTS, view
from tagwise.auditing.reports.summary import (
    WORST_FIRST,
    quantity,
    seconds_in_words,
    severities_in_words,
    total_findings,
    verdict,
)
from tagwise.checks import markdown
from tagwise.printable import printable

if TYPE_CHECKING:
    import os

    from tagwise.auditing.result import AuditResult


def render(result: AuditResult) -> str:
    """Return the report as one HTML document; it works without its script, which adds filters and copy buttons."""
    return (
        _environment()
        .get_template("audit.html")
        .render(
            result=result,
            view=view(result),
            style=_asset("audit.css"),
            script=_asset("audit.js"),
            policy=_policy(),
            severities=WORST_FIRST,
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
    """Templates that escape every value and fail on a name that does not exist."""
    environment = Environment(
        loader=PackageLoader("tagwise.auditing.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["quantity"] = quantity
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["duration"] = seconds_in_words
    environment.filters["severities"] = severities_in_words
    return environment


def _finalize(value: object) -> object:
    """Spell out hidden characters of every text before it is escaped; Markup is ours and stays as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _asset(name: str) -> Markup:
    """The style or script, which stands in the page as it is because the policy names its hash."""
    return Markup(resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - a file of this package


@cache
def _policy() -> str:
    """The Content Security Policy: nothing may be loaded, and only this very style and script may run."""
    style, script = (_hash(_asset(name)) for name in ("audit.css", "audit.js"))
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    """The hash of inline code as a policy names it (CSP3 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
