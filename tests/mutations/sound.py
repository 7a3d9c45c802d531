"""Sound objects of many modalities, each as a list of elements that can be damaged and written again, byte by byte."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pydicom
import pydicom.data
from highdicom.legacy import LegacyConvertedEnhancedCTImage
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from tests.validation import test_sound_objects as written_by_highdicom

from tagwise.checks.writing import EXPLICIT, Given, data_set, with_group_length
from tagwise.validation import parsing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tagwise.validation.objects import DataSet, Element

ROOT = written_by_highdicom.ROOT
CLASSES = "1.2.840.10008.5.1.4.1.1."
GROUP_LENGTH = 0x00020000


@dataclass(frozen=True)
class Sound:
    """One object: its file meta information without the group length, and its data set; a copy is what is changed."""

    name: str
    meta: tuple[Given, ...]
    elements: tuple[Given, ...]

    def content(self, syntax: str = EXPLICIT) -> bytes:
        """The whole file. `syntax` is how the data set is written; what is declared is in `meta`."""
        return self.head + data_set(self.elements, syntax)

    @property
    def head(self) -> bytes:
        """Preamble, prefix, and file meta information."""
        return bytes(128) + b"DICM" + with_group_length(data_set(self.meta))

    def __getitem__(self, keyword: str) -> Given:
        return next(one for one in (*self.meta, *self.elements) if one.name == keyword)

    def __contains__(self, keyword: str) -> bool:
        return any(one.name == keyword for one in (*self.meta, *self.elements))

    def put(self, *given: Given) -> Sound:
        """With these elements in the place of those of their tags, in the order of tags."""
        new = {one.number for one in given}
        parts = []
        for number, part in enumerate((self.meta, self.elements)):
            mine = [one for one in given if (one.number >> 16 == 2) == (number == 0)]
            kept = (one for one in part if one.number not in new)
            parts.append(tuple(sorted((*kept, *mine), key=lambda one: one.number)))
        return replace(self, meta=parts[0], elements=parts[1])

    def value(self, keyword: str, value: str | bytes | float | tuple[int, ...], vr: str = "") -> Sound:
        """With another value, or another VR too, written exactly as it is given."""
        given = self[keyword]._replace(value=value, items=())
        return self.put(given._replace(vr=vr) if vr else given)

    def without(self, *keywords: str) -> Sound:
        """Without these elements."""
        meta, elements = (tuple(one for one in part if one.name not in keywords) for part in (self.meta, self.elements))
        return replace(self, meta=meta, elements=elements)

    def declared(self, syntax: str) -> Sound:
        """With another transfer syntax in the file meta information."""
        return self.value("TransferSyntaxUID", syntax)

    def inside(self, path: str, change: Callable[[list[Given]], Iterable[Given]]) -> Sound:
        """With the first item of a sequence changed; the path names sequences from the outside in, with dots."""
        keyword, _, rest = path.partition(".")
        return self.put(_inside(self[keyword], rest, change))

    def in_syntax(self, syntax: str) -> bytes:
        """The whole file, declared and written in one of the three transfer syntaxes that are not compressed."""
        return self.declared(syntax).content(syntax)


def _inside(sequence: Given, rest: str, change: Callable[[list[Given]], Iterable[Given]]) -> Given:
    first, *others = sequence.items
    if rest:
        keyword, _, further = rest.partition(".")
        new = [_inside(one, further, change) if one.name == keyword else one for one in first]
    else:
        new = list(change(list(first)))
    return sequence._replace(items=(tuple(new), *others))


def from_dataset(name: str, dataset: Dataset) -> Sound:
    """What pydicom holds, as elements."""
    stream = io.BytesIO()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(stream, enforce_file_format=True, implicit_vr=False, little_endian=True)
    content = stream.getvalue()
    parsed = parsing.parse_bytes(content)
    meta = (one for one in _given(parsed.meta, content) if one.number != GROUP_LENGTH)
    return Sound(name, tuple(meta), tuple(_given(parsed.root, content)))


def _given(part: DataSet, content: bytes) -> list[Given]:
    return [_one(element, content) for element in part.elements]


def _one(element: Element, content: bytes) -> Given:
    name = element.known.keyword or f"{element.tag:08X}"
    if element.items is not None:
        return Given(name, "SQ", items=tuple(tuple(_given(item, content)) for item in element.items))
    return Given(name, element.vr, content[element.start : element.start + element.length])


STUDY = {
    "PatientName": "Doe^Jane",
    "PatientID": "4711",
    "PatientBirthDate": "19700101",
    "PatientSex": "F",
    "StudyInstanceUID": ROOT + "100",
    "StudyDate": "20260314",
    "StudyTime": "101500",
    "ReferringPhysicianName": "",
    "StudyID": "1",
    "AccessionNumber": "A1",
    "SeriesInstanceUID": ROOT + "101",
    "SeriesNumber": 1,
    "InstanceNumber": 1,
    "SOPInstanceUID": ROOT + "102",
    "Manufacturer": "ACME",
    "ManufacturerModelName": "One",
    "DeviceSerialNumber": "1",
    "SoftwareVersions": "1.0",
    "ContentDate": "20260314",
    "ContentTime": "101501",
}
PIXELS = {
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "Rows": 8,
    "Columns": 8,
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
    "PixelData": bytes(128),
}
PLANE = {
    "ImagePositionPatient": [0, 0, 0],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "PixelSpacing": [1, 1],
    "SliceThickness": 2,
    "FrameOfReferenceUID": ROOT + "103",
    "PositionReferenceIndicator": "",
}


def item(**attributes: object) -> Dataset:
    """A data set of these attributes."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def code(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    """A coded concept."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def made(ends: str, *parts: dict[str, Any], **own: object) -> Dataset:
    """An object of the class with this end of its UID, from its attributes."""
    dataset = item(SOPClassUID=CLASSES + ends, **{k: v for part in (STUDY, *parts, own) for k, v in part.items()})
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def _file(name: str) -> Dataset:
    return pydicom.dcmread(str(pydicom.data.get_testdata_file(name, read=False)))


def _plan() -> Dataset:
    """The plan that pydicom ships says another instance in its head."""
    dataset = _file("rtplan.dcm")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def _structures() -> Dataset:
    image = item(ReferencedSOPClassUID=CLASSES + "2", ReferencedSOPInstanceUID=ROOT + "7")
    series = item(SeriesInstanceUID=ROOT + "6", ContourImageSequence=[image])
    study = item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
        ReferencedSOPInstanceUID=STUDY["StudyInstanceUID"],
        RTReferencedSeriesSequence=[series],
    )
    frame = item(FrameOfReferenceUID=ROOT + "103", RTReferencedStudySequence=[study])
    contour = item(ContourGeometricType="POINT", NumberOfContourPoints=1, ContourData=[1, 2, 3])
    region = {"ROINumber": 1, "ReferencedFrameOfReferenceUID": ROOT + "103", "ROIName": "liver"}
    structures = made(
        "481.3",
        Modality="RTSTRUCT",
        OperatorsName="",
        StructureSetLabel="one",
        StructureSetDate="20260314",
        StructureSetTime="101500",
        ReferencedFrameOfReferenceSequence=[frame],
        StructureSetROISequence=[item(**region, ROIGenerationAlgorithm="MANUAL")],
        ROIContourSequence=[item(ReferencedROINumber=1, ContourSequence=[contour])],
        RTROIObservationsSequence=[
            item(ObservationNumber=1, ReferencedROINumber=1, RTROIInterpretedType="ORGAN", ROIInterpreter="")
        ],
        ApprovalStatus="UNAPPROVED",
    )
    del structures.ContentDate, structures.ContentTime
    return structures


def _pet() -> Dataset:
    drug = item(
        RadiopharmaceuticalStartTime="091500",
        RadionuclideTotalDose=3.5e8,
        RadionuclideHalfLife=6586.2,
        RadionuclidePositronFraction=0.967,
        RadionuclideCodeSequence=[code("77004003", "18F")],
        RadiopharmaceuticalCodeSequence=[code("35321007", "FDG")],
    )
    return made(
        "128",
        PLANE,
        PIXELS,
        Modality="PT",
        PatientWeight=71,
        SeriesDate="20260314",
        SeriesTime="101500",
        AcquisitionDate="20260314",
        AcquisitionTime="101500",
        Units="BQML",
        CountsSource="EMISSION",
        SeriesType=["STATIC", "IMAGE"],
        NumberOfSlices=1,
        CorrectedImage=["DECY", "ATTN"],
        DecayCorrection="START",
        CollimatorType="",
        BitsStored=16,
        HighBit=15,
        RescaleSlope=1,
        RescaleIntercept=0,
        FrameReferenceTime=1,
        DecayFactor=1,
        ActualFrameDuration=120000,
        ImageIndex=1,
        ImageType=["ORIGINAL", "PRIMARY"],
        RadiopharmaceuticalInformationSequence=[drug],
        PatientOrientationCodeSequence=[code("102538003", "recumbent")],
        PatientGantryRelationshipCodeSequence=[code("102540001", "headfirst")],
    )


def _mammogram() -> Dataset:
    return made(
        "1.2",
        PIXELS,
        Modality="MG",
        PresentationIntentType="FOR PRESENTATION",
        ImageType=["ORIGINAL", "PRIMARY"],
        ImageLaterality="L",
        PatientOrientation=["A", "R"],
        BodyPartExamined="BREAST",
        AnatomicRegionSequence=[code("76752008", "Breast")],
        ViewCodeSequence=[item(**_fields(code("399162004", "cranio-caudal")), ViewModifierCodeSequence=[])],
        ViewPosition="CC",
        PositionerType="MAMMOGRAPHIC",
        ImagerPixelSpacing=[0.1, 0.1],
        PixelIntensityRelationship="LOG",
        PixelIntensityRelationshipSign=1,
        RescaleIntercept=0,
        RescaleSlope=1,
        RescaleType="US",
        PresentationLUTShape="IDENTITY",
        LossyImageCompression="00",
        BurnedInAnnotation="NO",
        WindowCenter=2048,
        WindowWidth=4096,
        DetectorType="",
        AcquisitionContextSequence=[],
        OrganExposed="BREAST",
        BreastImplantPresent="NO",
    )


def _fields(dataset: Dataset) -> dict[str, Any]:
    return {element.keyword: element.value for element in dataset}


def _computed_radiograph() -> Dataset:
    return made(
        "1",
        PIXELS,
        Modality="CR",
        BodyPartExamined="CHEST",
        ViewPosition="PA",
        PatientOrientation="",
        ImageType=["ORIGINAL", "PRIMARY"],
        ImagerPixelSpacing=[0.1, 0.1],
    )


def _ultrasound() -> Dataset:
    color = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    return made(
        "6.1",
        PIXELS,
        color,
        Modality="US",
        ImageType=["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"],
        PatientOrientation="",
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelData=bytes(192),
        LossyImageCompression="00",
    )


def _enhanced() -> Dataset:
    """Three slices in one object of several frames."""
    slices = []
    for number in (1, 2, 3):
        one = _file("CT_small.dcm")
        one.SOPInstanceUID = f"{ROOT}{200 + number}"
        one.InstanceNumber = number
        one.ImagePositionPatient = [0, 0, 5.0 * number]
        one.Rows = one.Columns = 8
        one.PixelData = bytes(128)
        one.remove_private_tags()
        slices.append(one)
    return LegacyConvertedEnhancedCTImage(slices, f"{ROOT}210", 9, f"{ROOT}211", 1)


def _small_ct() -> Dataset:
    dataset = _file("CT_small.dcm")
    dataset.Rows = dataset.Columns = 8
    dataset.PixelData = bytes(128)
    if "DataSetTrailingPadding" in dataset:
        del dataset.DataSetTrailingPadding
    return dataset


def _content(relationship: str, kind: str, name: Dataset, **value: object) -> Dataset:
    return item(RelationshipType=relationship, ValueType=kind, ConceptNameCodeSequence=[name], **value)


def _document(ends: str, modality: str, template: str, title: Dataset, *items: Dataset) -> Dataset:
    """A report of these content items, with the one image that it may refer to in its evidence."""
    image = item(ReferencedSOPClassUID=CLASSES + "1.2", ReferencedSOPInstanceUID=ROOT + "7")
    series = item(SeriesInstanceUID=ROOT + "6", ReferencedSOPSequence=[image])
    return made(
        ends,
        Modality=modality,
        ReferencedPerformedProcedureStepSequence=[],
        ValueType="CONTAINER",
        ConceptNameCodeSequence=[title],
        ContinuityOfContent="SEPARATE",
        ContentTemplateSequence=[item(MappingResource="DCMR", TemplateIdentifier=template)],
        CurrentRequestedProcedureEvidenceSequence=[
            item(StudyInstanceUID=STUDY["StudyInstanceUID"], ReferencedSeriesSequence=[series])
        ],
        ContentSequence=list(items),
    )


def _image_item() -> Dataset:
    image = item(ReferencedSOPClassUID=CLASSES + "1.2", ReferencedSOPInstanceUID=ROOT + "7")
    return item(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[image])


def _key_objects() -> Dataset:
    """One image, and why it was chosen."""
    text = _content("CONTAINS", "TEXT", code("113012", "Key Object Description", "DCM"), TextValue="see here")
    return _document("88.59", "KO", "2010", code("113000", "Of Interest", "DCM"), text, _image_item())


def _measure(name: Dataset, unit: str, value: str) -> Dataset:
    units = item(CodeValue=unit, CodingSchemeDesignator="UCUM", CodeMeaning=unit)
    measured = item(MeasurementUnitsCodeSequence=[units], NumericValue=value)
    return _content("CONTAINS", "NUM", name, MeasuredValueSequence=[measured])


def _dose() -> Dataset:
    """What a CT scan gave, in two measurements."""
    made_by = _content(
        "HAS CONCEPT MOD",
        "CODE",
        code("121058", "Procedure reported", "DCM"),
        ConceptCodeSequence=[code("77477000", "Computed Tomography X-Ray")],
    )
    total = _content(
        "CONTAINS",
        "CONTAINER",
        code("113811", "CT Accumulated Dose Data", "DCM"),
        ContinuityOfContent="SEPARATE",
        ContentSequence=[
            _measure(code("113812", "Total Number of Irradiation Events", "DCM"), "{events}", "2"),
            _measure(code("113813", "CT Dose Length Product Total", "DCM"), "mGy.cm", "312.5"),
        ],
    )
    return _report_status(
        _document("88.67", "SR", "10011", code("113701", "X-Ray Radiation Dose Report", "DCM"), made_by, total)
    )


def _detection() -> Dataset:
    """A finding of computer-aided detection that was inferred from the image."""
    found = _content(
        "CONTAINS",
        "CODE",
        code("111059", "Single Image Finding", "DCM"),
        ConceptCodeSequence=[code("129793001", "Mammography breast density")],
        ContentSequence=[item(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=[1, 1])],
    )
    return _report_status(
        _document("88.50", "SR", "4000", code("111036", "Mammography CAD Report", "DCM"), _image_item(), found)
    )


def _report_status(dataset: Dataset) -> Dataset:
    dataset.PerformedProcedureCodeSequence = []
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "UNVERIFIED"
    return dataset


MAKERS: dict[str, Callable[[], Dataset]] = {
    "CT": _small_ct,
    "MR": lambda: _file("MR_small.dcm"),
    "US": _ultrasound,
    "MG": _mammogram,
    "PT": _pet,
    "CR": _computed_radiograph,
    "SC": written_by_highdicom._secondary_capture,
    "SR": written_by_highdicom._report,
    "KO": _key_objects,
    "dose SR": _dose,
    "CAD SR": _detection,
    "SEG": written_by_highdicom._segmentation,
    "RTSTRUCT": _structures,
    "RTPLAN": _plan,
    "enhanced CT": _enhanced,
}


@cache
def sound(name: str) -> Sound:
    """The object of this kind."""
    return from_dataset(name, MAKERS[name]())
