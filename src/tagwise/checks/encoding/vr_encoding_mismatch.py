"""The data set is in implicit VR where the transfer syntax says explicit, or the reverse.

## What it finds
Objects whose first element after the file meta information has no VR although the declared transfer syntax has them,
or has one although it has none.

## Why it matters
Readers that believe the file meta information read lengths out of VRs: they stop at the first element, or find
nonsense. Readers that look at the bytes, as tagwise and some toolkits do, notice nothing, so the object passes one
system and fails in the next.

## How to confirm
`dcmdump FILE` prints the transfer syntax first, then a warning or an error at the first element. `xxd` shows whether
two capital letters follow the first tag behind group 0002.

## How to fix
1. Find the program that wrote the data set in one encoding and the file meta information for another: a router that
   stores what came from the network under its preferred syntax is the usual one.
2. In files at hand only Transfer Syntax UID (0002,0010) is wrong: correct it, do not convert.

## Not a problem when
- Nothing: readers are right to refuse such an object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import IMPLICIT, Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("vr-encoding",),
    references=(
        "PS3.10 7.1",
        "PS3.5 A.1",
        "PS3.5 A.2",
    ),
    since="0.1.0",
    fires=(
        ObjectExample(
            "implicit VR under an explicit transfer syntax", content=part10(data_set(_DATA, IMPLICIT)), expect=[""]
        ),
        ObjectExample(
            "explicit VR under Implicit VR Little Endian", content=part10(data_set(_DATA), IMPLICIT), expect=[""]
        ),
    ),
    silent=(
        ObjectExample("explicit VR as declared", _DATA),
        ObjectExample("implicit VR as declared", _DATA, syntax=IMPLICIT),
        ObjectExample("no declaration at all", content=data_set(_DATA, IMPLICIT)),
    ),
)
def vr_encoding_mismatch(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
