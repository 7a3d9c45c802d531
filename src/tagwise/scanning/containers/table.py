"""What the index remembers of containers: which were read to their end, so that they are not read again unchanged.

`containers` has a row for each. The rows of its members are in `instances`; one about the container itself is there
only where something is wrong with it as a whole, or where its object needs no path of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.scanning.containers.magic import LATER
from tagwise.scanning.containers.member import INSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.scanning.index import ArchiveIndex

MAKE = "CREATE TABLE IF NOT EXISTS containers (file_path VARCHAR, file_size BIGINT, file_modified BIGINT)"

UNCHANGED = """EXISTS (
  SELECT 1 FROM containers WHERE containers.file_path = listing.file_path
    AND containers.file_size IS NOT DISTINCT FROM listing.file_size
    AND containers.file_modified IS NOT DISTINCT FROM listing.file_modified
)"""
"""A condition on `listing`: the file is a container that was read as it is now."""

OUTERMOST = f"split_part(file_path, '{INSIDE}', 1)"
"""The file that a row's object is in; no other path has this sign (`shown_path`)."""

_OBJECT_PATHS = "(starts_with(file_path, '/') OR starts_with(file_path, 'file:'))"


class Settled(NamedTuple):
    """A container that was read to its end: path, size in bytes and time of change in nanoseconds as it was opened."""

    path: str
    size: int | None
    modified: int | None


def list_members(archive: ArchiveIndex) -> None:
    """Take containers that are read again off the list of known ones, and list the members of all others."""
    archive.query("DELETE FROM containers WHERE file_path IN (SELECT file_path FROM todo)")
    if archive.query("SELECT 1 FROM containers LIMIT 1"):
        # Rows of another time are of a content that is gone: a scan was killed before it could say so.
        archive.query(
            f"""
            INSERT INTO listing BY NAME SELECT file_path FROM instances
            WHERE contains(file_path, '{INSIDE}') AND vanished IS NULL AND ({OUTERMOST}, file_modified) IN (
              SELECT (file_path, file_modified) FROM containers SEMI JOIN listing USING (file_path)
            )
            """
        )


def to_read(archive: ArchiveIndex, page: int) -> tuple[int, int, Iterator[list[str]]]:
    """How many containers there are to read, how many bytes they have, and their paths in pages."""
    archive.query(
        f"""
        CREATE OR REPLACE TABLE todo AS
        SELECT row_number() OVER () AS place, file_path, file_size FROM instances
        WHERE ends_with(read_error, ', {LATER}') AND vanished IS NULL AND NOT contains(file_path, '{INSIDE}')
          AND {_OBJECT_PATHS} AND file_path IN (SELECT file_path FROM listing)
        """
    )
    count, size = archive.query("SELECT count(*), coalesce(sum(file_size), 0) FROM todo")[0]
    return count, size, _pages(archive, page)


def _pages(archive: ArchiveIndex, page: int) -> Iterator[list[str]]:
    place = 0
    sql = "SELECT place, file_path FROM todo WHERE place > ? AND place <= ? ORDER BY place"
    while rows := archive.query(sql, (place, place + page)):
        place = rows[-1][0]
        yield [path for _, path in rows]


def settling(containers: Sequence[Settled], members: Sequence[str]) -> list[tuple[str, list[object]]]:
    """Statements that belong to the rows of members: list the members, and remember containers that have ended."""
    statements: list[tuple[str, list[object]]] = [
        ("INSERT INTO listing BY NAME SELECT unnest(?) AS file_path", [list(members)]),
    ]
    if containers:
        paths, sizes, times = (list(column) for column in zip(*containers, strict=True))
        statements += [
            # Until now each had a row that says it was not looked into.
            ("DELETE FROM instances WHERE file_path IN (SELECT unnest(?))", [paths]),
            ("DELETE FROM containers WHERE file_path IN (SELECT unnest(?))", [paths]),
            (
                "INSERT INTO containers SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::BIGINT[])",
                [paths, sizes, times],
            ),
        ]
    return statements


def counted(archive: ArchiveIndex) -> tuple[int, int]:
    """How many of the listed files are containers without a row of their own, and how many members these all have."""
    containers, members = archive.query(
        f"""
        SELECT
          (SELECT count(*) FROM (SELECT DISTINCT file_path FROM listing) SEMI JOIN containers USING (file_path)
             ANTI JOIN instances USING (file_path)),
          (SELECT count(DISTINCT file_path) FROM listing WHERE contains(file_path, '{INSIDE}'))
        """
    )[0]
    return containers, members


def forget_vanished(archive: ArchiveIndex) -> None:
    """Forget containers whose members are gone with them: should they come back, they are read again."""
    archive.query(
        f"""
        DELETE FROM containers WHERE file_path NOT IN (SELECT file_path FROM listing)
          AND file_path IN (SELECT {OUTERMOST} FROM missed)
        """
    )
