"""PET images have no usable patient weight, so no SUV can be calculated.

## What it finds
PET series of single-frame or enhanced images whose Patient's Weight is missing, zero, no number, or outside of what a
patient can weigh. Objects that say they are de-identified have low severity: some profiles remove the weight.

The other inputs of SUV (dose, time of injection, half-life) stand in a sequence that the scan does not read, and units
and decay correction behind the part of the header that it reads. This check does not look at them.

## Why it matters
SUV is activity divided by dose per weight. Without the weight viewers show counts where readers expect SUV, an empty
image, or a value with a wrong weight that somebody made up; follow-up of therapy compares such numbers for years.

## How to confirm
1. `dcmdump +P PatientWeight +P Units +P RadiopharmaceuticalInformationSequence FILE`.
2. Compare with the CT of the same study, and with the worklist entry (Patient's Weight of the order).
3. All studies of one scanner: the operator's protocol does not ask for it.

## How to fix
1. Make weight a required entry on the scanner, or let the worklist supply it.
2. Stored studies: correct the weight from the record of that day with the archive's own tools, in all objects of the
   study alike, and note who did it.
3. De-identification: keep weight, height, age and sex with the option Retain Patient Characteristics of PS3.15.

## Not a problem when
- Phantoms, and animals lighter than the limit of this check.
- Units are already SUV (GML), or nobody quantifies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.geometry._slices import PT, THE_SERIES, even, slices
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue


def _pet(weight: str = "71.5", **changes: str) -> list[dict[str, str]]:
    return [{**one, "Modality": "PT", "PatientWeight": weight, **changes} for one in slices(even(2), SOPClassUID=PT)]


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID", "PatientWeight", "PatientIdentityRemoved", "Rows"),
    sql=f"""
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  SUM(CASE WHEN PatientWeight IS NULL THEN instances ELSE 0 END) AS without_weight,
  SUM(CASE WHEN PatientIdentityRemoved = 'YES' THEN 0 ELSE 1 END) AS identified
FROM images
WHERE SOPClassUID IN ('{PT}', '1.2.840.10008.5.1.4.1.1.130', '1.2.840.10008.5.1.4.1.1.128.1')
  AND SeriesInstanceUID IS NOT NULL
  AND COALESCE(TRY_CAST(PatientWeight AS DOUBLE), 0) NOT BETWEEN $min_kg AND $max_kg
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.2.2", "PS3.3 C.8.9.2", "PS3.15 E.3.7"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/3587", "2026-11-23"),
        Source("https://github.com/salimkanoun/Dicom-To-CNN/issues/4", "2026-11-23"),
        Source("https://github.com/QIICR/Slicer-PETDICOMExtension/issues/20", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("pixels/pet-suv-inputs-missing",),
    settings={
        # The lightest newborns that are examined weigh about this; 0 and 1 are dummies.
        "min_kg": 2,
        # Beyond the load of any scanner table; grams and pounds lie above it.
        "max_kg": 400,
    },
    fires=(
        Example("PET images without a weight", _pet(""), [THE_SERIES]),
        Example("a weight of zero", _pet("0"), [THE_SERIES]),
        Example("a weight in grams", _pet("71500"), [THE_SERIES]),
        Example(
            "de-identified images without a weight, a minor fault",
            _pet("", PatientIdentityRemoved="YES"),
            [THE_SERIES],
        ),
    ),
    silent=(
        Example("a weight", _pet()),
        Example("an infant", _pet("3.4")),
        Example("a CT without a weight", slices(even(2), PatientWeight="")),
    ),
)
def suv_weight_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Say whether the weight is missing or impossible, without the value."""
    missing = int(row["without_weight"] or 0)
    what = "without Patient's Weight" if missing else "with an impossible Patient's Weight"
    return Problem(f"{row['instances']} PET images {what}", None if int(row["identified"] or 0) else Severity.LOW)
