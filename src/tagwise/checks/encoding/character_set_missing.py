"""Text has characters beyond ASCII, but no character set is declared for them.

## What it finds
Studies with objects that have no Specific Character Set, or only the default repertoire (ISO_IR 6), although Patient's
Name, Study Description, Series Description or Institution Name contains bytes beyond ASCII. The finding says in how
many of the objects the bytes look like UTF-8.

## Why it matters
Without the declaration only ASCII is allowed, and each reader guesses: one shows an accent, the next a question mark,
the third nothing. A name that is read in two ways is two persons to a matching rule: orders stay open, priors are not
found, and a patient gets a second record. Cloud stores refuse such objects or drop the value.

## How to confirm
1. `dcmdump +P SpecificCharacterSet +P PatientName FILE | xxd` shows the bytes. 0xC3 followed by 0x80 to 0xBF is UTF-8,
   a single byte above 0xA0 is a Latin set (or Cyrillic, Greek…, as the country says).
2. Compare with the name in the worklist entry and its character set. Many devices copy the bytes of the worklist and
   forget the declaration.

## How to fix
1. Set the character set in the device's configuration; where the worklist can be asked for one set, ask for it.
2. Until then let the router add Specific Character Set for that sender only: ISO_IR 100 for Western European bytes,
   ISO_IR 192 for UTF-8. Test with names of the region before.
3. Stored objects: add the attribute that was proven right, with the archive's own tools. Do not change the text.

## Not a problem when
- The bytes are a symbol in a series description, such as the degree sign, that nobody searches for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.encoding._texts import LOOKS_LIKE_UTF8, TEXTS
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "PatientName": "M\u00fcller^Jan", "SpecificCharacterSet": ""}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "SpecificCharacterSet", *TEXTS),
    sql=f"""
WITH written AS (
  SELECT
    StudyInstanceUID,
    instances,
    PatientName,
    CONCAT_WS(' ', {", ".join(TEXTS)}) AS words
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND (SpecificCharacterSet IS NULL OR SpecificCharacterSet IN ('ISO_IR 6', 'ISO 2022 IR 6'))
)
SELECT
  StudyInstanceUID,
  SUM(instances) AS instances,
  SUM(CASE WHEN REGEXP_MATCHES(PatientName, '[^\\x00-\\x7F]') THEN instances ELSE 0 END) AS in_the_name,
  SUM(CASE WHEN REGEXP_MATCHES(words, '{LOOKS_LIKE_UTF8}') THEN instances ELSE 0 END) AS look_like_utf8
FROM written
WHERE REGEXP_MATCHES(words, '[^\\x00-\\x7F]')
GROUP BY StudyInstanceUID
ORDER BY StudyInstanceUID
""",
    references=("PS3.3 C.12.1.1.2", "PS3.5 6.1.2", "PS3.5 6.1.2.3"),
    sources=(
        Source("https://github.com/innolitics/dicom-standard/issues/77", "2026-11-23"),
        Source("https://github.com/cornerstonejs/dicomParser/issues/77", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("encoding/charset-missing",),
    fires=(
        Example("a name in Latin-1 that nobody declared", [_CT], [_THE_STUDY]),
        Example(
            "a name in UTF-8 that nobody declared",
            [{**_CT, "PatientName": "M\u00c3\u00bcller^Jan", "SpecificCharacterSet": "ISO_IR 6"}],
            [_THE_STUDY],
        ),
        Example(
            "a description beyond ASCII, a minor fault",
            [{**_CT, "PatientName": "Mueller^Jan", "SeriesDescription": "Knie 30\u00b0"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("ASCII alone", [{**_CT, "PatientName": "Mueller^Jan"}]),
        Example("a character set that is declared", [{**_CT, "SpecificCharacterSet": "ISO_IR 100"}]),
        Example("UTF-8 that is declared", [{**_CT, "SpecificCharacterSet": "ISO_IR 192"}]),
        Example(
            "a Japanese name, the first of two character sets left empty",
            [
                {
                    **_CT,
                    "PatientName": "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce",
                    "SpecificCharacterSet": "\\ISO 2022 IR 87",
                }
            ],
        ),
    ),
)
def character_set_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether a name is concerned, and whether the bytes look like UTF-8."""
    named, utf8 = int(row["in_the_name"] or 0), int(row["look_like_utf8"] or 0)
    where = "Patient's Name" if named else "a description"
    message = f"{row['instances']} instances have characters beyond ASCII in {where} and declare no character set"
    if utf8:
        message += f" (they look like UTF-8 in {utf8})"
    return Problem(message, None if named else Severity.LOW)
