"""A device sends studies without an Accession Number.

## What it finds
Devices with studies in which none of their objects has an Accession Number, in an archive where other studies have
one. Only modalities that acquire are counted, and only devices with 20 studies or more, because single studies
from outside have no order here. There is one finding per device:

- it had Accession Numbers, and the last 20 studies or more have none: the worklist is no longer asked. Medium
  severity;
- it never had one: it has no worklist. Medium;
- otherwise low. Emergencies begin without an order.

The setting is `min_studies`. If no study of the archive has an Accession Number, as in research, nothing is reported.

## Why it matters
The Accession Number ties the study to the order. Without it, no report finds its images, nothing is billed, and rules
that route or fetch priors by order miss the study. A worklist that fails in silence costs hours of manual work a day.

## How to confirm
1. The finding says whether it stopped, never was, or happens now and then. For a stop, look for an update of the
   device or a network change on the day of the last study with a number.
2. Ask the device for its worklist from its own console. A changed AE title, port or IP address answers with an
   empty list as often as with an error.
3. Outside studies keep the numbers of their hospital, or lose them at import: compare Institution Name.

## How to fix
1. Repair the worklist connection, or order one from the vendor.
2. Reconcile stored studies with their orders by patient, date and procedure, with the archive's tools. Do not fill in
   the Study ID.
3. Let the archive list unmatched studies every morning.

## Not a problem when
- The department works without orders: mobile ultrasound, endoscopy, theatre, dental and eye care.
- The studies came from outside and are kept for comparison only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.checks._modalities import NOT_ACQUIRED
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {"Modality": "CT", "Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_SMALL = {"min_studies": 3}


def _study(number: int, accession: str, **attributes: str) -> dict[str, str]:
    uid = f"1.2.826.0.1.{number}"
    day = f"202401{number:02}"
    study = {"StudyInstanceUID": uid, "SeriesInstanceUID": f"{uid}.1", "StudyDate": day, "AccessionNumber": accession}
    return {**_CT, **study, **attributes}


_OTHER = _study(31, "A31", StationName="CT2")


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.DEVICE,
    relation="facets",
    subject=DEVICE,
    reads=(
        "AccessionNumber",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "StudyDate",
        "Modality",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=f"""
WITH studies AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    StudyInstanceUID,
    MIN(SeriesInstanceUID) AS SeriesInstanceUID,
    MIN(Modality) AS modality,
    MIN(StudyDate) AS day,
    CASE WHEN MIN(AccessionNumber) IS NULL THEN 1 ELSE 0 END AS without
  FROM facets
  WHERE StudyInstanceUID IS NOT NULL
    AND Modality NOT IN ({NOT_ACQUIRED})
    AND EXISTS (SELECT 1 FROM facets WHERE AccessionNumber IS NOT NULL)
  GROUP BY Manufacturer, ManufacturerModelName, StationName, StudyInstanceUID
),
ordered AS (
  SELECT
    Manufacturer,
    ManufacturerModelName,
    StationName,
    StudyInstanceUID,
    SeriesInstanceUID,
    modality,
    day,
    without,
    MAX(CASE WHEN without = 0 THEN day END)
      OVER (PARTITION BY Manufacturer, ManufacturerModelName, StationName) AS last_ordered
  FROM studies
)
{
        by_device(
            '''
  COUNT(*) AS studies,
  SUM(without) AS studies_without,
  SUM(CASE WHEN without = 1 AND day > last_ordered THEN 1 ELSE 0 END) AS without_since_the_last,
  CAST($min_studies AS INTEGER) AS min_studies,
  MIN(modality) AS its_Modality,
  MIN(CASE WHEN without = 1 THEN StudyInstanceUID END) AS example_StudyInstanceUID''',
            "ordered",
            "MAX(without) = 1 AND COUNT(*) >= $min_studies",
        ).strip()
    }
""",
    references=("PS3.3 C.7.2.1", "PS3.4 K.6.1.2"),
    sources=(Source("https://github.com/SMI/BadMedicine.Dicom/pull/70", "2026-11-23"),),
    since="0.1.0",
    aliases=("study/accession-missing",),
    settings={"min_studies": 20},
    fires=(
        Example(
            "a device whose last studies have no number",
            [*[_study(n, f"A{n}") for n in range(1, 4)], *[_study(n, "") for n in range(4, 7)]],
            [_THE_DEVICE],
            settings=_SMALL,
        ),
        Example(
            "a device that never had one",
            [_OTHER, *[_study(n, "") for n in range(1, 4)]],
            [_THE_DEVICE],
            settings=_SMALL,
        ),
        Example(
            "an emergency among many, a minor fault",
            [*[_study(n, f"A{n}") for n in range(1, 9)], _study(9, "", StudyDate="20240105")],
            [_THE_DEVICE],
            settings=_SMALL,
        ),
    ),
    silent=(
        Example("single studies from outside", [_OTHER, _study(1, ""), _study(2, "")], settings=_SMALL),
        Example("every study has a number", [_study(n, f"A{n}") for n in range(1, 9)], settings=_SMALL),
        Example("an archive without orders", [_study(n, "") for n in range(1, 9)], settings=_SMALL),
        Example("scanned papers", [_OTHER, *[_study(n, "", Modality="DOC") for n in range(1, 9)]], settings=_SMALL),
        Example(
            "a localizer without the number that the volume has",
            [_study(1, "A1"), _study(1, "", SeriesInstanceUID="1.2.826.0.1.1.2")],
            settings=_SMALL,
        ),
    ),
)
def accession_number_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Tell whether it stopped, never was, or happens now and then."""
    studies, without = int(row["studies"] or 0), int(row["studies_without"] or 0)
    since, least = int(row["without_since_the_last"] or 0), int(row["min_studies"] or 0)
    message = f"{without} of {studies} studies without an Accession Number"
    if since >= least:
        return Problem(f"{message}, among them the last {since}")
    if without == studies:
        return Problem(f"{message}: this device has never sent one")
    return Problem(message, Severity.LOW)
