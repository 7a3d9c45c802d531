"""Where rows come from. Each source says which columns it has and for what they are true (their grain)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tagwise.checks import Relation
    from tagwise.findings import Level


class Source(Protocol):
    """Something an audit can read: it makes relations on a DuckDB connection.

    `stored`: one row per readable object that is there now, text as it stands in the object.
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
    def unfinished(self) -> bool:
        """Whether objects may be missing because the last scan did not reach its end."""
        ...

    def attach(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make the relations on the connection.

        Raises:
            ArchiveIndexError: The source cannot be read.
        """
        ...
