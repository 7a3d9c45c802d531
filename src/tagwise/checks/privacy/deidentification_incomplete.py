"""Objects say that the patient's identity was removed, and still hold values that identify.

## What it finds
Studies with objects whose Patient Identity Removed is YES although

- Patient's Name has two parts of letters only, as names of people have (`Doe^Jane`, not `ANON^0012` or `SUBJ012`);
- Patient's Birth Date is a whole date other than the first of January, the usual dummy;
- Accession Number is filled, which leads back to the order; or
- Institution Name is filled.

A name together with a birth date is of high severity, one of the two is medium. Accession Number or Institution Name
alone is low: profiles may replace them by dummies, and an option of PS3.15 keeps the institution.

The check reads no other attribute, because the index does not keep addresses and telephone numbers, and it does not
look into pixels; see `privacy/burned-in-identity-likely`.

## Why it matters
The flag is what people and systems trust when they share data. A set that carries it and still names the patient is a
breach of privacy as soon as it leaves the house, and cannot be called back.

## How to confirm
1. Run the audit with `--show-values`, or read an object: `dcmdump +P PatientName +P PatientBirthDate +P AccessionNumber
   +P DeidentificationMethod FILE`.
2. Find out whether the values are the patient's or dummies: De-identification Method names the tool or profile.
3. Look at the other attributes of Table E.1-1 of PS3.15: where these were left, more was.

## How to fix
1. Stop the sharing of the set, and tell those who are responsible for privacy.
2. Run the whole profile again, on the originals, with a tool that maps UIDs in one table.
3. Set the flag only after the result was checked. A flag that was copied from another object means nothing.

## Not a problem when
- Name and date are dummies that look real, as some tools make them on purpose.
- The institution may be named by agreement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientIdentityRemoved": "YES",
    "PatientName": "SUBJ012",
    "PatientID": "SUBJ012",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}
_A_PERSON = "^[[:alpha:]''-]{2,}\\^[[:alpha:]'' .-]{2,}"


@check(
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=(
        "StudyInstanceUID",
        "PatientIdentityRemoved",
        "PatientName",
        "PatientBirthDate",
        "AccessionNumber",
        "InstitutionName",
    ),
    grain={
        "PatientName": Level.PATIENT,
        "PatientBirthDate": Level.PATIENT,
        "AccessionNumber": Level.STUDY,
        "InstitutionName": Level.SERIES,
    },
    sql=f"""
WITH judged AS (
  SELECT
    StudyInstanceUID,
    instances,
    CASE
      WHEN REGEXP_MATCHES(PatientName, '{_A_PERSON}') AND UPPER(PatientName) NOT LIKE '%ANON%'
        AND UPPER(PatientName) NOT LIKE '%PATIENT%'
      THEN 1 ELSE 0
    END AS named,
    CASE WHEN LENGTH(PatientBirthDate) = 8 AND PatientBirthDate NOT LIKE '%0101' THEN 1 ELSE 0 END AS born,
    CASE WHEN AccessionNumber IS NOT NULL THEN 1 ELSE 0 END AS ordered,
    CASE WHEN InstitutionName IS NOT NULL THEN 1 ELSE 0 END AS placed
  FROM facets
  WHERE PatientIdentityRemoved = 'YES' AND StudyInstanceUID IS NOT NULL
)
SELECT
  StudyInstanceUID,
  SUM(instances) AS instances,
  MAX(named) AS names,
  MAX(born) AS birth_dates,
  MAX(ordered) AS accession_numbers,
  MAX(placed) AS institutions
FROM judged
WHERE named + born + ordered + placed > 0
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.15 E", "PS3.3 C.7.1.1"),
    sources=(Source("https://github.com/blairconrad/dicognito/issues/43", "2026-11-23"),),
    about=("PatientIdentityRemoved",),
    since="0.1.0",
    aliases=("privacy/deid-incomplete",),
    fires=(
        Example(
            "name and birth date of a person",
            [{**_CT, "PatientName": "Doe^Jane", "PatientBirthDate": "19700423"}],
            [_THE_STUDY],
        ),
        Example("a name alone, less severe", [{**_CT, "PatientName": "O'Hara^Mary Ann"}], [_THE_STUDY]),
        Example("an accession number, a minor fault", [{**_CT, "AccessionNumber": "A4711"}], [_THE_STUDY]),
        Example("the institution, a minor fault", [{**_CT, "InstitutionName": "Hospital"}], [_THE_STUDY]),
    ),
    silent=(
        Example("a pseudonym", [_CT]),
        Example("a pseudonym in two parts", [{**_CT, "PatientName": "ANON^0012"}]),
        Example("a word that says it", [{**_CT, "PatientName": "Anonymous^Patient"}]),
        Example("a dummy birth date", [{**_CT, "PatientBirthDate": "19700101"}]),
        Example(
            "a patient who was not de-identified",
            [{**_CT, "PatientIdentityRemoved": "NO", "PatientName": "Doe^Jane", "PatientBirthDate": "19700423"}],
        ),
    ),
)
def deidentification_incomplete(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say what is left, without the values."""
    kinds = {
        "names": "a name",
        "birth_dates": "a birth date",
        "accession_numbers": "an accession number",
        "institutions": "an institution",
    }
    left = [words for column, words in kinds.items() if int(row[column] or 0)]
    message = f"{row['instances']} instances are marked as de-identified and have {', '.join(left)}"
    person = int(row["names"] or 0) + int(row["birth_dates"] or 0)
    return Problem(message, {2: None, 1: Severity.MEDIUM, 0: Severity.LOW}[person])
