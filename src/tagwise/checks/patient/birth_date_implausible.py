"""A birth date is no date, lies after the study, or makes the patient older than anybody.

## What it finds
Studies whose objects carry a Patient's Birth Date that

- is not a day of the calendar in the form YYYYMMDD: `00/00/0000`, `19700431`, a year alone. The old form with dots is
  accepted. Medium severity;
- lies after the Study Date: medium;
- lies more than 115 years before it (`max_years`): low.

The dates that systems write for unknown, such as 19000101 or 18000101, are left out. They are no fault of the form;
the standard's answer is an empty value.

## Why it matters
The birth date is the second proof of identity, after the ID. A value that cannot be read turns it off: imports stop
with an error of the date parser, databases store nothing, and gateways that compare it with the order refuse the
study.

## How to confirm
1. Compare with the worklist entry and the patient administration.
2. A value that is no date in all studies of one device: typed by hand, or the mapping from HL7 PID-7 passes a time or
   another format through.
3. A date after the study in one study: the clock of the device is wrong, or today's date was taken as a default.

## How to fix
1. Correct the value in the patient administration, and send an update to the archive (HL7 ADT^A08).
2. Let the gateway refuse values that are no dates, or empty them; Type 2 allows it.
3. De-identification: write nothing, or a valid date. A mask such as 00000000 breaks the reader.

## Not a problem when
- Partial birth dates are all that is known of a person, and every receiver takes them.
- Archaeological finds, animals, or a date shift in research data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "StudyDate": "20240131", "PatientBirthDate": "19600405"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "StudyDate", "PatientBirthDate"),
    grain={"StudyDate": Level.STUDY, "PatientBirthDate": Level.PATIENT},
    sql=f"""
WITH born AS (
  SELECT
    StudyInstanceUID,
    instances,
    {BIRTH} AS birth,
    CASE WHEN LENGTH({BIRTH}) = 8 THEN TRY_STRPTIME({BIRTH}, '%Y%m%d') END AS birth_day,
    CASE WHEN LENGTH(REPLACE(StudyDate, '.', '')) = 8 THEN TRY_STRPTIME(REPLACE(StudyDate, '.', ''), '%Y%m%d') END
      AS study_day
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientBirthDate IS NOT NULL
),
judged AS (
  SELECT
    StudyInstanceUID,
    CASE WHEN birth IS NOT NULL AND birth_day IS NULL THEN instances ELSE 0 END AS no_date,
    CASE WHEN birth_day > study_day THEN instances ELSE 0 END AS after_study,
    CASE WHEN DATE_DIFF('year', birth_day, study_day) > $max_years THEN instances ELSE 0 END AS too_old
  FROM born
)
SELECT
  StudyInstanceUID,
  SUM(no_date) AS no_date,
  SUM(after_study) AS after_study,
  SUM(too_old) AS too_old
FROM judged
WHERE no_date + after_study + too_old > 0
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.7.1.1", "PS3.5 6.2"),
    sources=(
        Source("https://github.com/aces/Loris-MRI/pull/794", "2026-11-23"),
        Source("https://github.com/fli-iam/shanoir-ng/issues/990", "2026-11-23"),
    ),
    about=("PatientBirthDate",),
    since="0.1.0",
    aliases=("patient/birth-date-invalid",),
    settings={"max_years": 115},
    fires=(
        Example("a date with slashes", [{**_CT, "PatientBirthDate": "00/00/0000"}], [_THE_STUDY]),
        Example("the 31st of April", [{**_CT, "PatientBirthDate": "19700431"}], [_THE_STUDY]),
        Example("a year alone", [{**_CT, "PatientBirthDate": "1970"}], [_THE_STUDY]),
        Example("born a day after the study", [{**_CT, "PatientBirthDate": "20240201"}], [_THE_STUDY]),
        Example("a patient of 124 years, a minor fault", [{**_CT, "PatientBirthDate": "19000405"}], [_THE_STUDY]),
    ),
    silent=(
        Example("a birth date", [_CT]),
        Example("no birth date", [{**_CT, "PatientBirthDate": ""}]),
        Example("a newborn on the day of birth", [{**_CT, "PatientBirthDate": "20240131"}]),
        Example("the old form", [{**_CT, "PatientBirthDate": "1960.04.05"}]),
        Example("a patient of 104 years", [{**_CT, "PatientBirthDate": "19200105"}]),
        Example("a birth date that stands for unknown", [{**_CT, "PatientBirthDate": "19000101"}]),
        Example("a study without a date", [{**_CT, "StudyDate": ""}]),
        Example("a study date that is none, which another check reports", [{**_CT, "StudyDate": "31.01.24"}]),
    ),
)
def birth_date_implausible(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say what is wrong with it; a great age alone is the lesser fault."""
    words = {
        "no_date": "is not a date",
        "after_study": "lies after the study",
        "too_old": "makes the patient older than people become",
    }
    found = [f"{text} in {quantity(row[column], 'object')}" for column, text in words.items() if row[column]]
    only_old = not row["no_date"] and not row["after_study"]
    return Problem(f"Patient's Birth Date {' and '.join(found)}", Severity.LOW if only_old else None)
