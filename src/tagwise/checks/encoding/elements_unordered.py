"""Elements are not in the order of their tags.

## What it finds
Data sets and items in which a tag is smaller than the one before it. Each gives one finding, at the first place; a
tag that occurs twice is found by `encoding/element-duplicate`.

## Why it matters
Readers stop where the attribute they look for should have been: a program that reads up to group 0028 does not find a
Patient ID behind the pixels. Two readers then disagree whether the attribute is there.

## How to confirm
`dcmdump FILE` prints the elements in the order of the file.

## How to fix
Ask the maker of the writing program for ascending tags (PS3.5 section 7.1). Programs that append an element at the
end are the usual cause. Toolkits sort when they write the object anew.

## Not a problem when
- Every reader reads the whole object before it looks for attributes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import Sorted
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import DataSet, ParsedObject


def _repair(data_set: DataSet, _parsed: ParsedObject) -> Iterator[Repair]:
    """Sort."""
    yield Sorted(data_set, "elements that stand in another order than their tags")


def _is_unordered(tags: tuple[int, ...]) -> bool:
    return any(tag < before for before, tag in pairwise(tags))


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    references=("PS3.5 7.1",),
    since="0.1.0",
    repair=_repair,
    concerns=_is_unordered,
    fires=(
        ObjectExample(
            "a name behind the modules of the image",
            [Given("Rows", "US", 2), Given("PatientID", "LO", "12")],
            ["PatientID"],
        ),
        ObjectExample(
            "two places out of order make one finding",
            [
                Given("Rows", "US", 2),
                Given("Modality", "CS", "CT"),
                Given("Columns", "US", 2),
                Given("PatientID", "LO", "12"),
            ],
            ["Modality"],
        ),
    ),
    silent=(
        ObjectExample("ascending tags", [Given("Modality", "CS", "CT"), Given("PatientID", "LO", "12")]),
        ObjectExample("a tag that occurs twice", [Given("PatientID", "LO", "12"), Given("PatientID", "LO", "12")]),
        ObjectExample(
            "an item that starts again with small tags",
            [
                Given("ReferencedImageSequence", "SQ", items=[[Given("SOPInstanceUID", "UI", "1.2")]]),
                Given("PatientID", "LO", "12"),
            ],
        ),
    ),
)
def elements_unordered(data_set: DataSet, _parsed: ParsedObject) -> Fault | None:
    """Name the first element that is out of order, and the one before it."""
    for before, element in pairwise(data_set.elements):
        if element.tag < before.tag:
            return Fault(f"{element.label} stands behind {before.label}", element)
    return None
