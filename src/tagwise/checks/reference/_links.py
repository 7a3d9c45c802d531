"""What the checks on references share: objects that refer to each other, for examples."""

from __future__ import annotations

CT = {
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "SOPInstanceUID": "1.2.826.0.1.1.1.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.1",
    "StudyInstanceUID": "1.2.826.0.1.1",
    "FrameOfReferenceUID": "1.2.826.0.1.9",
    "PatientID": "P1",
    "PatientName": "Doe^Jane",
    "PatientBirthDate": "19700101",
}
KEY_OBJECTS = {
    **CT,
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.59",
    "SOPInstanceUID": "1.2.826.0.1.1.2.1",
    "SeriesInstanceUID": "1.2.826.0.1.1.2",
    "FrameOfReferenceUID": "",
}
STRUCTURES = {**KEY_OBJECTS, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.3"}
SEGMENTATION = {
    **KEY_OBJECTS,
    "SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4",
    "FrameOfReferenceUID": CT["FrameOfReferenceUID"],
}
THE_SERIES = {"SeriesInstanceUID": "1.2.826.0.1.1.2"}
"""The series of each object that refers."""


def to(instance: str = CT["SOPInstanceUID"], **said: str) -> dict[str, str]:
    """A reference to a CT image, from one of the objects above."""
    return {
        "SOPInstanceUID": KEY_OBJECTS["SOPInstanceUID"],
        "sequence": "CurrentRequestedProcedureEvidenceSequence",
        "ReferencedSOPClassUID": CT["SOPClassUID"],
        "ReferencedSOPInstanceUID": instance,
        **said,
    }


def within(instance: str = CT["SOPInstanceUID"], **said: str) -> dict[str, str]:
    """A reference that names series and study."""
    return to(
        instance,
        **{"SeriesInstanceUID": CT["SeriesInstanceUID"], "StudyInstanceUID": CT["StudyInstanceUID"], **said},
    )
