"""Links of a document, moved: every page is written for the root of a server, and may stand elsewhere."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(r'(?<=\s)(href|src|action|data-root)="/(?!/)([^"?#]*)')


def relocated(html: str, base: str, ending: str = "") -> str:
    """A document whose links that start with `/` start with `base`, and name files where an ending is given.

    Only attributes of tags are changed: text holds no quotation mark that is not escaped.

    >>> relocated('<a href="/vrs/pn#rule">PN</a>', "/tagwise/")
    '<a href="/tagwise/vrs/pn#rule">PN</a>'
    >>> relocated('<a href="/vrs/pn#rule">PN</a> <a href="/">all</a> <a href="/vrs/pn.json">JSON</a>', "../", ".html")
    '<a href="../vrs/pn.html#rule">PN</a> <a href="../index.html">all</a> <a href="../vrs/pn.json">JSON</a>'

    Args:
        base: What stands for the first `/`; it ends with one.
        ending: What the addresses of pages end with; the home page is `index`. Other files have their ending already.
    """
    base = escape(base)

    def moved(found: re.Match[str]) -> str:
        name, path = found.groups()
        if not ending or name == "data-root" or path.startswith("static/") or path.endswith(".json"):
            return f'{name}="{base}{path}'
        return f'{name}="{base}{path or "index"}{ending}'

    return html if (base, ending) == ("/", "") else _LINK.sub(moved, html)
