"""A value of a Dataset in memory cannot be written.

## What it finds
Elements of a pydicom Dataset given to `tagwise.check()` whose value does not fit its VR, so that no bytes can be made
of it: text in a number, a list of lists, a number beyond the range of its VR. Files do not have this fault.

## Why it matters
`save_as` and every send stop with an exception at this element, usually in a program that has thrown the original away
by then.

## How to confirm
`pydicom.dcmwrite` of the Dataset into an `io.BytesIO` stops with the same exception.

## How to fix
Give the element a value of its VR before it is written; `tagwise show` with the attribute says what the VR holds.

## Not a problem when
- The Dataset is only shown, and never written or sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("unwritable",),
    references=("PS3.5 6.2",),
    since="0.1.0",
    fires=(),
    silent=(
        ObjectExample("a file, whose values are bytes already", [Given("Rows", "US", b"ab")]),
        ObjectExample("an empty file", content=b""),
    ),
)
def unwritable(problem: ParseProblem) -> str:
    """Repeat what was met."""
    return problem.message
