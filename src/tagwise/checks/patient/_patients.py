"""What the checks on patients share: which IDs and birth dates are stand-ins, and how names are compared."""

from __future__ import annotations

STAND_IN = """(
    TRANSLATE(PatientID, '0-. ', '') = ''
    OR UPPER(PatientID) IN (
      'UNKNOWN', 'UNKNOWN ID', 'UNK', 'NONE', 'NULL', 'NIL', 'N/A', 'NA', 'NO ID', 'NOID', 'NO_ID', 'W/I', 'WALK-IN',
      'ANONYMOUS', 'ANONYMIZED', 'ANONYMISED', 'ANON', 'DEIDENTIFIED', 'REMOVED', 'TEST', 'PATIENT', 'XXX', 'XXXX', '?'
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
      WHEN {DAY} IN ('00000000', '00010101', '11111111', '17530101', '18000101', '18581117', '19000101', '99991231')
      THEN NULL
      ELSE {DAY}
    END"""
"""The birth date, and NULL for the dates that systems write when they do not know it."""

SEX = "CASE WHEN UPPER(PatientSex) IN ('F', 'M') THEN UPPER(PatientSex) END"
"""Only F and M contradict each other; O and values that are no sex say nothing."""
