"""A functional group is missing, or the number of frames does not fit.

## What it finds
In multi-frame objects with functional groups: groups that the IOD makes mandatory, or whose condition is met, that
are neither among the shared groups nor in the frames; groups that only some frames have; and a Number of Frames that
differs from the items of Per-Frame Functional Groups Sequence. Which groups are mandatory is of edition 2020a.

## Why it matters
Position, orientation, pixel spacing, rescale and timing of a frame stand in its groups. Without them frames cannot be
sorted, placed or measured, and viewers often refuse the whole object.

## How to confirm
`dcmdump +p +P 5200,9229 +P 5200,9230 FILE` shows the groups; `tagwise show IOD` the modules.

## How to fix
Have the writing program write the group once as shared, or for each frame. Converters from single frames can take it
from the originals.

## Not a problem when
- The edition that the object follows asks for less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import functional_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1.4", "PS3.3 C.7.6.16"),
    since="0.1.0",
    fires=(
        ObjectExample(
            "a segmentation that does not say which segment a frame is of",
            _samples.segmentation(shared=()),
            ["SegmentIdentificationSequence"],
        ),
        ObjectExample(
            "three frames by number, two by their groups",
            _samples.segmentation(number="3"),
            ["PerFrameFunctionalGroupsSequence"],
        ),
        ObjectExample(
            "a group that one of two frames has",
            _samples.segmentation(shared=(), first=(_samples.SEGMENT,)),
            ["PerFrameFunctionalGroupsSequence[2].SegmentIdentificationSequence"],
        ),
    ),
    silent=(
        ObjectExample("a group that is shared", _samples.segmentation()),
        ObjectExample("an image without functional groups", _samples.capture()),
    ),
)
def functional_group_missing(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the group and why it is needed."""
    found = _walk.examined(parsed)
    for one in found.groups if found else ():
        if one.kind in ("missing", "frames"):
            edition = f" (edition {functional_groups.edition()})" if one.kind == "missing" else ""
            yield Fault(f"{one.message}{edition}", one.element or one.where.absent(one.tag))
