"""A series was acquired before its study began, or months after it.

## What it finds
Series of modalities that acquire whose Series Date lies before the Study Date, or two calendar months and more
after it (`max_months`). Radiotherapy, whose fractions take weeks, and derived objects such as reports, which come
later, are left out, and so are values that are no date.

The five days leave room for two clocks around midnight, and for an examination that was opened again.

## Why it matters
Lists that sort by date show the series in the wrong place among the priors. Decay correction of PET and timing of
contrast phases read these dates. And a series that is far from its study is often one that was filed into the wrong
study.

## How to confirm
1. Compare Acquisition Date and Content Date of the series with Study Date, and Accession Number with the order.
2. If every series of a patient is off by another span, dates were shifted per file in de-identification.
3. If one device is always off by the same span, its clock is wrong.
4. Otherwise look at the images: the series may belong to another study of the patient.

## How to fix
1. Set the clock (NTP), and correct the studies since.
2. Move a misfiled series to its study with the archive's tools.
3. De-identification: one offset per patient, for all dates.

## Not a problem when
- Prior images were imported into the current study on purpose, for comparison.
- A study is kept open for a long course: monitoring, wound photographs, research time points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyDate": "20240131",
    "SeriesDate": "20240131",
    "Modality": "CT",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


def _month(keyword: str) -> str:
    return f"CAST(SUBSTRING({keyword}, 1, 4) AS INTEGER) * 12 + CAST(SUBSTRING({keyword}, 5, 2) AS INTEGER)"


def _day(keyword: str) -> str:
    """Days on a calendar in which every month has 31: up to three too many at the end of a month, never too few."""
    return f"({_month(keyword)}) * 31 + CAST(SUBSTRING({keyword}, 7, 2) AS INTEGER)"


def _is_date(keyword: str) -> str:
    return f"LENGTH({keyword}) = 8 AND TRANSLATE({keyword}, '0123456789', '') = ''"


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="instances",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "StudyDate", "SeriesDate", "Modality"),
    grain={"StudyDate": Level.STUDY, "SeriesDate": Level.SERIES},
    sql=f"""
WITH apart AS (
  SELECT SeriesInstanceUID, StudyDate, SeriesDate, Modality, COUNT(*) AS objects
  FROM instances
  WHERE SeriesDate <> StudyDate
    AND SeriesInstanceUID IS NOT NULL
    AND Modality NOT IN ({NOT_ACQUIRED}, 'RTIMAGE')
  GROUP BY SeriesInstanceUID, StudyDate, SeriesDate, Modality
),
counted AS (
  SELECT
    SeriesInstanceUID,
    Modality,
    objects,
    CASE
      WHEN {_is_date("StudyDate")} AND {_is_date("SeriesDate")}
      THEN ({_month("SeriesDate")}) - ({_month("StudyDate")})
    END AS months,
    CASE
      WHEN {_is_date("StudyDate")} AND {_is_date("SeriesDate")}
      THEN {_day("SeriesDate")} - ({_day("StudyDate")})
    END AS days
  FROM apart
)
SELECT
  SeriesInstanceUID,
  MIN(Modality) AS its_Modality,
  MIN(months) AS months,
  MIN(days) AS days,
  SUM(objects) AS objects
FROM counted
WHERE months >= $max_months OR days < -4 - 3 * CASE WHEN months = 0 THEN 0 ELSE 1 END
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1", "PS3.3 C.7.2.1"),
    sources=(Source("https://github.com/QIICR/Slicer-PETDICOMExtension/issues/28", "2026-11-23"),),
    since="0.1.0",
    aliases=("time/date-order-implausible",),
    settings={"max_months": 2},
    fires=(
        Example("a series a month before its study", [{**_CT, "SeriesDate": "20231231"}], [_THE_SERIES]),
        Example("a series a year after its study", [{**_CT, "SeriesDate": "20250131"}], [_THE_SERIES]),
        Example(
            "a series ten years before its study, on the same day", [{**_CT, "SeriesDate": "20140131"}], [_THE_SERIES]
        ),
    ),
    silent=(
        Example("one date", [_CT]),
        Example("past midnight", [{**_CT, "SeriesDate": "20240201"}]),
        Example(
            "a day before, by the clock of another device", [{**_CT, "StudyDate": "20240301", "SeriesDate": "20240229"}]
        ),
        Example("a report of a later month", [{**_CT, "SeriesDate": "20240731", "Modality": "SR"}]),
        Example(
            "an image of a treatment in its sixth week", [{**_CT, "SeriesDate": "20240415", "Modality": "RTIMAGE"}]
        ),
        Example("a late phase in the next month", [{**_CT, "SeriesDate": "20240215"}]),
        Example("no Series Date", [{**_CT, "SeriesDate": ""}]),
        Example("a value that is no date", [{**_CT, "SeriesDate": "31.01.24"}]),
    ),
)
def series_date_outside_study(row: Mapping[str, EvidenceValue]) -> str:
    """Say on which side, and by how many months."""
    months, objects = int(row["months"] or 0), quantity(row["objects"], "object")
    if months > 0:
        return f"Series Date is {quantity(months, 'calendar month')} after Study Date in {objects}"
    span = quantity(-months, "calendar month") if months else "some days"
    return f"Series Date is {span} before Study Date in {objects}"
