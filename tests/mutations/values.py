"""Damage to values: what breaks the rules of a VR, character sets, padding, multiplicity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.encoding import replaced
from tests.mutations.kinds import IMAGES, Mutations

from tagwise.checks.writing import Given, element

if TYPE_CHECKING:
    from tests.mutations.sound import Sound

VALUES = Mutations()
ADDED = Mutations()
"""Elements that are added, because not every object has one of the VR."""

LONG = "x" * 66
ISO_2022 = "\\ISO 2022 IR 87"
CR = ("CR",)


def with_texts(sound: Sound, character_set: str, name: bytes) -> Sound:
    """With a declaration and a name; without one where it is empty."""
    named = sound.put(Given("PatientName", "PN", name + b" " * (len(name) % 2)))
    return (
        named.put(Given("SpecificCharacterSet", "CS", character_set))
        if character_set
        else named.without("SpecificCharacterSet")
    )


VALUES.value("a date with separators", "value/date-malformed", "StudyDate", "2026-03-14")
VALUES.value("a date of a day that is not", "value/date-impossible", "StudyDate", "20260231")
VALUES.value("a date in another order", "value/date-impossible", "PatientBirthDate", "31122020")
VALUES.value("a time with an hour 25", "value/time-malformed", "StudyTime", "251500")
VALUES.value("a time with separators", "value/time-malformed", "StudyTime", "10:15:00")
VALUES.value("a time with a decimal comma", "value/time-malformed", "StudyTime", "101500,5")
VALUES.value("five groups of a name", "value/person-name-malformed", "PatientName", "Doe^Jane=a=b=c=d")
VALUES.value("seven components of a name", "value/person-name-malformed", "PatientName", "Doe^Jane^A^Dr^MD^X^Y")
VALUES.value("a long string of 66 characters", "value/too-long", "PatientID", LONG)
VALUES.value("a short string of 18 characters", "value/too-long", "StudyID", "x" * 18)
VALUES.value(
    "a code in lower case",
    "value/code-string-malformed",
    "Modality",
    "ct",
    brings=("iod/value-not-enumerated", "consistency/modality-sop-class-mismatch"),
)
VALUES.value(
    "a code with a dash", "value/code-string-malformed", "PatientSex", "F-", brings=("iod/value-not-enumerated",)
)
VALUES.value("a line break in a text", "encoding/control-character", "PatientID", b"12\r\n34")
VALUES.value("a bell in a name", "encoding/control-character", "PatientName", b"Doe\x07^Jane ")
VALUES.value("a whole number with a point", "value/integer-malformed", "SeriesNumber", "1.0")
VALUES.value("a whole number with letters", "value/integer-malformed", "SeriesNumber", "one")
VALUES.value("a whole number beyond 31 bits", "value/integer-out-of-range", "SeriesNumber", "4294967296")
VALUES.value("two values of one", "value/multiplicity-wrong", "SeriesNumber", "1\\2")
VALUES.value("two values of one UID", "value/multiplicity-wrong", "StudyInstanceUID", "1.2.826.0.1.5\\1.2.826.0.1.6")
VALUES.value("a text padded with NULs", "value/padding-wrong", "PatientID", b"471\0\0\0")
VALUES.value("a date padded with a NUL", "value/padding-wrong", "StudyDate", b"20260314\0\0")


def _added(name: str, check: str, *given: Given, brings: tuple[str, ...] = ()) -> None:
    """A mutation that gives these attributes to an object of any kind."""
    ADDED.add(name, check, brings=brings)(lambda sound: sound.put(*given))


_added("a decimal with a comma", "value/decimal-malformed", Given("PatientWeight", "DS", "71,5"))
_added("a decimal of 18 characters", "value/too-long", Given("PatientWeight", "DS", "71.500000000000001"))
_added("a decimal with a unit", "value/decimal-malformed", Given("PatientWeight", "DS", "71 kg"))
_added("an age without leading zeros", "value/age-malformed", Given("PatientAge", "AS", "56Y "))
_added("an age in lower case", "value/age-malformed", Given("PatientAge", "AS", "056y"))
_added(
    "a date and time with separators",
    "value/date-time-malformed",
    Given("AcquisitionDateTime", "DT", "2026-03-14 10:15"),
)
_added(
    "a date and time with a wrong zone",
    "value/date-time-malformed",
    Given("AcquisitionDateTime", "DT", "20260314101500+2500"),
)
_added("an AE title of 18 characters", "value/too-long", Given("StationAETitle", "AE", "A" * 18))
_added("a blank AE title", "value/ae-title-malformed", Given("StationAETitle", "AE", b"    "))
_added("a URL with blanks", "value/uri-malformed", Given("RetrieveURL", "UR", "https://pacs.example/a b"))
_added(
    "half a binary number",
    "value/binary-length-wrong",
    Given("00770010", "LO", "ACME"),
    Given("00771001", "UL", b"\1\0"),
)
_added("a VR of another kind", "dictionary/vr-differs", Given("PatientWeight", "LO", "71"))
_added(
    "VR UN for an attribute of the standard",
    "dictionary/vr-un-for-known-attribute",
    Given("PatientComments", "UN", b"none"),
)
_added("a private element without its creator", "dictionary/private-creator-missing", Given("00771001", "LO", "a"))
_added(
    "a private element of another block",
    "dictionary/private-creator-missing",
    Given("00770010", "LO", "ACME"),
    Given("00771101", "LO", "a"),
)
_added("an attribute that is retired", "dictionary/attribute-retired", Given("StudyComments", "LT", "seen"))
_added("an attribute of no dictionary", "dictionary/attribute-unknown", Given("00080BAD", "LO", "a"))
_added("an infinite number", "value/number-not-finite", Given("DopplerCorrectionAngle", "FD", float("inf")))


@VALUES.add("a character set that does not exist", "encoding/character-set-unknown")
def _(sound: Sound) -> Sound:
    return with_texts(sound, "ISO_IR 999", b"Doe^Jane")


@VALUES.add(
    "a character set under its name in other programs",
    "encoding/character-set-unknown",
    brings=("value/code-string-malformed",),
)
def _(sound: Sound) -> Sound:
    return with_texts(sound, "UTF-8", b"Doe^Jane")


@VALUES.add("no character set for an umlaut in UTF-8", "encoding/character-set-missing")
def _(sound: Sound) -> Sound:
    return with_texts(sound, "", "Müller^Zoë".encode())


@VALUES.add(
    "no character set for an umlaut in Latin 1",
    "encoding/character-set-missing",
    undecided="ten alphabets have the byte",
)
def _(sound: Sound) -> Sound:
    return with_texts(sound, "", "Müller".encode("latin-1"))


@VALUES.add("UTF-8 declared, Latin 1 written", "value/text-undecodable")
def _(sound: Sound) -> Sound:
    return with_texts(sound, "ISO_IR 192", "Müller^Zoë".encode("latin-1"))


@VALUES.add("UTF-8 beside another set", "value/character-set-combination")
def _(sound: Sound) -> Sound:
    return with_texts(sound, "ISO_IR 192\\ISO 2022 IR 87", b"Doe^Jane")


@VALUES.add("an escape to a set that is not declared", "value/escape-undeclared")
def _(sound: Sound) -> Sound:
    return with_texts(sound, "\\ISO 2022 IR 100", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B")


@VALUES.add("an escape that is cut", "value/text-undecodable")
def _(sound: Sound) -> Sound:
    return with_texts(sound, ISO_2022, b"Yamada^Tarou=\x1b$B;")


@VALUES.add("two values of Rows", "value/multiplicity-wrong", of=IMAGES)
def _(sound: Sound) -> Sound:
    raw = sound["Rows"].value
    assert isinstance(raw, bytes)
    return sound.value("Rows", raw * 2)


@VALUES.add("a row count of three bytes", "value/binary-length-wrong", of=IMAGES, brings=("encoding/odd-length",))
def _(sound: Sound) -> Sound:
    raw = sound["Rows"].value
    assert isinstance(raw, bytes)
    return sound.value("Rows", raw + b"\0")


@VALUES.add("a decimal without a number", "value/decimal-malformed", of=("CT", "MR", "PT"))
def _(sound: Sound) -> Sound:
    return sound.value("SliceThickness", "thin")


@VALUES.add("two of three coordinates", "value/multiplicity-wrong", of=("CT", "MR", "PT"))
def _(sound: Sound) -> Sound:
    return sound.value("ImagePositionPatient", "1\\2")


@VALUES.add("a sequence in place of a value", "dictionary/vr-differs")
def _(sound: Sound) -> bytes:
    return replaced(sound, "PatientID", element(Given("PatientID", "SQ", items=())))
