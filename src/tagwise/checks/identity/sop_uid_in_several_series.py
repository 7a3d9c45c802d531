"""One SOP Instance UID occurs in more than one series.

## What it finds
SOP Instance UIDs that the archive holds under two or more Series Instance UIDs. They are counted per series, and the
finding is about the series whose UID sorts first; it says how many of its instances occur elsewhere, in how many
other series, and names one of each.

An instance belongs to one series, which belongs to one study. So either the same object was filed twice, with one
copy changed, or two objects share a UID.

## Why it matters
Storage, caches and DICOMweb gateways often name a file by its SOP Instance UID alone. The second object overwrites
the first, or is refused as a duplicate, and an image is gone without a message to anybody. Presentation states,
reports and segmentations refer to their images by this UID and then point to two places.

## How to confirm
1. Fetch both objects: C-MOVE or WADO-RS with study, series and instance UID, once for each series.
2. Compare them without the changed UIDs: `dcmdump` of each into a file, then `diff`, and compare a digest of Pixel
   Data.
3. Equal pixels mean one object in two places. Different pixels mean a UID that was used twice. Instance Creation Date
   and Time and Implementation Version Name tell which system wrote which.

## How to fix
- Equal pixels: decide which series is right and delete the copies under the other series, in the archive itself and
  with its own tools. Do not send a rejection note (IHE IOCM) for them: both copies have the UID that the note names,
  and an archive that looks up nothing else hides both.
- Different pixels: both are originals. Delete neither. Give the later objects new SOP Instance UIDs, keep the mapping,
  and correct the objects that refer to them.
- In either case stop the source: software that copies or splits a series must create new SOP Instance UIDs, and the
  receiver must not overwrite. In dcm4chee that is the Relational Mismatch Policy, in other archives the policy for
  duplicates.

## Not a problem when
- A series was split or merged on purpose, and the old and the new series are kept side by side until a clean-up.
- The scanned folders hold several exports of one study, one of them de-identified series by series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="copies",
    subject=("SeriesInstanceUID",),
    reads=("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"),
    sql="""
WITH shared AS (
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID) AS first_series,
    MAX(SeriesInstanceUID) AS last_series,
    CASE WHEN MIN(StudyInstanceUID) <> MAX(StudyInstanceUID) THEN 1 ELSE 0 END AS in_several_studies
  FROM copies
  GROUP BY SOPInstanceUID
  HAVING MIN(SeriesInstanceUID) <> MAX(SeriesInstanceUID)
)
SELECT
  first_series AS SeriesInstanceUID,
  COUNT(*) AS shared_instances,
  COUNT(DISTINCT last_series) AS other_series,
  SUM(in_several_studies) AS in_several_studies,
  MIN(last_series) AS other_SeriesInstanceUID,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID
FROM shared
GROUP BY first_series
ORDER BY first_series
""",
    references=("PS3.3 C.12.1", "PS3.3 A.1.2.3", "PS3.5 9"),
    sources=(
        Source("https://github.com/GoogleCloudPlatform/healthcare-dicom-dicomweb-adapter/issues/153", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/4518", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("identity/sop-uid-multiple-series",),
    fires=(
        Example(
            "one SOP Instance UID in two series of a study",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2"}],
            [_THE_SERIES],
        ),
        Example(
            "one SOP Instance UID in two studies",
            [_CT, {**_CT, "StudyInstanceUID": "1.2.826.0.1.2", "SeriesInstanceUID": "1.2.826.0.1.2.1"}],
            [_THE_SERIES],
        ),
        Example(
            "two instances shared with two other series make one finding",
            [
                _CT,
                {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2"},
                {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2"},
                {**_CT, "SOPInstanceUID": "1.2.826.0.1.1.1.2", "SeriesInstanceUID": "1.2.826.0.1.1.3"},
            ],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("two copies of one object", [_CT, _CT]),
        Example(
            "two series with instances of their own",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "SOPInstanceUID": "1.2.826.0.1.1.2.1"}],
        ),
        Example(
            "a copy that lost its series UID, which uid-missing reports",
            [_CT, {k: v for k, v in _CT.items() if k != "SeriesInstanceUID"}],
        ),
    ),
)
def sop_uid_in_several_series(row: Mapping[str, EvidenceValue]) -> str:
    """Count the shared instances and name one other series."""
    shared, others = int(row["shared_instances"] or 0), int(row["other_series"] or 0)
    instances = (
        "1 SOP Instance UID of this series occurs"
        if shared == 1
        else (f"{shared} SOP Instance UIDs of this series occur")
    )
    where = f"in series {row['other_SeriesInstanceUID']}" if others == 1 else f"in {others} other series"
    studies = int(row["in_several_studies"] or 0)
    return f"{instances} also {where}{', of another study' if studies else ''}"
