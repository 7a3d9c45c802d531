"""A private element has no private creator.

## What it finds
Elements (gggg,xxyy) of an odd group without a private creator in (gggg,00xx) of the same data set or item, or with an
empty one. Each block gives one finding. A creator without a value whose block has no elements is a minor fault: it
reserves the block for nobody.

## Why it matters
Without a creator nobody can tell what the element means: two makers use the same tags for different things. A
de-identification that keeps known private elements removes them, one that removes by creator leaves them in.

## How to confirm
`dcmdump FILE`: look for (gggg,00xx), the block is the first half of the element number.

## How to fix
Find the program that dropped it: anonymizers and routers that filter by tag keep (0009,1001) and lose (0009,0010).
Inside sequences the creator must be repeated in each item. The original object has it.

## Not a problem when
- The object is from ACR-NEMA times, before creators existed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import DataSet, ParsedObject


_NEVER = frozenset({1, 3, 5, 7, 0xFFFF})  # encoding/group-not-allowed finds these


def _has_private(tags: tuple[int, ...]) -> bool:
    return any(tag & 0x10000 for tag in tags)


def _questionable(tags: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Places of the first elements of each block, each with the tag of its creator; 0 where there can be none."""
    found: dict[tuple[int, bool], tuple[int, int]] = {}
    for place, tag in enumerate(tags):
        number = tag & 0xFFFF
        if tag & 0x10000 and number and not 0x10 <= number <= 0xFF and tag >> 16 not in _NEVER:
            creator = 0 if number < 0x10 else tag & 0xFFFF0000 | number >> 8
            found.setdefault((creator or tag, not creator), (place, creator))
    return tuple(found.values())


def _creators(tags: tuple[int, ...]) -> tuple[int, ...]:
    """Places of private creators."""
    return tuple(
        place
        for place, tag in enumerate(tags)
        if tag & 0x10000 and 0x10 <= tag & 0xFFFF <= 0xFF and tag >> 16 not in _NEVER
    )


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    references=("PS3.5 7.8.1",),
    since="0.1.0",
    concerns=_has_private,
    fires=(
        ObjectExample("a private element alone", [Given("00091001", "LO", "ab")], ["(0009,1001)"]),
        ObjectExample(
            "a block that is not reserved",
            [Given("00090010", "LO", "maker"), Given("00091101", "LO", "ab")],
            ["(0009,1101)"],
        ),
        ObjectExample(
            "a creator outside of the item",
            [
                Given("ReferencedImageSequence", "SQ", items=[[Given("00091001", "LO", "ab")]]),
                Given("00090010", "LO", "maker"),
            ],
            ["ReferencedImageSequence[1].(0009,1001)"],
        ),
        ObjectExample("a creator without a name, a minor fault", [Given("00090010", "LO", "")], ["(0009,0010)"]),
    ),
    silent=(
        ObjectExample("a reserved block", [Given("00090010", "LO", "maker"), Given("00091001", "LO", "ab")]),
        ObjectExample(
            "two blocks", [Given("00090010", "LO", "a"), Given("00090011", "LO", "b"), Given("00091101", "LO", "ab")]
        ),
        ObjectExample("no private elements", [Given("Modality", "CS", "CT")]),
        ObjectExample("a group length", [Given("00090000", "UL", 0)]),
    ),
)
def private_creator_missing(data_set: DataSet, _parsed: ParsedObject) -> Iterator[Fault]:
    """Name the first element of each block without a creator, and creators of nothing."""
    told = set()
    for place, creator in data_set.shape.ask(_questionable):
        element = data_set.elements[place]
        if (creator or element.tag) in told or (creator and data_set.has_value(creator)):
            continue
        told.add(creator or element.tag)
        if not creator:
            yield Fault(f"{element.label} can have no private creator: private elements begin at 1000H", element)
        else:
            group, block = creator >> 16, creator & 0xFFFF
            yield Fault(f"{element.label} has no private creator in ({group:04X},{block:04X})", element)
    for place in data_set.shape.ask(_creators):
        element = data_set.elements[place]
        if element.tag not in told and not data_set.has_value(element.tag):
            yield Fault(f"{element.label} is a private creator without a value", element, severity=Severity.LOW)
