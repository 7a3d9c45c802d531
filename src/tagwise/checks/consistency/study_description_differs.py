"""The objects of one study have different Study Descriptions.

## What it finds
Studies whose objects carry two or more values of Study Description. Case does not count, empty values are not
compared.

## Why it matters
The standard has one description per study. An archive shows the one that came first or last; so the same study
appears under two names in two systems, and rules that choose priors or hanging protocols by the words of the
description act on a part of it. Clouds that group by study attributes may divide the study.

## How to confirm
1. List Study Description by series. A workstation or a computer-aided detection that writes its own is the usual
   case.
2. Two devices of one examination may each write the name of their own protocol.
3. Compare with the order: Requested Procedure Description is what both should say.

## How to fix
1. Let the archive set the description from the order when a study arrives.
2. Let workstations copy it from the images that they work on.
3. Leave stored studies as they are unless a rule trips over them.

## Not a problem when
- Only people read the description, and nobody searches by it.
- PET and CT of one examination describe their parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._constant import differing
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "StudyDescription": "CT Abdomen"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="instances",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "StudyDescription"),
    sql=differing("instances", "StudyInstanceUID", "StudyDescription", compared="UPPER(StudyDescription)"),
    references=("PS3.3 C.7.2.1", "PS3.3 A.1.2.2"),
    sources=(
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/study-description-inconsistent",),
    fires=(
        Example("a workstation that adds a word", [_CT, {**_CT, "StudyDescription": "CT Abdomen 3D"}], [_THE_STUDY]),
        Example(
            "three descriptions",
            [_CT, {**_CT, "StudyDescription": "PET"}, {**_CT, "StudyDescription": "Body"}],
            [_THE_STUDY],
        ),
    ),
    silent=(
        Example("one description", [_CT, _CT]),
        Example("the same in capitals", [_CT, {**_CT, "StudyDescription": "CT ABDOMEN"}]),
        Example("an object without a description", [_CT, {**_CT, "StudyDescription": ""}]),
        Example("two studies", [_CT, {"StudyInstanceUID": "1.2.826.0.1.2", "StudyDescription": "MR Head"}]),
    ),
)
def study_description_differs(row: Mapping[str, EvidenceValue]) -> str:
    """Count the descriptions; what they say may tell about the patient."""
    return f"{row['different']} Study Descriptions in {row['instances']} objects of one study"
