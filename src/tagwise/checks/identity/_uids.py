"""What the checks on the form of UIDs share: the columns of a result, and an object with sound ones."""

from __future__ import annotations

from tagwise.checks import uids

KEYWORDS = uids.ATTRIBUTES
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
