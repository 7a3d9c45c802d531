"""Specific Character Set has a value that the standard does not define.

## What it finds
One finding per value of Specific Character Set in which a term is none of PS3.3 C.12.1.1.2. Known misspellings
(`ISO IR 192`, `UTF-8`, `ISO-8859-1`, `ISO_IR 149`), which some software understands, have medium severity like all
others, because most does not. Empty values in front of further ones are right and not reported.

## Why it matters
A reader that does not know the term falls back to ASCII or refuses the object. Names then show question marks or
nothing, searches fail, and some toolkits raise an error in the middle of a transfer.

## How to confirm
1. `dcmdump +P SpecificCharacterSet FILE`; compare letter by letter, underscore and space included.
2. Look at a name with characters beyond ASCII in the viewer, and in the list that a query returns.

## How to fix
1. Correct the writer's configuration. UTF-8 is `ISO_IR 192`, Western European is `ISO_IR 100`; sets that are switched
   by escape sequences begin with `ISO 2022 IR`.
2. Let the router replace the wrong term for that sender.
3. Stored objects: replace the term with the archive's own tools, after a name was seen to decode.

## Not a problem when
- All text in the objects is ASCII, and no receiver checks the term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

TERMS = (
    *(f"ISO_IR {number}" for number in (6, 13, 100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 192, 203)),
    *(
        f"ISO 2022 IR {number}"
        for number in (6, 13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 203)
    ),
    *("GB18030", "GBK"),
)
"""The defined terms (PS3.3 C.12.1.1.2)."""

_TERM = "|".join(TERMS)

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.ARCHIVE,
    relation="facets",
    subject=("SpecificCharacterSet",),
    reads=("SpecificCharacterSet", "SeriesInstanceUID", "StudyInstanceUID"),
    sql=f"""
SELECT
  SpecificCharacterSet,
  COUNT(DISTINCT StudyInstanceUID) AS studies,
  SUM(instances) AS instances,
  MIN(SeriesInstanceUID) AS example_SeriesInstanceUID
FROM facets
WHERE SpecificCharacterSet IS NOT NULL
  AND NOT REGEXP_MATCHES(SpecificCharacterSet, '^ *({_TERM})? *(\\\\ *({_TERM})? *)*$')
GROUP BY SpecificCharacterSet
ORDER BY SpecificCharacterSet
""",
    references=("PS3.3 C.12.1.1.2",),
    sources=(
        Source("https://github.com/pydicom/pynetdicom/issues/201", "2026-11-23"),
        Source("https://github.com/DCMTK/dcmtk/pull/64", "2026-11-23"),
        Source("https://github.com/radialogica/dicom-character-set/issues/3", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("encoding/charset-invalid-term",),
    fires=(
        Example(
            "a space in the place of the underscore",
            [{**_CT, "SpecificCharacterSet": "ISO IR 192"}],
            [{"SpecificCharacterSet": "ISO IR 192"}],
        ),
        Example(
            "the name that the rest of the world uses",
            [{**_CT, "SpecificCharacterSet": "UTF-8"}, {**_CT, "SpecificCharacterSet": "UTF-8"}],
            [{"SpecificCharacterSet": "UTF-8"}],
        ),
        Example(
            "a comma in the place of the backslash",
            [{**_CT, "SpecificCharacterSet": "ISO 2022 IR 6, ISO 2022 IR 87"}],
            [{"SpecificCharacterSet": "ISO 2022 IR 6, ISO 2022 IR 87"}],
        ),
    ),
    silent=(
        Example("Western European", [{**_CT, "SpecificCharacterSet": "ISO_IR 100"}]),
        Example("Japanese, the first value left empty", [{**_CT, "SpecificCharacterSet": "\\ISO 2022 IR 87"}]),
        Example(
            "three values with padding",
            [{**_CT, "SpecificCharacterSet": "ISO 2022 IR 13 \\ISO 2022 IR 87\\ISO 2022 IR 159"}],
        ),
        Example("no value", [_CT]),
    ),
)
def character_set_unknown(row: Mapping[str, EvidenceValue]) -> str:
    """Quote the value."""
    value = str(row["SpecificCharacterSet"])
    return f"Specific Character Set {value!r} is not defined (studies: {row['studies']}, instances: {row['instances']})"
