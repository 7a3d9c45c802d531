"""What the DICOM listener of Mirth Connect and Open Integration Engine accepts unless it is told otherwise."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tagwise.knowledge import cloud_tables

_TABLE = "oie.tsv"
_COLUMNS = ("kind", "uid", "keyword", "name_in_source", "says")
_KINDS = ("SOP class", "transfer syntax")


class Accepted(NamedTuple):
    """A SOP class or transfer syntax of the listener; `uid` is "" for two private classes whose UID we do not have."""

    kind: str
    uid: str
    keyword: str
    name_in_source: str
    says: str


@cache
def source() -> cloud_tables.Source:
    """The code that the lists are from.

    Raises:
        KnowledgeDataError: The table is missing or its head does not name its source.
    """
    head = dict(line[2:].split(": ", 1) for line in cloud_tables.text(_TABLE).splitlines() if line.startswith("# "))
    if not {"source", "dated", "taken"} <= set(head):
        raise cloud_tables.damaged(_TABLE, "its head does not name its source")
    return cloud_tables.Source("oie:DcmRcv", head["source"], head["dated"], head["taken"])


@cache
def accepted() -> tuple[Accepted, ...]:
    """Everything that the listener accepts, SOP classes first.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    found = tuple(Accepted(*row) for row in cloud_tables.rows(_TABLE, _COLUMNS))
    if not {one.kind for one in found} <= set(_KINDS):
        raise cloud_tables.damaged(_TABLE, "it has another kind than SOP class and transfer syntax")
    return found


def accepts(uid: str) -> bool:
    """Whether the listener takes this SOP class or transfer syntax.

    >>> accepts("1.2.840.10008.5.1.4.1.1.2"), accepts("1.2.840.10008.5.1.4.1.1.66.4")
    (True, False)
    """
    return bool(uid) and any(one.uid == uid for one in accepted())
