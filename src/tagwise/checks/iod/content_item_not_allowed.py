"""The IOD of a report does not allow a content item there.

## What it finds
In Basic Text, Enhanced, Comprehensive and Comprehensive 3D reports: value types that the IOD does not have, such as a
measurement in a Basic Text report; relationships between value types that its table does not list; and references to
other items where only items by value are allowed. Other reports are not judged.

## Why it matters
Receivers choose by SOP class what they can render. A report that claims a simpler class than it is loses the items
that the class does not know.

## How to confirm
`dsrdump FILE` of DCMTK prints the tree. Compare with the table of relationships of the IOD in PS3.3 A.35.

## How to fix
Have the writing program claim the SOP class that fits: Enhanced for measurements and coordinates, Comprehensive for
references between items, Comprehensive 3D for coordinates in space.

## Not a problem when
- A later edition allows the relationship.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _content, _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_TEXT = Given("TextValue", "UT", "no findings")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.35.1", "PS3.3 A.35.2", "PS3.3 A.35.3", "PS3.3 A.35.13"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a measurement in a Basic Text report",
            _samples.report(_samples.item("NUM", Given("MeasuredValueSequence", "SQ"))),
            ["ContentSequence"],
        ),
        ObjectExample(
            "a text selected from a container",
            _samples.report(_samples.item("TEXT", _TEXT, relationship="SELECTED FROM")),
            ["ContentSequence"],
        ),
    ),
    silent=(
        ObjectExample("a text in a container", _samples.report(_samples.item("TEXT", _TEXT))),
        ObjectExample(
            "a measurement in an Enhanced report",
            _samples.report(
                _samples.item("NUM", Given("MeasuredValueSequence", "SQ")), sop_class="1.2.840.10008.5.1.4.1.1.88.22"
            ),
        ),
    ),
)
def content_item_not_allowed(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the item and what is not allowed."""
    found = _walk.examined(parsed)
    for item in found.items if found else ():
        why = _content.forbidden(item, found.iod if found else "")
        if why:
            yield Fault(f"item {item.number} {why}", item.sequence, item.start)
