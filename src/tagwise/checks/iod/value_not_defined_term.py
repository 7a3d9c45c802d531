"""A value is none of the defined terms.

## What it finds
Values of attributes for which a module of the object lists defined terms, and that are not among them. Others may be
used where none of the terms fits, so a finding is a question, not a fault. The lists are of edition 2020a.

## Why it matters
Routing rules, hanging protocols and worklists compare with the terms of the standard. A term of one's own, or one
written in another way, passes by them.

## How to confirm
`tagwise show KEYWORD` lists the terms by module.

## How to fix
Where a term of the standard says the same, have the writing program use it.

## Not a problem when
- None of the terms fits.
- A later edition has the term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 5.2", "PS3.5 6.3"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a conversion type of one's own", _samples.capture(Given("ConversionType", "CS", "OWN")), ["ConversionType"]
        ),
        ObjectExample("a modality that does not exist", _samples.capture(Given("Modality", "CS", "XX")), ["Modality"]),
    ),
    silent=(
        ObjectExample("terms of the list", _samples.capture()),
        ObjectExample("an empty value", _samples.capture(Given("ConversionType", "CS", ""))),
    ),
)
def value_not_defined_term(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the value's number and some of what is listed."""
    found = _walk.examined(parsed)
    for one in found.codes if found else ():
        if not one.strict:
            which = f"value {one.number} of {one.element.label}" if one.number > 1 else one.element.label
            told = f"{which} is none of the defined terms {one.listed} (edition {values.edition()})"
            yield Fault(told, one.element, evidence={"number": one.number})
