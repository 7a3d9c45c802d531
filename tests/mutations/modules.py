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
NOT_ALLOWED = "iod/content-item-not-allowed"
PHOTOMETRIC = "pixels/photometric-interpretation-contradicted"
REPORTS = ("SR", "KO", "dose SR", "CAD SR")
SINGLE = ("CT", "MR", "MG", "PT", "CR", "SC")
GRAY = ("CT", "MR", "MG", "PT", "CR")


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


@MODULES.add("a content item without its value type", "iod/content-item-incomplete", of=REPORTS)
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ValueType"))


@MODULES.add("a content item without its relationship", "iod/content-item-incomplete", of=REPORTS)
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("RelationshipType"))


@MODULES.add("a content item without its name", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ConceptNameCodeSequence"))


@MODULES.add("a content item of a wrong relationship", NOT_ALLOWED, of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _with("RelationshipType", "CS", "SELECTED FROM"))


@MODULES.add("a content item of a value type that is not", NOT_ALLOWED, of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _with("ValueType", "CS", "PICTURE"))


@MODULES.add("a content item without its value", "iod/content-item-incomplete", of=("SR",))
def _(sound: Sound) -> Sound:
    return sound.inside(MEASURED, _without("ConceptCodeSequence"))


@MODULES.add("a report without Value Type", "iod/content-item-incomplete", of=REPORTS)
def _(sound: Sound) -> Sound:
    return sound.without("ValueType")


for _kind, _check, _keyword, _words in (
    ("dose SR", "iod/content-item-incomplete", "ConceptCodeSequence", "a code of a dose report without its value"),
    ("KO", "iod/content-item-incomplete", "TextValue", "a key object description without its text"),
    ("CAD SR", "iod/content-item-incomplete", "ReferencedSOPSequence", "an image item without its image"),
):
    MODULES.add(_words, _check, of=(_kind,))(lambda sound, keyword=_keyword: sound.inside(MEASURED, _without(keyword)))  # type: ignore[misc] # a default value binds the keyword

for _kind, _relationship in (("KO", "HAS PROPERTIES"), ("dose SR", "INFERRED FROM"), ("CAD SR", "HAS ACQ CONTEXT")):
    MODULES.add(f"an item of {_kind} in a relationship that its IOD does not have", NOT_ALLOWED, of=(_kind,))(
        lambda sound, word=_relationship: sound.inside(MEASURED, _with("RelationshipType", "CS", word))  # type: ignore[misc] # a default value binds the word
    )


def _more_content(*item: Given) -> Callable[[Sound], Sound]:
    def change(sound: Sound) -> Sound:
        content = sound["ContentSequence"]
        return sound.put(content._replace(items=(*content.items, item)))

    return change


_NAME = Given(
    "ConceptNameCodeSequence",
    "SQ",
    items=[
        [
            Given("CodeValue", "SH", "121071"),
            Given("CodingSchemeDesignator", "SH", "DCM"),
            Given("CodeMeaning", "LO", "Finding"),
        ]
    ],
)
_CONTAINS = Given("RelationshipType", "CS", "CONTAINS")
MODULES.add("coordinates in a dose report", NOT_ALLOWED, of=("dose SR", "KO"))(
    _more_content(
        _CONTAINS,
        Given("ValueType", "CS", "SCOORD"),
        _NAME,
        Given("GraphicData", "FL", (1.0, 1.0)),
        Given("GraphicType", "CS", "POINT"),
    )
)
MODULES.add("a name in the content of a report on detection", NOT_ALLOWED, of=("CAD SR",))(
    _more_content(_CONTAINS, Given("ValueType", "CS", "PNAME"), _NAME, Given("PersonName", "PN", "Doe^Jane"))
)
_BY_REFERENCE = (
    Given("RelationshipType", "CS", "INFERRED FROM"),
    Given("ReferencedContentItemIdentifier", "UL", (1, 9)),
)
MODULES.add("an item by reference in a report that has none", NOT_ALLOWED, of=("KO", "dose SR"))(
    _more_content(*_BY_REFERENCE)
)
MODULES.add("a reference to an item that is not there", NOT_ALLOWED, of=("CAD SR", "SR"))(_more_content(*_BY_REFERENCE))


@MODULES.add("evidence of another image than the one referred to", "reference/evidence-missing", of=("KO", "CAD SR"))
def _(sound: Sound) -> Sound:
    path = "CurrentRequestedProcedureEvidenceSequence.ReferencedSeriesSequence.ReferencedSOPSequence"
    return sound.inside(path, _with("ReferencedSOPInstanceUID", "UI", "1.2.826.0.1.3680043.10.1777.99"))


# One object that contradicts itself.


@MODULES.add("color with the number of samples of gray", PHOTOMETRIC, of=GRAY, brings=("iod/value-not-enumerated",))
def _(sound: Sound) -> Sound:
    return sound.value("PhotometricInterpretation", "RGB")


@MODULES.add("colors of JPEG 2000 in pixels that are not compressed", PHOTOMETRIC, of=("US",))
def _(sound: Sound) -> Sound:
    return sound.value("PhotometricInterpretation", "YBR_RCT")


@MODULES.add("two frames in a class for one", "pixels/frames-in-single-frame-class", of=SINGLE)
def _(sound: Sound) -> Sound:
    pixels = sound["PixelData"]
    assert isinstance(pixels.value, bytes)
    return sound.put(Given("NumberOfFrames", "IS", "2"), pixels._replace(value=pixels.value * 2))


@MODULES.add(
    "no frame at all",
    "pixels/frames-in-single-frame-class",
    of=("SEG", "enhanced CT"),
    brings=("iod/functional-group-missing",),
)
def _(sound: Sound) -> Sound:
    return sound.value("NumberOfFrames", "0")


@MODULES.add("JPEG without the flag of loss", "pixels/lossy-flag-missing", of=("CT", "CR", "PT", "SC"))
def _(sound: Sound) -> bytes:
    bare = sound.without("PixelData", "LossyImageCompression").declared("1.2.840.10008.1.2.4.50")
    stream = b"\xff\xd8\xff\xd9"
    item_of_4 = b"\xfe\xff\x00\xe0\x04\0\0\0"
    head = b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff"
    return bare.content() + head + b"\xfe\xff\x00\xe0\0\0\0\0" + item_of_4 + stream + b"\xfe\xff\xdd\xe0\0\0\0\0"


for _name, _keyword, _value in (
    ("a study UID of a template", "StudyInstanceUID", "1.2.3.4.5"),
    ("a series UID of zeros", "SeriesInstanceUID", "0.0"),
    ("a transfer syntax as the series UID", "SeriesInstanceUID", "1.2.840.10008.1.2.1"),
):
    MODULES.value(_name, "identity/uid-placeholder", _keyword, _value)

for _kind, _value in (("CT", "PT"), ("MR", "CT"), ("US", "CT"), ("PT", "CT")):
    MODULES.value(f"{_kind} that says {_value}", MODALITY, "Modality", _value, of=(_kind,))


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
