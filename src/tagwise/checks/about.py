"""Which attributes a check is about, and which it only reads to judge them.

Most checks read the UID of the series only to group by it. A page that lists them all as errors of that UID would hide
the few that are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.sql import FACET_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS = frozenset({*FACET_COLUMNS, "SOPInstanceUID"})
"""What checks group by, name devices with, or choose objects by."""


def attributes(title: str, reads: Sequence[str], subject: Sequence[str] = ()) -> tuple[str, ...]:
    """The attributes of `reads` that a check with this title is about, in their order.

    They are those that the title names. A title that speaks of UIDs alone means every UID that is read. Where it names
    none, what is read beyond keys for grouping counts, and at last the subject.

    >>> attributes("Images of one series share an Instance Number", ["SeriesInstanceUID", "InstanceNumber"])
    ('InstanceNumber',)
    >>> attributes("A UID is longer than 64 characters", ["SOPInstanceUID", "Modality"])
    ('SOPInstanceUID',)
    """
    named = _named(title, reads)
    uids = [keyword for keyword in reads if keyword.endswith("UID") and re.search(r"\bUIDs?\b", title)]
    beyond = [keyword for keyword in reads if keyword not in _KEYS and keyword not in subject]
    for found in (named, uids, beyond):
        if found:
            return tuple(keyword for keyword in reads if keyword in found)
    return tuple(keyword for keyword in reads if keyword in subject)


def _named(title: str, reads: Sequence[str]) -> list[str]:
    """The attributes whose names stand in a title; a longer name is taken out before a shorter one is looked for."""
    found, left = [], title
    for keyword in sorted(reads, key=len, reverse=True):
        name = _name_pattern(keyword)
        if re.search(name, left):
            found.append(keyword)
            left = re.sub(name, "", left)
    return found


def _name_pattern(keyword: str) -> str:
    """The name of an attribute as titles write it: `SOP class` or `SOP Class UID`, in the plural, or as keyword."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+", keyword)
    spaced = re.sub(r"(\w+ \w+) UID$", r"\1(?: UID)?", " ".join(words))
    ignoring_case = "(?i:" if len(words) > 1 else "(?:"
    return rf"\b(?:{keyword}|{ignoring_case}{spaced}))(?:s|es)?\b"
