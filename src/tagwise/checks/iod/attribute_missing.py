"""A mandatory attribute is missing.

## What it finds
Attributes of type 1, and of type 1C where their condition is met, that the IOD of the object asks for: in the object
itself, in items of sequences and in functional groups. Types are those of the modules that the object has. An
optional module counts as there when the object has a type 1 or 2 attribute of it that no other module has. A condition
that the object cannot answer gives no finding; the result counts it. Where a whole module is missing,
`iod/module-missing` says so once.

## Why it matters
A receiver may rely on type 1: archives refuse the object, viewers cannot place, scale or show it, and programs that
read the attribute without looking stop.

## How to confirm
1. `dcmdump +P KEYWORD FILE` shows whether it is there; `tagwise show KEYWORD` in which modules it is of type 1.
2. For type 1C, look at the attributes that the condition names. Conditions are of an older edition than modules; read
   the current sentence in PS3.3 where an inferred one decides.

## How to fix
1. Have the maker of the writing program add it, with the module named in the finding.
2. Stored objects: only a value that is known may be added, never one that looks plausible. Coercion at the gateway is
   the place for values that are the same for a device.

## Not a problem when
- The object claims another SOP class than the one it follows: then the SOP class is the fault.
- Nobody outside the writing system reads it.
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

_REQUEST = Given("RequestAttributesSequence", "SQ", items=[[Given("ScheduledProcedureStepID", "SH", "1")]])


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.STANDARD,
    target="object",
    references=("PS3.3 A.1", "PS3.5 7.4"),
    since="0.1.0",
    fires=(
        ObjectExample("no Modality", _samples.capture(without=["Modality"]), ["Modality"]),
        ObjectExample(
            "two samples for each pixel, and no Planar Configuration",
            _samples.capture(Given("SamplesPerPixel", "US", 3), Given("PhotometricInterpretation", "CS", "RGB")),
            ["PlanarConfiguration"],
        ),
        ObjectExample(
            "a code without meaning",
            _samples.capture(Given("ProcedureCodeSequence", "SQ", items=[_samples.code()[:2]])),
            ["ProcedureCodeSequence[1].CodeMeaning"],
        ),
        ObjectExample(
            "an item that refers to an object by its class only",
            _samples.capture(
                Given(
                    "ReferencedStudySequence",
                    "SQ",
                    items=[[Given("ReferencedSOPClassUID", "UI", "1.2.840.10008.3.1.2.3.1")]],
                )
            ),
            ["ReferencedStudySequence[1].ReferencedSOPInstanceUID"],
        ),
    ),
    silent=(
        ObjectExample("all there", _samples.capture()),
        ObjectExample(
            "an attribute of type 2 missing, which is another finding", _samples.capture(without=["StudyID"])
        ),
        ObjectExample("an item of a request", _samples.capture(_REQUEST)),
        ObjectExample("an object of a private SOP class", [Given("SOPClassUID", "UI", "1.2.826.0.1.9")]),
        ObjectExample("a code", _samples.capture(Given("ProcedureCodeSequence", "SQ", items=[_samples.code()]))),
    ),
)
def attribute_missing(parsed: ParsedObject) -> Iterator[Fault]:
    """Name each, its module and its condition."""
    found = _walk.examined(parsed)
    for lacking in found.missing if found else ():
        if lacking.need.type in ("1", "1C"):
            at = lacking.where.absent(lacking.need.tag)
            told = f"{at.label} is missing: {_words.because(lacking, found.name)}" if found else ""
            yield Fault(told, at, severity=_words.graded(lacking.how))
