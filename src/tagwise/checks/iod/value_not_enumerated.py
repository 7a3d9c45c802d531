"""A value is none of the enumerated values.

## What it finds
Values of attributes for which a module of the object lists enumerated values without a condition, and that are not
among them. The lists are of an older edition (2020a) than the modules; a value that was added since is reported too.

## Why it matters
Enumerated values are all there are: a reader has no branch for others. A Patient's Sex that is not listed makes an
importer refuse the object; a photometric interpretation that is not listed makes a picture unreadable.

## How to confirm
`tagwise show KEYWORD` lists the values by module; compare with the current edition of PS3.3.

## How to fix
1. Have the writing program write a listed value, or leave the attribute empty where it is of type 2.
2. Interfaces that copy a value from HL7 need a table for it: HL7 lists more codes than DICOM.

## Not a problem when
- A later edition lists the value.
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
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 5.2", "PS3.5 6.3"),
    since="0.1.0",
    fires=(
        ObjectExample("a sex of HL7", _samples.capture(Given("PatientSex", "CS", "U")), ["PatientSex"]),
        ObjectExample(
            "an odd pixel representation",
            _samples.capture(Given("PixelRepresentation", "US", 2)),
            ["PixelRepresentation"],
        ),
        ObjectExample(
            "an image type whose first value is not one of two",
            _samples.capture(Given("ImageType", "CS", "PRIMARY\\PRIMARY")),
            ["ImageType"],
        ),
    ),
    silent=(
        ObjectExample("listed values", _samples.capture()),
        ObjectExample("an empty value", _samples.capture(Given("PatientSex", "CS", ""))),
        ObjectExample(
            "a conversion type of one's own, which may be", _samples.capture(Given("ConversionType", "CS", "OWN"))
        ),
    ),
)
def value_not_enumerated(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the value's number and what is listed."""
    found = _walk.examined(parsed)
    for one in found.codes if found else ():
        if one.strict:
            which = f"value {one.number} of {one.element.label}" if one.number > 1 else one.element.label
            told = f"{which} is none of the enumerated values {one.listed} (edition {values.edition()})"
            yield Fault(told, one.element, evidence={"number": one.number})
