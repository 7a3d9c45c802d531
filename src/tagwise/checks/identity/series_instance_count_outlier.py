"""A series has far more instances than the other series of its device.

## What it finds
Series that are far bigger than the device usually makes. What is usual is learnt from the archive itself, per
Modality, Manufacturer and Manufacturer's Model Name: the size that 95 of 100 series of the group do not exceed. A
series is named if it has more than four times that many instances, and at least 200.

Why these numbers:

- Series of one scanner have two or three typical sizes, a localizer of 2 next to a volume of 1,000. Mean, median and
  median deviation describe none of them, and the spread between them would allow everything. The upper 5 of 100 is
  where the big volumes are, so the check compares with those.
- Four times leaves room for a longer scan range, thinner slices and one more phase. A UID that is used again and
  again passes it soon.
- Below 200 instances a sum of images is no problem to anybody, and chest X-ray devices, whose series have one or two
  images, would give a finding for each long examination.
- A group is learnt from 50 series or more. Two wrong ones among 50 do not move the limit.

With the setting `max_instances`, one fixed number replaces all of this, for every device. Use it where a receiver has
a limit of its own. `times`, `percentile`, `at_least` and `min_series` change the learnt rule.

## Why it matters
The usual causes are a Series Instance UID that the device used again, the same images stored several times under new
SOP Instance UIDs, and a reconstruction sent without end. Viewers load the series as one stack and become slow or
fail; gateways and cloud imports have limits on the instances of a series.

The number alone proves nothing: two series of 40 images under one UID stay far below any limit. That is found by
`identity/series-uid-reused`.

## How to confirm
1. Count what should be different: SOP Instance UID, Instance Number, Image Position (Patient) with Acquisition Time.
   If positions repeat at equal times, images are stored twice.
2. Look at the spread of Acquisition Date and Time. Hours or days between the first and the last image mean that the
   UID was used again.
3. Ask the technologist whether the protocol is a dynamic, functional or diffusion acquisition of that length.

## How to fix
- Repeated UIDs: see `identity/series-uid-reused`.
- Images stored twice: reject one set (IHE IOCM) and find the sender that repeats after a timeout.
- A protocol that really makes so many: leave what is stored. If a viewer or an import fails on it, let the scanner send
  an enhanced multi-frame class or one series per phase from now on.

## Not a problem when
- Functional, diffusion and perfusion MR, dynamic PET, cardiac CT and 4D CT make long series, more so where such
  protocols are rare on a scanner that mostly does others.
- Digital pathology and microscopy in single frames.
- A research series was reconstructed on purpose with very thin slices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_ROOT = "1.2.826.0.1.7"
_SCANNER = {"Modality": "CT", "Manufacturer": "ACME", "ManufacturerModelName": "Scan 1"}
_SMALL = {"min_series": 3, "at_least": 5}


def _series(number: int, size: int, **attributes: str) -> list[dict[str, str]]:
    uid = f"{_ROOT}.{number}"
    return [
        {**_SCANNER, "SeriesInstanceUID": uid, "SOPInstanceUID": f"{uid}.{image}", **attributes}
        for image in range(1, size + 1)
    ]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "Modality", "Manufacturer", "ManufacturerModelName"),
    grain={"Modality": Level.SERIES, "Manufacturer": Level.SERIES, "ManufacturerModelName": Level.SERIES},
    sql="""
WITH series AS (
  SELECT
    SeriesInstanceUID,
    MIN(Modality) AS Modality,
    MIN(Manufacturer) AS Manufacturer,
    MIN(ManufacturerModelName) AS ManufacturerModelName,
    SUM(instances) AS instances
  FROM facets
  WHERE SeriesInstanceUID IS NOT NULL
  GROUP BY SeriesInstanceUID
),
learnt AS (
  SELECT
    Modality,
    Manufacturer,
    ManufacturerModelName,
    COUNT(*) AS series,
    QUANTILE_DISC(instances, $percentile / 100.0) AS usual
  FROM series
  GROUP BY Modality, Manufacturer, ManufacturerModelName
)
SELECT
  series.SeriesInstanceUID,
  series.instances,
  learnt.usual,
  learnt.series AS learnt_from,
  CAST($percentile AS INTEGER) AS percentile,
  CAST($max_instances AS BIGINT) AS fixed_limit,
  series.Modality AS its_Modality
FROM series
JOIN learnt
  ON series.Modality IS NOT DISTINCT FROM learnt.Modality
  AND series.Manufacturer IS NOT DISTINCT FROM learnt.Manufacturer
  AND series.ManufacturerModelName IS NOT DISTINCT FROM learnt.ManufacturerModelName
WHERE CASE
    WHEN CAST($max_instances AS BIGINT) IS NOT NULL THEN series.instances > CAST($max_instances AS BIGINT)
    ELSE learnt.series >= $min_series
      AND series.instances >= $at_least
      AND series.instances > $times * learnt.usual
  END
ORDER BY series.SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1",),
    sources=(Source("https://github.com/rordenlab/dcm2niix/issues/837", "2026-11-23"),),
    since="0.1.0",
    settings={"max_instances": None, "min_series": 50, "at_least": 200, "times": 4, "percentile": 95},
    fires=(
        Example(
            "nineteen series of two images and one of ten, on one device",
            [row for number in range(19) for row in _series(number, 2)] + _series(99, 10),
            [{"SeriesInstanceUID": f"{_ROOT}.99"}],
            settings=_SMALL,
        ),
        Example(
            "a fixed limit needs no other series",
            _series(1, 4),
            [{"SeriesInstanceUID": f"{_ROOT}.1"}],
            settings={"max_instances": 3},
        ),
    ),
    silent=(
        Example("too few series to learn from", [*_series(1, 1), *_series(2, 1), *_series(3, 12)]),
        Example(
            "localizers next to volumes",
            [row for number in range(10) for row in [*_series(number, 1), *_series(100 + number, 12)]],
            settings=_SMALL,
        ),
        Example(
            "a device that makes big series, next to one that makes small ones",
            [row for number in range(10) for row in _series(number, 1)]
            + [row for number in range(20, 24) for row in _series(number, 9, ManufacturerModelName="Scan 2")],
            settings=_SMALL,
        ),
        Example(
            "a long series that is still small",
            [row for number in range(19) for row in _series(number, 1)] + _series(99, 10),
            settings={"min_series": 3},
        ),
        Example("a fixed limit that is not exceeded", _series(1, 3), settings={"max_instances": 3}),
    ),
)
def series_instance_count_outlier(row: Mapping[str, EvidenceValue]) -> Problem:
    """Compare with the fixed limit or with the device; what is learnt is only worth a look."""
    if row["fixed_limit"] is not None:
        return Problem(f"{row['instances']} instances, the limit is set to {row['fixed_limit']}")
    usual = f"{row['percentile']} of 100 series of this device have at most {row['usual']}"
    learnt = f"learnt from {row['learnt_from']} series"
    return Problem(f"{row['instances']} instances, where {usual} ({learnt})", Severity.LOW)
