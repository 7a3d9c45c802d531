"""Makes those relations that only some checks read, as the statements of `checks.sql` do, with less to read and keep.

A statement on a page joins whole objects. Here few numbers tell which objects matter; the rest is read of these alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.auditing import marks, padding
from tagwise.auditing.marks import is_sound
from tagwise.checks import links, stacks, uids
from tagwise.checks.sql import COPY_COLUMNS, IMAGE_COLUMNS, quoted, vanished

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from tagwise.checks import Relation
    from tagwise.findings import Level


def make(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level], relation: Relation) -> None:
    """Add a relation; those that are no work are there already."""
    if relation == "images":
        _images(db, grain)
    elif relation == "copies":
        _copies(db, grain)
    elif relation == "uids":
        _uids(db)
    elif relation == "links":
        _links(db)
    elif relation == "stacks":
        _stacks(db)
    elif relation == "vanished":
        _vanished(db)


def _images(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level]) -> None:
    held = [column for column in IMAGE_COLUMNS if column in grain]
    padded = padding.padded_in(db, "untrimmed_images", held)
    statement = padding.regrouped("untrimmed_images", held, padded, '"Rows" IS NOT NULL')
    db.execute(f"CREATE TEMP TABLE images AS {statement}")


def _copies(db: duckdb.DuckDBPyConnection, grain: Mapping[str, Level]) -> None:
    marks.make(db)
    marks.find_repeated(db, "repeated_marks")
    columns = ("file_path", "file_size", "header_digest", *quoted([one for one in COPY_COLUMNS if one in grain]))
    marks.pick(db, "copies", "mark IN (SELECT mark FROM repeated_marks)", columns)
    # Two UIDs may share a mark.
    db.execute(
        "DELETE FROM copies WHERE SOPInstanceUID IN"
        " (SELECT SOPInstanceUID FROM copies GROUP BY SOPInstanceUID HAVING COUNT(*) = 1)"
    )
    db.execute("DROP TABLE repeated_marks")


def _uids(db: duckdb.DuckDBPyConnection) -> None:
    """As `checks.uids.UIDS`, but for SOP Instance UIDs that are sound and no UID of another level."""
    marks.make(db)
    db.execute(f"CREATE TEMP TABLE uids AS WITH above({uids.COLUMNS}) AS ({uids.rows_above()}) SELECT * FROM above")
    db.execute("CREATE TEMP TABLE uids_above AS SELECT DISTINCT uid FROM uids WHERE uid IS NOT NULL")
    marks.pick(
        db,
        "suspects",
        "NOT sound OR mark IN (SELECT HASH(uid) FROM uids_above)",
        ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"),
    )
    db.execute(
        f"INSERT INTO uids SELECT {uids.INSTANCE_ROW} FROM suspects"
        f" WHERE NOT ({is_sound('SOPInstanceUID')}) OR SOPInstanceUID IN (SELECT uid FROM uids_above)"
    )
    db.execute("DROP TABLE suspects")
    db.execute("DROP TABLE uids_above")


def _links(db: duckdb.DuckDBPyConnection) -> None:
    """As `checks.links.LINKS`, but for links that no check could name: see `checks.links.SOUND`."""
    marks.make(db)
    key = marks.ROW if marks.has_rows(db) else "file_path"
    db.execute(
        f"CREATE TEMP TABLE places_of_referring AS SELECT {key} FROM instances"
        " WHERE file_path IN (SELECT file_path FROM referenced_objects)"
    )
    db.execute(
        f"CREATE TEMP TABLE referring_objects AS SELECT file_path, {', '.join(links.ATTRIBUTES)} FROM instances"
        f" WHERE {key} IN (SELECT {key} FROM places_of_referring)"
    )
    db.execute("DROP TABLE places_of_referring")
    marks.pick(
        db,
        "referred_objects",
        "mark IN (SELECT HASH(ReferencedSOPInstanceUID) FROM referenced_objects)",
        [name for name in links.ATTRIBUTES if name != "SOPClassUID"],
    )
    parts = links.parts(referring="referring_objects", kept="referred_objects", places="facets")
    db.execute(f"CREATE TEMP TABLE links AS WITH {parts} SELECT * FROM links WHERE NOT ({links.SOUND})")
    db.execute("DROP TABLE referring_objects")
    db.execute("DROP TABLE referred_objects")


def _vanished(db: duckdb.DuckDBPyConnection) -> None:
    marks.make(db)
    marks.pick(db, "still_there", "mark IN (SELECT HASH(SOPInstanceUID) FROM gone)", ("SOPInstanceUID",))
    statement = vanished(kept="still_there", series="facets")
    db.execute(f"CREATE TEMP TABLE vanished AS WITH {statement} SELECT * FROM vanished")
    db.execute("DROP TABLE still_there")


def _stacks(db: duckdb.DuckDBPyConnection) -> None:
    """The planes first: in one statement all slices, with their UIDs, would wait in memory until these are known."""
    db.execute(f"CREATE TEMP TABLE slice_normals AS WITH {stacks.SLICES}, {stacks.NORMALS} SELECT * FROM normals")
    steps = f"normals AS (SELECT * FROM slice_normals), {stacks.SLICES}, {stacks.MEASURES}"
    db.execute(f"CREATE TEMP TABLE stacks AS WITH {steps} SELECT * FROM stacks")
    db.execute("DROP TABLE slice_normals")
