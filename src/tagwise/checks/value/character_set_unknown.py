"""Specific Character Set names a set that does not exist.

## What it finds
Values of Specific Character Set (0008,0005) that are no defined term of PS3.3 C.12.1.1.2: `ISO-IR 100` and `ISO IR
100` for `ISO_IR 100`, `UTF-8` for `ISO_IR 192`, `latin1`, `ISO_IR_192`, a number alone.

## Why it matters
A reader that does not know the term falls back on plain ASCII, on its own default, or refuses the object. Names with
special letters are then wrong in one system and right in the next, which makes the fault hard to see.

## How to confirm
`dcmdump +P SpecificCharacterSet FILE`.

## How to fix
1. Correct the setting at the device or in the worklist. The term has one space and one underscore where the standard
   has them.
2. In stored objects write the right term, after reading one name with special letters in it.

## Not a problem when
- All text is plain ASCII: every reader then shows it well. The finding is a minor fault in that case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard.charset import DEFINED_TERMS

if TYPE_CHECKING:
    from tagwise.validation.objects import DataSet, ParsedObject

_CHARACTER_SET = 0x00080005


def _has_character_set(tags: tuple[int, ...]) -> bool:
    return _CHARACTER_SET in tags


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    reads=("SpecificCharacterSet",),
    references=("PS3.3 C.12.1.1.2",),
    since="0.1.0",
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
def character_set_unknown(data_set: DataSet, _parsed: ParsedObject) -> Fault | None:
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
