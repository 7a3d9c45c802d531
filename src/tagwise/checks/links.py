"""The relation `links`: every reference of one object to another, with what the archive knows about both ends.

It is made from `instances` and from `referenced_objects`, which a scan fills for reports, presentation states,
segmentations, registrations and RT objects. One row per object and object that it refers to.
"""

from __future__ import annotations

ATTRIBUTES = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
)
"""What the relation is made from: a check on it reads all of them."""

SOUND = """found = 1
    AND other_patient_id = 0
    AND (named_frame IS NULL OR found_frame IS NULL OR named_frame = found_frame)
    AND (FrameOfReferenceUID IS NULL OR found_frame IS NULL OR FrameOfReferenceUID = found_frame)"""
"""Links that no check names: the object is there, of the same patient, and nothing contradicts its frame of reference.

An audit leaves them out, because a segmentation or a structure set has hundreds and nearly all are sound.
"""


def parts(referring: str = "instances", kept: str = "instances", places: str = "instances") -> str:
    """The common table expressions that make `links`.

    Args:
        referring: The table with the objects that refer, which may have others too.
        kept: The table with the objects that are referred to, which may have others too.
        places: The table with all series and studies.
    """
    return f"""referring AS (
  SELECT
    file_path, SOPClassUID, SOPInstanceUID, SeriesInstanceUID, StudyInstanceUID, FrameOfReferenceUID,
    PatientID, RTRIM(UPPER(PatientName), '^= ') AS name, PatientBirthDate AS born
  FROM {referring}
  WHERE file_path IN (SELECT file_path FROM referenced_objects)
),
kept AS (
  SELECT
    SOPInstanceUID,
    MIN(SeriesInstanceUID) AS series,
    MIN(StudyInstanceUID) AS study,
    MIN(FrameOfReferenceUID) AS frame,
    MIN(PatientID) AS patient,
    MIN(RTRIM(UPPER(PatientName), '^= ')) AS name,
    MIN(PatientBirthDate) AS born
  FROM {kept}
  WHERE SOPInstanceUID IN (SELECT ReferencedSOPInstanceUID FROM referenced_objects)
  GROUP BY SOPInstanceUID
),
kept_series AS (
  SELECT DISTINCT SeriesInstanceUID AS uid
  FROM {places}
  WHERE SeriesInstanceUID IN (SELECT SeriesInstanceUID FROM referenced_objects)
),
kept_studies AS (
  SELECT DISTINCT StudyInstanceUID AS uid
  FROM {places}
  WHERE StudyInstanceUID IN (SELECT StudyInstanceUID FROM referenced_objects)
),
links AS (
  SELECT
    referring.SOPClassUID, referring.SOPInstanceUID, referring.SeriesInstanceUID, referring.StudyInstanceUID,
    referring.FrameOfReferenceUID,
    named.sequence AS sequence,
    named.ReferencedSOPInstanceUID AS to_instance,
    named.ReferencedSOPClassUID AS to_class,
    named.SeriesInstanceUID AS named_series,
    named.StudyInstanceUID AS named_study,
    named.FrameOfReferenceUID AS named_frame,
    CASE WHEN kept.SOPInstanceUID IS NULL THEN 0 ELSE 1 END AS found,
    CASE WHEN kept_series.uid IS NULL THEN 0 ELSE 1 END AS series_found,
    CASE WHEN kept_studies.uid IS NULL THEN 0 ELSE 1 END AS study_found,
    kept.series AS found_series,
    kept.study AS found_study,
    kept.frame AS found_frame,
    CASE WHEN kept.patient <> referring.PatientID THEN 1 ELSE 0 END AS other_patient_id,
    CASE WHEN kept.name = referring.name AND kept.born = referring.born THEN 1 ELSE 0 END AS one_person
  FROM referenced_objects AS named
  JOIN referring ON referring.file_path = named.file_path
  LEFT JOIN kept ON kept.SOPInstanceUID = named.ReferencedSOPInstanceUID
  LEFT JOIN kept_series ON kept_series.uid = named.SeriesInstanceUID
  LEFT JOIN kept_studies ON kept_studies.uid = named.StudyInstanceUID
)"""


LINKS = parts()
"""The common table expressions that make `links`.

The attributes are those of the object that refers. `to_instance` and `to_class` are what it refers to, `sequence` where
it does so, and `named_series`, `named_study` and `named_frame` what it says about the place of the other object, NULL
where it says nothing. `found`, `series_found` and `study_found` (0 or 1) tell whether the archive has the object, any
object of the named series, any of the named study; `found_series`, `found_study` and `found_frame` are where the object
really is. `other_patient_id` and `one_person` (0 or 1) compare the patients of both.
"""
