"""A mandatory attribute has no value.

## What it finds
Attributes of type 1 that are there without a value: no bytes, blanks only, or a sequence without items. Those of type
1C are a minor fault where their condition is not met or cannot be decided: they may be left out, not empty.

## Why it matters
Type 1 promises a value. A program that checks only whether the attribute is there then works with an empty UID, an
empty modality or no frame of reference.

## How to confirm
`dcmdump +P KEYWORD FILE` shows the element with `(no value available)` or an empty sequence.

## How to fix
1. Have the writing program fill it, or stop before it stores an object whose values it does not know.
2. Stored objects: fill in a value that is known from elsewhere (request, worklist); do not invent one.

## Not a problem when
- The value was removed on purpose, by a de-identification that keeps the element. The profile of PS3.15 asks for a
  dummy value there (action D), so the profile is the thing to correct.
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


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1", "PS3.5 7.4"),
    since="0.1.0",
    fires=(
        ObjectExample("an empty Modality", _samples.capture(Given("Modality", "CS", "")), ["Modality"]),
        ObjectExample(
            "a UID of blanks", _samples.capture(Given("SeriesInstanceUID", "UI", "  ")), ["SeriesInstanceUID"]
        ),
        ObjectExample(
            "an empty code meaning",
            _samples.capture(Given("ProcedureCodeSequence", "SQ", items=[_samples.code(meaning="")])),
            ["ProcedureCodeSequence[1].CodeMeaning"],
        ),
        ObjectExample(
            "an empty character set, a minor fault",
            _samples.capture(Given("SpecificCharacterSet", "CS", "")),
            ["SpecificCharacterSet"],
        ),
    ),
    silent=(
        ObjectExample("an attribute of type 2", _samples.capture(Given("StudyID", "SH", ""))),
        ObjectExample("an attribute of type 3", _samples.capture(Given("StudyDescription", "LO", ""))),
        ObjectExample("zero, which is a value", _samples.capture(Given("PixelRepresentation", "US", 0))),
    ),
)
def attribute_empty(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each, its module and its condition."""
    found = _walk.examined(parsed)
    for lacking in found.empty if found else ():
        at = lacking.where.tags[lacking.need.tag]
        told = f"{at.label} has no value: {_words.because(lacking, found.name if found else '')}"
        yield Fault(told, at, severity=_words.graded(lacking.how) if lacking.sure else Severity.LOW)
