"""Objects of one study have different Study Times or Study IDs.

## What it finds
Studies whose objects have two or more values of Study Time or Study ID. The finding names which. The standard has one
value of each for all objects of a study.

Empty values are not compared. Times are compared to the second, and the old form with colons counts as the same time.
Study Date, Study Description and Accession Number have checks of their own: `consistency/study-date-differs`,
`consistency/study-description-differs` and `consistency/accession-number-differs`.

## Why it matters
An archive keeps one value for the study, that of the object that came first or last. The list of examinations of a day
is ordered by the time, and some systems name folders by the ID, so the study stands in two places in two systems.
Clouds that group by study attributes may divide the study.

## How to confirm
1. List Study Time and Study ID by series, with Modality, Manufacturer and Station Name: C-FIND at the SERIES level does
   not return them reliably, so read them from one object of each series.
2. One modality or workstation differs: it writes the time of its own work, or a number that it counts itself.
3. Every series has a time of its own: the device writes the time of the series.

## How to fix
1. Let the device take both from the worklist or from the images that it works on (PS3.3 A.1.2.2 and C.7.2.1); the time
   of a series belongs into Series Time.
2. Correct stored studies in the archive with its own study update, where a rule or a cloud import trips over them.

## Not a problem when
- Nobody searches or sorts by them. Most archives identify a study by Study Instance UID and Accession Number alone.
- A study is extended for days on purpose; then Study Date differs as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._constant import any_differing, listed
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_COMPARED = {"StudyTime": "SUBSTRING(REPLACE(StudyTime, ':', ''), 1, 6)", "StudyID": "StudyID"}
_CT = {"StudyInstanceUID": "1.2.826.0.1.1", "StudyTime": "101530", "StudyID": "17"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="instances",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", *_COMPARED),
    spares=tuple(_COMPARED),
    sql=any_differing("StudyInstanceUID", _COMPARED),
    references=("PS3.3 A.1.2.2", "PS3.3 C.7.2.1"),
    sources=(
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    fires=(
        Example("a report with the time of its creation", [_CT, {**_CT, "StudyTime": "143000"}], [_THE_STUDY]),
        Example("a workstation that counts for itself", [_CT, {**_CT, "StudyID": "1"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one value of each", [_CT, _CT]),
        Example("an object without them", [_CT, {"StudyInstanceUID": "1.2.826.0.1.1"}]),
        Example("a time with fractions, and one in the old form", [_CT, {**_CT, "StudyTime": "10:15:30.25"}]),
        Example("two studies", [_CT, {"StudyInstanceUID": "1.2.826.0.1.2", "StudyTime": "09", "StudyID": "18"}]),
    ),
)
def study_attributes_differ(row: Mapping[str, EvidenceValue]) -> str:
    """Name the attributes."""
    return f"more than one value of {listed(_COMPARED, row)} in {row['instances']} objects of one study"
