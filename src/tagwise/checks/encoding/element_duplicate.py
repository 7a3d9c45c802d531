"""An element occurs twice in one data set.

## What it finds
Tags that occur more than once in the object, or in one item. The finding says whether the values are the same.

## Why it matters
One reader takes the first, another the last: the object has two patients, two UIDs or two sizes, depending on who
reads it. Where the values are the same, strict readers still refuse the object.

## How to confirm
`dcmdump FILE | sort | uniq -d -w 11` prints the tags that occur twice at the top level.

## How to fix
1. Find the program that adds an element without looking whether it is there: routers that stamp an ID and scripts
   that append bytes.
2. Which of two values is right must be decided by somebody who knows: compare with the worklist or the request. Then
   write the object anew.

## Not a problem when
- Both values are the same and every reader copes; the finding is a minor fault then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import DataSet, Element, ParsedObject


def _has_duplicates(tags: tuple[int, ...]) -> bool:
    return len(set(tags)) < len(tags)


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    references=("PS3.5 7.1",),
    since="0.1.0",
    concerns=_has_duplicates,
    fires=(
        ObjectExample(
            "two Patient IDs", [Given("PatientID", "LO", "12"), Given("PatientID", "LO", "34")], ["PatientID"]
        ),
        ObjectExample(
            "the same value twice, a minor fault",
            [Given("Modality", "CS", "CT"), Given("Modality", "CS", "CT")],
            ["Modality"],
        ),
    ),
    silent=(
        ObjectExample("each tag once", [Given("Modality", "CS", "CT"), Given("PatientID", "LO", "12")]),
        ObjectExample(
            "the same tag in two items",
            [
                Given(
                    "ReferencedImageSequence",
                    "SQ",
                    items=[[Given("PatientID", "LO", "1")], [Given("PatientID", "LO", "2")]],
                )
            ],
        ),
    ),
)
def element_duplicate(data_set: DataSet, _parsed: ParsedObject) -> Iterator[Fault]:
    """Say whether the values differ."""
    seen: dict[int, Element] = {}
    for element in data_set.elements:
        first = seen.setdefault(element.tag, element)
        if first is not element:
            same = first.raw is not None and first.raw == element.raw
            values = "the same value" if same else "another value"
            message = f"{element.label} occurs again with {values}; the first is at byte {first.offset:,}"
            yield Fault(message, element, severity=Severity.LOW if same else None)
