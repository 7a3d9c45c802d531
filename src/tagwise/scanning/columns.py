"""Which attributes a scan reads: what the checks declare, and what identifies an object and its device."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tagwise.checks import registry
from tagwise.standard import dictionary

IDENTIFICATION = (
    "MediaStorageSOPClassUID",
    "MediaStorageSOPInstanceUID",
    "TransferSyntaxUID",
    "ImplementationVersionName",
    "SpecificCharacterSet",
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "Modality",
    "Manufacturer",
    "InstitutionName",
    "StationName",
    "StudyDescription",
    "SeriesDescription",
    "ManufacturerModelName",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "DeviceSerialNumber",
    "SoftwareVersions",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "StudyID",
    "SeriesNumber",
    "InstanceNumber",
    "FrameOfReferenceUID",
    "NumberOfFrames",
    "Rows",
    "Columns",
)
"""Read whatever the checks need, so that every row says what object it is and which device wrote it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute that becomes a column of `instances`: its keyword, its tag as a number, its VR."""

    keyword: str
    tag: int
    vr: str


@cache
def scan_columns() -> tuple[Column, ...]:
    """The columns of `instances` in the order of their tags, the order in which an object holds them.

    Raises:
        StandardDataError: A check names an attribute that the dictionary does not have.
    """
    keywords = {*IDENTIFICATION, *(keyword for check in registry().values() for keyword in check.reads)}
    attributes = dictionary.by_keyword()
    columns = [Column(keyword, attributes[keyword].number, attributes[keyword].first_vr) for keyword in keywords]
    return tuple(sorted(columns, key=lambda column: column.tag))
