"""The data set is in another byte order than the transfer syntax says.

## What it finds
Objects whose first element after the file meta information reads sensibly only in the other byte order: big endian
where little endian is declared, or the reverse.

## Why it matters
A reader that believes the declaration finds group 0800 where 0008 is, and takes the object for one without any known
attribute. Pixels that are read in the wrong order are noise, or worse: look like an image with wrong values.

## How to confirm
`xxd` behind group 0002: `0800 0500` is little endian, `0008 0005` big endian.

## How to fix
1. Correct Transfer Syntax UID (0002,0010) in the file: 1.2.840.10008.1.2.2 is Explicit VR Big Endian, which is
   retired but readable.
2. Convert to little endian afterwards (`dcmconv +te IN OUT`), because new software does not read big endian.
3. Find the program that wrote the file: old systems on big endian processors, or a converter that swapped one part
   only.

## Not a problem when
- Nothing: the declaration is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import BIG_ENDIAN, Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("byte-order",),
    references=(
        "PS3.5 7.3",
        "PS3.5 A.3",
    ),
    since="0.1.0",
    fires=(
        ObjectExample(
            "big endian under Explicit VR Little Endian", content=part10(data_set(_DATA, BIG_ENDIAN)), expect=[""]
        ),
        ObjectExample(
            "little endian under Explicit VR Big Endian", content=part10(data_set(_DATA), BIG_ENDIAN), expect=[""]
        ),
    ),
    silent=(
        ObjectExample("little endian as declared", _DATA),
        ObjectExample("big endian as declared", _DATA, syntax=BIG_ENDIAN),
    ),
)
def byte_order_mismatch(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
