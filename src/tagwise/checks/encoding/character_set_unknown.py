"""Specific Character Set has a value that the standard does not define.

## What it finds
Values of Specific Character Set (0008,0005) in which a term is none of PS3.3 C.12.1.1.2: in an archive one finding per
value, in an object one for each data set, with the term that was probably meant. Known misspellings
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
- All text in the objects is ASCII, and no receiver checks the term. In one object the finding is a minor fault then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard.charset import DEFINED_TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import DataSet, ParsedObject

_TERM = "|".join(sorted(DEFINED_TERMS))

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
    aliases=("encoding/charset-invalid-term", "value/character-set-unknown"),
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
        Example("Latin alphabet No. 9, a younger term", [{**_CT, "SpecificCharacterSet": "ISO_IR 203"}]),
        Example("no value", [_CT]),
    ),
)
def character_set_unknown(row: Mapping[str, EvidenceValue]) -> str:
    """Quote the value."""
    value = str(row["SpecificCharacterSet"])
    return f"Specific Character Set {value!r} is not defined (studies: {row['studies']}, instances: {row['instances']})"


_CHARACTER_SET = 0x00080005


def _has_character_set(tags: tuple[int, ...]) -> bool:
    return _CHARACTER_SET in tags


@object_form(
    character_set_unknown,
    target="data sets",
    reads=("SpecificCharacterSet",),
    concerns=_has_character_set,
    fires=(
        ObjectExample(
            "a misspelt term over a name with special letters",
            [Given("SpecificCharacterSet", "CS", "ISO-IR 100"), Given("PatientName", "PN", b"M\xfcller")],
            ["SpecificCharacterSet"],
        ),
        ObjectExample(
            "the usual name of an encoding over plain text, a minor fault",
            [Given("SpecificCharacterSet", "CS", "UTF-8"), Given("PatientName", "PN", "Mueller")],
            ["SpecificCharacterSet"],
        ),
    ),
    silent=(
        ObjectExample("a defined term", [Given("SpecificCharacterSet", "CS", "ISO_IR 192")]),
        ObjectExample("several terms, the first one empty", [Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 87")]),
        ObjectExample("an empty attribute", [Given("SpecificCharacterSet", "CS", "")]),
    ),
)
def of_one_object(data_set: DataSet, _parsed: ParsedObject) -> Fault | None:
    """Name the term, and the one that was probably meant."""
    declared = data_set.get(_CHARACTER_SET)
    if declared is None:
        return None
    for term in declared.strings():
        if term and term not in DEFINED_TERMS:
            meant = _meant(term)
            hint = f", {meant} was probably meant" if meant else ""
            plain = all(not element.raw or element.raw.isascii() for element in data_set.elements if element.vr != "UN")
            message = f"{term[:32]!r} is no defined term of Specific Character Set{hint}"
            return Fault(message, declared, severity=Severity.LOW if plain else None)
    return None


def _meant(term: str) -> str:
    """The term with the same letters and digits."""
    bare = "".join(character for character in term.upper() if character.isalnum())
    bare = {"UTF8": "ISOIR192", "LATIN1": "ISOIR100", "ISO88591": "ISOIR100"}.get(bare, bare)
    same = [known for known in DEFINED_TERMS if "".join(c for c in known if c.isalnum()) == bare]
    return same[0] if same else ""
