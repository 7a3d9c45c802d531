"""The PostgreSQL database of dcm4chee-arc: patients, studies and series have a row each, and so have instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.findings import Level
from tagwise.sources import Kind
from tagwise.sources.databases import Layout
from tagwise.sources.postgresql import PostgresTables
from tagwise.sources.rows_file import LACKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tagwise.checks import Relation

_COLUMNS: Mapping[str, tuple[str, Level]] = {
    # A study is there once, and so is under one patient: an object that says otherwise is rejected or mapped.
    "PatientID": ("ids.pat_id", Level.STUDY),
    "IssuerOfPatientID": ("NULLIF(ids.entity_id, '*')", Level.PATIENT),
    "PatientName": ("NULLIF(names.alphabetic_name, '*')", Level.PATIENT),
    "PatientBirthDate": ("NULLIF(patient.pat_birthdate, '*')", Level.PATIENT),
    "PatientSex": ("NULLIF(patient.pat_sex, '*')", Level.PATIENT),
    "StudyInstanceUID": ("study.study_iuid", Level.INSTANCE),
    "StudyDate": ("NULLIF(study.study_date, '*')", Level.STUDY),
    "StudyTime": ("NULLIF(study.study_time, '*')", Level.STUDY),
    "StudyID": ("NULLIF(study.study_id, '*')", Level.STUDY),
    "StudyDescription": ("NULLIF(study.study_desc, '*')", Level.STUDY),
    "AccessionNumber": ("NULLIF(study.accession_no, '*')", Level.STUDY),
    "SeriesInstanceUID": ("series.series_iuid", Level.INSTANCE),
    "SeriesNumber": ("CAST(series.series_no AS TEXT)", Level.SERIES),
    "SeriesDescription": ("NULLIF(series.series_desc, '*')", Level.SERIES),
    "Modality": ("NULLIF(series.modality, '*')", Level.SERIES),
    "StationName": ("NULLIF(series.station_name, '*')", Level.SERIES),
    "InstitutionName": ("NULLIF(series.institution, '*')", Level.SERIES),
    "BodyPartExamined": ("NULLIF(series.body_part, '*')", Level.SERIES),
    "Laterality": ("NULLIF(series.laterality, '*')", Level.SERIES),
    "SOPInstanceUID": ("instance.sop_iuid", Level.INSTANCE),
    "SOPClassUID": ("instance.sop_cuid", Level.INSTANCE),
    "InstanceNumber": ("CAST(instance.inst_no AS TEXT)", Level.INSTANCE),
    "NumberOfFrames": ("CAST(instance.num_frames AS TEXT)", Level.INSTANCE),
    "TransferSyntaxUID": ("stored_at.tsuid", Level.INSTANCE),
    "file_path": ("stored_at.storage_path", Level.INSTANCE),
    "file_size": ("stored_at.object_size", Level.INSTANCE),
}

GRAIN = {name: level for name, (_, level) in _COLUMNS.items()}


def query(_: Collection[str]) -> str:
    """One row per instance: of several identifiers of a patient the first is taken, of several places the last."""
    listed = ", ".join(f'{expression} AS "{name}"' for name, (expression, _) in _COLUMNS.items())
    return f"""
        SELECT {listed}
        FROM instance
        JOIN series ON series.pk = instance.series_fk
        JOIN study ON study.pk = series.study_fk
        JOIN patient ON patient.pk = study.patient_fk
        LEFT JOIN (
          SELECT patient_id.* FROM patient_id
          JOIN (SELECT MIN(pk) AS pk FROM patient_id GROUP BY patient_fk) AS first_id ON first_id.pk = patient_id.pk
        ) AS ids ON ids.patient_fk = patient.pk
        LEFT JOIN person_name AS names ON names.pk = patient.pat_name_fk
        LEFT JOIN (
          SELECT location.* FROM location
          JOIN (
            SELECT MAX(pk) AS pk FROM location WHERE object_type = 0 GROUP BY instance_fk
          ) AS last_place ON last_place.pk = location.pk
        ) AS stored_at ON stored_at.instance_fk = instance.pk
    """


_LACKS: Mapping[Relation, str] = {
    **LACKS,
    "stored": "needs padding as it stands in the object, which dcm4chee removes",
    "unreadable": "needs objects that cannot be read, which dcm4chee does not take",
}

LAYOUT = Layout(
    product="dcm4chee-arc",
    tables=frozenset({"instance", "series", "study", "patient", "patient_id", "person_name", "location"}),
    query=query,
    grain=GRAIN,
    lacks=_LACKS,
)

_SCRIPT = (
    "https://github.com/dcm4che/dcm4chee-arc-light/blob/06df643cb8b25b7166799e06743794843c021701/"
    "dcm4chee-arc-entity/src/main/resources/sql/psql/create-psql.sql"
)
"""What makes the tables. Its sentences are not here: the columns are facts."""

_PREFIX = "dcm4chee+"

KIND = Kind(
    name="dcm4chee",
    title="PostgreSQL database of dcm4chee-arc 5",
    spelled=("dcm4chee+postgresql://user@host/pacsdb", "postgresql://user@host/pacsdb"),
    claims=lambda source: source.startswith(f"{_PREFIX}postgresql://"),
    opened=lambda source: PostgresTables(source, source.removeprefix(_PREFIX), (LAYOUT,)),
    tried="on PostgreSQL 15 with tables as its own script makes them, not with a running dcm4chee",
    grain=GRAIN,
    lacks=_LACKS,
    tells=(
        "A study is under one patient: what came with another is rejected or mapped, and only its log tells.",
        "Of a patient with several identifiers the one that was stored first is taken.",
        "Modality, body part and laterality are in capitals, whatever the objects say.",
        "Manufacturer, model and geometry are only in a column that holds a data set, which is not read.",
        "Instances of series that were purged from the database are not there.",
    ),
    facts=(
        (
            _SCRIPT,
            "2026-11-23",
        ),
    ),
)
