"""De-identified images may show the patient's name in their pixels.

## What it finds
Series with images that say the patient's identity was removed (Patient Identity Removed is YES), and

- that say themselves that text is burned in (Burned In Annotation is YES): high severity; or
- do not say NO, and belong to a kind that usually shows name, ID or date in the image: ultrasound, secondary captures
  and screenshots, fluoroscopy and angiography, endoscopy, film scans, dose sheets. Medium.

Images of patients who were never de-identified are not reported: their name may be in them.

## Why it matters
Tools that clean the header leave the pixels as they are. One frame with a name makes the whole set identified, and
nobody sees it until somebody opens that frame.

## How to confirm
1. Open the first and the last image of the series, and one frame of each clip.
2. Look at the borders and at screenshots of reports: date, time and name of the institution count, too.
3. For many series let a text recognizer sort them, and look at what it found and at a sample of what it did not.

## How to fix
1. Take the series out of what is shared.
2. Blank the regions on each device model, which puts its text at fixed places, or leave such series out.
3. Set Burned In Annotation to NO only after the pixels were looked at.

## Not a problem when
- The pixels were cleaned, and the tool did not set Burned In Annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_US = {
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1",
    "Modality": "US",
    "PatientIdentityRemoved": "YES",
    "Rows": "600",
}
_CT = {**_US, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "Modality": "CT"}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.LOW,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="images",
    subject=("SeriesInstanceUID",),
    reads=(
        "SeriesInstanceUID",
        "SOPClassUID",
        "Modality",
        "ImageType",
        "PatientIdentityRemoved",
        "BurnedInAnnotation",
        "Rows",
    ),
    sql="""
SELECT
  SeriesInstanceUID,
  SUM(instances) AS instances,
  SUM(CASE WHEN BurnedInAnnotation = 'YES' THEN instances ELSE 0 END) AS say_so,
  MIN(Modality) AS its_Modality
FROM images
WHERE PatientIdentityRemoved = 'YES'
  AND SeriesInstanceUID IS NOT NULL
  AND (
    BurnedInAnnotation = 'YES'
    OR (
      (BurnedInAnnotation IS NULL OR BurnedInAnnotation <> 'NO')
      AND (
        Modality IN ('US', 'IVUS', 'XA', 'RF', 'ES', 'OT', 'DG')
        OR SOPClassUID = '1.2.840.10008.5.1.4.1.1.7'
        OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.7.%'
        OR UPPER(ImageType) LIKE '%SCREEN%'
        OR UPPER(ImageType) LIKE '%SAVE%'
      )
    )
  )
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.15 E.3.1", "PS3.3 C.7.6.1"),
    sources=(
        Source("https://github.com/johnperry/CTP/issues/16", "2026-11-23"),
        Source("https://github.com/nroduit/karnak/pull/231", "2026-11-23"),
        Source("https://github.com/pydicom/pydicom/issues/375", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("privacy/burned-in-risk",),
    fires=(
        Example("images that say so themselves", [{**_CT, "BurnedInAnnotation": "YES"}], [_THE_SERIES]),
        Example("de-identified ultrasound, less severe", [_US], [_THE_SERIES]),
        Example(
            "a screenshot of a dose page, less severe",
            [{**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("ultrasound of a patient who was not de-identified", [{**_US, "PatientIdentityRemoved": ""}]),
        Example("ultrasound whose pixels were cleaned", [{**_US, "BurnedInAnnotation": "NO"}]),
        Example("CT slices", [_CT]),
        Example("a slide", [{**_US, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.77.1.6", "Modality": "SM"}]),
    ),
)
def burned_in_identity_likely(row: Mapping[str, EvidenceValue]) -> Problem:
    """Images that say so are certain; a kind that usually has text is a likelihood."""
    say_so = int(row["say_so"] or 0)
    if say_so:
        return Problem(f"{say_so} images are marked as de-identified and say that text is burned in")
    images = f"{row['instances']} {row['its_Modality']} images"
    message = f"{images} are marked as de-identified, and do not say that their pixels are clean"
    return Problem(message, Severity.MEDIUM)
