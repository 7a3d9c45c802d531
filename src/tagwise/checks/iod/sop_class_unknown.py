"""The SOP class is not one of the standard.

## What it finds
Objects whose SOP Class UID is not registered in PS3.6, or is registered as something else, such as a transfer syntax
or a class of a service. Their modules and attributes cannot be judged.

## Why it matters
Archives accept the SOP classes they are set up for. A private one is refused at the association, or stored and never
shown. A UID below the root of the standard that is not registered is a typing error, or newer than our table.

## How to confirm
`tagwise show UID` with the UID of the object; the conformance statement of the writing program names private classes.

## How to fix
1. A private class: ask the maker for an export as a standard class, and add the UID to the archive where it must be
   kept.
2. A typing error: have it corrected where the object is written.

## Not a problem when
- Only programs of the maker who defined the class read the objects.
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

_STANDARD = "1.2.840.10008."


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("SOPClassUID",),
    references=("PS3.4 B.5", "PS3.6 A"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a transfer syntax", _samples.capture(Given("SOPClassUID", "UI", "1.2.840.10008.1.2.1")), ["SOPClassUID"]
        ),
        ObjectExample(
            "a private class, a minor fault",
            _samples.capture(Given("SOPClassUID", "UI", "1.3.12.2.1107.5.9.1")),
            ["SOPClassUID"],
        ),
        ObjectExample(
            "a digit too many",
            _samples.capture(Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.22")),
            ["SOPClassUID"],
        ),
    ),
    silent=(
        ObjectExample("a class of the standard", _samples.capture()),
        ObjectExample("no SOP Class UID, which another check finds", _samples.capture(without=["SOPClassUID"])),
        ObjectExample("a retired class", [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.6")]),
    ),
)
def sop_class_unknown(parsed: ParsedObject) -> Fault | None:
    """Say what the UID is instead."""
    uid = _walk.sop_class_of(parsed)
    if not uid:
        return None
    element = parsed.root.tags[_walk.SOP_CLASS]
    known = uids.by_uid().get(uid)
    if known is not None and "SOP Class" in known.kind:
        return None
    if known is not None:
        return Fault(f"{element.label} is the UID of {known.name}, which is no SOP class", element)
    if uid.startswith(_STANDARD):
        return Fault(f"{element.label} is not registered, although it is below the root of the standard", element)
    return Fault(f"{element.label} is that of a private class", element, severity=Severity.LOW)
