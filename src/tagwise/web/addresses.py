"""Where each page is on the web: one address per thing, the same on a server and in a folder of files.

An address is a path without a leading slash and without an ending, such as `attributes/0020-000e`: a server answers it
as it is and with `.json`, an export writes `.html` and `.json` files. It has only characters that every file system and
every web server keep as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from tagwise.pages.naming import kind_of_uid
from tagwise.standard import dictionary, modules, private, uids, vrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.pages.naming import Kind

FOLDERS: Mapping[Kind, str] = {
    "attribute": "attributes",
    "check": "checks",
    "iod": "iods",
    "module": "modules",
    "private": "private",
    "sop-class": "sop-classes",
    "transfer-syntax": "transfer-syntaxes",
    "uid": "uids",
    "vr": "vrs",
}
"""The folder of the pages of each kind; the folder itself is the address of the list."""

_FOLDED = str.maketrans({"(": None, ")": None, ",": "-"})


def attribute(tag: str) -> str:
    """The address of an attribute, by its tag as the standard writes it.

    >>> attribute("(0020,000E)"), attribute("(60xx,3000)")
    ('attributes/0020-000e', 'attributes/60xx-3000')
    """
    return f"attributes/{tag.translate(_FOLDED).lower()}"


def keyword(word: str) -> str:
    """The address of the attribute with this keyword.

    Raises:
        KeyError: No attribute has it.
    """
    return attribute(dictionary.by_keyword()[word].tag)


def uid(number: str) -> str:
    """The address of a registered UID, "" for any other.

    >>> uid("1.2.840.10008.1.2.1"), uid("1.2.3")
    ('transfer-syntaxes/1.2.840.10008.1.2.1', '')
    """
    registered = uids.by_uid().get(number)
    return f"{FOLDERS[kind_of_uid(registered)]}/{number}" if registered else ""


@cache
def _creators() -> Mapping[str, str]:
    """The last part of the address of each private creator: its letters and digits, numbered where two are the same."""
    found: dict[str, str] = {}
    same: Counter[str] = Counter()
    for creator in private.creators():
        slug = re.sub(r"[^a-z0-9]+", "-", creator.lower()).strip("-") or "creator"
        same[slug] += 1
        found[creator] = f"{slug}~{same[slug]}" if same[slug] > 1 else slug
    return found


def creator(name: str) -> str:
    """The address of a private creator.

    >>> creator("GEMS_IDEN_01")
    'private/gems-iden-01'

    Raises:
        KeyError: There is no such creator.
    """
    return f"private/{_creators()[name]}"


@cache
def _creators_by_slug() -> Mapping[str, str]:
    return {slug: name for name, slug in _creators().items()}


@cache
def _attributes_by_slug() -> Mapping[str, str]:
    return {attribute(one.tag).partition("/")[2]: one.tag for one in dictionary.all_attributes()}


def page(kind: Kind, key: str) -> str:
    """The address of anything, by its kind and its key within the kind.

    >>> page("attribute", "PatientID"), page("vr", "PN"), page("check", "identity/uid-missing")
    ('attributes/0010-0020', 'vrs/pn', 'checks/identity/uid-missing')

    Raises:
        KeyError: There is no such thing.
    """
    if kind == "attribute":
        return attribute(key) if key.startswith("(") else keyword(key)
    if kind == "private":
        return creator(key)
    if kind in ("sop-class", "transfer-syntax", "uid"):
        return uid(key)
    return f"{FOLDERS[kind]}/{key.lower()}"


def words(kind: Kind, slug: str) -> str | None:
    """What `tagwise.show` takes for the page with this kind and last part of an address; None where there is none.

    >>> words("attribute", "0020-000e"), words("attribute", "PatientID"), words("vr", "pn")
    ('(0020,000E)', None, 'vr:PN')
    """
    if kind == "attribute":
        return _attributes_by_slug().get(slug)
    if kind == "private":
        found = _creators_by_slug().get(slug)
        return f"private:{found}" if found is not None else None
    if kind in ("sop-class", "transfer-syntax", "uid"):
        return f"uid:{slug}" if uid(slug) == f"{FOLDERS[kind]}/{slug}" else None
    return f"{kind}:{dict(_others(kind)).get(slug, '')}" if slug in dict(_others(kind)) else None


@cache
def _others(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Slug and key of every IOD, module, VR or check."""
    if kind == "check":
        from tagwise.pages import catalogue  # noqa: PLC0415 - only this kind needs it

        return tuple((name, name) for name in catalogue.names())
    keys = {"iod": modules.iod_names, "module": modules.names, "vr": vrs.by_vr}[kind]()
    return tuple((key.lower(), key) for key in keys)


def everything() -> Iterator[tuple[Kind, str]]:
    """The kind of every page and the last part of its address, kind by kind."""
    yield from (("attribute", slug) for slug in _attributes_by_slug())
    for kind in ("module", "iod", "vr", "check"):
        yield from ((kind, slug) for slug, _ in _others(kind))
    for one in uids.by_uid().values():
        yield kind_of_uid(one), one.uid
    yield from (("private", slug) for slug in _creators_by_slug())
