"""A code has characters that codes do not have.

## What it finds
Values of VR CS with anything but capital letters, digits, the space and the underscore: small letters, dashes,
slashes, full stops, accents. The length, 16 characters, is a matter of `value/too-long`.

## Why it matters
Codes are compared character by character. `Head` is not `HEAD`, and `male` is no sex: filters, hanging protocols and
routing rules do not match, mostly without a word. Strict receivers refuse the object.

## How to confirm
1. Print the value: `dcmdump +P BodyPartExamined FILE`, with the attribute that the finding names.
2. See whether free text was put in: a protocol name or a translated body part does not belong into a code.

## How to fix
1. Find the list that the attribute takes its codes from (`tagwise show` names its modules) and write one of them.
   Where the list is open, write a code of your own in capital letters.
2. Small letters that are otherwise right can be turned into capitals at the router. Dashes and slashes cannot be
   repaired without knowing what was meant.

## Not a problem when
- The object uses a private code that only the software of the same maker reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_OTHERS = re.compile(r"[^A-Z0-9 _]")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("CS",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(
        ObjectExample("small letters", [Given("BodyPartExamined", "CS", "Head")], ["BodyPartExamined"]),
        ObjectExample("a dash", [Given("PatientPosition", "CS", "HF-S")], ["PatientPosition"]),
        ObjectExample("the third of three codes", [Given("ImageType", "CS", "ORIGINAL\\PRIMARY\\a.b")], ["ImageType"]),
    ),
    silent=(
        ObjectExample("a code with an underscore and a digit", [Given("ScanOptions", "CS", "PFF_2")]),
        ObjectExample("several codes, one of them empty", [Given("ImageType", "CS", "DERIVED\\\\MPR")]),
        ObjectExample("a blank inside", [Given("SpecificCharacterSet", "CS", "ISO_IR 100")]),
    ),
)
def code_string_malformed(element: Element) -> str | None:
    """List the characters that do not belong there."""
    others = sorted({other for value in element.strings() for other in _OTHERS.findall(value)})
    if not others:
        return None
    listed = [repr(other) for other in others if not "a" <= other <= "z"]
    if len(listed) < len(others):
        listed.insert(0, "small letters")
    return f"{element.name} has {', '.join(listed)}: a code has capital letters, digits, spaces and underscores only"
