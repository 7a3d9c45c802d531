"""Which attribute values a report may show without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.standard import dictionary

if TYPE_CHECKING:
    from tagwise.findings import EvidenceValue

HIDDEN = "hidden, shown with --show-values"

_HARMLESS = frozenset(
    {
        "AcquisitionNumber",
        "BitsAllocated",
        "BitsStored",
        "Columns",
        "ConversionType",
        "DeviceSerialNumber",
        "HighBit",
        "ImageType",
        "ImplementationVersionName",
        "InstanceNumber",
        "LossyImageCompression",
        "Manufacturer",
        "ManufacturerModelName",
        "Modality",
        "NumberOfFrames",
        "PhotometricInterpretation",
        "PixelRepresentation",
        "PixelSpacing",
        "RescaleIntercept",
        "RescaleSlope",
        "Rows",
        "SamplesPerPixel",
        "SeriesNumber",
        "SoftwareVersions",
        "SpecificCharacterSet",
        "StationName",
    }
)
"""What tells about equipment and encoding only. Everything that is not here and is no UID counts as patient data."""


def is_patient_value(column: str) -> bool:
    """Whether a column of a check's result holds a value of an attribute that may tell about a patient.

    A column holds a value where its name ends in a keyword (`first_PatientID`); all others are counts or names.

    >>> is_patient_value("first_PatientID"), is_patient_value("last_Modality"), is_patient_value("studies")
    (True, False, False)
    """
    keyword = column.rpartition("_")[2]
    attribute = dictionary.by_keyword().get(keyword)
    return attribute is not None and attribute.first_vr != "UI" and keyword not in _HARMLESS


def shown(column: str, value: EvidenceValue, *, show_values: bool) -> EvidenceValue:
    """The value, or a note in its place where it is a patient value and nobody asked for those."""
    if value is None or show_values or not is_patient_value(column):
        return value
    return HIDDEN
