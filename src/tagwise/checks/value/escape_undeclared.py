r"""A text switches to a character set that is not declared.

## What it finds
Escape sequences of ISO 2022 (ESC, 1BH, and what follows) in text (LO, SH, PN, ST, LT, UC, UT) that name a character
set which Specific Character Set (0008,0005) does not list, or that nobody knows.

## Why it matters
A reader that follows the standard ignores the switch and shows the bytes as letters of the first set: Japanese and
Korean names become strings of signs like `;3ED`. Matching with the information system fails.

## How to confirm
`dcmdump +P SpecificCharacterSet FILE`, then `xxd FILE | grep -i 1b24` for the escape sequences of Japanese and
Korean.

## How to fix
1. Declare all sets that are used at the device or in the worklist, for example `\\ISO 2022 IR 87` for Japanese.
2. A gateway that turns text into UTF-8 must remove the escape sequences, not copy them.

## Not a problem when
- The reader is one that takes escape sequences without a declaration, as some in Japan do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard.charset import DEFAULT_CODEC, ESCAPE_CODECS, term_codecs
from tagwise.standard.vrs import UNDER_CHARACTER_SET

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=UNDER_CHARACTER_SET,
    references=("PS3.5 6.1.2.5", "PS3.3 C.12.1.1.2"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "Japanese without a declaration", [Given("PatientName", "PN", b"A=\x1b$B;3ED\x1b(B")], ["PatientName"]
        ),
        ObjectExample(
            "an escape sequence that nobody knows",
            [Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 87"), Given("PatientName", "PN", b"A\x1b[1mB")],
            ["PatientName"],
        ),
    ),
    silent=(
        ObjectExample(
            "Japanese with its declaration",
            [
                Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 87"),
                Given("PatientName", "PN", b"A=\x1b$B;3ED\x1b(B "),
            ],
        ),
        ObjectExample("no escape sequence", [Given("PatientName", "PN", "Yamada^Tarou")]),
        ObjectExample(
            "Korean, whose letters follow the set of the first half",
            [
                Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 149"),
                Given("PatientName", "PN", b"Hong=\x1b$)C\xfb\xf3"),
            ],
        ),
    ),
)
def escape_undeclared(element: Element) -> str | None:
    """Name the escape sequence."""
    raw = element.raw or b""
    told = undeclared(raw, element.inside.character_set) if b"\x1b" in raw else ""
    return f"{element.name} {told}" if told else None


def undeclared(raw: bytes, terms: str) -> str:
    """What is wrong with the first escape sequence that Specific Character Set does not announce, "" for none."""
    declared = term_codecs(terms)
    for piece in raw.split(b"\x1b")[1:]:
        sequence = b"\x1b" + piece[: 3 if piece[:2] in (b"$(", b"$)") else 2]
        codec = ESCAPE_CODECS.get(sequence)
        shown = "ESC " + " ".join(f"{byte:02X}H" for byte in sequence[1:])
        if codec is None:
            return f"has an escape sequence that DICOM does not know: {shown}"
        if codec != DEFAULT_CODEC and codec not in declared:
            return f"switches to a character set that is not declared: {shown}"
    return ""
