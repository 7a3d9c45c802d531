"""A person name has too many groups or components.

## What it finds
Values of VR PN with more than three groups (alphabetic=ideographic=phonetic) or more than five components in a group
(family^given^middle^prefix^suffix).

## Why it matters
What stands behind the fifth caret has no meaning: readers drop it, append it to the suffix, or refuse the name. HL7
v2 names have more components, and an interface that copies them into DICOM shifts title and degree to the wrong
place; names then do not match between the systems.

## How to confirm
Print the value: `dcmdump +P PatientName FILE`, with the attribute that the finding names.

## How to fix
1. Correct the interface that makes the name: HL7 v2 XPN has family, given, further, suffix, prefix, degree, in this
   order, DICOM has prefix before suffix.
2. Correct stored names together with those of the information system.

## Not a problem when
- The name is of a phantom or of test data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    vrs=("PN",),
    references=("PS3.5 6.2.1",),
    since="0.1.0",
    fires=(
        ObjectExample("six components", [Given("PatientName", "PN", "Doe^Jane^M^Dr^Jr^PhD")], ["PatientName"]),
        ObjectExample("four groups", [Given("PatientName", "PN", "Doe=a=b=c")], ["PatientName"]),
    ),
    silent=(
        ObjectExample("five components", [Given("PatientName", "PN", "Doe^Jane^M^Dr^Jr")]),
        ObjectExample("three groups", [Given("PatientName", "PN", "Doe^Jane=a^b=c^d")]),
        ObjectExample("two names", [Given("OperatorsName", "PN", "Doe^J\\Roe^R")]),
    ),
)
def person_name_malformed(element: Element) -> str | None:
    """Count groups or components."""
    raw = element.raw or b""
    if raw.count(b"=") < 3 and raw.count(b"^") < 5:
        return None
    for name in element.text().split("\\"):
        groups = name.split("=")
        if len(groups) > 3:
            return f"{element.name} has {len(groups)} groups, a name has three at most"
        most = max(group.count("^") + 1 for group in groups)
        if most > 5:
            return f"{element.name} has {most} components in a group, a name has five at most"
    return None
