"""A text needs a character set, and none is declared.

## What it finds
Bytes above 7FH in text (LO, SH, PN, ST, LT, UC, UT) of an object, or item, for which Specific Character Set
(0008,0005) is absent, empty or says that only the default repertoire is used. Each data set gives one finding, for
the first text.

## Why it matters
Nobody can know what the letters are. Müller is read as MÃ¼ller by one system and as M?ller by another; the name in
the archive no longer matches the name in the information system, and searches for the patient miss the study.

## How to confirm
1. `dcmdump +P SpecificCharacterSet +P PatientName FILE`.
2. Try the usual sets: `dcmdump --convert-to-utf8` after setting the attribute in a copy. C3H or C4H before each
   special letter means UTF-8; one byte for each means Latin 1 in western Europe.

## How to fix
1. Set the character set at the device or the worklist: modalities copy it from there. If the worklist sends none,
   start there.
2. In stored objects, add the attribute once you have read names of several patients with it and all are right. Do not
   change the text itself.

## Not a problem when
- All systems are set to the same default, for example ISO_IR 100, and no object leaves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import Added, NewValue
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard.vrs import UNDER_CHARACTER_SET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import DataSet, ParsedObject

_CHARACTER_SET = 0x00080005
_DEFAULT = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6"})


def _repair(data_set: DataSet, parsed: ParsedObject) -> Iterator[Repair]:
    """Declare UTF-8 where every text that the declaration would hold for is UTF-8; else nothing is proven."""
    owner = _declaring(data_set)
    texts = [
        element
        for one in parsed.data_sets()
        if _declaring(one) is owner
        for element in one.elements
        if element.vr in UNDER_CHARACTER_SET and element.length
    ]
    if any(element.raw is None or b"\x1b" in element.raw or not _is_utf8(element.raw) for element in texts):
        return
    declared = owner.get(_CHARACTER_SET)
    if declared is None:
        yield Added(owner, _CHARACTER_SET, "CS", b"ISO_IR 192", "ISO_IR 192: all text is UTF-8")
    else:
        yield NewValue(declared, b"ISO_IR 192", "no set for letters beyond ASCII", "ISO_IR 192: all text is UTF-8")


def _declaring(data_set: DataSet) -> DataSet:
    """The data set whose declaration holds: the nearest around that has one, else the object (PS3.5 7.5.3)."""
    while data_set.sequence is not None and data_set.get(_CHARACTER_SET) is None:
        data_set = data_set.sequence.inside
    return data_set


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    reads=("SpecificCharacterSet",),
    references=("PS3.3 C.12.1.1.2", "PS3.5 6.1.2"),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "a name in Latin 1 without a declaration", [Given("PatientName", "PN", b"M\xfcller")], ["PatientName"]
        ),
        ObjectExample(
            "a name in UTF-8 under an empty declaration",
            [Given("SpecificCharacterSet", "CS", ""), Given("PatientName", "PN", "Müller ".encode())],
            ["PatientName"],
        ),
        ObjectExample(
            "two texts make one finding",
            [Given("StudyDescription", "LO", b"Sch\xe4del "), Given("PatientName", "PN", b"M\xfcller")],
            ["StudyDescription"],
        ),
    ),
    silent=(
        ObjectExample("plain letters", [Given("PatientName", "PN", "Mueller")]),
        ObjectExample(
            "a declared character set",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 100"), Given("PatientName", "PN", b"M\xfcller")],
        ),
        ObjectExample(
            "a sequence under the declaration of its object",
            [
                Given("SpecificCharacterSet", "CS", "ISO_IR 100"),
                Given("OtherPatientIDsSequence", "SQ", items=[[Given("PatientID", "LO", b"M\xfcller")]]),
            ],
        ),
    ),
)
def character_set_missing(data_set: DataSet, _parsed: ParsedObject) -> Fault | None:
    """Name the first text that needs a character set."""
    for element in data_set.elements:
        raw = element.raw
        if raw and not raw.isascii() and element.vr in UNDER_CHARACTER_SET:
            if data_set.character_set not in _DEFAULT:
                return None
            kind = "UTF-8" if _is_utf8(raw) else "some character set"
            return Fault(f"{element.name} has letters in {kind}, and no Specific Character Set says which", element)
    return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
