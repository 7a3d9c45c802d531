"""Code and prose as HTML: coloured by class names only, so that the style sheet decides, in light and in dark."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from tagwise.checks.markdown import to_html
from tagwise.pages import catalogue

if TYPE_CHECKING:
    from collections.abc import Collection

    from pygments.lexer import Lexer

_NAME = re.compile(r"<code>([a-z0-9-]+/[a-z0-9-]+)</code>")

LANGUAGES = {"sql": "SQL", "javascript": "JavaScript", "python": "Python", "xml": "XML", "json": "JSON", "text": "text"}
"""What code can be written in, and what a button calls it."""

_BLOCK = Markup(
    '<figure class="code"><figcaption><span>{caption}</span>'
    '<button type="button" class="copy" data-copy="code" hidden>Copy<span class="unseen"> the {language}</span>'
    "</button>"
    '</figcaption><pre tabindex="0"><code class="language-{name}">{inner}</code></pre></figure>'
)


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True, classprefix="")


@lru_cache(maxsize=512)
def code(text: str, language: str = "text", caption: str = "") -> Markup:
    """Code with its colours, under a line that says what it is and has a button that copies it.

    >>> "<code" in code("SELECT 1", "sql")
    True

    Args:
        language: One of `LANGUAGES`.
    """
    text = text.rstrip("\n")
    inner = escape(text) if language == "text" else highlight(text, _lexer(language), _formatter()).rstrip("\n")
    return _BLOCK.format(
        caption=caption or LANGUAGES[language],
        language=LANGUAGES[language],
        name=language,
        inner=Markup(inner),  # noqa: S704 - Pygments escapes what it colours
    )


def prose(text: str) -> Markup:
    """The light Markdown of check pages as HTML; names of checks lead to their pages.

    >>> prose("See `identity/uid-missing`.")
    Markup('<p>See <a href="/checks/identity/uid-missing"><code>identity/uid-missing</code></a>.</p>')
    """
    known = catalogue.names()
    return Markup(_NAME.sub(lambda found: _linked(found[0], found[1], known), to_html(text)))  # noqa: S704 - it was escaped before


def _linked(code: str, name: str, known: Collection[str]) -> str:
    return f'<a href="/checks/{name}">{code}</a>' if name in known else code


def breakable(path: str) -> Markup:
    """A dotted path that may be broken before each dot, where a line is too short for it.

    >>> breakable("ImagingStudy.series.uid")
    Markup('ImagingStudy<wbr>.series<wbr>.uid')
    """
    return Markup("<wbr>.").join(path.split("."))
