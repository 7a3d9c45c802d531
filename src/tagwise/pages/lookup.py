"""One verb for every page: find what a name is, and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.errors import UnknownName
from tagwise.pages.attributes import attribute

if TYPE_CHECKING:
    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.checks import CheckPage
    from tagwise.standard.modules import Depth

_SUGGESTED = 5
_LONGEST = 200


def show(name: str, *, depth: Depth = "all") -> AttributePage | CheckPage:
    """The page of an attribute (by keyword, name or tag) or of a check (by name).

    Attributes win where both fit.

    Args:
        depth: How deep in a module an attribute may be for the module to be listed.

    Raises:
        UnknownName: Nothing has this name; `.nearest` lists what is close.
        StandardDataError: The tables of the standard are damaged.
    """
    try:
        return attribute(name, depth=depth)
    except UnknownName as unknown:
        if len(name) > _LONGEST:
            raise
        from tagwise.pages import checks  # noqa: PLC0415 - most pages are attributes, which start faster without

        if checks.find(name):
            return checks.check_page(name)
        suggested = checks.nearest(name)
        if not suggested:
            raise
        both = (*suggested, *unknown.nearest) if "/" in name else (*unknown.nearest[:3], *suggested)
        raise UnknownName(name, both[:_SUGGESTED]) from None
