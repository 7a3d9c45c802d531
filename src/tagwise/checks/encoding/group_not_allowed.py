"""An element belongs to a group that a data set cannot have.

## What it finds
Elements of groups 0001, 0003, 0005, 0007 and FFFF, which are never valid, elements of the command group 0000 in front
of the data set, and of group 0002 inside it.

## Why it matters
A command set in a file shows that a network message was saved as it came; file meta information inside the data set
is what a program left behind that stacked two files. Readers stop at such elements or take them for the beginning of
something else.

## How to confirm
`dcmdump FILE` prints the element at the offset that the finding names.

## How to fix
Find the program that saved the message, or joined the parts, and let it write a Part 10 file. The elements carry
nothing that belongs to the object and can be left out.

## Not a problem when
- The bytes are a message of the network, command set included, and no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import IMPLICIT, Given, data_set
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject

_DATA = [Given("Modality", "CS", "OT")]
_COMMAND = data_set([Given("CommandGroupLength", "UL", 10), Given("CommandField", "US", 1)], IMPLICIT)
_NEVER = frozenset({1, 3, 5, 7, 0xFFFF})


def _is_strange(tags: tuple[int, ...]) -> bool:
    """Whether there are groups that are never valid, or some of both kinds."""
    groups = {tag >> 16 for tag in tags}
    return not groups.isdisjoint(_NEVER) or 2 in groups


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.5 7.1", "PS3.5 7.8.1", "PS3.10 7.1"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a command set in front of the data set", content=_COMMAND + data_set(_DATA), expect=["CommandGroupLength"]
        ),
        ObjectExample("group 0003", [Given("00030010", "LO", "maker"), *_DATA], ["(0003,0010)"]),
        ObjectExample(
            "file meta information in an item",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("TransferSyntaxUID", "UI", "1.2")]])],
            ["ReferencedImageSequence[1].TransferSyntaxUID"],
        ),
    ),
    silent=(
        ObjectExample("an ordinary data set", _DATA),
        ObjectExample("a private group", [*_DATA, Given("00090010", "LO", "maker")]),
    ),
)
def group_not_allowed(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the element and why its group does not belong there."""
    if parsed.command.elements:
        yield Fault("a command set of the network stands in front of the data set", parsed.command.elements[0])
    for one in parsed.data_sets():
        if one.shape.ask(_is_strange):
            break
    else:
        return
    for element in parsed.elements:
        group = element.tag >> 16
        if group in _NEVER:
            yield Fault(f"group {group:04X} of {element.label} is never valid", element)
        elif group == 2 and element.inside.part == "data":
            yield Fault(f"{element.label} belongs to the file meta information, not into the data set", element)
