"""An attribute that may be empty, but must be there, is missing.

## What it finds
Attributes of type 2, and of type 2C where their condition is met, that the modules of the object ask for and that are
not there at all. An empty one is right: it says that the value is not known.

## Why it matters
Most readers treat an absent attribute as an empty one, so most workflows go on. Strict importers and validators
refuse the object, and programs that read a type 2 attribute without looking stop.

## How to confirm
`dcmdump +P KEYWORD FILE` shows nothing; `tagwise show KEYWORD` says in which modules it is of type 2.

## How to fix
1. Have the writing program write the attribute with no value where it does not know one.
2. Stored objects: an empty attribute may be added without guessing.

## Not a problem when
- Everything that reads the object takes absent and empty as the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.iod import _samples, _walk, _words
from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.validation.objects import ParsedObject


@object_check(
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1", "PS3.5 7.4"),
    since="0.1.0",
    fires=(
        ObjectExample("no Study ID", _samples.capture(without=["StudyID"]), ["StudyID"]),
        ObjectExample(
            "no Patient's Sex and no Study Date",
            _samples.capture(without=["PatientSex", "StudyDate"]),
            ["PatientSex", "StudyDate"],
        ),
    ),
    silent=(
        ObjectExample("an empty one", _samples.capture(Given("StudyID", "SH", ""))),
        ObjectExample("an attribute of type 3", _samples.capture(without=["ImageType"])),
    ),
)
def type_2_missing(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each, its module and its condition."""
    found = _walk.examined(parsed)
    for lacking in found.missing if found else ():
        if lacking.need.type in ("2", "2C"):
            at = lacking.where.absent(lacking.need.tag)
            yield Fault(f"{at.label} is missing: {_words.because(lacking, found.name if found else '')}", at)
