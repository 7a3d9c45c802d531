"""What the checks on patients share: which IDs and birth dates are stand-ins, and how names are compared."""

from __future__ import annotations

from tagwise.checks.stand_ins import BIRTH_DATES, PATIENT_IDS, listed

_WORDS = f"{listed(PATIENT_IDS[:13])},\n      {listed(PATIENT_IDS[13:])}"

STAND_IN = f"""(
    TRANSLATE(PatientID, '0-. ', '') = ''
    OR UPPER(PatientID) IN (
      {_WORDS}
    )
  )"""
"""The condition for a Patient ID that is a word for no ID, or nothing but zeros."""

NAME = "RTRIM(UPPER(PatientName), '^= ')"
"""Names are compared without case and without empty components at their end."""

_FIRST = """CASE
      WHEN POSITION('=' IN PatientName) > 0 THEN SUBSTRING(PatientName, 1, POSITION('=' IN PatientName) - 1)
      ELSE PatientName
    END"""

ONE_SCRIPT = f"NULLIF(RTRIM(UPPER({_FIRST}), '^ '), '')"
"""The name in its first script only, because not every device writes the others (PS3.5 section 6.2.1)."""

DAY = "REPLACE(PatientBirthDate, '.', '')"
"""The old form of a date (`1970.01.01`) means the same day as the present one."""

BIRTH = f"""CASE
      WHEN {DAY} IN ({listed(BIRTH_DATES)})
      THEN NULL
      ELSE {DAY}
    END"""
"""The birth date, and NULL for the dates that systems write when they do not know it."""

SEX = "CASE WHEN UPPER(PatientSex) IN ('F', 'M') THEN UPPER(PatientSex) END"
"""Only F and M contradict each other; O and values that are no sex say nothing."""
