"""What the checks on the form of UIDs share: the five UIDs of an object as rows, and an object with sound ones."""

from __future__ import annotations

KEYWORDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID", "SOPClassUID")
"""The UIDs that are looked at; also the columns that can name a subject."""

CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.1.9",
}
"""An object whose UIDs have nothing wrong with them, for examples."""

CT_SERIES = {"StudyInstanceUID": "1.2.826.0.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"}
"""The subject of a finding about its SOP Instance UID."""

SUBJECTS = """
  StudyInstanceUID,
  SeriesInstanceUID,
  CASE WHEN attribute = 'SOPInstanceUID' AND SeriesInstanceUID IS NULL THEN MIN(uid) END AS SOPInstanceUID,
  FrameOfReferenceUID,
  SOPClassUID,
  attribute,
  SUM(objects) AS objects,
  CASE WHEN attribute = 'SOPInstanceUID' THEN MIN(uid) END AS example_SOPInstanceUID""".strip()
"""The columns of a result: the one subject that is concerned, the attribute, and the number of objects."""

GROUPED = """
GROUP BY StudyInstanceUID, SeriesInstanceUID, FrameOfReferenceUID, SOPClassUID, attribute
ORDER BY attribute, StudyInstanceUID, SeriesInstanceUID, FrameOfReferenceUID, SOPClassUID""".strip()
"""One finding for each distinct UID above the instance, and one for each series with faulty SOP Instance UIDs."""


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
  SELECT 'SeriesInstanceUID', SeriesInstanceUID, NULL, SeriesInstanceUID, NULL, NULL, COUNT(*)
  FROM {of("SeriesInstanceUID")} GROUP BY SeriesInstanceUID
  UNION ALL
  SELECT 'FrameOfReferenceUID', FrameOfReferenceUID, NULL, NULL, FrameOfReferenceUID, NULL, COUNT(*)
  FROM {of("FrameOfReferenceUID")} GROUP BY FrameOfReferenceUID
  UNION ALL
  SELECT 'SOPClassUID', SOPClassUID, NULL, NULL, NULL, SOPClassUID, COUNT(*)
  FROM {of("SOPClassUID")} GROUP BY SOPClassUID
  UNION ALL
  SELECT 'SOPInstanceUID', SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, NULL, NULL, 1
  FROM {of("SOPInstanceUID")}
)"""
