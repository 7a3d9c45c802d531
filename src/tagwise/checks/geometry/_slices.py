"""What the checks on slices share: sound slices for examples, and the classes that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.stacks import SINGLE_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterable

CT, MR, PT = SINGLE_FRAME

THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}

SINGLE_FRAME_CLASSES = ", ".join(f"'{uid}'" for uid in SINGLE_FRAME)
"""The three SOP classes for an SQL list."""

NO_LOCALIZER = "(ImageType IS NULL OR UPPER(ImageType) NOT LIKE '%LOCALIZER%')"
"""Scouts differ from the slices beside them in everything, and rightly so."""


def slices(
    places: Iterable[float], *, first: int = 1, direction: str = "1\\0\\0\\0\\1\\0", **changes: str
) -> list[dict[str, str]]:
    """Axial CT slices at these z coordinates in mm, numbered from `first` on."""
    return [
        {
            "SOPClassUID": CT,
            "Modality": "CT",
            "SeriesInstanceUID": THE_SERIES["SeriesInstanceUID"],
            "SOPInstanceUID": f"1.2.826.0.1.1.1.{number}",
            "InstanceNumber": str(number),
            "AcquisitionNumber": "1",
            "ImageType": "ORIGINAL\\PRIMARY\\AXIAL",
            "ImagePositionPatient": f"-250\\-250\\{place:g}",
            "ImageOrientationPatient": direction,
            "SliceThickness": "2.5",
            "Rows": "512",
            "Columns": "512",
            "PixelSpacing": "0.9\\0.9",
            **changes,
        }
        for number, place in enumerate(places, first)
    ]


def even(count: int, step: float = 2.5) -> list[float]:
    """So many coordinates, `step` mm apart."""
    return [step * number for number in range(count)]
