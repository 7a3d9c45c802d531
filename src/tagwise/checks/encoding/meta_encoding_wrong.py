"""The file meta information is not in Explicit VR Little Endian.

## What it finds
Files whose file meta information, group 0002, is written in implicit VR or in big endian. It has one encoding only,
whatever the transfer syntax of the data set is.

## Why it matters
A reader needs the file meta information to learn the transfer syntax; it cannot guess for that part. Strict readers
refuse the file, or take the first elements for something else.

## How to confirm
`xxd -s 132 -l 12 FILE`: a sound file starts with 0200 0000 554c (tag and the VR UL).

## How to fix
Ask the maker of the writing program for PS3.10 section 7.1. Files at hand are repaired by reading them with a
tolerant toolkit and writing them anew: `dcmconv IN OUT` does, pixel data stay as they are.

## Not a problem when
- Nothing else than the program that wrote the file ever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import Rewritten
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, Given, data_set
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import ParsedObject, ParseProblem

_PREFIX = bytes(128) + b"DICM"
_META = [Given("TransferSyntaxUID", "UI", EXPLICIT), Given("ImplementationClassUID", "UI", "1.2.826.0.1")]
_DATA = [Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"), Given("Modality", "CS", "OT")]


def _repair(problem: ParseProblem, _parsed: ParsedObject) -> Iterator[Repair]:
    """Write the elements of group 0002 anew; their VRs are those of the dictionary."""
    yield Rewritten("meta", problem.message, "Explicit VR Little Endian")


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="problems",
    problems=("meta-encoding",),
    references=("PS3.10 7.1",),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample(
            "group 0002 in implicit VR", content=_PREFIX + data_set(_META, IMPLICIT) + data_set(_DATA), expect=[""]
        ),
        ObjectExample(
            "group 0002 in big endian", content=_PREFIX + data_set(_META, BIG_ENDIAN) + data_set(_DATA), expect=[""]
        ),
    ),
    silent=(
        ObjectExample("group 0002 in explicit VR", _DATA),
        ObjectExample("a data set in implicit VR, which is allowed", _DATA, syntax=IMPLICIT),
    ),
)
def meta_encoding_wrong(problem: ParseProblem) -> str:
    """Repeat what the parser met."""
    return problem.message
