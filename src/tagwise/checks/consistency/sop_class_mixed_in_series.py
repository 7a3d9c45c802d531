"""One series holds objects of different SOP classes.

## What it finds
Series whose objects belong to two or more SOP classes that do not go together. Classes that do are counted as one
family: ultrasound images and clips, presentation states, structured reports, waveforms, angiography and fluoroscopy,
digital X-ray for presentation and for processing (likewise intra-oral and mammography, tomosynthesis included),
photographs and videos of one kind, segmentations, registrations, secondary captures, encapsulated documents, meshes
with their materials, RT plans, and RT treatment records.

Secondary captures are set aside where objects are shown one by one anyway: beside ultrasound, angiography, projection
X-ray, endoscopy, photographs and encapsulated documents. Beside images that are stacked, such as CT, they are a finding
of low severity, and so are objects of private classes, which no viewer but the vendor's can show.

## Why it matters
The standard does not forbid the mixture, but little software expects it. Viewers load a series as one stack or one
clip, decide by its first object, and show a part of it; the rest seems to be missing. Forwarding rules and
prefetching that choose by SOP class send half a series. In PACS databases that keep one Modality per series, a
mixture of classes is also the only trace of a Series Instance UID that two modalities share.

## How to confirm
1. List the objects of the series by class: C-FIND at the IMAGE level, or QIDO-RS `/series/UID/instances`, with SOP
   Class UID as a return key.
2. Look at Image Type, Content Time and Manufacturer's Model Name of the smaller group. Reports and screen captures that
   the device or a workstation adds to the acquired series are the common case.
3. Open the series in the viewers in use and count the images that can be reached.

## How to fix
1. Ask the vendor to put secondary captures, reports and multi-frame reformats into series of their own. Many devices
   have a setting for it.
2. If the viewers hide images, let the router split until then: a new Series Instance UID for the smaller group, derived
   from the old one in the same way each time, so that a second send gives the same UID. References to the moved
   objects (key objects, presentation states, reports) then name the old series: test with those first.
3. Stored series are better left as they are if the viewers in use show them whole. Splitting breaks references.

## Not a problem when
- The viewers in use show every object of the series.
- Siemens MR series contain a private non-image object beside the images, which only its own workstation reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.consistency._classes import class_name
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "Modality": "CT",
}
_THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.1"}
_US = {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1", "Modality": "US"}
_DX = {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", "Modality": "DX"}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "SOPClassUID"),
    sql="""
WITH families AS (
  SELECT
    SeriesInstanceUID,
    SOPClassUID,
    instances,
    CASE
      WHEN SOPClassUID = '1.2.840.10008.5.1.4.1.1.7' OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.7.%' THEN 1
      WHEN SOPClassUID NOT LIKE '1.2.840.10008.%' THEN 1
      ELSE 0
    END AS aside,
    CASE
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.3', '1.2.840.10008.5.1.4.1.1.3.1', '1.2.840.10008.5.1.4.1.1.6',
        '1.2.840.10008.5.1.4.1.1.6.1', '1.2.840.10008.5.1.4.1.1.6.2'
      ) THEN 'ultrasound'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.11.%' THEN 'presentation states'
      WHEN SOPClassUID = '1.2.840.10008.5.1.4.1.1.88.59' THEN 'key objects'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.88.%' THEN 'structured reports'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.9.100.%' THEN 'waveform presentation states'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.9.%' THEN 'waveforms'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.12.%' THEN 'angiography and fluoroscopy'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.5.1.4.1.1.1.1.1'
      ) THEN 'digital X-ray'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.1.2', '1.2.840.10008.5.1.4.1.1.1.2.1', '1.2.840.10008.5.1.4.1.1.13.1.3',
        '1.2.840.10008.5.1.4.1.1.13.1.4', '1.2.840.10008.5.1.4.1.1.13.1.5'
      ) THEN 'mammography'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.1.3', '1.2.840.10008.5.1.4.1.1.1.3.1'
      ) THEN 'intra-oral X-ray'
      WHEN SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.14.%' THEN 'intravascular optical coherence tomography'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.77.1.5.1', '1.2.840.10008.5.1.4.1.1.77.1.5.2',
        '1.2.840.10008.5.1.4.1.1.77.1.5.5', '1.2.840.10008.5.1.4.1.1.77.1.5.6'
      ) THEN 'ophthalmic photography'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.77.1.1', '1.2.840.10008.5.1.4.1.1.77.1.1.1'
      ) THEN 'endoscopy'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.77.1.2', '1.2.840.10008.5.1.4.1.1.77.1.2.1'
      ) THEN 'microscopy'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.77.1.4', '1.2.840.10008.5.1.4.1.1.77.1.4.1', '1.2.840.10008.5.1.4.1.1.77.1.7'
      ) THEN 'photography'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.5', '1.2.840.10008.5.1.4.1.1.66.7',
        '1.2.840.10008.5.1.4.1.1.66.8'
      ) THEN 'segmentations'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.66.1', '1.2.840.10008.5.1.4.1.1.66.3'
      ) THEN 'registrations'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.104.1', '1.2.840.10008.5.1.4.1.1.104.2'
      ) THEN 'encapsulated documents'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.104.3', '1.2.840.10008.5.1.4.1.1.104.4', '1.2.840.10008.5.1.4.1.1.104.5'
      ) THEN 'meshes'
      WHEN SOPClassUID = '1.2.840.10008.5.1.4.1.1.7'
        OR SOPClassUID LIKE '1.2.840.10008.5.1.4.1.1.7.%' THEN 'secondary captures'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.481.5', '1.2.840.10008.5.1.4.1.1.481.8'
      ) THEN 'RT plans'
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.1.1.481.4', '1.2.840.10008.5.1.4.1.1.481.6', '1.2.840.10008.5.1.4.1.1.481.7',
        '1.2.840.10008.5.1.4.1.1.481.9'
      ) THEN 'RT treatment records'
      ELSE SOPClassUID
    END AS family
  FROM facets
  WHERE SeriesInstanceUID IS NOT NULL AND SOPClassUID IS NOT NULL
)
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT SOPClassUID) AS sop_classes,
  COUNT(DISTINCT CASE WHEN aside = 0 THEN family END) AS families,
  SUM(instances) AS instances,
  MIN(SOPClassUID) AS first_SOPClassUID,
  MAX(SOPClassUID) AS last_SOPClassUID
FROM families
GROUP BY SeriesInstanceUID
HAVING MIN(family) <> MAX(family)
  AND (
    COUNT(DISTINCT CASE WHEN aside = 0 THEN family END) > 1
    OR MAX(CASE
      WHEN family IN (
        'secondary captures', 'ultrasound', 'angiography and fluoroscopy', 'digital X-ray', 'mammography',
        'intra-oral X-ray', '1.2.840.10008.5.1.4.1.1.1', 'endoscopy', 'photography', 'ophthalmic photography',
        'encapsulated documents'
      ) THEN 0 ELSE 1
    END) = 1
  )
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 A.1.2.3", "PS3.3 C.7.3.1"),
    sources=(Source("https://github.com/OHIF/Viewers/issues/2221", "2026-11-23"),),
    since="0.1.0",
    aliases=("consistency/sop-class-inconsistent",),
    fires=(
        Example(
            "screen captures among CT images, a minor fault",
            [_CT, {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}],
            [_THE_SERIES],
        ),
        Example(
            "single-frame and enhanced CT in one series",
            [_CT, {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.1"}],
            [_THE_SERIES],
        ),
        Example(
            "a key object selection among structured reports",
            [
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.22"},
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.59"},
            ],
            [_THE_SERIES],
        ),
    ),
    silent=(
        Example("one class", [_CT, _CT]),
        Example(
            "ultrasound images and clips of one examination",
            [_US, {**_US, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.3.1"}],
        ),
        Example(
            "an X-ray image for presentation and for processing",
            [_DX, {**_DX, "SOPClassUID": f"{_DX['SOPClassUID']}.1"}],
        ),
        Example(
            "grayscale and color presentation states",
            [
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.1", "Modality": "PR"},
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.2", "Modality": "PR"},
            ],
        ),
        Example(
            "measurement pages captured among ultrasound images",
            [_US, {**_US, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}],
        ),
        Example(
            "a mesh and its material",
            [
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.4", "Modality": "M3D"},
                {**_CT, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.5", "Modality": "M3D"},
            ],
        ),
        Example(
            "two series with one class each",
            [_CT, {**_CT, "SeriesInstanceUID": "1.2.826.0.1.1.2", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}],
        ),
    ),
)
def sop_class_mixed_in_series(row: Mapping[str, EvidenceValue]) -> Problem:
    """Name two of the classes; captures and private objects beside one family are a lesser fault."""
    among = ":" if row["sop_classes"] == 2 else ", among them"
    message = (
        f"{row['sop_classes']} SOP classes in {row['instances']} instances{among} "
        f"{class_name(str(row['first_SOPClassUID']))} and {class_name(str(row['last_SOPClassUID']))}"
    )
    return Problem(message, None if int(row["families"] or 0) > 1 else Severity.LOW)
