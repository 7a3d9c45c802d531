"""The objects of one study have different Study Dates.

## What it finds
Studies whose objects carry two or more values of Study Date. The finding names a series with the first and one with
the last date, and their modalities: one of the two usually comes from a writer that has its own idea of the date.

The old form with dots (`2024.01.31`) and the present one (`20240131`) count as one date, and an empty date is not
compared. If the values are one day apart the severity is low.

Study Date is the day on which the study started, and belongs to the study and not to the image. So it stays the same
when an examination runs past midnight, and when a report or a reconstruction is made days later: these have their own
Series, Acquisition and Content Date.

## Why it matters
Worklists, prior searches and retention rules ask by Study Date. An archive with one date per study keeps the first or
the last that it receives, so a query finds the study under one date and misses it under the other. Cloud imports that
group by study attributes split such a study.

## How to confirm
1. List Study Date by series, with Modality and Manufacturer: C-FIND at the SERIES level does not return it reliably,
   so read it from one object of each series.
2. One modality or workstation differs: it writes its own date, of acquisition or of processing.
3. Every object has a date of its own: dates were shifted per file in de-identification.
4. Values one day apart with times around midnight: two devices of one examination, or a device in another time zone.

## How to fix
1. Decide by the order or by the earliest acquisition which date is right.
2. Correct the study in the archive with its own study update, so that database, files and later retrievals agree.
3. Let the device take Study Date from the images it works on. For new acquisitions, the performed procedure step of
   the first device gives date and time.
4. De-identification: shift dates by one offset per patient.

## Not a problem when
- The examination ran past midnight on two devices and nobody searches by date. The standard's answer is still the
  first.
- A study is extended for days on purpose: monitoring, radiotherapy fractions, research time points in one study.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyDate": "20240131",
    "Modality": "CT",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "StudyDate", "Modality", "SeriesInstanceUID"),
    sql="""
WITH dated AS (
  SELECT
    StudyInstanceUID,
    SeriesInstanceUID,
    Modality,
    instances,
    REPLACE(StudyDate, '.', '') AS day,
    MIN(REPLACE(StudyDate, '.', '')) OVER (PARTITION BY StudyInstanceUID) AS first_day,
    MAX(REPLACE(StudyDate, '.', '')) OVER (PARTITION BY StudyInstanceUID) AS last_day
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND StudyDate IS NOT NULL
)
SELECT
  StudyInstanceUID,
  COUNT(DISTINCT day) AS dates,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  SUM(instances) AS instances,
  MIN(CASE WHEN day = first_day THEN SeriesInstanceUID END) AS first_SeriesInstanceUID,
  MIN(CASE WHEN day = last_day THEN SeriesInstanceUID END) AS last_SeriesInstanceUID,
  MIN(CASE WHEN day = first_day THEN Modality END) AS first_Modality,
  MIN(CASE WHEN day = last_day THEN Modality END) AS last_Modality,
  SUM(CASE WHEN day = first_day THEN instances ELSE 0 END) AS instances_of_first_date,
  SUM(CASE WHEN day = last_day THEN instances ELSE 0 END) AS instances_of_last_date,
  MIN(day) AS first_StudyDate,
  MAX(day) AS last_StudyDate
FROM dated
WHERE first_day <> last_day
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.2.1", "PS3.3 A.1.2.2", "PS3.5 6.2"),
    sources=(
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/study-date-inconsistent",),
    fires=(
        Example(
            "a report that carries the date of its creation",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "Modality": "SR", "StudyDate": "20240205"}],
            [_THE_STUDY],
        ),
        Example("two dates across midnight, a minor fault", [_CT, {**_CT, "StudyDate": "20240201"}], [_THE_STUDY]),
        Example("a value that is no date", [_CT, {**_CT, "StudyDate": "31.01.24"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one date", [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2"}]),
        Example("the old form of the same date", [_CT, {**_CT, "StudyDate": "2024.01.31"}]),
        Example("an object without a date", [_CT, {**_CT, "StudyDate": ""}]),
        Example(
            "two studies on two days",
            [
                _CT,
                {"StudyInstanceUID": "1.2.826.0.1.2", "SeriesInstanceUID": "1.2.826.0.1.2.1", "StudyDate": "20240301"},
            ],
        ),
    ),
)
def study_date_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Give the number of dates, the days between and who has which, never a date."""
    counts = f"{row['dates']} Study Dates in one study"
    first, last = (
        f"{row[f'instances_of_{end}_date']} {row[f'{end}_Modality'] or 'of no modality'}" for end in ("first", "last")
    )
    days = _days_between(str(row["first_StudyDate"]), str(row["last_StudyDate"]))
    if days is None:
        return Problem(f"{counts}, at least one is not a date (instances: {first} and {last})")
    plural = "" if days == 1 else "s"
    message = f"{counts}, up to {days} day{plural} apart (instances with the first: {first}, with the last: {last})"
    return Problem(message, Severity.LOW if days == 1 else None)


def _days_between(first: str, last: str) -> int | None:
    try:
        dates = [
            date(int(text[:4]), int(text[4:6]), int(text[6:8]))
            for text in (first, last)
            if len(text) == len("YYYYMMDD")
        ]
    except ValueError:
        return None
    return (dates[1] - dates[0]).days if len(dates) == len((first, last)) else None
