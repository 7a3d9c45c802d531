"""An AE title is blank, or has characters that titles do not have.

## What it finds
Values of VR AE that consist of blanks only, or have letters outside ASCII. Control characters are found by
`encoding/control-character`, titles of more than 16 characters by `value/too-long`.

## Why it matters
Titles are compared byte by byte. A peer does not find the title in its table and rejects the association, or Retrieve
AE Title sends C-MOVE to nowhere.

## How to confirm
Print the value: `dcmdump +P RetrieveAETitle FILE`, with the attribute that the finding names.

## How to fix
Correct the setting at the program that writes it: capital letters, digits, underscores are safe everywhere. An
attribute that is not known is left empty or left out.

## Not a problem when
- Nothing connects by this title; in stored images it is mostly informative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("AE",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("blanks only", [Given("RetrieveAETitle", "AE", "    ")], ["RetrieveAETitle"]),
        ObjectExample("a letter outside ASCII", [Given("RetrieveAETitle", "AE", b"M\xdcNCHEN ")], ["RetrieveAETitle"]),
    ),
    silent=(
        ObjectExample("an ordinary title", [Given("RetrieveAETitle", "AE", "PACS_1")]),
        ObjectExample("a title with blanks around", [Given("RetrieveAETitle", "AE", " PACS 1 ")]),
        ObjectExample("an empty value", [Given("RetrieveAETitle", "AE", "")]),
    ),
)
def ae_title_malformed(element: Element) -> str | None:
    """Say what is wrong with the title."""
    raw = element.raw or b""
    if not raw.isascii():
        return f"{element.name} has letters outside ASCII"
    if any(value and not value.strip(b" ") for value in raw.split(b"\\")):
        return f"{element.name} consists of blanks only"
    return None
