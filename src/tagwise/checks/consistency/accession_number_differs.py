"""The objects of one study have different Accession Numbers.

## What it finds
Studies whose objects carry two or more values of Accession Number. Empty values are not compared. If the values are
equal but for spaces, hyphens, case or leading zeros, the severity is low.

## Why it matters
Accession Number describes the study, so an archive keeps one: the first or the last that it receives. The report of
the other order finds no images, and a query by its number returns nothing. Clouds that group by study attributes
divide the study.

## How to confirm
1. List Accession Number by series, with modality and device. One device that differs took another worklist entry; a
   workstation that differs wrote its own.
2. Look at Request Attributes Sequence of the images. If one examination served two orders, both numbers stand there.
3. Ask the order filler whether both orders belong to this patient. If not, it is the wrong worklist entry.

## How to fix
1. One examination for several orders: give the study one of the numbers, and keep all of them in Request Attributes
   Sequence, one item each. Many archives then find the study by each.
2. Wrong entry: correct the series with the archive's study update.
3. Let workstations copy the number from the images that they work on.

## Not a problem when
- The order was replaced by another one while the examination ran, and the archive answers queries for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._constant import differing
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
    "AccessionNumber": "A0047",
}
_SR = {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "Modality": "SR"}
_THE_STUDY = {"StudyInstanceUID": "1.2.826.0.1.1"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.STUDY,
    relation="facets",
    subject=("StudyInstanceUID",),
    reads=("StudyInstanceUID", "AccessionNumber", "SeriesInstanceUID", "Modality"),
    sql=differing(
        "facets",
        "StudyInstanceUID",
        "AccessionNumber",
        evidence="""COUNT(DISTINCT LTRIM(UPPER(TRANSLATE(AccessionNumber, ' -', '')), '0')) AS different_at_heart,
  COUNT(DISTINCT SeriesInstanceUID) AS series,
  MIN(Modality) AS first_Modality,
  MAX(Modality) AS last_Modality,""",
    ),
    references=("PS3.3 C.7.2.1", "PS3.3 A.1.2.2"),
    sources=(
        Source("https://docs.aws.amazon.com/healthimaging/latest/devguide/understanding-image-sets.html", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("consistency/study-accession-inconsistent",),
    fires=(
        Example("a report with another number", [_CT, {**_SR, "AccessionNumber": "A0048"}], [_THE_STUDY]),
        Example("two numbers in one series", [_CT, {**_CT, "AccessionNumber": "A0048"}], [_THE_STUDY]),
        Example("a hyphen more, a minor fault", [_CT, {**_SR, "AccessionNumber": "a-0047"}], [_THE_STUDY]),
    ),
    silent=(
        Example("one number", [_CT, _SR]),
        Example("a report without a number", [_CT, {**_SR, "AccessionNumber": ""}]),
        Example("a number with padding", [_CT, {**_SR, "AccessionNumber": "A0047 "}]),
        Example("two studies", [_CT, {**_SR, "StudyInstanceUID": "1.2.826.0.1.2", "AccessionNumber": "A0048"}]),
    ),
)
def accession_number_differs(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count the numbers; spellings of one are a lesser fault."""
    among = sorted({str(row[column]) for column in ("first_Modality", "last_Modality") if row[column]})
    of = f" ({' and '.join(among)} among them)" if among else ""
    message = f"{row['different']} Accession Numbers in {row['series']} series of one study{of}"
    return Problem(message, Severity.LOW if row["different_at_heart"] == 1 else None)
