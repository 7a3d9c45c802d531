"""Bytes that are no element follow the last one.

## What it finds
Objects with a few bytes or zeros behind their last element that cannot be an element.

## Why it matters
Most readers ignore them; some report the object as damaged. They change its size and digest, so that two copies of
one object seem to differ.

## How to confirm
`tail -c 32 FILE | xxd`.

## How to fix
Find what adds them: block devices and tape formats that fill up the last block, a transfer in text mode that adds a
line end, a web client that leaves parts of a multipart message. DICOM has Data Set Trailing Padding (FFFC,FFFC) for
those who need to fill up.

## Not a problem when
- The bytes are zeros from a medium that stores whole blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import Rewritten
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject, ParseProblem

_DATA = [Given("Modality", "CS", "OT")]


def _repair(problem: ParseProblem, _parsed: ParsedObject) -> Iterator[Repair]:
    """Leave them out."""
    yield Rewritten("data", problem.message, "the object ends with its last element")


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("trailing",),
    references=("PS3.10 7.2",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample("a line end", content=part10(_DATA) + b"\r\n", expect=[""]),
        ObjectExample("zeros up to a whole block", content=part10(_DATA) + bytes(512), expect=[""]),
    ),
    silent=(
        ObjectExample("nothing behind the last element", _DATA),
        ObjectExample("padding as the standard has it", [*_DATA, Given("DataSetTrailingPadding", "OB", bytes(64))]),
    ),
)
def trailing_bytes(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
