"""An element of an even group is in no dictionary.

## What it finds
Elements of even groups, which belong to the standard, whose tag the dictionary does not have.

## Why it matters
Somebody wrote private data where it may collide with an attribute of the standard, or damaged bytes look like a tag.
Readers keep the value as bytes or refuse the object, and no privacy profile knows what to do with it.

## How to confirm
`dcmdump FILE` prints Unknown Tag; look at the elements around it and at Manufacturer.

## How to fix
Ask the maker of the writing program to use an odd group with a private creator (PS3.5 section 7.8.1). If only one
object has it, look at the bytes before it: the length of the element before may be wrong.

## Not a problem when
- The attribute is newer than the edition that tagwise holds; `tagwise --version` shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import tags

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="tags",
    references=("PS3.5 7.8", "PS3.6 6"),
    since="0.1.0",
    fires=(
        ObjectExample("a tag of group 0008 that nobody knows", [Given("00083FFE", "LO", "ab")], ["(0008,3FFE)"]),
        ObjectExample("a group of its own with an even number", [Given("00120FFE", "LO", "ab")], ["(0012,0FFE)"]),
    ),
    silent=(
        ObjectExample("attributes of the standard", [Given("Modality", "CS", "CT")]),
        ObjectExample("private elements", [Given("00090010", "LO", "maker"), Given("00091001", "LO", "ab")]),
        ObjectExample("an overlay, whose tags repeat", [Given("60020010", "US", 2)]),
    ),
)
def attribute_unknown(element: Element) -> str | None:
    """Name the tag."""
    return f"{element.label} is in no edition of the dictionary" if element.known is tags.UNKNOWN else None
