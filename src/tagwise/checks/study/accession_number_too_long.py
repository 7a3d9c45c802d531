"""An Accession Number or a Study ID has more than 16 characters.

## What it finds
Studies whose Accession Number or Study ID is longer than the 16 characters that the standard allows for the two. If
two Accession Numbers of the archive are equal in their first 16 characters, the severity is medium, otherwise low.

## Why it matters
Databases keep 16 characters. Some refuse the object; others cut the value, and then the order is not found, or two
orders become one. Both happen late: at an import, or on the day of a migration.

## How to confirm
1. Ask the archive for the study by its full Accession Number, and then by the first 16 characters. The second one
   works where the value was cut.
2. Look up in the order system how long its numbers are. Long ones are often a site prefix plus a number, or a UID.
3. Only de-identified studies are concerned: the tool replaced the number by a digest.

## How to fix
1. Shorten the value where it is mapped into the worklist, so that the short form is unique: drop a constant prefix,
   not the last digits.
2. Keep the long form in Placer or Filler Order Number, which may be longer.
3. Let de-identification cut digests to 16 characters.

## Not a problem when
- All systems involved take longer values, and no move is planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "AccessionNumber": "A4711", "StudyID": "1"}
_LONG = {**_CT, "AccessionNumber": "HOSPITAL-2024-004711"}
_SECOND = {**_LONG, "StudyInstanceUID": "1.2.826.0.1.2"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_THE_OTHER = {"StudyInstanceUID": "1.2.826.0.1.2"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="instances",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "AccessionNumber", "StudyID"),
    grain={"AccessionNumber": Level.STUDY, "StudyID": Level.STUDY},
    sql="""
WITH long_ones AS (
  SELECT
    StudyInstanceUID,
    AccessionNumber,
    SUBSTRING(AccessionNumber, 1, 16) AS kept,
    LENGTH(AccessionNumber) AS accession_length,
    LENGTH(StudyID) AS study_id_length,
    COUNT(*) AS objects
  FROM instances
  WHERE StudyInstanceUID IS NOT NULL AND (LENGTH(AccessionNumber) > 16 OR LENGTH(StudyID) > 16)
  GROUP BY StudyInstanceUID, AccessionNumber, StudyID
),
colliding AS (
  SELECT kept
  FROM long_ones
  WHERE accession_length > 16
  GROUP BY kept
  HAVING COUNT(DISTINCT AccessionNumber) > 1
),
judged AS (
  SELECT
    StudyInstanceUID, accession_length, study_id_length, objects,
    CASE WHEN kept IN (SELECT kept FROM colliding) THEN 1 ELSE 0 END AS collision
  FROM long_ones
)
SELECT
  StudyInstanceUID,
  MAX(accession_length) AS accession_length,
  MAX(study_id_length) AS study_id_length,
  MAX(collision) AS collides,
  SUM(objects) AS objects
FROM judged
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.5 6.2", "PS3.3 C.7.2.1"),
    sources=(
        Source("https://github.com/mmiv-center/DICOMAnonymizer/issues/11", "2026-11-23"),
        Source("https://github.com/ClearCanvas/ClearCanvas/issues/112", "2026-11-23"),
        Source("https://github.com/pydicom/pydicom/issues/1786", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("study/accession-too-long",),
    fires=(
        Example("a number of 20 characters, a minor fault", [_LONG], [_THE_STUDY]),
        Example("a UID in the Study ID, a minor fault", [{**_CT, "StudyID": "1.2.840.40823.1.1.1"}], [_THE_STUDY]),
        Example(
            "two numbers that are equal once they are cut",
            [_LONG, {**_SECOND, "AccessionNumber": "HOSPITAL-2024-004799"}],
            [_THE_STUDY, _THE_OTHER],
        ),
        Example("one long number in two studies, a minor fault", [_LONG, _SECOND], [_THE_STUDY, _THE_OTHER]),
    ),
    silent=(
        Example("16 characters", [{**_CT, "AccessionNumber": "HOSPITAL-2024-47", "StudyID": "1234567890123456"}]),
        Example("16 characters and padding", [{**_CT, "AccessionNumber": " HOSPITAL-2024-47  "}]),
        Example("16 characters that take more bytes", [{**_CT, "AccessionNumber": "ÄÖÜ-HOSPITAL-471"}]),
        Example("no number", [{**_CT, "AccessionNumber": "", "StudyID": ""}]),
    ),
)
def accession_number_too_long(row: Mapping[str, EvidenceValue]) -> Problem:
    """Give the lengths; a collision after cutting is worse."""
    lengths = {"Accession Number": int(row["accession_length"] or 0), "Study ID": int(row["study_id_length"] or 0)}
    named = [f"{name} of {length} characters" for name, length in lengths.items() if length > 16]
    message = f"{' and '.join(named)} in {quantity(row['objects'], 'object')}, 16 are allowed"
    if row["collides"]:
        return Problem(f"{message}; cut to 16 it equals another Accession Number")
    return Problem(message, Severity.LOW)
