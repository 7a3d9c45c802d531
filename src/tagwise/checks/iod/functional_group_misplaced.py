"""A functional group stands where it may not.

## What it finds
Groups that are among the shared groups and in frames too, and Frame Content Sequence among the shared groups.

## Why it matters
A group holds for all frames or for one. Where it stands in both places readers take the one or the other, and two
viewers show two positions or two spacings.

## How to confirm
`dcmdump +p +P 5200,9229 +P 5200,9230 FILE` shows the groups.

## How to fix
Have the writing program write each group in one place. Stored objects: where the values are the same in all frames,
the group may be left in the shared groups only.

## Not a problem when
- Never: the standard excludes it. Where all copies are equal, nothing breaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 C.7.6.16",),
    since="0.1.0",
    fires=(
        ObjectExample(
            "the segment for all frames, and for the first",
            _samples.segmentation(first=(_samples.SEGMENT,)),
            ["SharedFunctionalGroupsSequence[1].SegmentIdentificationSequence"],
        ),
        ObjectExample(
            "the content of a frame for all of them",
            _samples.segmentation(shared=(_samples.SEGMENT, _samples.FRAME), frame=()),
            ["SharedFunctionalGroupsSequence[1].FrameContentSequence"],
        ),
    ),
    silent=(
        ObjectExample("each group in one place", _samples.segmentation()),
        ObjectExample("an image without functional groups", _samples.capture()),
    ),
)
def functional_group_misplaced(parsed: ParsedObject) -> Iterator[Fault]:
    """Name the group and its places."""
    found = _walk.examined(parsed)
    for one in found.groups if found else ():
        if one.kind in ("double", "shared"):
            yield Fault(one.message, one.element)
