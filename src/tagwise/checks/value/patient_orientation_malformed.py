"""Patient Orientation names a direction that does not exist.

## What it finds
Values of Patient Orientation with letters that are no direction. For people they are A and P, R and L, H and F, up to
three of them for an oblique direction, each axis once: `L`, `AR`, `HLP`. For animals on four feet (Anatomical
Orientation Type is QUADRUPED) there are more letters, and such values are not judged.

## Why it matters
Viewers print these letters at the edges of the picture and turn mammograms and radiographs by them. A value they do
not know leaves the edge without a letter, or the picture the wrong way round.

## How to confirm
`dcmdump +P PatientOrientation FILE`; look at the picture and say where its right and lower edge point to.

## How to fix
1. Correct the table of the device or gateway that writes the words, often `LEFT`, `ANT` or `I` and `S` for head and
   foot, which are the letters of another convention.
2. Stored radiographs: only a person who sees the picture can set the value.

## Not a problem when
- The object is of an animal, and only Anatomical Orientation Type is missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import Element

_ORIENTATION_TYPE = 0x00102210
# One letter of each axis at most, in any order.
_DIRECTION = re.compile(r"(?!.*[AP].*[AP])(?!.*[RL].*[RL])(?!.*[HF].*[HF])[APRLHF]{1,3}")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="values",
    reads=("PatientOrientation",),
    references=("PS3.3 C.7.6.1.1.1",),
    since="0.1.0",
    fires=(
        ObjectExample("a word", [Given("PatientOrientation", "CS", "LEFT\\F")], ["PatientOrientation"]),
        ObjectExample("left and right at once", [Given("PatientOrientation", "CS", "LR\\F")], ["PatientOrientation"]),
    ),
    silent=(
        ObjectExample("left and foot", [Given("PatientOrientation", "CS", "L\\F")]),
        ObjectExample("oblique directions", [Given("PatientOrientation", "CS", "AR\\HLP")]),
        ObjectExample("an empty value, where nobody knows", [Given("PatientOrientation", "CS", "")]),
        ObjectExample(
            "an animal",
            [Given("AnatomicalOrientationType", "CS", "QUADRUPED"), Given("PatientOrientation", "CS", "LE\\D")],
        ),
    ),
)
def patient_orientation_malformed(element: Element) -> str | None:
    """Say which value is no direction."""
    data_set = element.inside
    while data_set.sequence is not None and _ORIENTATION_TYPE not in data_set.tags:
        data_set = data_set.sequence.inside
    if data_set.text(_ORIENTATION_TYPE) == "QUADRUPED":
        return None
    for number, value in enumerate(element.strings(), 1):
        if value and _DIRECTION.fullmatch(value) is None:
            return f"value {number} of {element.label} is no direction: one letter each of A or P, R or L, H or F"
    return None
