"""Addresses of the standard on the web, and what they point to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PART = "https://dicom.nema.org/medical/dicom/current/output/html/part03.html"
"""The current PS3.3 in one page, where a section is found by its identifier alone."""

_HTTP = "http://dicom.nema.org/"
_KIND = re.compile(r"(sect|table|figure|chapter|biblio|note|para|equation|example)_(.+)")
_DEEPEST = 4


def secure(url: str) -> str:
    """The address with https where it is NEMA's.

    >>> secure("http://dicom.nema.org/medical/"), secure("http://physics.nist.gov/")
    ('https://dicom.nema.org/medical/', 'http://physics.nist.gov/')
    """
    return f"https://{url.removeprefix('http://')}" if url.startswith(_HTTP) else url


def target_of(url: str) -> str:
    """What an address of the standard points to; "" for any other address.

    >>> target_of("http://dicom.nema.org/medical/dicom/current/output/chtml/part03/sect_C.7.3.html#sect_C.7.3.1.1.1")
    'C.7.3.1.1.1'
    >>> target_of("http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html#sect_CID_29")
    'CID 29'
    """
    if not secure(url).startswith("https://dicom.nema.org/"):
        return ""
    return target(url.partition("#")[2], _part(url))


def _part(url: str) -> str:
    found = re.search(r"/part(\d\d)", url)
    return f"PS3.{int(found[1])}" if found else ""


def target(name: str, part: str = "PS3.3") -> str:
    """What an identifier of DocBook stands for, with the part in front where it is not PS3.3.

    >>> target("sect_C.7.3.1"), target("table_C.7-5a"), target("sect_B.5", "PS3.4"), target("PS3.6", "PS3.6")
    ('C.7.3.1', 'table C.7-5a', 'PS3.4 B.5', 'PS3.6')
    """
    found = _KIND.fullmatch(name)
    if name.startswith(("sect_CID_", "sect_TID_")):
        return name.removeprefix("sect_").replace("_", " ")
    if not found:
        return name
    words = found[2] if found[1] in ("sect", "chapter") else f"{found[1]} {found[2]}"
    return words if part in ("PS3.3", "") else f"{part} {words}"


def page(trail: Sequence[tuple[str, bool]]) -> str:
    """The file of NEMA's web pages that shows a section.

    A chapter and each section down to the fourth level has a file of its own, except the first section of each, which
    stands in the file of what it belongs to, with everything inside it.

    >>> page([("chapter_C", False), ("sect_C.7", False), ("sect_C.7.3", False), ("sect_C.7.3.1", True)])
    'sect_C.7.3.html'

    Args:
        trail: Identifiers from the chapter down to the section, and whether each is the first section where it stands.
    """
    shown = trail[0][0]
    for name, first in trail[1 : _DEEPEST + 1]:
        if first:
            break
        shown = name
    return f"{shown}.html"
