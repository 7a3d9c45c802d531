"""Where rows come from. Each source says which columns it has and for what they are true (their grain)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb

    from tagwise.checks import Relation
    from tagwise.findings import Level


class Source(Protocol):
    """Something an audit can read: it makes relations on a DuckDB connection.

    `stored`: one row per readable object that is there now, text as it stands in the object.
    It may have `stored_row`, a number by which DuckDB finds a row without reading the others.
    `unreadable`: one row per object that cannot be read.
    `referenced_objects`: one row per reference (`scanning.index.REFERENCE_COLUMNS`), unless it `lacks` `links`.
    `gone`: rows like `stored` of objects that were there once, unless it `lacks` `vanished`.
    """

    @property
    def name(self) -> str:
        """What the user called it."""
        ...

    @property
    def grain(self) -> Mapping[str, Level]:
        """The columns that the source has, and whether each is true per instance, series, study or patient."""
        ...

    @property
    def lacks(self) -> Mapping[Relation, str]:
        """Relations that cannot be made from this source, and why, in words for a report."""
        ...

    @property
    def unfinished(self) -> bool | str:
        """Whether objects may be missing because the last scan did not reach its end; or why they are, in words."""
        ...

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make the relations on the connection.

        Raises:
            ArchiveIndexError: The index cannot be read.
            SourceError: The source cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: how users write it, what it can tell, and how its adapter was tried.

    Args:
        name: The word of `tagwise sources NAME`, and the scheme that names it in a SOURCE: `parquet:FILE`.
        title: What it is, in a few words.
        spelled: How a SOURCE of this kind is written, as examples.
        grain: The columns that it has, and for what each is true; empty where the source itself decides.
        lacks: Relations that cannot be made from it, and why, in words for a report.
        blind: Checks that it cannot answer although it has what they read, and why.
        query: SQL that makes an export of this kind, to be shown; "" where there is none.
        tells: What to know before one trusts it, a sentence each.
        tried: How the adapter was tried, in a sentence.
        facts: Where what is said here comes from: address and the day it was read.
        claims: Whether a SOURCE is of this kind, from its spelling or the beginning of the file.
        opened: Makes the source; nothing is read before `attach`.
    """

    name: str
    title: str
    spelled: tuple[str, ...]
    claims: Callable[[str], bool]
    opened: Callable[[str], Source]
    tried: str
    grain: Mapping[str, Level] = field(default_factory=dict)
    lacks: Mapping[Relation, str] = field(default_factory=dict)
    blind: Mapping[str, str] = field(default_factory=dict)
    tells: tuple[str, ...] = ()
    query: str = ""
    facts: tuple[tuple[str, str], ...] = ()
