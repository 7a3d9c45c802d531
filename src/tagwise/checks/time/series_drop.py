"""A modality has far fewer series than on the same weekday before.

## What it finds
Modalities with far fewer series on the last complete day than usual on that weekday. Usual is the median of the same
weekday in the eight weeks before (`weeks`), days without any series included.

- A drop: at most 30 % of the usual number (`share`), where 20 series are usual (`min_series`).
- Silence: no series at all, where 8 are usual (`min_silent`).
- The last complete day is the one before the newest Study Date of the archive: the newest may still be going on. An
  index of last week therefore gives the result of last week.

The limits keep chance out: where 20 series come on average, 6 or fewer come by chance once in some 4,000 days, and
where 8 come on average, none comes once in some 3,000. Weekdays are compared with themselves, because most departments
work little at weekends.

`time/device-silent` looks at single devices and their pauses; this check sees what many devices of a modality have in
common, and devices that work too seldom to have a habit.

## Why it matters
One wrong route, full disk or expired certificate can keep all images of a modality from the archive. Nobody misses
them until somebody asks for them, and by then the devices may have deleted their copies.

## How to confirm
1. Was it a public holiday, a strike, or a service day of the department? Then other modalities dropped too.
2. Compare with the worklist or the RIS: examinations done on that day against studies in the archive.
3. Look at the queues of the devices, the router and the gateway for objects that wait or failed.

## How to fix
1. Repair the route, then let the devices send again what is missing since that day.
2. Compare their lists of studies with the archive's.
3. Where the new number is the right one, wait: the median follows within four weeks.

## Not a problem when
- The day was a public holiday.
- The scan covers a part of the archive only, or stopped before the day was complete.
- A department moved or was closed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagwise.findings import EvidenceValue

_START = date(2024, 1, 1)


def _series(days: Iterable[int], number: int, modality: str = "CT") -> list[dict[str, str]]:
    return [
        {
            "Modality": modality,
            "StudyDate": f"{_START + timedelta(days=day):%Y%m%d}",
            "SeriesInstanceUID": f"1.2.3.{ord(modality[0])}.{day + 1}.{place + 1}",
        }
        for day in days
        for place in range(number)
    ]


_NEXT = _series([64], 1, "MR")  # the archive goes on: day 63 is complete


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("Modality",),
    reads=("Modality", "StudyDate", "SeriesInstanceUID"),
    sql=f"""
WITH counted AS (
  SELECT
    Modality,
    CAST(TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d') AS DATE) AS day,
    COUNT(DISTINCT SeriesInstanceUID) AS series
  FROM facets
  WHERE LENGTH(REPLACE(StudyDate, '.', '')) = 8
    AND Modality NOT IN ({NOT_ACQUIRED})
  GROUP BY Modality, day
),
judged AS (
  SELECT MAX(day) - 1 AS day FROM counted WHERE day <= CURRENT_DATE
),
weekdays AS (
  SELECT modalities.Modality, CAST(judged.day - CAST(7 * weeks.number AS INTEGER) AS DATE) AS day
  FROM (SELECT DISTINCT Modality FROM counted) AS modalities
  CROSS JOIN judged
  CROSS JOIN (SELECT UNNEST(RANGE(1, $weeks + 1)) AS number) AS weeks
),
usual AS (
  SELECT weekdays.Modality, MEDIAN(COALESCE(counted.series, 0)) AS usual
  FROM weekdays
  LEFT JOIN counted ON counted.Modality = weekdays.Modality AND counted.day = weekdays.day
  GROUP BY weekdays.Modality
),
compared AS (
  SELECT usual.Modality, COALESCE(counted.series, 0) AS series, usual.usual AS usual, judged.day AS day
  FROM usual
  CROSS JOIN judged
  LEFT JOIN counted ON counted.Modality = usual.Modality AND counted.day = judged.day
)
SELECT Modality, series, CAST(ROUND(usual) AS BIGINT) AS usual, STRFTIME(day, '%Y%m%d') AS day_StudyDate
FROM compared
WHERE (usual >= $min_series AND series <= $share * usual)
  OR (usual >= $min_silent AND series = 0)
ORDER BY Modality
""",
    references=("PS3.3 C.7.3.1", "PS3.3 C.7.2.1"),
    sources=(),
    since="0.1.0",
    settings={"weeks": 8, "share": 0.3, "min_series": 20, "min_silent": 8},
    fires=(
        Example(
            "CT with 20 series on every Monday, and 6 on this one",
            [*_series(range(0, 63, 7), 20), *_series([63], 6), *_NEXT],
            [{"Modality": "CT"}],
        ),
        Example(
            "CT with 8 series a day, and none on the last complete one",
            [*_series(range(63), 8), *_NEXT],
            [{"Modality": "CT"}],
        ),
    ),
    silent=(
        Example("a little less than usual", [*_series(range(0, 63, 7), 20), *_series([63], 7), *_NEXT]),
        Example("the newest day is not complete yet", [*_series(range(63), 20), *_series([63], 1)]),
        Example("few series a day, and none on the last one", [*_series(range(63), 7), *_NEXT]),
        Example("a weekend without series", [*_series((d for d in range(62) if d % 7 != 0), 20), *_NEXT]),
        Example("a new modality", [*_series([62], 30), *_NEXT]),
        Example("reports of a workstation", [*_series(range(63), 20, "SR"), *_NEXT]),
    ),
)
def series_drop(row: Mapping[str, EvidenceValue]) -> str:
    """Compare the day with its weekday; no dates."""
    return f"{row['series']:,} series on the last complete day, where {row['usual']:,} are usual on this weekday"
