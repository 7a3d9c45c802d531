"""A report refers to an object that its lists of evidence do not name.

## What it finds
Images, waveforms and other objects that content items of a structured report or key object selection refer to, and
that are neither in the Current Requested Procedure Evidence Sequence (0040,A375) nor in the Pertinent Other Evidence
Sequence (0040,A385). Presentation states and other objects named inside such a reference count too. Each object gives
one finding, at the first place that refers to it.

## Why it matters
A content item has only the SOP Instance UID. The study and the series of the object, which a viewer needs to fetch it,
stand in the lists of evidence alone. Archives that move a report together with its evidence leave such images behind,
and key images stay empty.

## How to confirm
1. `dsrdump FILE` of DCMTK prints the references; `dcmdump +P ReferencedSOPInstanceUID FILE` all of them, the lists
   included: a UID that occurs once is not listed.
2. Ask the archive for the UID at the IMAGE level. If it is there, only the list is wrong.

## How to fix
1. Correct the program that writes the report: each reference of the content goes into one of the two lists, below its
   study and series.
2. A tool that replaces UIDs must replace both places with the same value.
3. For a stored report write a new version with complete lists; a signed one goes back to its author.

## Not a problem when
- The report is read only by the program that wrote it, which knows where its images are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import DataSet, Element, ParsedObject

_SOP_CLASS, _CONTENT, _REFERENCED, _INSTANCE = 0x00080016, 0x0040A730, 0x00081199, 0x00081155
_EVIDENCE = (0x0040A375, 0x0040A385)


def _is_report(tags: tuple[int, ...]) -> bool:
    return _CONTENT in tags and _SOP_CLASS in tags


def _reference(uid: str, *inside: Given) -> Given:
    return Given("ReferencedSOPSequence", "SQ", items=[[Given("ReferencedSOPInstanceUID", "UI", uid), *inside]])


def _report(*items: list[Given], current: str = "", other: str = "") -> list[Given]:
    def evidence(keyword: str, uid: str) -> list[Given]:
        series = Given("ReferencedSeriesSequence", "SQ", items=[[_reference(uid)]])
        return [Given(keyword, "SQ", items=[[series]])] if uid else []

    return [
        Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.88.59"),
        *evidence("CurrentRequestedProcedureEvidenceSequence", current),
        *evidence("PertinentOtherEvidenceSequence", other),
        Given("ContentSequence", "SQ", items=items),
    ]


_AT = "ReferencedSOPSequence[1].ReferencedSOPInstanceUID"


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="data sets",
    reads=(
        "ContentSequence",
        "ReferencedSOPInstanceUID",
        "CurrentRequestedProcedureEvidenceSequence",
        "PertinentOtherEvidenceSequence",
    ),
    references=("PS3.3 C.17.2.3", "PS3.3 C.17.6.2"),
    since="0.1.0",
    concerns=_is_report,
    fires=(
        ObjectExample("no evidence at all", _report([_reference("1.2.826.1")]), [f"ContentSequence[1].{_AT}"]),
        ObjectExample(
            "one of two images in the list, the other is named twice",
            _report(
                [_reference("1.2.826.1")], [_reference("1.2.826.2")], [_reference("1.2.826.2")], current="1.2.826.1"
            ),
            [f"ContentSequence[2].{_AT}"],
        ),
        ObjectExample(
            "an image in the list, its presentation state not",
            _report([_reference("1.2.826.1", _reference("1.2.826.3"))], current="1.2.826.1"),
            [f"ContentSequence[1].ReferencedSOPSequence[1].{_AT}"],
        ),
        ObjectExample(
            "an image of an item inside another",
            _report([Given("ContentSequence", "SQ", items=[[_reference("1.2.826.2")]])], current="1.2.826.1"),
            [f"ContentSequence[1].ContentSequence[1].{_AT}"],
        ),
    ),
    silent=(
        ObjectExample("an image in the list", _report([_reference("1.2.826.1")], current="1.2.826.1")),
        ObjectExample(
            "an older image, in the list of other evidence",
            _report([_reference("1.2.826.1")], [_reference("1.2.826.2")], current="1.2.826.1", other="1.2.826.2"),
        ),
        ObjectExample("evidence that no item refers to", _report([], current="1.2.826.1")),
        ObjectExample("a reference without a UID, which the IOD checks report", _report([_reference("")])),
        ObjectExample("an image that refers to another", [_reference("1.2.826.1")]),
    ),
)
def evidence_missing(data_set: DataSet, _parsed: ParsedObject) -> Iterator[Fault]:
    """Name the first reference to each object, and how many there are."""
    if data_set.sequence is not None:
        return
    listed = {element.stripped() for tag in _EVIDENCE if (found := data_set.get(tag)) for element in _instances(found)}
    missing: dict[str, list[Element]] = {}
    for element in _references(data_set):
        uid = element.stripped()
        if uid and uid not in listed:
            missing.setdefault(uid, []).append(element)
    lists = "the lists of evidence do not name it" if listed else "the report has no list of evidence"
    for places in missing.values():
        often = f", referred to {quantity(len(places), 'time')}" if len(places) > 1 else ""
        yield Fault(f"{places[0].label} names an object{often}, but {lists}", places[0])


def _references(item: DataSet) -> Iterator[Element]:
    """The UIDs that this content item and those below it refer to, in their order."""
    own, below = item.get(_REFERENCED), item.get(_CONTENT)
    if own is not None:
        yield from _instances(own)
    for one in (below.items or ()) if below is not None else ():
        yield from _references(one)


def _instances(sequence: Element) -> Iterator[Element]:
    """Each Referenced SOP Instance UID below a sequence, however deep."""
    for item in sequence.items or ():
        for element in item.elements:
            if element.tag == _INSTANCE:
                yield element
            elif element.items:
                yield from _instances(element)
