"""The group length of the file meta information is missing or wrong.

## What it finds
Files whose File Meta Information Group Length (0002,0000) is absent, or is not the number of bytes from its end to
the end of group 0002.

## Why it matters
Many readers jump by this number: they start in the middle of an element, or take elements of the data set for file
meta information, and stop with an error about a transfer syntax or a VR that has nothing to do with the cause.

## How to confirm
`dcmdump +P 0002,0000 FILE`, and compare with the offset of the first element of group 0008 minus the end of
(0002,0000).

## How to fix
1. Find the program that changed the file meta information, for example Implementation Version Name or an AE title,
   without counting again. Toolkits count by themselves when they write the whole file.
2. Files at hand: correct the number, or write the file anew; the data set stays as it is.

## Not a problem when
- All readers walk the elements of group 0002 instead of jumping, as tagwise does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.repairs import Rewritten
from tagwise.checks.writing import Given, data_set, element, meta, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]
_LENGTH = meta()[:12]
_OTHER = element(Given("FileMetaInformationGroupLength", "UL", 6))
_GROUP_LENGTH = 0x00020000


def _repair(parsed: ParsedObject) -> Iterator[Repair]:
    """Count again."""
    for fault in meta_length_wrong.judge(parsed):
        yield Rewritten("meta", fault.message, "counted again", fault.at)


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("FileMetaInformationGroupLength",),
    references=("PS3.10 7.1",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "a length of another number",
            content=part10(_DATA).replace(_LENGTH, _OTHER, 1),
            expect=["FileMetaInformationGroupLength"],
        ),
        ObjectExample("no group length, a minor fault", content=part10(_DATA).replace(_LENGTH, b"", 1), expect=[""]),
    ),
    silent=(
        ObjectExample("the right length", _DATA),
        ObjectExample("no file meta information at all", content=data_set(_DATA)),
    ),
)
def meta_length_wrong(parsed: ParsedObject) -> Iterator[Fault]:
    """Give both numbers."""
    if not parsed.meta.elements or not parsed.is_part10:
        return
    first = parsed.meta.elements[0]
    if first.tag != _GROUP_LENGTH:
        message = "the file meta information has no group length, so readers cannot jump over it"
        yield Fault(message, offset=parsed.meta_start, severity=Severity.LOW)
        return
    counted = parsed.meta_end - first.start - first.length
    claimed = first.number()
    if parsed.meta_end and claimed != counted:
        told = "no number of" if claimed is None else claimed
        message = f"the file meta information claims {told} bytes behind its group length, {counted} are there"
        yield Fault(message, first)
