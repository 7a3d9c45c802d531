"""Pages: what the standard, the checks and (later) practice say about one thing, joined and ready to be shown.

`show` finds the page of whatever a name is. `text` renders a page for a terminal, `as_json` makes a structure for JSON.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagwise.pages.attributes import AttributePage, attribute
    from tagwise.pages.checks import CheckPage, check_page, list_checks
    from tagwise.pages.lookup import show

_HOME = {
    "AttributePage": "tagwise.pages.attributes",
    "CheckPage": "tagwise.pages.checks",
    "attribute": "tagwise.pages.attributes",
    "check_page": "tagwise.pages.checks",
    "list_checks": "tagwise.pages.checks",
    "show": "tagwise.pages.lookup",
}

__all__ = ["AttributePage", "CheckPage", "attribute", "check_page", "list_checks", "show"]


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that the page of an attribute does not load what checks need.

    Raises:
        AttributeError: There is no such public name.
    """
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
