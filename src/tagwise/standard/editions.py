"""Which edition of the standard each table holds, read from the tables themselves."""

from __future__ import annotations

from typing import NamedTuple

from tagwise.standard import tables

_TABLES = {
    "deidentification.tsv": "de-identification",
    "modules.tsv": "modules, IODs",
    "dictionary.tsv": "dictionary",
    "uids.tsv": "UIDs",
}


class Edition(NamedTuple):
    """What one part of the standard in this package is taken from."""

    covers: str
    edition: str
    sources: str
    note: str


def editions() -> tuple[Edition, ...]:
    """The parts of the standard in this package, newest edition first.

    Raises:
        StandardDataError: A table is missing or does not name its edition.
    """
    found = []
    for name, covers in _TABLES.items():
        facts = tables.facts(name)
        found.append(Edition(covers, facts["edition"], facts.get("sources", ""), facts.get("note", "")))
    return tuple(sorted(found, key=lambda part: part.edition, reverse=True))


def described() -> str:
    """The editions in one line.

    >>> described().startswith("DICOM 20")
    True
    """
    return "DICOM " + ", ".join(f"{part.edition} ({part.covers})" for part in editions())
