"""The relation `uids`: the five UIDs of every object as rows, for checks on the form of a UID.

An audit makes it once and leaves out SOP Instance UIDs that nobody could find fault with; the statement on a page keeps
all of them, which is slower and finds the same.
"""

from __future__ import annotations

ATTRIBUTES = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID", "SOPClassUID")
"""What the relation is made from: a check on it reads all of them."""

ABOVE = ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SOPClassUID")
"""The attributes whose UIDs are shared by many objects."""


def row(attribute: str) -> str:
    """The first columns of `uids` for an attribute of `ABOVE`: its name, the UID, and the UID again where it belongs.

    >>> row("SeriesInstanceUID")
    "'SeriesInstanceUID', SeriesInstanceUID, NULL, SeriesInstanceUID, NULL, NULL"
    """
    return ", ".join([f"'{attribute}'", attribute, *(attribute if name == attribute else "NULL" for name in ABOVE)])


INSTANCE_ROW = "'SOPInstanceUID', SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, NULL, NULL, 1"
"""The columns of `uids` for a SOP Instance UID."""


def rows_above() -> str:
    """The rows of `uids` for the attributes of `ABOVE`, counted from `facets`, which are few."""
    return " UNION ALL ".join(
        f"SELECT {row(attribute)}, CAST(SUM(instances) AS BIGINT) FROM facets GROUP BY {attribute}"
        for attribute in ABOVE
    )


COLUMNS = f"attribute, uid, {', '.join(ABOVE)}, objects"
"""The columns of `uids`."""


def uid_rows(relation: str, suspect: str | None = None) -> str:
    """The common table expression `uids`: each UID once with the number of its objects, SOP Instance UIDs one by one.

    The column named like the attribute repeats the UID, the others are NULL; a SOP Instance UID has its study and
    series there instead, because ten million of them must not make ten million findings.

    Args:
        suspect: A cheap condition on `{uid}` that leaves out most sound UIDs before they are grouped.
    """

    def of(keyword: str) -> str:
        return relation if suspect is None else f"{relation} WHERE {suspect.format(uid=keyword)}"

    return f"""uids AS (
  SELECT
    'StudyInstanceUID' AS attribute, StudyInstanceUID AS uid, StudyInstanceUID,
    CAST(NULL AS VARCHAR) AS SeriesInstanceUID, CAST(NULL AS VARCHAR) AS FrameOfReferenceUID,
    CAST(NULL AS VARCHAR) AS SOPClassUID, COUNT(*) AS objects
  FROM {of("StudyInstanceUID")} GROUP BY StudyInstanceUID
  UNION ALL
  SELECT {row("SeriesInstanceUID")}, COUNT(*)
  FROM {of("SeriesInstanceUID")} GROUP BY SeriesInstanceUID
  UNION ALL
  SELECT {row("FrameOfReferenceUID")}, COUNT(*)
  FROM {of("FrameOfReferenceUID")} GROUP BY FrameOfReferenceUID
  UNION ALL
  SELECT {row("SOPClassUID")}, COUNT(*)
  FROM {of("SOPClassUID")} GROUP BY SOPClassUID
  UNION ALL
  SELECT {INSTANCE_ROW}
  FROM {of("SOPInstanceUID")}
)"""


UIDS = uid_rows("instances")
"""The common table expression that makes `uids`.

`attribute` is the keyword, `uid` the value, `objects` how many objects have it. The columns of `ABOVE` name the
subject.
"""
