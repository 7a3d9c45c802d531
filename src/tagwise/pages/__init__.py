"""Pages: what the standard, the checks and (later) practice say about one thing, joined and ready to be shown.

`show` finds the page of whatever a name is, `search` finds names. `views` holds how each kind of page looks, section by
section; `text` renders a page for a terminal, `as_json` makes a structure for JSON.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagwise.pages.attributes import AttributePage, attribute
    from tagwise.pages.checks import CheckPage, check_page, list_checks
    from tagwise.pages.iods import IodPage, iod
    from tagwise.pages.lookup import show
    from tagwise.pages.modules import ModulePage, module
    from tagwise.pages.private import PrivatePage, private_creator
    from tagwise.pages.searching import Hit, search
    from tagwise.pages.uids import SopClassPage, TransferSyntaxPage, UidPage, uid
    from tagwise.pages.vrs import VrPage, vr

_HOME = {
    "AttributePage": "tagwise.pages.attributes",
    "CheckPage": "tagwise.pages.checks",
    "Hit": "tagwise.pages.searching",
    "IodPage": "tagwise.pages.iods",
    "ModulePage": "tagwise.pages.modules",
    "PrivatePage": "tagwise.pages.private",
    "SopClassPage": "tagwise.pages.uids",
    "TransferSyntaxPage": "tagwise.pages.uids",
    "UidPage": "tagwise.pages.uids",
    "VrPage": "tagwise.pages.vrs",
    "attribute": "tagwise.pages.attributes",
    "check_page": "tagwise.pages.checks",
    "iod": "tagwise.pages.iods",
    "list_checks": "tagwise.pages.checks",
    "module": "tagwise.pages.modules",
    "private_creator": "tagwise.pages.private",
    "search": "tagwise.pages.searching",
    "show": "tagwise.pages.lookup",
    "uid": "tagwise.pages.uids",
    "vr": "tagwise.pages.vrs",
}

__all__ = [
    "AttributePage",
    "CheckPage",
    "Hit",
    "IodPage",
    "ModulePage",
    "PrivatePage",
    "SopClassPage",
    "TransferSyntaxPage",
    "UidPage",
    "VrPage",
    "attribute",
    "check_page",
    "iod",
    "list_checks",
    "module",
    "private_creator",
    "search",
    "show",
    "uid",
    "vr",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that the page of an attribute does not load what checks need.

    Raises:
        AttributeError: There is no such public name.
    """
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
