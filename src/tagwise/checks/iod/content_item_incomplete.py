"""A content item of a report lacks what its value type needs.

## What it finds
Content items of structured reports, key object selections included, without relationship or value type, without the
concept name where their value type asks for one, or without their value: a TEXT without text, a CODE without code, a
NUM without measured value, an IMAGE without reference, coordinates without points.

## Why it matters
Programs that render or import a report skip the item, or stop. A measurement without value or unit is lost.

## How to confirm
`dsrdump FILE` of DCMTK, or `dcsrdump FILE` of dicom3tools, prints the tree and marks the item.

## How to fix
Have the writing program write the attribute, or leave the item out. Stored reports: make a new version of the report;
a value that was never stored cannot be added by hand.

## Not a problem when
- Never: an item without its value says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _content, _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_TEXT = _samples.item("TEXT", Given("TextValue", "UT", "no findings"))
_LENGTH = [
    Given(
        "MeasuredValueSequence",
        "SQ",
        items=[
            [
                Given("MeasurementUnitsCodeSequence", "SQ", items=[_samples.code("mm", "UCUM", "mm")]),
                Given("NumericValue", "DS", "3"),
            ]
        ],
    )
]


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 C.17.3", "PS3.3 C.18"),
    since="0.1.0",
    fires=(
        ObjectExample("a TEXT without text", _samples.report(_samples.item("TEXT")), ["ContentSequence[1].TextValue"]),
        ObjectExample(
            "an item without concept name",
            _samples.report([given for given in _TEXT if given.vr != "SQ"]),
            ["ContentSequence[1].ConceptNameCodeSequence"],
        ),
        ObjectExample(
            "a NUM without measured value",
            _samples.report(_samples.item("NUM")),
            ["ContentSequence[1].MeasuredValueSequence"],
        ),
        ObjectExample(
            "a report whose first item is no container and has no title",
            _samples.report(_TEXT, without=["ConceptNameCodeSequence", "ContinuityOfContent"]),
            ["ConceptNameCodeSequence", "ContinuityOfContent"],
        ),
    ),
    silent=(
        ObjectExample("a text", _samples.report(_TEXT)),
        ObjectExample("a measurement", _samples.report(_samples.item("NUM", *_LENGTH))),
        ObjectExample(
            "a measurement that could not be taken",
            _samples.report(_samples.item("NUM", Given("MeasuredValueSequence", "SQ"))),
        ),
        ObjectExample("an object that is no report", _samples.capture()),
    ),
)
def content_item_incomplete(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each attribute and why it is needed."""
    found = _walk.examined(parsed)
    if found is None or not found.has_content:
        return
    for item in (parsed.root, *found.items):
        for tag, why in _content.lacks(item, is_root=item is parsed.root):
            at = item.tags.get(tag) or item.absent(tag)
            yield Fault(f"{at.label} {'has no value' if tag in item.tags else 'is missing'}: {why}", at)
