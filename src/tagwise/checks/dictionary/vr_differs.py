"""The VR in the object is not the one of the dictionary.

## What it finds
Elements in explicit VR whose VR is none of those that PS3.6 lists for the attribute. UN, which a writer may use where
it does not know the VR, has `dictionary/vr-un-for-known-attribute`; private elements are not judged. LO for SH, ST
for LT and the like are minor faults, because the bytes mean the same.

## Why it matters
A reader that goes by the dictionary takes the bytes for another type than the writer wrote: two bytes of US for a
text of digits. Systems that convert to implicit VR lose the difference for good.

## How to confirm
`dcmdump FILE` prints the VR of the file; `tagwise show` with the attribute prints the one of the dictionary.

## How to fix
Ask the maker of the writing program for the VR of the dictionary. A conversion of stored objects needs a look at the
bytes: text of digits in a US element cannot be renamed, it must be converted.

## Not a problem when
- The standard changed the VR, and the object is older or newer than the edition that tagwise holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_ALIKE = (
    frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "CS", "AE", "PN"}),
    frozenset({"OB", "OW"}),
    frozenset({"DS", "IS"}),
)


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="tags",
    references=("PS3.6 6", "PS3.5 6.2"),
    since="0.1.0",
    fires=(
        ObjectExample("text for a number", [Given("Rows", "IS", "512")], ["Rows"]),
        ObjectExample(
            "one kind of text for another, a minor fault",
            [Given("StudyDescription", "ST", "head")],
            ["StudyDescription"],
        ),
    ),
    silent=(
        ObjectExample("the VR of the dictionary", [Given("Rows", "US", 512)]),
        ObjectExample("one of two VRs that the dictionary allows", [Given("SmallestImagePixelValue", "SS", -5)]),
        ObjectExample("UN", [Given("Rows", "UN", b"\0\2")]),
        ObjectExample("a private element", [Given("00090010", "LO", "maker"), Given("00091001", "FD", 1.5)]),
    ),
)
def vr_differs(element: Element) -> Fault | None:
    """Give both; kinds of text that readers treat alike are a minor fault."""
    written, known = element.written, element.known
    if not written or written in known.vrs or written == "UN" or not known.keyword:
        return None
    alike = any(written in group and known.vrs & group for group in _ALIKE)
    belongs = " or ".join(sorted(known.vrs))
    return Fault(f"{element.name} has VR {written}, {belongs} belongs there", severity=Severity.LOW if alike else None)
