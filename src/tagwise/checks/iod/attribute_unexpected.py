"""An attribute stands where no module of the IOD has it.

## What it finds
Attributes of the dictionary, at the top of the object or in an item, that belong to other IODs or to other places.
Retired and private attributes, and those newer than our table of modules, are left out.

## Why it matters
Usually nothing: a standard extended SOP class may carry more attributes than its IOD (PS3.2). But a receiver may drop
them or ignore them, and an attribute one level too high or too low is not found by those who look for it.

## How to confirm
`tagwise show KEYWORD` lists the modules and sequences that have it.

## How to fix
Only where the value is needed and is not found: move it to the place that the standard has for it.

## Not a problem when
- The writing program declares a standard extended SOP class in its conformance statement.
- Nobody needs the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1", "PS3.2 7.3"),
    since="0.1.0",
    fires=(
        ObjectExample("a tube voltage in a secondary capture", _samples.capture(Given("KVP", "DS", "120")), ["KVP"]),
        ObjectExample(
            "a patient's name in a code",
            _samples.capture(
                Given("ProcedureCodeSequence", "SQ", items=[[*_samples.code(), Given("PatientName", "PN", "A")]])
            ),
            ["ProcedureCodeSequence[1].PatientName"],
        ),
    ),
    silent=(
        ObjectExample("attributes of its modules", _samples.capture()),
        ObjectExample(
            "a private element", _samples.capture(Given("00090010", "LO", "X"), Given("00091001", "LO", "1"))
        ),
        ObjectExample("a retired attribute", _samples.capture(Given("StudyComments", "LT", "none"))),
        ObjectExample("a second overlay", _samples.capture(Given("60020010", "US", 2))),
    ),
)
def attribute_unexpected(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each."""
    found = _walk.examined(parsed)
    for element in found.unexpected if found else ():
        yield Fault(f"{element.label} belongs to no module of {found.name if found else ''} at this place", element)
