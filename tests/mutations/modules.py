"""Damage to what an object says: UIDs, attributes of its IOD, content items, segments, functional groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.kinds import IMAGES, Mutations
from tests.mutations.sound import CLASSES, Sound

from tagwise.checks.writing import Given

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = Mutations()
UNDEFINED = "reference/number-undefined"
MODALITY = "consistency/modality-sop-class-mismatch"
VOLUMES = ("CT", "MR", "PT")
MEASURED = "ContentSequence"


# UIDs.

for _name, _check, _value in (
    ("a UID with a leading zero", "identity/uid-malformed", "1.2.826.0.1.3680043.010.1777"),
    ("a UID with a letter", "identity/uid-malformed", "1.2.826.0.1.3680043.10.1777a"),
    ("a UID with two dots", "identity/uid-malformed", "1.2.826.0.1..3680043.10.1777"),
    ("a UID over 64 characters", "identity/uid-too-long", "1.2.826.0.1.3680043.10.1777." + "1" * 40),
    ("a UID padded with a blank", "identity/uid-padded", b"1.2.826.0.1.3680043.10.1777.1 "),
    ("a UID padded with two NULs", "identity/uid-padded", b"1.2.826.0.1.3680043.10.1777.11\0\0"),
    ("a UID in braces", "identity/uid-malformed", "{1.2.826.0.1.3680043.10.1777}"),
):
    MODULES.value(_name, _check, "StudyInstanceUID", _value)

# Attributes of the IOD.


@MODULES.add("a mandatory attribute left out", "iod/attribute-missing")
def _(sound: Sound) -> Sound:
    return sound.without("Modality")


@MODULES.add("no Series Instance UID", "iod/attribute-missing")
def _(sound: Sound) -> Sound:
    return sound.without("SeriesInstanceUID")


@MODULES.add("no SOP Instance UID", "iod/attribute-missing")
def _(sound: Sound) -> Sound:
    return sound.without("SOPInstanceUID")


@MODULES.add("a mandatory attribute emptied", "iod/attribute-empty")
def _(sound: Sound) -> Sound:
    return sound.value("StudyInstanceUID", b"")


@MODULES.add("an attribute of type 2 left out", "iod/type-2-missing")
def _(sound: Sound) -> Sound:
    return sound.without("PatientSex")


@MODULES.add("no patient at all", "iod/module-missing")
def _(sound: Sound) -> Sound:
    return sound.without("PatientName", "PatientID", "PatientBirthDate", "PatientSex")


@MODULES.add("no orientation of a slice", "iod/attribute-missing", of=VOLUMES)
def _(sound: Sound) -> Sound:
    return sound.without("ImageOrientationPatient")


@MODULES.add("no frame of reference of a slice", "iod/attribute-missing", of=VOLUMES)
def _(sound: Sound) -> Sound:
    return sound.without("FrameOfReferenceUID")


@MODULES.add("no pixel module", "iod/module-missing", of=("CR", "PT", "MR"), brings=("iod/attribute-missing",))
def _(sound: Sound) -> Sound:
    pixels = (one.name for one in sound.elements if one.number >> 16 == 0x0028 and one.name in PIXEL_MODULE)
    return sound.without(*pixels, "PixelData")


PIXEL_MODULE = {
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelAspectRatio",
    "SmallestImagePixelValue",
    "LargestImagePixelValue",
}


@MODULES.add(
    "the SOP class of a report",
    "iod/module-missing",
    of=IMAGES,
    brings=("iod/attribute-missing", "iod/content-item-incomplete", "iod/value-not-enumerated", MODALITY),
)
def _(sound: Sound) -> Sound:
    return sound.value("SOPClassUID", CLASSES + "88.11").value("MediaStorageSOPClassUID", CLASSES + "88.11")


@MODULES.add("a SOP class that does not exist", "iod/sop-class-unknown")
def _(sound: Sound) -> Sound:
    return sound.value("SOPClassUID", CLASSES + "9999").value("MediaStorageSOPClassUID", CLASSES + "9999")


@MODULES.add("a SOP class that is retired", "iod/sop-class-retired", of=("US",))
def _(sound: Sound) -> Sound:
    return sound.value("SOPClassUID", CLASSES + "6").value("MediaStorageSOPClassUID", CLASSES + "6")


MODULES.value("a sex that is none", "iod/value-not-enumerated", "PatientSex", "W")


@MODULES.add("a photometric interpretation of no kind", "iod/value-not-defined-term", of=("SC",))
def _(sound: Sound) -> Sound:
    return sound.value("PhotometricInterpretation", "GREY")


@MODULES.add("an attribute of another IOD", "iod/attribute-unexpected")
def _(sound: Sound) -> Sound:
    return sound.put(Given("DopplerCorrectionAngle", "FD", 1.0))


# Sequences.


@MODULES.add("a region without its number", "iod/attribute-missing", of=("RTSTRUCT",), brings=(UNDEFINED,))
def _(sound: Sound) -> Sound:
    return sound.inside("StructureSetROISequence", _without("ROINumber"))


@MODULES.add("a mandatory attribute emptied in a nested item", "iod/attribute-empty", of=("RTSTRUCT",))
def _(sound: Sound) -> Sound:
    path = "ReferencedFrameOfReferenceSequence.RTReferencedStudySequence"
    return sound.inside(path, lambda item: [one._replace(value=b"") if one.vr == "UI" else one for one in item])


@MODULES.add("a mandatory sequence without items", "iod/attribute-empty", of=("SEG",), brings=(UNDEFINED,))
def _(sound: Sound) -> Sound:
    return sound.put(Given("SegmentSequence", "SQ", items=()))


@MODULES.add("a beam without a number", "iod/attribute-missing", of=("RTPLAN",), brings=(UNDEFINED,))
def _(sound: Sound) -> Sound:
    return sound.inside("BeamSequence", _without("BeamNumber"))


@MODULES.add("a code without its scheme", "iod/code-incomplete", of=("SR", "SEG", "PT", "MG"))
def _(sound: Sound) -> Sound:
    path = {
        "SR": "ConceptNameCodeSequence",
        "SEG": "SegmentSequence.SegmentedPropertyTypeCodeSequence",
        "PT": "RadiopharmaceuticalInformationSequence.RadionuclideCodeSequence",
        "MG": "ViewCodeSequence",
    }[sound.name]
    return sound.inside(path, _without("CodingSchemeDesignator"))


def _without(keyword: str) -> Callable[[list[Given]], list[Given]]:
    def change(item: list[Given]) -> list[Given]:
        return [one for one in item if one.name != keyword]

    return change


def _with(keyword: str, vr: str, value: str) -> Callable[[list[Given]], list[Given]]:
    def change(item: list[Given]) -> list[Given]:
        kept = [one for one in item if one.name != keyword]
        return sorted([*kept, Given(keyword, vr, value)], key=lambda one: one.number)

    return change


# Reports.


@MODULES.add("a content item without its value type", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ValueType"))


@MODULES.add("a content item without its relationship", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("RelationshipType"))


@MODULES.add("a content item without its name", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ConceptNameCodeSequence"))


@MODULES.add("a content item of a wrong relationship", "iod/content-item-not-allowed", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _with("RelationshipType", "CS", "SELECTED FROM"))


@MODULES.add("a content item of a value type that is not", "iod/content-item-not-allowed", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _with("ValueType", "CS", "PICTURE"))


@MODULES.add("a content item without its value", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ConceptCodeSequence"))


@MODULES.add("a report without Value Type", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.without("ValueType")


# Functional groups and segments.


@MODULES.add("a frame without its functional group", "iod/functional-group-missing", of=("SEG", "enhanced CT"))
def _(sound: Sound) -> Sound:
    if sound.name == "SEG":
        return sound.inside("SharedFunctionalGroupsSequence", _without("SegmentIdentificationSequence"))
    return sound.inside("PerFrameFunctionalGroupsSequence", _without("PlanePositionSequence"))


@MODULES.add(
    "more frames than functional groups",
    "iod/functional-group-missing",
    of=("SEG", "enhanced CT"),
    brings=("encoding/pixel-data-incomplete",),
)
def _(sound: Sound) -> Sound:
    return sound.value("NumberOfFrames", "9")


@MODULES.add(
    "no shared functional groups",
    "iod/attribute-missing",
    of=("SEG", "enhanced CT"),
    brings=("iod/functional-group-missing",),
)
def _(sound: Sound) -> Sound:
    return sound.without("SharedFunctionalGroupsSequence")


@MODULES.add("a frame of a segment that is not there", UNDEFINED, of=("SEG",))
def _(sound: Sound) -> Sound:
    path = "SharedFunctionalGroupsSequence.SegmentIdentificationSequence"
    return sound.inside(path, lambda item: [one._replace(value=7) for one in item])


@MODULES.add("a contour of a region that is not there", UNDEFINED, of=("RTSTRUCT",))
def _(sound: Sound) -> Sound:
    return sound.inside("ROIContourSequence", _with("ReferencedROINumber", "IS", "9"))
