"""A device sends studies dated in the future, or long before digital imaging.

## What it finds
Devices with studies whose Study Date

- lies more than one day after today, which time zones cannot explain: medium severity;
- lies before 1975 (`oldest_year`): low. Computed tomography began in 1971, and archives much later, so the value
  comes from a clock that lost its time (1970, 1900), or from shifted dates.

There is one finding per device, because its clock or its import is the cause. Only modalities that acquire are
looked at: scanned papers may carry any date of the past. Values that are no date are reported by
`time/study-date-malformed`.

## Why it matters
A study of the future stays at the top of every list, and retention rules never reach it. A study of 1970 is moved
to the slow store, or deleted, on the first night. Ages turn negative.

## How to confirm
1. Compare Study Date with Content Date, Instance Creation Date and the date at which the archive received the study.
2. If a whole run of studies is shifted by the same span, it is the clock. If one study is, a date was typed.
3. Research data: dates were shifted on purpose. Longitudinal Temporal Information Modified (0028,0303) may say so.

## How to fix
1. Let the device take its time from the network (NTP), and replace the battery of its clock.
2. Correct the stored studies in the archive from the time of reception, with the old value noted.
3. Digitised films: put the date of the exposure into Study Date only if it is known.

## Not a problem when
- Dates were shifted for research and all users know it.
- Old films were digitised and carry the date of the exposure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyDate": "20240131",
    "Modality": "CT",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "StationName": "CT1",
}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.DEVICE,
    relation="facets",
    subject=DEVICE,
    reads=(
        "StudyDate",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Modality",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH dated AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    SeriesInstanceUID,
    StudyInstanceUID,
    TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d') AS day
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND LENGTH(REPLACE(StudyDate, '.', '')) = 8
    AND Modality NOT IN ({NOT_ACQUIRED})
),
judged AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    SeriesInstanceUID,
    CASE WHEN DATE_DIFF('day', CURRENT_DATE, day) > 1 THEN StudyInstanceUID END AS in_future,
    CASE WHEN YEAR(day) < $oldest_year THEN StudyInstanceUID END AS too_old,
    DATE_DIFF('day', CURRENT_DATE, day) AS days_ahead
  FROM dated
  WHERE day IS NOT NULL
)
{
        by_device(
            '''
  COUNT(DISTINCT in_future) AS in_future,
  COUNT(DISTINCT too_old) AS too_old,
  MAX(days_ahead) AS days_ahead,
  CAST($oldest_year AS INTEGER) AS oldest_year,
  MIN(COALESCE(in_future, too_old)) AS example_StudyInstanceUID''',
            "judged",
            "COUNT(in_future) + COUNT(too_old) > 0",
        ).strip()
    }
""",
    references=("PS3.3 C.7.2.1",),
    sources=(),
    since="0.1.0",
    aliases=("time/date-in-future", "time/date-too-old"),
    settings={"oldest_year": 1975},
    fires=(
        Example("a study of the year 2999", [{**_CT, "StudyDate": "29990131"}], [_THE_DEVICE]),
        Example("a study of 1970, a minor fault", [_CT, {**_CT, "StudyDate": "19700101"}], [_THE_DEVICE]),
        Example(
            "a device that does not name itself",
            [{**{k: v for k, v in _CT.items() if k not in _THE_DEVICE}, "StudyDate": "29990131"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
    ),
    silent=(
        Example("a study of last year", [_CT]),
        Example("a CT of 1985", [{**_CT, "StudyDate": "19850131"}]),
        Example("the old form of a date", [{**_CT, "StudyDate": "2024.01.31"}]),
        Example("a scanned paper of 1960", [{**_CT, "StudyDate": "19600131", "Modality": "DOC"}]),
        Example("a study without a date", [{**_CT, "StudyDate": ""}]),
        Example("a value that is no date, which another check reports", [{**_CT, "StudyDate": "99999999"}]),
    ),
)
def study_date_implausible(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count both kinds; the future is worse."""
    ahead, old = int(row["in_future"] or 0), int(row["too_old"] or 0)
    parts = [f"{ahead} dated in the future, up to {row['days_ahead']} days ahead"] if ahead else []
    parts += [f"{old} dated before {row['oldest_year']}"] if old else []
    return Problem(f"studies of this device: {' and '.join(parts)}", None if ahead else Severity.LOW)
