"""A device that sent studies regularly has stopped.

## What it finds
Devices (manufacturer, model, station, serial number) whose newest study is much older than the newest study of the
archive, compared with their own habit: the pause is more than twice as long as the longest one among their last 60
working days, and at least 5 days.

- Only devices with 20 working days or more in the archive are looked at (`min_days`); a rare one has no habit.
- After 60 days (`gone_after`) a device counts as taken out of service, and is not named any more.
- "Today" is the newest Study Date of the archive, so that an index of last week gives the result of last week.

Study Date stands in for the date of reception, which no object has. A backlog that arrives late therefore looks
like a pause that ends by itself.

## Why it matters
Images that do not arrive are not missed by anybody until a reader asks. Meanwhile the device's own disk fills, and
it deletes the oldest examinations first: these are lost.

## How to confirm
1. Ask the department: holiday, service, broken, replaced? A new station name or serial number after an update looks
   like a new device beside a silent one.
2. Look at the device's send queue and its log. A wrong AE title or port after a change in the network stops it.
3. Look at the gateway: it may report objects as sent that the archive refused.

## How to fix
1. Repair the route, then let the device send all studies since the date in the evidence, before its disk overwrites
   them.
2. Compare its own list of studies with the archive's.
3. Watch queues with a monitor; an alarm after one day beats this check, which needs several.

## Not a problem when
- The device was sold, replaced or renamed, or its department was closed for the holidays.
- The scan covers a part of the archive only.
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

_DEVICE = "Manufacturer, ManufacturerModelName, StationName, DeviceSerialNumber"
_SCANNER = {"Modality": "CT", "Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_START = date(2024, 1, 1)


def _working(days: Iterable[int], **device: str) -> list[dict[str, str]]:
    return [{**_SCANNER, **device, "StudyDate": f"{_START + timedelta(days=day):%Y%m%d}"} for day in days]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.DEVICE,
    relation="facets",
    subject=("Manufacturer", "ManufacturerModelName", "StationName", "DeviceSerialNumber"),
    reads=(
        "StudyDate",
        "Modality",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
        "DeviceSerialNumber",
    ),
    sql=f"""
WITH working AS (
  SELECT DISTINCT
    {_DEVICE},
    TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d') AS day
  FROM facets
  WHERE LENGTH(REPLACE(StudyDate, '.', '')) = 8
    AND Modality NOT IN ({NOT_ACQUIRED})
    AND COALESCE(StationName, DeviceSerialNumber) IS NOT NULL
),
paused AS (
  SELECT
    {_DEVICE},
    day,
    DATE_DIFF('day', LAG(day) OVER (PARTITION BY {_DEVICE} ORDER BY day), day) AS pause,
    ROW_NUMBER() OVER (PARTITION BY {_DEVICE} ORDER BY day DESC) AS back
  FROM working
  WHERE day <= CURRENT_DATE
),
habits AS (
  SELECT
    {_DEVICE},
    COUNT(*) AS working_days,
    MAX(day) AS last_day,
    MAX(CASE WHEN back <= 60 THEN pause END) AS longest_pause
  FROM paused
  GROUP BY {_DEVICE}
),
compared AS (
  SELECT
    {_DEVICE},
    working_days,
    longest_pause,
    DATE_DIFF('day', last_day, (SELECT MAX(day) FROM paused)) AS silent_days,
    STRFTIME(last_day, '%Y%m%d') AS last_StudyDate
  FROM habits
)
SELECT {_DEVICE}, working_days, longest_pause, silent_days, last_StudyDate
FROM compared
WHERE working_days >= $min_days
  AND silent_days >= 5
  AND silent_days <= $gone_after
  AND silent_days > 2 * longest_pause
ORDER BY {_DEVICE}
""",
    references=("PS3.3 C.7.2.1", "PS3.3 C.7.5.1"),
    sources=(),
    since="0.1.0",
    aliases=("time/source-silent",),
    settings={"min_days": 20, "gone_after": 60},
    fires=(
        Example(
            "a scanner that worked every day, and not in the last ten",
            [*_working(range(50)), *_working([59], StationName="CT2")],
            [_THE_DEVICE],
        ),
        Example(
            "a scanner that rests at weekends, silent for ten days",
            [*_working(day for day in range(50) if day % 7 < 5), *_working([60], StationName="CT2")],
            [_THE_DEVICE],
        ),
    ),
    silent=(
        Example("a scanner that works on the last day", [*_working(range(50)), *_working([49], StationName="CT2")]),
        Example("a long weekend", [*_working(range(50)), *_working([53], StationName="CT2")]),
        Example(
            "a scanner that works once a week",
            [*_working(range(0, 210, 7)), *_working([217], StationName="CT2")],
        ),
        Example("a device with few days", [*_working(range(10)), *_working([30], StationName="CT2")]),
        Example("a scanner taken out of service long ago", [*_working(range(50)), *_working([200], StationName="CT2")]),
        Example("one study dated in the future", [*_working(range(50)), {**_SCANNER, "StudyDate": "29990101"}]),
        Example(
            "a workstation that writes reports now and then",
            [*_working(range(50), Modality="SR"), *_working([59], StationName="CT2")],
        ),
    ),
)
def device_silent(row: Mapping[str, EvidenceValue]) -> str:
    """Compare the pause with the habit; no dates."""
    return (
        f"no studies in the last {row['silent_days']} days of the archive, after {row['working_days']} working days"
        f" with pauses of at most {row['longest_pause']}"
    )
