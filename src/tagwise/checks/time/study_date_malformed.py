"""A device writes a Study Date or Study Time that cannot be read.

## What it finds
Devices with objects whose

- Study Date is not a day of the calendar in the form YYYYMMDD: hyphens or slashes, a month 00, the 30th of
  February, a range of two dates, a time in the place of the date. Medium severity;
- Study Time is not HH, HHMM, HHMMSS or HHMMSS with up to six digits after a point: low;
- Study Date or Study Time has the old form with dots or colons (`2024.01.31`, `10:15:30`), which was withdrawn in
  1993 and which readers should still accept: low.

Empty values are legal. There is one finding per device, with the number of objects of each kind.

## Why it matters
Databases store nothing for such a date, so the study is missed by every search for a date, and by retention.
Importers stop with an error of the parser, and the study is lost without a message to anybody.

## How to confirm
1. Print the value of the example: `dcmdump +P StudyDate +P StudyTime FILE`.
2. If the device writes it so itself, all of its studies are concerned. If only some are, look at the interface that
   fills its worklist, and at de-identification.

## How to fix
1. Correct the format where it is made: the mapping from HL7 v2 times is a usual place (`20240131101530+0100` is no
   date).
2. At the gateway, rewrite what is certain (remove hyphens, cut a time), and hold the rest back.
3. Correct the stored studies with the archive's study update, so that database and files agree.

## Not a problem when
- Only the old form occurs, in objects of old devices, and all readers accept it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyDate": "20240131",
    "StudyTime": "101530.25",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "StationName": "CT1",
}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_LEAP = ", ".join(f"'{year:02}'" for year in range(4, 100, 4))
_DATE = "REPLACE(StudyDate, '.', '')"
_TIME = "REPLACE(StudyTime, ':', '')"


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.DEVICE,
    relation="instances",
    subject=DEVICE,
    reads=(
        "StudyDate",
        "StudyTime",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH written AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    StudyInstanceUID,
    MIN(SeriesInstanceUID) AS SeriesInstanceUID,
    StudyDate,
    StudyTime,
    COUNT(*) AS objects
  FROM instances
  WHERE StudyDate IS NOT NULL OR StudyTime IS NOT NULL
  GROUP BY Manufacturer, ManufacturerModelName, StationName, StudyInstanceUID, StudyDate, StudyTime
),
judged AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    StudyInstanceUID,
    SeriesInstanceUID,
    objects,
    CASE
      WHEN StudyDate IS NULL THEN 0
      WHEN LENGTH(StudyDate) <> 8 AND StudyDate NOT LIKE '____.__.__' THEN 1
      WHEN LENGTH({_DATE}) <> 8 OR TRANSLATE({_DATE}, '0123456789', '') <> '' THEN 1
      WHEN {_DATE} < '00010101' OR SUBSTRING({_DATE}, 5, 2) NOT BETWEEN '01' AND '12' THEN 1
      WHEN SUBSTRING({_DATE}, 7, 2) NOT BETWEEN '01' AND '31' THEN 1
      WHEN SUBSTRING({_DATE}, 5, 4) IN ('0230', '0231', '0431', '0631', '0931', '1131') THEN 1
      WHEN SUBSTRING({_DATE}, 5, 4) = '0229'
        AND SUBSTRING({_DATE}, 3, 2) NOT IN ({_LEAP}) AND SUBSTRING({_DATE}, 1, 4) NOT IN ('1600', '2000', '2400')
      THEN 1
      ELSE 0
    END AS wrong_date,
    CASE
      WHEN StudyTime IS NULL THEN 0
      WHEN StudyTime LIKE '%:%' AND StudyTime NOT LIKE '__:__' AND StudyTime NOT LIKE '__:__:__'
        AND StudyTime NOT LIKE '__:__:__.%' THEN 1
      WHEN TRANSLATE(SUBSTRING({_TIME}, 1, 6), '0123456789', '') <> '' THEN 1
      WHEN LENGTH({_TIME}) NOT IN (2, 4, 6) AND LENGTH({_TIME}) NOT BETWEEN 8 AND 13 THEN 1
      WHEN LENGTH({_TIME}) > 6
        AND (SUBSTRING({_TIME}, 7, 1) <> '.' OR TRANSLATE(SUBSTRING({_TIME}, 8, 6), '0123456789', '') <> '') THEN 1
      WHEN SUBSTRING({_TIME}, 1, 2) > '23' OR SUBSTRING({_TIME}, 3, 2) > '59' OR SUBSTRING({_TIME}, 5, 2) > '60' THEN 1
      ELSE 0
    END AS wrong_time,
    CASE
      WHEN StudyDate LIKE '____.__.__' OR StudyTime LIKE '__:__%' THEN 1
      ELSE 0
    END AS old_form
  FROM written
)
{
        by_device(
            '''
  SUM(wrong_date * objects) AS wrong_dates,
  SUM(wrong_time * objects) AS wrong_times,
  SUM(old_form * objects) AS old_forms,
  MIN(CASE WHEN wrong_date + wrong_time + old_form > 0 THEN StudyInstanceUID END) AS example_StudyInstanceUID''',
            "judged",
            "SUM(wrong_date + wrong_time + old_form) > 0",
        ).strip()
    }
""",
    references=("PS3.5 6.2", "PS3.3 C.7.2.1"),
    sources=(
        Source("https://github.com/aces/Loris-MRI/pull/794", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/2184", "2026-11-23"),
        Source("https://github.com/cutright/DVH-Analytics/issues/131", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("time/date-malformed",),
    fires=(
        Example("a date with hyphens", [{**_CT, "StudyDate": "2024-01-31"}], [_THE_DEVICE]),
        Example("a month 00", [{**_CT, "StudyDate": "20240015"}], [_THE_DEVICE]),
        Example("the 29th of February 2023", [{**_CT, "StudyDate": "20230229"}], [_THE_DEVICE]),
        Example("the 29th of February 1900", [{**_CT, "StudyDate": "19000229"}], [_THE_DEVICE]),
        Example("a date with its time", [{**_CT, "StudyDate": "20240131101530"}], [_THE_DEVICE]),
        Example("a range", [{**_CT, "StudyDate": "20240131-20240201"}], [_THE_DEVICE]),
        Example("an hour 25, a minor fault", [{**_CT, "StudyTime": "251530"}], [_THE_DEVICE]),
        Example("a time of five digits, a minor fault", [{**_CT, "StudyTime": "91530"}], [_THE_DEVICE]),
        Example(
            "the old form of date and time, a minor fault",
            [{**_CT, "StudyDate": "2024.01.31", "StudyTime": "10:15:30"}],
            [_THE_DEVICE],
        ),
    ),
    silent=(
        Example("a date and a time", [_CT]),
        Example("a time of hours and minutes", [{**_CT, "StudyTime": "1015"}]),
        Example("a time with six digits after the point", [{**_CT, "StudyTime": "101530.123456"}]),
        Example("a leap second", [{**_CT, "StudyTime": "235960"}]),
        Example(
            "the 29th of February 2024 and 2000", [{**_CT, "StudyDate": "20240229"}, {**_CT, "StudyDate": "20000229"}]
        ),
        Example("padding", [{**_CT, "StudyTime": "101530.2 "}]),
        Example("no date and no time", [{**_CT, "StudyDate": "", "StudyTime": ""}]),
        Example("a date before the computer age, which another check reports", [{**_CT, "StudyDate": "19000101"}]),
    ),
)
def study_date_malformed(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count each kind; only a date that cannot be read is more than cosmetic."""
    words = {
        "wrong_dates": "Study Date cannot be read",
        "wrong_times": "Study Time cannot be read",
        "old_forms": "date or time has the form before 1993",
    }
    found = [f"{text} in {quantity(row[column], 'object')}" for column, text in words.items() if row[column]]
    return Problem("; ".join(found), None if row["wrong_dates"] else Severity.LOW)
