"""A text has control characters in it.

## What it finds
Characters below 20H, or 7FH, in text where none may be: any but ESC in a line of text (LO, SH, PN, UC, AE, UI, UR),
any but ESC, TAB, LF, FF and CR in text of several lines (ST, LT, UT). ESC belongs to ISO 2022 and has a check of its
own. NULs at the end are padding: see `value/padding-wrong`.

## Why it matters
A line end in a description breaks lists, HL7 v2 segments and CSV files: what follows is read as the next line. NULs
end the text for programs in C, so that a value is longer in one system than in another. XML cannot carry most of
these characters at all.

## How to confirm
`dcmdump +P StudyDescription FILE | cat -A`, with the attribute that the finding names, shows them.

## How to fix
1. Find where the text is made: a comment with line ends was put into an attribute of one line, or an interface copied
   the end of an HL7 v2 segment with it.
2. Replace them by a blank at the router. In stored objects this changes what people see only for the better; keep the
   old value.

## Not a problem when
- A private attribute holds data of a program in a text VR, and only that program reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_IN_LINE = re.compile(rb"[\x00-\x1a\x1c-\x1f\x7f]")
_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_NAMES = {0: "NUL", 9: "TAB", 10: "LF", 13: "CR", 127: "DEL"}


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"),
    references=("PS3.5 6.2", "PS3.5 6.1.3"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a line end in a description", [Given("StudyDescription", "LO", "head\r\nand neck")], ["StudyDescription"]
        ),
        ObjectExample("a NUL inside", [Given("PatientID", "LO", "12\0034")], ["PatientID"]),
        ObjectExample(
            "a vertical tab in a text of several lines", [Given("ImageComments", "LT", "a\x0bb")], ["ImageComments"]
        ),
    ),
    silent=(
        ObjectExample("line ends in a text of several lines", [Given("ImageComments", "LT", "one\r\ntwo\tthree")]),
        ObjectExample("a NUL for padding, which padding-wrong finds", [Given("PatientID", "LO", "123\0")]),
        ObjectExample("plain text", [Given("StudyDescription", "LO", "head and neck")]),
    ),
)
def control_character(element: Element) -> str | None:
    """List the characters by their usual names."""
    pattern = _IN_TEXT if element.vr in ("LT", "ST", "UT") else _IN_LINE
    found = sorted({match[0] for match in pattern.findall((element.raw or b"").rstrip(b" \0"))})
    if not found:
        return None
    listed = ", ".join(_NAMES.get(byte, f"{byte:02X}H") for byte in found)
    return f"{element.name} has control characters that VR {element.vr} does not allow: {listed}"
