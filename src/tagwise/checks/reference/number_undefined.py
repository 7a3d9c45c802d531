"""A number refers to a segment, region or beam that the object does not have.

## What it finds
Frames of a segmentation whose Referenced Segment Number (0062,000B) is in no item of the Segment Sequence, contours and
observations of a structure set whose Referenced ROI Number (3006,0084) is in no item of the Structure Set ROI Sequence,
and beams of a fraction group (300C,0006) that are not among the beams of the plan.

## Why it matters
The number is all that ties a shape to its name, or a dose to its beam. A viewer leaves out what it cannot name or stops
loading; a planning system may show contours without saying of what. Archives take such objects without a word, because
every single attribute is there and has a value.

## How to confirm
1. Print both lists: `dcmdump +P ROINumber +P ReferencedROINumber FILE` for a structure set, `+P SegmentNumber
   +P ReferencedSegmentNumber` for a segmentation, `+P BeamNumber +P ReferencedBeamNumber` for a plan.
2. Look at who touched the object last: tools that delete a region or a beam often leave the other half.

## How to fix
1. Export the object again from where the regions, segments or beams were drawn.
2. If something was deleted on purpose, delete its other half too, in a new version of the object with new UIDs.
3. Tell the maker of the program that left it.

## Not a problem when
- Nothing: the number has no meaning outside of the object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagwise.validation.objects import DataSet, Element, ParsedObject


class _Pair(NamedTuple):
    """The sequences that lead to a reference and its tag, and the same for what it must name."""

    way: tuple[int, ...]
    reference: int
    defined_in: tuple[int, ...]
    number: int


_SEGMENTS = ((0x00620002,), 0x00620004)
_REGIONS = ((0x30060020,), 0x30060022)
_BEAMS = ((0x300A00B0, 0x300A03A2), 0x300A00C0)  # of photons and electrons, or of ions
_PAIRS = (
    _Pair((0x52009229, 0x0062000A), 0x0062000B, *_SEGMENTS),
    _Pair((0x52009230, 0x0062000A), 0x0062000B, *_SEGMENTS),
    _Pair((0x30060039,), 0x30060084, *_REGIONS),
    _Pair((0x30060080,), 0x30060084, *_REGIONS),
    _Pair((0x300A0070, 0x300C0004), 0x300C0006, *_BEAMS),
)


def _roi(number: str) -> Given:
    return Given("StructureSetROISequence", "SQ", items=[[Given("ROINumber", "IS", number)]])


def _contour(number: str) -> Given:
    return Given("ROIContourSequence", "SQ", items=[[Given("ReferencedROINumber", "IS", number)]])


def _segmentation(*numbers: int) -> list[Given]:
    frames = [
        [Given("SegmentIdentificationSequence", "SQ", items=[[Given("ReferencedSegmentNumber", "US", number)]])]
        for number in numbers
    ]
    return [
        Given("SegmentSequence", "SQ", items=[[Given("SegmentNumber", "US", number)] for number in (1, 2)]),
        Given("PerFrameFunctionalGroupsSequence", "SQ", items=frames),
    ]


def _plan(beams: str, reference: str) -> list[Given]:
    referenced = Given("ReferencedBeamSequence", "SQ", items=[[Given("ReferencedBeamNumber", "IS", reference)]])
    return [
        Given("FractionGroupSequence", "SQ", items=[[referenced]]),
        Given(beams, "SQ", items=[[Given("BeamNumber", "IS", "1")]]),
    ]


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    reads=("ReferencedSegmentNumber", "ReferencedROINumber", "ReferencedBeamNumber"),
    references=("PS3.3 C.8.20.2", "PS3.3 C.8.8.6", "PS3.3 C.8.8.13"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a contour of region 2, where there is only 1",
            [_roi("1"), _contour("2")],
            ["ROIContourSequence[1].ReferencedROINumber"],
        ),
        ObjectExample("contours without any region", [_contour("1")], ["ROIContourSequence[1].ReferencedROINumber"]),
        ObjectExample(
            "a frame of segment 3 of two",
            _segmentation(1, 3),
            ["PerFrameFunctionalGroupsSequence[2].SegmentIdentificationSequence[1].ReferencedSegmentNumber"],
        ),
        ObjectExample(
            "a fraction group with a beam that was deleted",
            _plan("BeamSequence", "2"),
            ["FractionGroupSequence[1].ReferencedBeamSequence[1].ReferencedBeamNumber"],
        ),
    ),
    silent=(
        ObjectExample("the contour of region 1", [_roi("1"), _contour("1")]),
        ObjectExample("frames of both segments", _segmentation(1, 2)),
        ObjectExample("a beam of the plan", _plan("BeamSequence", "1")),
        ObjectExample("a beam of ions", _plan("IonBeamSequence", "1")),
        ObjectExample("a region that nobody has drawn", [_roi("1")]),
        ObjectExample("an object without numbers", [Given("Modality", "CS", "CT")]),
    ),
)
def number_undefined(parsed: ParsedObject) -> Iterator[Fault]:
    """Give the number and where it should be found."""
    for pair in _PAIRS:
        if pair.way[0] not in parsed.root.tags:
            continue
        defined = {
            element.number() for tag in pair.defined_in for element in _elements(parsed.root, (tag,), pair.number)
        }
        for element in _elements(parsed.root, pair.way, pair.reference):
            number = element.number()
            if number is not None and number not in defined:
                has = "no number" if not defined else f"{len(defined):,} other number{'' if len(defined) == 1 else 's'}"
                name = parsed.root.absent(pair.defined_in[0]).name
                yield Fault(f"{element.name} is {number:,}, but {name} has {has}", element)


def _elements(inside: DataSet, way: Sequence[int], tag: int) -> Iterator[Element]:
    """The elements with this tag at the end of the way."""
    if not way:
        element = inside.get(tag)
        if element is not None:
            yield element
        return
    sequence = inside.get(way[0])
    for item in (sequence.items or ()) if sequence is not None else ():
        yield from _elements(item, way[1:], tag)
