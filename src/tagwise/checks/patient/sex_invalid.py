"""A device writes a Patient's Sex other than F, M or O.

## What it finds
Devices whose objects carry a value in Patient's Sex that is not one of the three codes: words (`female`), numbers,
digests, small letters, `U` for unknown. Empty is legal and means unknown. There is one finding per device, because
the fault is in its settings or in the interface before it.

## Why it matters
Receivers that check codes refuse the object or drop the value. Counts by sex, dose and uptake calculations, and
protocols that depend on it then lack the patient without a word.

## How to confirm
1. Open the example study and compare with the worklist entry: does the value come from there?
2. If it does, look at the interface between HL7 v2 and the worklist. PID-8 has more codes (`A`, `U`, `N`), which
   must be mapped: `U` to empty, `A` and `N` to `O` or empty by the rule of the site.
3. If all values are digests or numbers, a de-identification profile replaced what it should have emptied or kept.

## How to fix
1. Map the codes at the worklist provider, or at the gateway for devices without a worklist.
2. In stored objects, map what is certain (`f`, `female`) and empty the rest, with the archive's patient update.

## Not a problem when
- Old objects from before a correction of the mapping are left as they are, and the archive shows the right value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks._devices import DEVICE, by_device
from tagwise.findings import Basis, Confidence, Level, Severity
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "PatientSex": "F",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "Scan 1",
    "StationName": "CT1",
}
_THE_DEVICE = {"Manufacturer": "ACME", "ManufacturerModelName": "Scan 1", "StationName": "CT1"}
_NAMELESS = {k: v for k, v in _CT.items() if k not in _THE_DEVICE}
_WRONG = "PatientSex NOT IN ('F', 'M', 'O')"


@check(
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.DEVICE,
    relation="facets",
    subject=DEVICE,
    reads=(
        "PatientSex",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Manufacturer",
        "ManufacturerModelName",
        "StationName",
    ),
    sql=by_device(
        f"""
  COUNT(DISTINCT CASE WHEN {_WRONG} THEN PatientSex END) AS wrong_values,
  SUM(CASE WHEN {_WRONG} THEN instances ELSE 0 END) AS objects,
  COUNT(DISTINCT CASE WHEN {_WRONG} THEN StudyInstanceUID END) AS studies,
  MIN(CASE WHEN {_WRONG} THEN PatientSex END) AS example_PatientSex,
  MIN(CASE WHEN {_WRONG} THEN StudyInstanceUID END) AS example_StudyInstanceUID""",
        "facets",
        f"MAX(CASE WHEN {_WRONG} THEN 1 ELSE 0 END) = 1",
    ),
    references=("PS3.3 C.7.1.1", "PS3.5 6.2"),
    sources=(
        Source("https://github.com/fli-iam/shanoir-ng/pull/653", "2026-11-23"),
        Source("https://github.com/cornerstonejs/cornerstone3D/pull/2532", "2026-11-23"),
    ),
    about=("PatientSex",),
    since="0.1.0",
    aliases=("patient/patient-sex-invalid",),
    fires=(
        Example("a word", [{**_CT, "PatientSex": "female"}], [_THE_DEVICE]),
        Example("the code U of HL7 v2", [_CT, {**_CT, "PatientSex": "U"}], [_THE_DEVICE]),
        Example("a small letter", [{**_CT, "PatientSex": "f"}], [_THE_DEVICE]),
        Example(
            "a device that does not name itself",
            [{**_NAMELESS, "PatientSex": "2"}],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
    ),
    silent=(
        Example("the three codes", [_CT, {**_CT, "PatientSex": "M"}, {**_CT, "PatientSex": "O"}]),
        Example("unknown", [{**_CT, "PatientSex": ""}]),
        Example("a code with its padding", [{**_CT, "PatientSex": "F "}]),
    ),
)
def sex_invalid(row: Mapping[str, EvidenceValue]) -> str:
    """Count values, objects and studies."""
    where = f"{quantity(row['objects'], 'object')} of {quantity(row['studies'], 'study')}"
    return f"{quantity(row['wrong_values'], 'value')} of Patient's Sex other than F, M and O in {where}"
