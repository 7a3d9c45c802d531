"""Text has characters beyond ASCII, but no character set is declared for them.

## What it finds
Studies with objects that have no Specific Character Set, or only the default repertoire (ISO_IR 6), although Patient's
Name, Study Description, Series Description or Institution Name contains bytes beyond ASCII. The finding says in how
many of the objects the bytes look like UTF-8.

In one object every text of VR LO, SH, PN, ST, LT, UC and UT is looked at, and each data set gives one finding, for the
first text.

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
- All systems are set to the same default, for example ISO_IR 100, and no object leaves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.encoding._texts import LOOKS_LIKE_UTF8, TEXTS
from tagwise.checks.objects import Fault, ObjectExample, object_form
from tagwise.checks.repairs import Added, NewValue
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.standard.vrs import UNDER_CHARACTER_SET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagwise.checks.repairs import Repair
    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import DataSet, ParsedObject

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
    aliases=("encoding/charset-missing", "value/character-set-missing"),
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


@object_form(
    character_set_missing,
    target="data sets",
    reads=("SpecificCharacterSet",),
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
def of_one_object(data_set: DataSet, _parsed: ParsedObject) -> Fault | None:
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
