"""Some elements are in implicit VR in a data set of explicit VR, or the reverse.

## What it finds
Elements without a VR among elements that have one, and elements with a VR among others that have none. Each data set
or item gives one finding, for the first of them. UN of undefined length has items in implicit VR by rule and is not
found.

## Why it matters
A reader takes the VR for a length, or the length for a VR: it reads megabytes too far, loses the rest of the object,
or stops. Which elements are lost differs from toolkit to toolkit.

## How to confirm
`dcmdump FILE` warns at the offset that the finding names.

## How to fix
Find the program that adds or replaces elements without looking at the transfer syntax: anonymizers, routers that copy
private elements, scripts that join data sets. The files must be written anew by a tolerant toolkit, and compared.

## Not a problem when
- Nothing: there is no such encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.writing import IMPLICIT, Given, data_set, part10
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import ParseProblem

_DATA = [
    Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"),
    Given("Modality", "CS", "OT"),
    Given("Manufacturer", "LO", "maker"),
]
_FIRST, _LAST = data_set(_DATA[:1]), data_set(_DATA[2:])
_AS_IMPLICIT = data_set(_DATA[1:2], IMPLICIT)
_ITEM = bytes.fromhex("feff00e00a000000") + _AS_IMPLICIT


@object_check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("mixed-vr",),
    references=(
        "PS3.5 7.1",
        "PS3.5 A.4",
    ),
    since="0.1.0",
    fires=(
        ObjectExample(
            "an element in implicit VR among explicit ones",
            content=part10(_FIRST + _AS_IMPLICIT + _LAST),
            expect=["Modality"],
        ),
        ObjectExample(
            "an element in explicit VR among implicit ones",
            content=part10(
                data_set(_DATA[:1], IMPLICIT) + data_set(_DATA[1:2]) + data_set(_DATA[2:], IMPLICIT), IMPLICIT
            ),
            expect=["Modality"],
        ),
    ),
    silent=(
        ObjectExample("all elements in explicit VR", _DATA),
        ObjectExample("all elements in implicit VR", _DATA, syntax=IMPLICIT),
        ObjectExample(
            "UN of undefined length with an item in implicit VR",
            content=part10(
                _FIRST + bytes.fromhex("09000110554e0000ffffffff") + _ITEM + bytes.fromhex("feffdde000000000")
            ),
        ),
    ),
)
def vr_encoding_mixed(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
