"""Objects refer to images that are not in the archive.

## What it finds
Series of structured reports, key objects, presentation states, segmentations, registrations, parametric maps and RT
objects that refer to objects which the archive does not have. They are looked up by SOP Instance UID, whatever series
and study they are in.

- Other objects of the series they refer to are there: high severity. Images of a series that once was whole are gone,
  or came under other UIDs.
- The whole series is missing, and it belongs to the same study, or no series is named: medium.
- The series belongs to another study, of which the archive has nothing: low. Priors may lie elsewhere.
- The study is there, the series is not: medium.

The scan reads the sequences that list what an object is about, not the content tree of reports.

## Why it matters
A key object note without its images marks nothing, a segmentation or structure set cannot be shown, and a plan cannot
be checked against what it was made for. More than that, the reference is evidence: somebody had these images once.

## How to confirm
1. Take the example and query the archive for its SOP Instance UID at the IMAGE level.
2. Ask the source, the backup and other archives for the same UID.
3. Missing everywhere, while images of the same time and kind are there under other UIDs: the images were re-sent,
   converted or de-identified with new UIDs, and the object was not changed along.

## How to fix
1. Fetch the images from where they are, by the series and study that the object names.
2. Where UIDs were replaced, repeat the step with one table for all objects of the study, those that refer included.
3. If the images were deleted on purpose, delete or reject what refers to them as well (IHE IOCM).

## Not a problem when
- The scan covered only part of the archive, such as the reports without the images.
- The object names the raw data or the priors that it was made from, and these are kept elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Problem, Source, check
from tagwise.checks.links import ATTRIBUTES
from tagwise.checks.reference._links import CT, KEY_OBJECTS, THE_SERIES, to, within
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_PLAN = "1.2.840.10008.5.1.4.1.1.481.5"
_GONE = "1.2.826.0.1.1.1.2"
"""A SOP Instance UID that no example has."""


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="links",
    subject=("SeriesInstanceUID",),
    reads=ATTRIBUTES,
    sql="""
WITH missing AS (
  SELECT
    SeriesInstanceUID,
    SOPInstanceUID,
    to_instance,
    CASE
      WHEN series_found = 1 THEN 3
      WHEN named_study IS NULL OR named_study = StudyInstanceUID OR study_found = 1 THEN 2
      ELSE 1
    END AS grade
  FROM links
  WHERE found = 0 AND SeriesInstanceUID IS NOT NULL
)
SELECT
  SeriesInstanceUID,
  COUNT(DISTINCT SOPInstanceUID) AS objects,
  COUNT(DISTINCT to_instance) AS missing,
  COUNT(DISTINCT CASE WHEN grade = 3 THEN to_instance END) AS missing_from_known_series,
  MAX(grade) AS grade,
  MIN(SOPInstanceUID) AS example_SOPInstanceUID,
  MIN(CASE WHEN grade = 3 THEN to_instance END) AS known_ReferencedSOPInstanceUID,
  MIN(to_instance) AS to_ReferencedSOPInstanceUID
FROM missing
GROUP BY SeriesInstanceUID
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.17.2.1", "PS3.3 C.12.2", "PS3.3 C.8.8.5", "PS3.3 C.11.11"),
    sources=(
        Source("https://github.com/OHIF/Viewers/issues/1711", "2026-11-23"),
        Source("https://github.com/qurit/rt-utils/issues/82", "2026-11-23"),
    ),
    since="0.1.0",
    aliases=("reference/reference-dangling",),
    fires=(
        Example(
            "a key object names two images of a series, and one of them is gone",
            [CT, KEY_OBJECTS],
            [THE_SERIES],
            references=[within(), within(_GONE)],
        ),
        Example(
            "the whole series is gone, less severe",
            [KEY_OBJECTS],
            [THE_SERIES],
            references=[within(_GONE)],
        ),
        Example(
            "a dose whose plan is gone, less severe",
            [{**KEY_OBJECTS, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.2"}],
            [THE_SERIES],
            references=[
                to(
                    "1.2.826.0.7",
                    sequence="ReferencedRTPlanSequence",
                    ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.481.5",
                )
            ],
        ),
        Example(
            "a prior study that was never here, a minor fault",
            [CT, KEY_OBJECTS],
            [THE_SERIES],
            references=[
                within(),
                within("1.2.826.0.8.1.1", SeriesInstanceUID="1.2.826.0.8.1", StudyInstanceUID="1.2.826.0.8"),
            ],
        ),
    ),
    silent=(
        Example("the image is there", [CT, KEY_OBJECTS], references=[within()]),
        Example(
            "the image is there, in another series than the one named",
            [{**CT, "SeriesInstanceUID": "1.2.826.0.1.1.5"}, KEY_OBJECTS],
            references=[within()],
        ),
        Example(
            "two copies of the key object and of the image", [CT, CT, KEY_OBJECTS, KEY_OBJECTS], references=[within()]
        ),
        Example("an object that refers to nothing", [CT, KEY_OBJECTS]),
    ),
)
def object_missing(row: Mapping[str, EvidenceValue]) -> Problem:
    """Count what is missing; of a series that is there, it is lost."""
    missing, known = int(row["missing"] or 0), int(row["missing_from_known_series"] or 0)
    if known:
        example = row["known_ReferencedSOPInstanceUID"]
        noun = "1 image of a series" if known == 1 else f"{known} images of series"
        return Problem(f"{noun} that the archive holds is missing, though objects refer to it, for example {example}")
    noun = "1 object" if missing == 1 else f"{missing} objects"
    message = f"{noun} referred to, for example {row['to_ReferencedSOPInstanceUID']}, and the series are not here"
    return Problem(message, Severity.MEDIUM if row["grade"] == 2 else Severity.LOW)
