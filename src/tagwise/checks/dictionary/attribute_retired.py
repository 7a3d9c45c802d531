"""An attribute is retired.

## What it finds
Attributes that the dictionary marks as retired (RET): they may be written by old systems and are ignored by new ones.
Group lengths are not counted.

## Why it matters
Retired attributes are left out of profiles: a de-identification that goes by the current list may leave them in, and
no new software reads what they say.

## How to confirm
`tagwise show` with the attribute says since which edition it is retired, as far as that is known.

## How to fix
Nothing for stored objects. In programs of your own write the attribute that replaced it: PS3.6 and the edition that
retired it name it.

## Not a problem when
- The object was written when the attribute was current, which holds for most archives.
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
    target="tags",
    references=("PS3.6 6",),
    since="0.1.0",
    fires=(
        ObjectExample("a comment of ACR-NEMA times", [Given("StudyComments", "LT", "none")], ["StudyComments"]),
        ObjectExample("a curve", [Given("50000005", "US", 2)], ["CurveDimensions"]),
    ),
    silent=(
        ObjectExample("current attributes", [Given("Modality", "CS", "CT"), Given("PatientID", "LO", "12")]),
        ObjectExample("a group length", [Given("00080000", "UL", 10), Given("Modality", "CS", "OT")]),
        ObjectExample("an overlay, whose tags repeat", [Given("60000010", "US", 2)]),
    ),
)
def attribute_retired(element: Element) -> str | None:
    """Say so."""
    return f"{element.name} is retired" if element.known.retired else None
