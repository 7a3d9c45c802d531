"""A group length does not count its group.

## What it finds
Group Length elements (gggg,0000) in the data set whose number is not the number of bytes of the rest of their group.
They are retired since 2008; the file meta information has a check of its own, `encoding/meta-length-wrong`.

## Why it matters
Old readers jump by this number and land in the middle of an element. New ones ignore it.

## How to confirm
`dcmdump +P 0008,0000 FILE`, with the group that the finding names, and compare the offsets of the groups.

## How to fix
Leave the element out: nobody needs it, and a program that changes values and does not count again makes it wrong.
Most toolkits drop it when they write.

## Not a problem when
- No software of ACR-NEMA times reads the object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import Removed
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import DataSet, ParsedObject


def _repair(data_set: DataSet, parsed: ParsedObject) -> Iterator[Repair]:
    """Leave the element out, as PS3.5 has it since 2008."""
    for fault in group_length_wrong.judge(data_set, parsed):
        yield Removed(fault.at, "a retired group length with a wrong number")


def _has_group_lengths(tags: tuple[int, ...]) -> bool:
    return any(not tag & 0xFFFF for tag in tags)


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    references=("PS3.5 7.2",),
    since="0.1.0",
    concerns=_has_group_lengths,
    repair=_repair,
    fires=(
        ObjectExample(
            "a length that is too small", [Given("00080000", "UL", 4), Given("Modality", "CS", "OT")], ["(0008,0000)"]
        ),
    ),
    silent=(
        ObjectExample("the right length", [Given("00080000", "UL", 10), Given("Modality", "CS", "OT")]),
        ObjectExample("a group length that is text", [Given("00080000", "LO", "many")]),
        ObjectExample("no group length", [Given("Modality", "CS", "OT")]),
        ObjectExample(
            "two groups", [Given("00080000", "UL", 10), Given("Modality", "CS", "OT"), Given("PatientID", "LO", "1")]
        ),
    ),
)
def group_length_wrong(data_set: DataSet, parsed: ParsedObject) -> Iterator[Fault]:
    """Give both numbers, for each group whose end is known."""
    elements = data_set.elements
    for place, element in enumerate(elements):
        if element.tag & 0xFFFF or element.length != 4:
            continue
        following = next((e.offset for e in elements[place + 1 :] if e.tag >> 16 != element.tag >> 16), None)
        end = following if following is not None else (parsed.size if data_set.sequence is None else None)
        if end is None or (following is None and not (parsed.complete and _is_whole(parsed))):
            continue
        counted = end - element.start - 4
        claimed = element.number()
        if claimed is not None and claimed != counted:
            yield Fault(f"group {element.tag >> 16:04X} claims {claimed:,} bytes, it has {counted:,}", element)


def _is_whole(parsed: ParsedObject) -> bool:
    """Whether offsets count from the beginning of the file, to its end."""
    return not parsed.problems and (parsed.declared is None or not parsed.declared.deflated)
