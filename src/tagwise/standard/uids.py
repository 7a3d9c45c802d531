"""The UIDs of PS3.6 annex A: SOP classes, transfer syntaxes, and the rest."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "uids.tsv"
_COLUMNS = ("uid", "keyword", "name", "kind", "retired", "source", "note")


class Uid(NamedTuple):
    """One registered UID. `kind` is as PS3.6 writes it: `SOP Class`, `Transfer Syntax`, `Coding Scheme` and others."""

    uid: str
    keyword: str
    name: str
    kind: str
    retired: bool
    edition: str
    note: str


@cache
def by_uid() -> Mapping[str, Uid]:
    """Every registered UID, in numerical order.

    >>> by_uid()["1.2.840.10008.1.2.1"].name
    'Explicit VR Little Endian'

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    facts = tables.facts(FILE)
    editions = {"pydicom": facts["edition"], "highdicom": facts.get("newer edition", facts["edition"])}
    return {
        uid: Uid(uid, keyword, name, kind, retired == "retired", editions.get(source, facts["edition"]), note)
        for uid, keyword, name, kind, retired, source, note in tables.rows(FILE, _COLUMNS)
    }


def name(uid: str) -> str:
    """The name of one registered UID, "" for any other; the table is searched, not taken apart.

    >>> name("1.2.840.10008.1.2.1")
    'Explicit VR Little Endian'

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    start = f"{uid}\t"
    found = [line for line in tables.lines(FILE, _COLUMNS) if line.startswith(start)]
    return found[0].split("\t")[2] if found else ""
