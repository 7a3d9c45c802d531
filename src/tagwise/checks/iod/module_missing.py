"""A mandatory module is missing altogether.

## What it finds
Modules that the IOD makes mandatory, or whose condition is met, of which the object has none of the attributes of
type 1 and 2 that no other module of the IOD has. Modules with only one such attribute are left to
`iod/attribute-missing` and `iod/type-2-missing`.

## Why it matters
The object is not what its SOP class says: an image without its pixel module, a CT without a frame of reference, a
report without series. Usually a program copied the SOP class from another object, or wrote only what it needed.

## How to confirm
`tagwise show MODULE` lists the attributes; `dcmdump FILE` shows that none of them is there.

## How to fix
1. If the object never had these facts (a screenshot, a scan), its SOP class is wrong: Secondary Capture asks for less.
2. Else have the writing program add the module.

## Not a problem when
- The object is an excerpt made for a test and is not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk, _words
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_PATIENT = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1",),
    since="0.1.0",
    fires=(
        ObjectExample("no attribute of the patient", _samples.capture(without=_PATIENT), [""]),
        ObjectExample(
            "a secondary capture under the SOP class of CT: frame of reference, image plane and CT image are missing",
            _samples.capture(Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.2"), without=["ImageType"]),
            ["", "", ""],
        ),
    ),
    silent=(
        ObjectExample("all modules", _samples.capture()),
        ObjectExample("part of a module", _samples.capture(without=_PATIENT[:3])),
    ),
)
def module_missing(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each module, and the condition where it has one."""
    found = _walk.examined(parsed)
    for module in found.modules if found else ():
        why = "is mandatory"
        if module.usage == "C" and module.condition is not None:
            why = f"is required where {_words.under(module.condition, 'exact')}"
        name = found.name if found else ""
        yield Fault(
            f"the module {module.name} {why} in {name}, and none of its own attributes of type 1 and 2 is there"
        )
