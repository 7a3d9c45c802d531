"""What HTML reports share: one style, one script, and templates that load nothing and run no code but their own."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tagwise.findings import WORST_FIRST, severities_in_words
from tagwise.printable import encodable, printable
from tagwise.quantities import quantity


@cache
def environment(package: str) -> Environment:
    """Templates of a package and those of this one, which escape every value and fail on a name that does not exist."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(__package__ or "")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters["quantity"] = quantity
    made.filters["number"] = lambda number: f"{number:,}"
    made.filters["severities"] = severities_in_words
    made.globals |= {"style": _asset("report.css"), "script": _asset("report.js"), "policy": _policy()}
    made.globals["severities"] = WORST_FIRST
    return made


def anchor(kind: str, *texts: str) -> str:
    """An id from hostile text, the same in every report."""
    digest = hashlib.sha256("\0".join(encodable(text) for text in texts).encode()).hexdigest()
    return f"{kind}-{digest[:12]}"


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
    style, script = (_hash(_asset(name)) for name in ("report.css", "report.js"))
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    """The hash of inline code as a policy names it (CSP3 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
