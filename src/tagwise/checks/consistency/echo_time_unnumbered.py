"""MR images of different echo times in one series have no echo numbers that tell them apart.

## What it finds
MR series of single-frame images in which images with one Echo Number, or without any, have two or more echo times,
and several images share a position. Series with more than sixteen echo times are left out: there the time is a
parameter that changes from image to image, as in relaxometry or with ultrashort echoes.

## Why it matters
Echo Number is what sorting and conversion tools split a multi-echo series by. Where it is missing, images of two
contrasts are mixed into one stack, in an order that depends on the tool, and a field map or a T2* map is calculated
from the wrong pairs.

## How to confirm
1. Count the images of the series by Echo Time, Echo Numbers, Acquisition Number and Image Type.
2. Look into the vendor's private attributes for an echo index; release notes of the sequence often name it.

## How to fix
1. Sort by Echo Time in the tools that build volumes.
2. Ask the vendor, or the author of a research sequence, to write Echo Numbers, or export enhanced MR, which has the
   effective echo time of each frame.
3. Write down which software version of the scanner is concerned.

## Not a problem when
- Echo times differ only by what the calibration of each slice changes.
- The series is looked at image by image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.geometry._slices import MR, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _echo(time: str, first: int = 1, **changes: str) -> list[dict[str, str]]:
    return slices(even(5), first=first, SOPClassUID=MR, Modality="MR", EchoTime=time, **changes)


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "EchoTime", "EchoNumbers", "ImagePositionPatient"),
    sql=f"""
WITH echoes AS (
  SELECT
    SeriesInstanceUID,
    COUNT(*) AS images,
    COUNT(DISTINCT EchoTime) AS times,
    COUNT(DISTINCT ImagePositionPatient) AS positions
  FROM instances
  WHERE SOPClassUID = '{MR}' AND SeriesInstanceUID IS NOT NULL AND EchoTime IS NOT NULL
  GROUP BY SeriesInstanceUID, EchoNumbers
)
SELECT
  SeriesInstanceUID,
  SUM(images) AS images,
  MAX(times) AS echo_times
FROM echoes
WHERE times > 1 AND times <= $max_echo_times AND positions < images
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.8.3.1",),
    sources=(Source("https://github.com/rordenlab/dcm2niix/issues/568", "2026-11-23"),),
    since="0.1.0",
    aliases=("consistency/mr-mixed-contrast",),
    settings={
        # Multi-echo protocols have two to twelve echoes; more values are a parameter that is swept.
        "max_echo_times": 16,
    },
    fires=(
        Example("two echo times without echo numbers", _echo("2.46") + _echo("4.92", first=6), [THE_SERIES]),
        Example(
            "two echo times with one echo number",
            _echo("2.46", EchoNumbers="1") + _echo("4.92", first=6, EchoNumbers="1"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example(
            "two echoes with their numbers", _echo("2.46", EchoNumbers="1") + _echo("4.92", first=6, EchoNumbers="2")
        ),
        Example("one echo time", _echo("2.46") + _echo("2.46", first=6)),
        Example(
            "the echo time changes a little from slice to slice",
            [{**one, "EchoTime": f"80.{number}"} for number, one in enumerate(_echo("80"))],
        ),
        Example(
            "a sweep over thirty echo times",
            [one for number in range(30) for one in _echo(f"{5 + number}", first=5 * number + 1)],
        ),
    ),
)
def echo_time_unnumbered(row: Mapping[str, EvidenceValue]) -> str:
    """Count the times."""
    return f"{row['echo_times']} echo times under one Echo Number, or none (images: {row['images']})"
