"""What checks share whose subject is a device: the fault is in its settings, so one finding says it for all objects."""

from __future__ import annotations

DEVICE = ("Manufacturer", "ManufacturerModelName", "StationName", "SeriesInstanceUID")
"""The subject: what names the device, and one of its series where nothing does."""

_NAMES = "Manufacturer, ManufacturerModelName, StationName"


def by_device(columns: str, relation: str, having: str) -> str:
    """The statement that counts per device.

    Args:
        columns: Counts and evidence, each with its name, separated by commas.
        relation: A table or common table expression with the device columns and SeriesInstanceUID.
        having: Which devices are named.
    """
    return f"""
SELECT
  {_NAMES},
  CASE
    WHEN COALESCE(Manufacturer, ManufacturerModelName, StationName) IS NULL THEN MIN(SeriesInstanceUID)
  END AS SeriesInstanceUID,
  {columns.strip()}
FROM {relation}
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY {_NAMES}
HAVING {having}
ORDER BY {_NAMES}
"""
