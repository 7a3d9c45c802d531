"""An object has no Study, Series, SOP Instance or SOP Class UID.

## What it finds
Objects in which Study Instance UID, Series Instance UID, SOP Instance UID or SOP Class UID is missing or empty,
grouped by the study and series that they do name. Objects that name neither make one finding, whose subject is the
first of their files.

Some classes have no study and no series by design, and are expected without these two: hanging protocols, color
palettes, implant templates, defined procedure protocols, protocol approvals and inventories. DICOMDIR files are no
objects of the archive and are left out of every check.

In a check of files it finds each object without a SOP Class UID, whose IOD nobody can tell, and says which of the other
three are missing with it. Where the SOP class has an IOD, `iod/attribute-missing` and `iod/attribute-empty` tell what
the object lacks.

## Why it matters
These four are the keys of the whole information model and of the type that requires a value. An archive refuses the
object, invents a UID that no other system knows, or puts all such objects into one entry, which then mixes patients.
Without a SOP Class UID the object cannot be sent at all: the sender does not know which presentation context to
propose.

## How to confirm
1. `dcmdump +P SOPClassUID +P SOPInstanceUID +P StudyInstanceUID +P SeriesInstanceUID FILE` prints what is there.
2. Compare with Media Storage SOP Class and Instance UID in the file meta information: if only these are present, the
   data set lost its own.
3. Ask where the objects come from. Over-eager de-identification, converters and re-assembled fragments are the common
   origins; equipment that speaks DICOM over the network cannot send such an object.

## How to fix
1. Fetch the object again from its source.
2. If the source is gone, take SOP Class and SOP Instance UID from the file meta information. Create study and series
   UIDs once per examination, from patient, date and acquisition time, and keep the list.
3. Refuse objects without these attributes at the door: C-STORE status A900 (data set does not match SOP class) or
   C000 (cannot understand), STOW-RS a failure reason for that instance.

## Not a problem when
- The files are ACR-NEMA 1.0 or 2.0 objects from before 1993, which have no UIDs. Convert them before they go
  anywhere.
- The archive keeps configuration objects of a private SOP class without patient, study and series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, Source, check
from tagwise.checks.objects import ObjectExample, object_form
from tagwise.checks.writing import Given, part10
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue
    from tagwise.validation.objects import ParsedObject

_CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
}
_KEYS = {
    "without_study_uid": "StudyInstanceUID",
    "without_series_uid": "SeriesInstanceUID",
    "without_sop_instance_uid": "SOPInstanceUID",
    "without_sop_class_uid": "SOPClassUID",
}

_TAGS = {
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
}
_DIRECTORY_RECORDS = 0x00041220
_GIVEN = [Given(keyword, "UI", value) for keyword, value in _CT.items()]


def _without(*keywords: str) -> dict[str, str]:
    return {keyword: value for keyword, value in _CT.items() if keyword not in keywords}


@check(
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    level=Level.SERIES,
    relation="instances",
    subject=("StudyInstanceUID", "SeriesInstanceUID", "file_path"),
    reads=("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"),
    sql="""
WITH keyed AS (
  SELECT
    StudyInstanceUID,
    SeriesInstanceUID,
    file_path,
    CASE WHEN SOPInstanceUID IS NULL THEN 1 ELSE 0 END AS without_sop_instance_uid,
    CASE WHEN SOPClassUID IS NULL THEN 1 ELSE 0 END AS without_sop_class_uid,
    CASE
      WHEN SOPClassUID IN (
        '1.2.840.10008.5.1.4.38.1', '1.2.840.10008.5.1.4.39.1', '1.2.840.10008.5.1.4.43.1',
        '1.2.840.10008.5.1.4.44.1', '1.2.840.10008.5.1.4.45.1', '1.2.840.10008.5.1.4.1.1.200.1',
        '1.2.840.10008.5.1.4.1.1.200.3', '1.2.840.10008.5.1.4.1.1.200.7', '1.2.840.10008.5.1.4.1.1.201.1'
      ) THEN 0 ELSE 1
    END AS has_study
  FROM instances
  WHERE StudyInstanceUID IS NULL OR SeriesInstanceUID IS NULL OR SOPInstanceUID IS NULL OR SOPClassUID IS NULL
)
SELECT
  StudyInstanceUID,
  SeriesInstanceUID,
  CASE WHEN StudyInstanceUID IS NULL AND SeriesInstanceUID IS NULL THEN MIN(file_path) END AS file_path,
  COUNT(*) AS objects,
  SUM(CASE WHEN StudyInstanceUID IS NULL THEN has_study ELSE 0 END) AS without_study_uid,
  SUM(CASE WHEN SeriesInstanceUID IS NULL THEN has_study ELSE 0 END) AS without_series_uid,
  SUM(without_sop_instance_uid) AS without_sop_instance_uid,
  SUM(without_sop_class_uid) AS without_sop_class_uid,
  MIN(file_path) AS example_file_path
FROM keyed
WHERE has_study + without_sop_instance_uid + without_sop_class_uid > 0
GROUP BY StudyInstanceUID, SeriesInstanceUID
ORDER BY StudyInstanceUID, SeriesInstanceUID
""",
    references=("PS3.3 C.12.1", "PS3.3 C.7.2.1", "PS3.3 C.7.3.1", "PS3.5 7.4.1", "PS3.4 B.2.3"),
    sources=(
        Source("https://github.com/RSNA/anonymizer/issues/11", "2026-11-23"),
        Source("https://github.com/dcm4che/dcm4chee-arc-light/issues/661", "2026-11-23"),
        Source("https://github.com/fli-iam/shanoir-ng/pull/1998", "2026-11-23"),
    ),
    since="0.1.0",
    about=("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"),
    aliases=("consistency/sop-class-missing",),
    fires=(
        Example(
            "an image without a study",
            [_without("StudyInstanceUID")],
            [{"SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
        Example("an image without a series", [_without("SeriesInstanceUID")], [{"StudyInstanceUID": "1.2.826.0.1.1"}]),
        Example(
            "two images of a series without a SOP Instance UID make one finding",
            [_without("SOPInstanceUID"), {**_CT, "SOPInstanceUID": ""}],
            [{"StudyInstanceUID": "1.2.826.0.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
        Example(
            "an image without a SOP class",
            [_without("SOPClassUID")],
            [{"StudyInstanceUID": "1.2.826.0.1.1", "SeriesInstanceUID": "1.2.826.0.1.1.1"}],
        ),
        Example(
            "files that name neither study nor series make one finding",
            [
                {**_without("StudyInstanceUID", "SeriesInstanceUID"), "file_path": "/archive/a.dcm"},
                {**_without("StudyInstanceUID", "SeriesInstanceUID"), "file_path": "/archive/b.dcm"},
            ],
            [{"file_path": "/archive/a.dcm"}],
        ),
    ),
    silent=(
        Example("an image with all four", [_CT]),
        Example(
            "a hanging protocol has no study and no series",
            [{"SOPClassUID": "1.2.840.10008.5.1.4.38.1", "SOPInstanceUID": "1.2.826.0.1.7"}],
        ),
        Example(
            "a CT protocol that a site defines has no study and no series",
            [{"SOPClassUID": "1.2.840.10008.5.1.4.1.1.200.1", "SOPInstanceUID": "1.2.826.0.1.8"}],
        ),
    ),
)
def uid_missing(row: Mapping[str, EvidenceValue]) -> str:
    """Count the objects and name the attributes that they lack."""
    lacking = [f"{keyword} ({row[column]})" for column, keyword in _KEYS.items() if int(row[column] or 0) > 0]
    return f"missing or empty: {', '.join(lacking)}; objects concerned: {row['objects']}"


@object_form(
    uid_missing,
    target="object",
    reads=tuple(_KEYS.values()),
    fires=(
        ObjectExample("no SOP Class UID", _GIVEN[1:], [""]),
        ObjectExample("an empty SOP Class UID", [Given("SOPClassUID", "UI", ""), *_GIVEN[1:]], [""]),
        ObjectExample("none of the four", [Given("Modality", "CS", "CT")], [""]),
    ),
    silent=(
        ObjectExample("all four", _GIVEN),
        ObjectExample("no study, which the checks of the IOD find", [one for one in _GIVEN if "Study" not in one.name]),
        ObjectExample(
            "a directory of files, which has none of them",
            [Given("DirectoryRecordSequence", "SQ", items=[[Given("DirectoryRecordType", "CS", "PATIENT")]])],
        ),
        ObjectExample("what ends before a SOP class could come", content=part10(_GIVEN)[:-70]),
    ),
)
def of_one_object(parsed: ParsedObject) -> str | None:
    """Name what is missing, where no IOD tells that it is."""
    root = parsed.root
    if not parsed.complete or root.has_value(_TAGS["SOPClassUID"]) or root.get(_DIRECTORY_RECORDS) is not None:
        return None
    lacking = [keyword for keyword, tag in _TAGS.items() if not root.has_value(tag)]
    return f"missing or empty: {', '.join(lacking)}"
