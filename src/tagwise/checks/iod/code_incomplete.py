"""A code lacks its value or its scheme.

## What it finds
Items of code sequences with none of Code Value, Long Code Value and URN Code Value, with more than one of them, or
with a (long) code value and no Coding Scheme Designator. A missing meaning is found by `iod/attribute-missing`.

## Why it matters
A code is compared by value and scheme. Without one of them it matches nothing: hanging protocols, measurements and
procedure codes are not recognised.

## How to confirm
`dcmdump +P CodeValue +P CodingSchemeDesignator FILE`.

## How to fix
Have the writing program write value, scheme and meaning together. Stored objects: the scheme may be added where the
value belongs to one scheme only.

## Not a problem when
- Never: an item that cannot be coded is left out of the sequence.
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

_VALUE, _LONG, _URN, _SCHEME = 0x00080100, 0x00080119, 0x00080120, 0x00080102


def _coded(*code: Given) -> list[Given]:
    return _samples.capture(Given("ProcedureCodeSequence", "SQ", items=[code]))


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 8.8",),
    since="0.1.0",
    fires=(
        ObjectExample("a code without value", _coded(*_samples.code()[1:]), ["ProcedureCodeSequence[1].CodeValue"]),
        ObjectExample(
            "a code without scheme",
            _coded(*_samples.code()[::2]),
            ["ProcedureCodeSequence[1].CodingSchemeDesignator"],
        ),
        ObjectExample(
            "a short and a long value",
            _coded(*_samples.code(), Given("LongCodeValue", "UC", "1234567890123456789")),
            ["ProcedureCodeSequence"],
        ),
    ),
    silent=(
        ObjectExample("value, scheme and meaning", _coded(*_samples.code())),
        ObjectExample(
            "a URN, which needs no scheme",
            _coded(Given("CodeMeaning", "LO", "Length"), Given("URNCodeValue", "UR", "urn:oid:1.2.3")),
        ),
    ),
)
def code_incomplete(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the attribute that is missing, or the sequence where there are two values."""
    found = _walk.examined(parsed)
    for item in found.coded if found else ():
        values = [tag for tag in (_VALUE, _LONG, _URN) if item.has_value(tag)]
        if len(values) > 1:
            yield Fault(
                f"item {item.number} has {len(values)} code values, one belongs there", item.sequence, item.start
            )
        elif not values:
            at = item.tags.get(_VALUE) or item.absent(_VALUE)
            yield Fault(f"{at.label} is missing: the item has no long and no URN code value either", at)
        elif _URN not in values and not item.has_value(_SCHEME):
            at = item.tags.get(_SCHEME) or item.absent(_SCHEME)
            yield Fault(f"{at.label} is missing: a code value is unique only within its scheme", at)
