"""A small sound object for the examples of this folder: a secondary capture of four pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.writing import Given

if TYPE_CHECKING:
    from collections.abc import Sequence

CAPTURE = (
    Given("ImageType", "CS", "DERIVED\\SECONDARY"),
    Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"),
    Given("SOPInstanceUID", "UI", "1.2.826.0.1.1"),
    Given("StudyDate", "DA", "20240102"),
    Given("StudyTime", "TM", "101500"),
    Given("AccessionNumber", "SH", "A1"),
    Given("Modality", "CS", "OT"),
    Given("ConversionType", "CS", "WSD"),
    Given("Manufacturer", "LO", "maker"),
    Given("ReferringPhysicianName", "PN", ""),
    Given("PatientName", "PN", "Doe^Jane"),
    Given("PatientID", "LO", "1"),
    Given("PatientBirthDate", "DA", ""),
    Given("PatientSex", "CS", "F"),
    Given("StudyInstanceUID", "UI", "1.2.826.0.1.2"),
    Given("SeriesInstanceUID", "UI", "1.2.826.0.1.3"),
    Given("StudyID", "SH", "1"),
    Given("SeriesNumber", "IS", "1"),
    Given("InstanceNumber", "IS", "1"),
    Given("PatientOrientation", "CS", ""),
    Given("SamplesPerPixel", "US", 1),
    Given("PhotometricInterpretation", "CS", "MONOCHROME2"),
    Given("Rows", "US", 2),
    Given("Columns", "US", 2),
    Given("BitsAllocated", "US", 8),
    Given("BitsStored", "US", 8),
    Given("HighBit", "US", 7),
    Given("PixelRepresentation", "US", 0),
    Given("PixelData", "OW", bytes(4)),
)


def capture(*changed: Given, without: Sequence[str] = ()) -> list[Given]:
    """The secondary capture with some elements changed or added, and without others."""
    elements = {given.name: given for given in (*CAPTURE, *changed) if given.name not in without}
    return sorted(elements.values(), key=lambda given: given.number)


def code(value: str = "T-D1213", scheme: str = "SRT", meaning: str = "Jaw region") -> list[Given]:
    """The item of a code sequence."""
    return [
        Given("CodeValue", "SH", value),
        Given("CodingSchemeDesignator", "SH", scheme),
        Given("CodeMeaning", "LO", meaning),
    ]
