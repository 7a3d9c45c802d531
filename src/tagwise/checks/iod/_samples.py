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


def item(kind: str, *more: Given, relationship: str = "CONTAINS") -> list[Given]:
    """A content item of a report; `more` is its value."""
    return [
        Given("RelationshipType", "CS", relationship),
        Given("ValueType", "CS", kind),
        Given("ConceptNameCodeSequence", "SQ", items=[code("121071", "DCM", "Finding")]),
        *more,
    ]


def report(
    *items: Sequence[Given], sop_class: str = "1.2.840.10008.5.1.4.1.1.88.11", without: Sequence[str] = ()
) -> list[Given]:
    """A report with these content items below its container; only what the checks of content items look at."""
    elements = (
        Given("SOPClassUID", "UI", sop_class),
        Given("ValueType", "CS", "CONTAINER"),
        Given("ConceptNameCodeSequence", "SQ", items=[code("18748-4", "LN", "Report")]),
        Given("ContinuityOfContent", "CS", "SEPARATE"),
        Given("ContentSequence", "SQ", items=items),
    )
    return [given for given in elements if given.name not in without]


SEGMENT = Given("SegmentIdentificationSequence", "SQ", items=[[Given("ReferencedSegmentNumber", "US", 1)]])
FRAME = Given("FrameContentSequence", "SQ", items=[[Given("DimensionIndexValues", "UL", (1,))]])


def segmentation(
    *,
    shared: Sequence[Given] = (SEGMENT,),
    first: Sequence[Given] = (),
    frame: Sequence[Given] = (FRAME,),
    number: str = "2",
) -> list[Given]:
    """The functional groups of a segmentation with two frames; `first` are more groups of the first."""
    return [
        Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.66.4"),
        Given("NumberOfFrames", "IS", number),
        Given("SharedFunctionalGroupsSequence", "SQ", items=[list(shared)]),
        Given("PerFrameFunctionalGroupsSequence", "SQ", items=[[*frame, *first], list(frame)]),
    ]
