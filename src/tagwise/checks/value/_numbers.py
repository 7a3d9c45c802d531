"""The numbers written as text that checks on geometry and pixel values read; an archive is searched for these."""

from __future__ import annotations

LIMITS = {
    "InstanceNumber": 12,
    "ImagePositionPatient": 3 * 16 + 2,
    "ImageOrientationPatient": 6 * 16 + 5,
    "SliceThickness": 16,
    "PixelSpacing": 2 * 16 + 1,
    "RescaleSlope": 16,
    "RescaleIntercept": 16,
}
"""Attributes, and the characters that all their values and the backslashes between them may have (PS3.5 6.2)."""


def grouped(condition: str, evidence: str) -> str:
    """The statement that counts the objects of each series for which a condition on these attributes holds.

    Objects without a Series Instance UID are one finding, whose subject is the first of them.

    Args:
        evidence: Further columns, each followed by a comma.
    """
    return f"""
SELECT
  SeriesInstanceUID,
  CASE WHEN SeriesInstanceUID IS NULL THEN MIN(SOPInstanceUID) END AS SOPInstanceUID,
  COUNT(*) AS objects,
  {evidence}
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM instances
WHERE {condition}
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
"""
