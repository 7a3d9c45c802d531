"""Text does not decode with the character set that is declared for it.

## What it finds
Studies with objects that declare a character set, and whose Patient's Name, Study Description, Series Description or
Institution Name

- has bytes that are impossible in it: the scan replaces them by U+FFFD; or
- was declared Latin-1 (ISO_IR 100 and its kin) but consists of bytes of UTF-8: `MÃ¼ller` in the place of `Müller`.

The severity is medium if a name is concerned, and low for descriptions. A wrong set among those with one byte per
character, such as Latin-1 declared as Cyrillic, decodes without an error and cannot be found by a machine.

## Why it matters
The patient's name is shown and indexed in a form that nobody types. The same person gets a second spelling, matching
with the order fails, and a report printed from it carries the garbage outside. Systems that convert to UTF-8 on the way
write the wrong characters for good.

## How to confirm
1. `dcmdump +P SpecificCharacterSet +P PatientName FILE | xxd`: the bytes of one accented letter show the encoding.
2. Compare with the worklist entry: which set did it declare, and which bytes did it have?
3. Objects of one device only: its configuration. Objects of all devices after one day: the router or the worklist.

## How to fix
1. Correct declaration or encoding at the source, whichever is wrong. Worklist providers that send UTF-8 to devices that
   declare Latin-1 are the usual pair; ask for a set that the device supports.
2. Stored objects: replace the declaration by the one that decodes, in all objects of the study and with the archive's
   own tools; the bytes are right.
3. Where characters were converted wrongly and the bytes are lost, take the name from the patient's record.

## Not a problem when
- A French or Portuguese description happens to contain such a pair of signs. It is rare; look at the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.encoding._texts import LOOKS_LIKE_UTF8, TEXTS
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "PatientName": "M\u00c3\u00bcller^Jan",
    "SpecificCharacterSet": "ISO_IR 100",
}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "SpecificCharacterSet", *TEXTS),
    sql=f"""
WITH written AS (
  SELECT
    StudyInstanceUID,
    SpecificCharacterSet,
    instances,
    COALESCE(PatientName, '') AS name,
    CONCAT_WS(' ', {", ".join(TEXTS)}) AS words
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND SpecificCharacterSet IS NOT NULL
    AND SpecificCharacterSet NOT IN ('ISO_IR 6', 'ISO 2022 IR 6')
),
judged AS (
  SELECT
    StudyInstanceUID,
    instances,
    CASE WHEN words LIKE '%\ufffd%' THEN 1 ELSE 0 END AS impossible,
    CASE
      WHEN SpecificCharacterSet IN ('ISO_IR 100', 'ISO 2022 IR 100', '\\ISO 2022 IR 100')
        AND REGEXP_MATCHES(words, '{LOOKS_LIKE_UTF8}')
      THEN 1 ELSE 0
    END AS utf8,
    CASE WHEN name LIKE '%\ufffd%' OR REGEXP_MATCHES(name, '{LOOKS_LIKE_UTF8}') THEN 1 ELSE 0 END AS named
  FROM written
)
SELECT
  StudyInstanceUID,
  SUM(instances) AS instances,
  MAX(named) AS in_the_name,
  SUM(impossible * instances) AS impossible,
  SUM(utf8 * instances) AS look_like_utf8
FROM judged
WHERE impossible + utf8 > 0
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.12.1.1.2", "PS3.5 6.1.2"),
    sources=(
        Source("https://github.com/innolitics/dicom-standard/issues/77", "2026-11-23"),
        Source("https://github.com/fo-dicom/fo-dicom/issues/339", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("encoding/charset-mojibake",),
    fires=(
        Example("UTF-8 declared as Latin-1", [_CT], [_THE_STUDY]),
        Example(
            "Latin-1 declared as UTF-8",
            [{**_CT, "PatientName": "M\ufffdller^Jan", "SpecificCharacterSet": "ISO_IR 192"}],
            [_THE_STUDY],
        ),
        Example(
            "a description in UTF-8 declared as Latin-1, a minor fault",
            [{**_CT, "PatientName": "Mueller^Jan", "StudyDescription": "Sch\u00c3\u00a4del"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("Latin-1 as declared", [{**_CT, "PatientName": "M\u00fcller^Ren\u00e9"}]),
        Example("a Portuguese name in capitals", [{**_CT, "PatientName": "JO\u00c3O^CONCEI\u00c7\u00c3O"}]),
        Example(
            "a French description in quotation marks",
            [{**_CT, "PatientName": "", "StudyDescription": "\u00ab\u00e9t\u00e9\u00bb"}],
        ),
        Example(
            "UTF-8 as declared",
            [{**_CT, "PatientName": "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce", "SpecificCharacterSet": "ISO_IR 192"}],
        ),
        Example("no character set, which character-set-missing reports", [{**_CT, "SpecificCharacterSet": ""}]),
    ),
)
def character_set_wrong(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say which way it is wrong, without the text."""
    where = "Patient's Name" if int(row["in_the_name"] or 0) else "a description"
    if int(row["look_like_utf8"] or 0):
        message = f"{where} looks like UTF-8 but is declared Latin-1 (instances: {row['instances']})"
    else:
        message = f"{where} has bytes that the declared character set does not know (instances: {row['instances']})"
    return Problem(message, None if int(row["in_the_name"] or 0) else Severity.LOW)
