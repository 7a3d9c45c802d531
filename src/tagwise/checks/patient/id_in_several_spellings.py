"""One person has Patient IDs that differ in spaces, hyphens, case or leading zeros only.

## What it finds
Two or more Patient IDs of one issuer that become equal when spaces, hyphens and dots are dropped, letters are made
large, and leading zeros go, and whose objects have the same name and no different birth date: `0012-34` and `1234`.

With an equal birth date on both sides the severity is medium; if a side has none, it is low. Equal numbers with
different names or birth dates are not reported: `0012` and `12` may be two patients of two numbering circles.

## Why it matters
To a clerk these are one patient, to every database they are two. Prior studies are not found, a merge message names
one of the two only, and a server that makes its own keys from the ID, as Orthanc does, keeps two patients apart for
ever.

## How to confirm
1. Ask the patient administration for the official form of the ID: its length, and whether zeros in front belong to
   it.
2. See which devices write the other form. Worklist entries carry the right one; typing, barcode readers that drop
   zeros, and imports do not.

## How to fix
1. Bring the value into the official form at the gateway, before the archive sees it.
2. Merge the stored variants (HL7 ADT^A40, or the archive's patient merge), the official form being the one that
   stays.
3. Switch manual entry of IDs off on the device, or let it check the length.

## Not a problem when
- The archive compares IDs in a normal form of its own, and so do the systems that ask it.
- Two people have equal names and birth dates and by chance such IDs. Compare before merging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.patient._patients import BIRTH, NAME
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientID": "0004711",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700405",
}
_SECOND = {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "PatientID": "4711"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.PATIENT,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate"),
    grain={"PatientBirthDate": Level.PATIENT},
    sql=f"""
WITH spelled AS (
  SELECT
    StudyInstanceUID,
    PatientID,
    IssuerOfPatientID,
    {NAME} AS name,
    {BIRTH} AS birth,
    LTRIM(UPPER(TRANSLATE(PatientID, ' -.', '')), '0') AS normal
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL AND PatientID IS NOT NULL AND PatientName IS NOT NULL
)
SELECT
  MIN(StudyInstanceUID) AS StudyInstanceUID,
  MAX(StudyInstanceUID) AS last_StudyInstanceUID,
  COUNT(DISTINCT PatientID) AS spellings,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  SUM(CASE WHEN birth IS NULL THEN 1 ELSE 0 END) AS without_birth_date,
  MIN(PatientID) AS first_PatientID,
  MAX(PatientID) AS last_PatientID
FROM spelled
WHERE normal <> ''
GROUP BY normal, IssuerOfPatientID, name
HAVING MIN(PatientID) <> MAX(PatientID)
  AND COUNT(DISTINCT birth) <= 1
  AND COUNT(DISTINCT StudyInstanceUID) > 1
ORDER BY StudyInstanceUID, first_PatientID
""",
    references=("PS3.3 C.7.1.1",),
    sources=(
        Source(
            "https://orthanc.uclouvain.be/hg/orthanc-book/file/tip/Sphinx/source/faq/orthanc-ids.rst?revcount=768",
            "2026-11-23",
        ),
        Source("https://github.com/pehses/twixtools/pull/24", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("patient/patient-id-variants",),
    fires=(
        Example("an ID with and without leading zeros", [_CT, _SECOND], [_THE_STUDY]),
        Example(
            "an ID with hyphens and in small letters",
            [{**_CT, "PatientID": "ab-4711"}, {**_SECOND, "PatientID": "AB4711"}],
            [_THE_STUDY],
        ),
        Example(
            "two spellings without a birth date, a minor fault",
            [_CT, {**_SECOND, "PatientBirthDate": ""}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one spelling", [_CT, {**_SECOND, "PatientID": "0004711"}]),
        Example("two people with such numbers", [_CT, {**_SECOND, "PatientName": "Roe^Richard"}]),
        Example("a father and a son of one name", [_CT, {**_SECOND, "PatientBirthDate": "19950505"}]),
        Example("two issuers", [{**_CT, "IssuerOfPatientID": "A"}, {**_SECOND, "IssuerOfPatientID": "B"}]),
        Example("zeros only", [{**_CT, "PatientID": "00"}, {**_SECOND, "PatientID": "000"}]),
        Example("zeros at the end", [{**_CT, "PatientID": "4711"}, {**_SECOND, "PatientID": "47110"}]),
        Example("two IDs in one study, which another check reports", [_CT, {**_CT, "PatientID": "4711"}]),
    ),
)
def id_in_several_spellings(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count spellings and studies; without a birth date it is a guess."""
    message = f"{row['spellings']} spellings of one Patient ID in {row['studies']} studies with the same name"
    if row["without_birth_date"]:
        return Problem(f"{message}; not all have a birth date", Severity.LOW)
    return Problem(f"{message} and birth date")
