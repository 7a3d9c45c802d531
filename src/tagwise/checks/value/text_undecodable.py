"""A text cannot be read in the character set that is declared.

## What it finds
Text (LO, SH, PN, ST, LT, UC, UT) with bytes that the declared Specific Character Set (0008,0005) has no character
for: Latin 1 bytes under UTF-8, half of a character where a value was cut, behind an escape sequence too, a byte that a
code page leaves empty.

## Why it matters
The reader shows a question mark or a black box, or refuses the object. Software that writes the object again replaces
the bytes for good: a name that could still be repaired before is lost then.

## How to confirm
1. `dcmdump +P SpecificCharacterSet +P PatientName FILE`, with the attribute that the finding names.
2. If it is the last character of a long value, something cut the bytes: compare with the source. Else the text is in
   another character set than declared: see `encoding/character-set-missing` for how to find out which.

## How to fix
1. Find the program that declares the one and writes the other: often a worklist in UTF-8 and a modality that copies
   the bytes and declares its own set, or a router that changed the declaration only.
2. In stored objects correct the declaration, not the text, once names of several patients read well with it.

## Not a problem when
- Nothing: some letters are unreadable for everybody who follows the standard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.value.escape_undeclared import undeclared
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard.vrs import UNDER_CHARACTER_SET

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=UNDER_CHARACTER_SET,
    references=("PS3.5 6.1.2", "PS3.3 C.12.1.1.2"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "Latin 1 under UTF-8",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 192"), Given("PatientName", "PN", b"M\xfcller")],
            ["PatientName"],
        ),
        ObjectExample(
            "half of a character at the end",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 192"), Given("StudyDescription", "LO", b"Sch\xc3")],
            ["StudyDescription"],
        ),
        ObjectExample(
            "a Japanese name that was cut in the middle of a letter",
            [
                Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 87"),
                Given("PatientName", "PN", b"Yamada^Tarou=\x1b$B;3E"),
            ],
            ["PatientName"],
        ),
    ),
    silent=(
        ObjectExample(
            "UTF-8 under UTF-8",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 192"), Given("PatientName", "PN", "Müller ".encode())],
        ),
        ObjectExample(
            "Japanese with escape sequences",
            [
                Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 87"),
                Given("PatientName", "PN", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
            ],
        ),
        ObjectExample("no declaration, which character-set-missing finds", [Given("PatientName", "PN", b"M\xfcller")]),
    ),
)
def text_undecodable(element: Element) -> str | None:
    """Say in which character set it cannot be read."""
    raw = element.raw or b""
    terms = element.inside.character_set
    escapes = b"\x1b" in raw
    if not terms or (raw.isascii() and not escapes):
        return None
    text = element.inside.decode(raw)
    if "\ufffd" not in text and not (escapes and "\x1b" in text and not undeclared(raw, terms)):
        return None
    return f"{element.name} has bytes that are no characters in {terms.replace(chr(92), ', ').lstrip(', ')}"
