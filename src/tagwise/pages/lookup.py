"""One verb for every page: find what a name is, and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from tagwise.pages.attributes import attribute_page
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.checks import CheckPage
    from tagwise.pages.iods import IodPage
    from tagwise.pages.modules import ModulePage
    from tagwise.pages.naming import Kind
    from tagwise.pages.private import PrivatePage
    from tagwise.pages.uids import SopClassPage, TransferSyntaxPage, UidPage
    from tagwise.pages.vrs import VrPage
    from tagwise.standard.modules import Depth

    Page: TypeAlias = (
        AttributePage
        | CheckPage
        | IodPage
        | ModulePage
        | PrivatePage
        | SopClassPage
        | TransferSyntaxPage
        | UidPage
        | VrPage
    )


def show(name: str, *, depth: Depth | None = None) -> Page:
    """The page of whatever the name means: attribute, module, IOD, UID, VR, check or private creator.

    A keyword, name or tag of an attribute always means the attribute. `module:patient`, `iod:ct-image`,
    `sop-class:…`, `transfer-syntax:…`, `uid:…`, `vr:PN`, `check:…`, `private:GEMS_IDEN_01` and `attribute:…` choose.

    >>> type(show("UI")).__name__, type(show("CT Image Storage")).__name__
    ('VrPage', 'SopClassPage')

    Args:
        depth: How deep in a module an attribute is looked for (`all` unless given) or listed (`top` unless given).

    Raises:
        AmbiguousName: Several things have this name; `.choices` has the words for each.
        UnknownName: Nothing has this name; `.nearest` lists what is close.
        StandardDataError: The tables of the standard are damaged.
    """
    kind, rest = None, name
    if ":" in name:
        from tagwise.pages.naming import split  # noqa: PLC0415 - most names are keywords, which start faster without

        kind, rest = split(name)
    if kind is None:
        found = dictionary.lookup(name)
        if found:
            return attribute_page(found, depth or "all")
        from tagwise.pages.naming import resolved  # noqa: PLC0415 - as above

        meaning = resolved(name)
        kind, rest = meaning.kind, meaning.key
    return _page(kind, rest, depth)


_PAGES: Mapping[Kind, tuple[str, str]] = {
    "attribute": ("attributes", "attribute"),
    "check": ("checks", "check_page"),
    "iod": ("iods", "iod"),
    "module": ("modules", "module"),
    "private": ("private", "private_creator"),
    "sop-class": ("uids", "uid"),
    "transfer-syntax": ("uids", "uid"),
    "uid": ("uids", "uid"),
    "vr": ("vrs", "vr"),
}


def _page(kind: Kind, name: str, depth: Depth | None) -> Page:
    """The page of a name within one kind. Each kind is imported when it is shown."""
    from importlib import import_module  # noqa: PLC0415 - as above

    module, function = _PAGES[kind]
    options: dict[str, str] = {"kind": kind} if module == "uids" else {}
    if depth and kind in ("attribute", "module"):
        options["depth"] = depth
    return cast("Page", getattr(import_module(f"tagwise.pages.{module}"), function)(name, **options))
