"""Character sets are combined that cannot be.

## What it finds
Values of Specific Character Set (0008,0005) that name several sets where one of them must stand alone: ISO_IR 192
(UTF-8), GB18030 and GBK may not be combined, and a set behind the first one must be named by its ISO 2022 term, for
example ISO 2022 IR 87, because only these have escape sequences.

## Why it matters
Readers take the first set, the last one, or refuse the object. Which one is used decides what the letters are.

## How to confirm
`dcmdump +P SpecificCharacterSet FILE`, then read a name with special letters in two programs.

## How to fix
1. If the text is UTF-8, which can be tried, the attribute is `ISO_IR 192` and nothing else.
2. If the text has escape sequences (ESC, 1BH), the terms are the ISO 2022 ones, also the first.
3. Correct the setting at the device or in the worklist.

## Not a problem when
- All text is plain ASCII.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard.charset import STAND_ALONE_TERMS

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    reads=("SpecificCharacterSet",),
    references=("PS3.3 C.12.1.1.2", "PS3.5 6.1.2.5.4"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "UTF-8 and another set",
            [Given("SpecificCharacterSet", "CS", "ISO_IR 192\\ISO 2022 IR 87")],
            ["SpecificCharacterSet"],
        ),
        ObjectExample(
            "a second set without escape sequences",
            [Given("SpecificCharacterSet", "CS", "ISO 2022 IR 6\\ISO_IR 100")],
            ["SpecificCharacterSet"],
        ),
    ),
    silent=(
        ObjectExample("Japanese", [Given("SpecificCharacterSet", "CS", "ISO 2022 IR 13\\ISO 2022 IR 87")]),
        ObjectExample("the default repertoire first", [Given("SpecificCharacterSet", "CS", "\\ISO 2022 IR 149")]),
        ObjectExample("UTF-8 alone", [Given("SpecificCharacterSet", "CS", "ISO_IR 192")]),
    ),
)
def character_set_combination(element: Element) -> str | None:
    """Name the term that does not fit."""
    terms = element.strings()
    if len(terms) < 2:
        return None
    for term in terms:
        if term in STAND_ALONE_TERMS:
            return f"{term} stands alone in Specific Character Set, here it is one of {len(terms)}"
    for term in terms[1:]:
        if term.startswith("ISO_IR"):
            extended = term.replace("ISO_IR", "ISO 2022 IR")
            return f"{term} has no escape sequences, so it cannot be one of several sets: {extended} can"
    return None
