"""The patient's age is malformed or contradicts birth date and study date.

## What it finds
Studies in which Patient's Age

- is not three digits and one of the letters D, W, M, Y: `64`, `42Y`, `042y`;
- or differs from the age that birth date and study date give by more than two years (`max_years`).

Two years leave room for rounding, for ages counted in begun years, and for a study date some months after the
order. The letters D, W and M are turned into years first. Birth dates that stand for unknown, such as 19000101, and
dates that are none are not compared.

## Why it matters
Protocols for children, bone age, dose reports and cohort filters read the age and not the birth date. Strict software
reads `64` as nothing, and lenient software takes it for days or weeks.

## How to confirm
1. Compare the age with birth date and study date of the same object, and both with the order.
2. All studies of a device are malformed: its software does not pad. A few contradict: the age was typed, copied
   from a template, or belongs to another patient, which deserves a look.
3. Birth dates were replaced in de-identification while ages were kept: then all studies contradict.

## How to fix
1. Let the device compute the age from birth date and study date, or leave it out: it is optional.
2. In stored objects, correct the birth date first if it is the wrong one of the two.
3. De-identification: shift birth date and study date by the same offset, or remove the birth date and keep the age.

## Not a problem when
- Ages above 89 were set to `090Y` as de-identification rules ask, and the birth date is kept by mistake or on
  purpose.
- The objects show animals or specimens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "StudyDate": "20240131",
    "PatientBirthDate": "19600405",
    "PatientAge": "063Y",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="instances",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "StudyDate", "PatientBirthDate", "PatientAge"),
    grain={"StudyDate": Level.STUDY, "PatientBirthDate": Level.PATIENT, "PatientAge": Level.STUDY},
    sql="""
WITH aged AS (
  SELECT StudyInstanceUID, StudyDate, PatientBirthDate, PatientAge, COUNT(*) AS objects
  FROM instances
  WHERE PatientAge IS NOT NULL AND StudyInstanceUID IS NOT NULL
  GROUP BY StudyInstanceUID, StudyDate, PatientBirthDate, PatientAge
),
read_age AS (
  SELECT
    StudyInstanceUID,
    PatientAge,
    objects,
    CASE
      WHEN LENGTH(PatientAge) = 4
        AND TRANSLATE(SUBSTRING(PatientAge, 1, 3), '0123456789', '') = ''
        AND SUBSTRING(PatientAge, 4, 1) IN ('D', 'W', 'M', 'Y')
      THEN CAST(SUBSTRING(PatientAge, 1, 3) AS INTEGER)
    END AS number,
    CASE SUBSTRING(PatientAge, 4, 1) WHEN 'D' THEN 365 WHEN 'W' THEN 52 WHEN 'M' THEN 12 ELSE 1 END AS per_year,
    CASE
      WHEN LENGTH(StudyDate) = 8 AND TRANSLATE(StudyDate, '0123456789', '') = ''
        AND LENGTH(PatientBirthDate) = 8 AND TRANSLATE(PatientBirthDate, '0123456789', '') = ''
        AND PatientBirthDate > '19000101' AND PatientBirthDate <= StudyDate
      THEN CAST(SUBSTRING(StudyDate, 1, 4) AS INTEGER) - CAST(SUBSTRING(PatientBirthDate, 1, 4) AS INTEGER)
        - CASE WHEN SUBSTRING(StudyDate, 5, 4) < SUBSTRING(PatientBirthDate, 5, 4) THEN 1 ELSE 0 END
    END AS years
  FROM aged
),
judged AS (
  SELECT
    StudyInstanceUID,
    PatientAge,
    CASE WHEN number IS NULL THEN objects ELSE 0 END AS malformed,
    CASE
      WHEN number > (years + $max_years + 1) * per_year OR number < (years - $max_years) * per_year
      THEN objects ELSE 0
    END AS contradicting
  FROM read_age
)
SELECT
  StudyInstanceUID,
  SUM(malformed) AS malformed,
  SUM(contradicting) AS contradicting,
  MIN(PatientAge) AS example_PatientAge
FROM judged
WHERE malformed + contradicting > 0
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.2.2", "PS3.5 6.2"),
    sources=(Source("https://github.com/datalad/example-dicom-structural/issues/2", "2026-11-23"),),
    about=("PatientAge",),
    since="0.1.0",
    aliases=("patient/patient-age-implausible",),
    settings={"max_years": 2},
    fires=(
        Example("an age without its letter", [{**_CT, "PatientAge": "63"}], [_THE_STUDY]),
        Example("an age with a small letter", [{**_CT, "PatientAge": "063y"}], [_THE_STUDY]),
        Example("an age of two digits", [{**_CT, "PatientAge": "63Y"}], [_THE_STUDY]),
        Example("an age ten years too low", [{**_CT, "PatientAge": "053Y"}], [_THE_STUDY]),
        Example("an age of 63 months for a man of 63 years", [{**_CT, "PatientAge": "063M"}], [_THE_STUDY]),
        Example("a child of one year with 63 years", [{**_CT, "PatientBirthDate": "20230105"}], [_THE_STUDY]),
    ),
    silent=(
        Example("the age that the dates give", [_CT]),
        Example("an age in begun years", [{**_CT, "PatientAge": "064Y"}]),
        Example("a newborn in days", [{**_CT, "PatientAge": "003D", "PatientBirthDate": "20240128"}]),
        Example("a child of ten months", [{**_CT, "PatientAge": "010M", "PatientBirthDate": "20230320"}]),
        Example("a child of 21 months in months", [{**_CT, "PatientAge": "021M", "PatientBirthDate": "20220420"}]),
        Example("no age", [{**_CT, "PatientAge": ""}]),
        Example("an age of zero years", [{**_CT, "PatientAge": "000Y", "PatientBirthDate": "20230820"}]),
        Example("a de-identified object with an age and no birth date", [{**_CT, "PatientBirthDate": ""}]),
        Example("a birth date that stands for unknown", [{**_CT, "PatientBirthDate": "19000101"}]),
        Example("a birth date that is none", [{**_CT, "PatientBirthDate": "05.04.60"}]),
    ),
)
def age_implausible(row: Mapping[str, EvidenceValue]) -> str:
    """Count the objects of each kind."""
    malformed, contradicting = int(row["malformed"] or 0), int(row["contradicting"] or 0)
    parts = []
    if malformed:
        parts.append(f"is malformed in {quantity(malformed, 'object')}")
    if contradicting:
        parts.append(f"contradicts birth date and study date in {quantity(contradicting, 'object')}")
    return f"Patient's Age {' and '.join(parts)}"
