"""The SOP class is retired.

## What it finds
Objects of SOP classes that PS3.6 marks as retired, such as the first classes of ultrasound and nuclear medicine.
What such an object must hold is not in the current standard, so its modules are not judged.

## Why it matters
New archives, gateways and cloud services do not accept them, so a migration leaves them behind.

## How to confirm
`tagwise show UID` with the UID of the object. Count the objects before a migration: `tagwise scan` lists the classes.

## How to fix
Ask the receiver to accept the class, or convert copies to the class that replaced it.

## Not a problem when
- The objects are old and stay where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import uids

if TYPE_CHECKING:
    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("SOPClassUID",),
    references=("PS3.6 A",),
    since="0.1.0",
    fires=(
        ObjectExample(
            "the first class of ultrasound images",
            [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.6")],
            ["SOPClassUID"],
        ),
    ),
    silent=(
        ObjectExample("a current class", _samples.capture()),
        ObjectExample("a private class", [Given("SOPClassUID", "UI", "1.2.826.0.1.9")]),
    ),
)
def sop_class_retired(parsed: ParsedObject) -> Fault | None:
    """Name the class."""
    known = uids.by_uid().get(_walk.sop_class_of(parsed))
    if known is None or not known.retired or "SOP Class" not in known.kind:
        return None
    element = parsed.root.tags[_walk.SOP_CLASS]
    return Fault(f"{element.label} is {known.name}, which is retired", element)
