"""Objects that neither tagwise nor its tables had a hand in: dciodvfy says what is missing until it is content.

An object begins with its SOP class and a few values; each attribute that dciodvfy calls missing gets a plausible value.
"""

from __future__ import annotations

import copy
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom import dcmread
from pydicom.datadict import dictionary_VM, dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from tests.oracles import dciodvfy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLASSES = "1.2.840.10008.5.1.4.1.1."
ROOT = "1.2.826.0.1.3680043.10.1777."
_PIXELS = {
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "Rows": 4,
    "Columns": 4,
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
    "PixelData": bytes(32),
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
}
_FRAMES = {**_PIXELS, "NumberOfFrames": 1, "ImageType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]}
_WORDS = {**_PIXELS, "BitsStored": 16, "HighBit": 15}
_BYTES = {**_PIXELS, "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PixelData": bytes(16)}
_PLANE = {
    "PixelSpacing": [1, 1],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "ImagePositionPatient": [0, 0, 0],
    "SliceThickness": 1,
}
_DETECTOR = {
    **_PIXELS,
    "PixelIntensityRelationship": "LIN",
    "PixelIntensityRelationshipSign": 1,
    "PresentationLUTShape": "IDENTITY",
    "PresentationIntentType": "FOR PRESENTATION",
    "RescaleIntercept": 0,
    "RescaleSlope": 1,
    "RescaleType": "US",
    "ImageLaterality": "L",
    "BodyPartExamined": "BREAST",
    "PatientOrientation": ["A", "H"],
    "BurnedInAnnotation": "NO",
    "LossyImageCompression": "00",
    "ImagerPixelSpacing": [1, 1],
    "DetectorType": "DIRECT",
    "ViewPosition": "MLO",
    "PositionerType": "NONE",
}


def _code() -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "113000", "DCM", "meaning"
    return item


KINDS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "CR": ("1", "CR", _PIXELS),
    "DX": ("1.1", "DX", _DETECTOR),
    "MG": ("1.2", "MG", {**_DETECTOR, "PositionerType": "MAMMOGRAPHIC", "OrganExposed": "BREAST"}),
    "US": ("6.1", "US", {**_BYTES, "ImageType": ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"]}),
    "NM": (
        "20",
        "NM",
        {**_WORDS, "ImageType": ["ORIGINAL", "PRIMARY", "STATIC", "EMISSION"], "NumberOfFrames": 1},
    ),
    "XA": ("12.1", "XA", {**_BYTES, "ImageType": ["ORIGINAL", "PRIMARY", "SINGLE PLANE"], "RadiationSetting": "GR"}),
    "PET": (
        "128",
        "PT",
        {**_WORDS, **_PLANE, "RescaleIntercept": 0, "SeriesType": ["STATIC", "IMAGE"], "Units": "CNTS"},
    ),
    "RT Dose": (
        "481.2",
        "RTDOSE",
        {
            **_WORDS,
            **_PLANE,
            "DoseUnits": "GY",
            "DoseType": "PHYSICAL",
            "DoseSummationType": "PLAN",
            "ImageType": None,
        },
    ),
    "RT Image": ("481.1", "RTIMAGE", {**_PIXELS, "ImageType": ["ORIGINAL", "PRIMARY", "PORTAL"]}),
    "RT Structure Set": ("481.3", "RTSTRUCT", {}),
    "Encapsulated PDF": ("104.1", "DOC", {"MIMETypeOfEncapsulatedDocument": "application/pdf"}),
    "Grayscale Presentation State": ("11.1", "PR", {}),
    "Key Object Selection": ("88.59", "KO", {"ValueType": "CONTAINER", "ConceptNameCodeSequence": [_code()]}),
    "Basic Text SR": ("88.11", "SR", {"ValueType": "CONTAINER", "ConceptNameCodeSequence": [_code()]}),
    "12-lead ECG": ("9.1.1", "ECG", {}),
    "Enhanced CT": ("2.1", "CT", _FRAMES),
    "Enhanced MR": ("4.1", "MR", _FRAMES),
    "Spatial Registration": ("66.1", "REG", {}),
    "Ophthalmic Photography": ("77.1.5.1", "OP", _BYTES),
    "VL Photographic": ("77.1.4", "XC", _BYTES),
}
"""By name: the end of the SOP class, the modality, and the values that no sentence of dciodvfy tells."""

_VALUES: dict[str, Any] = {
    "PatientSex": "F",
    "ContinuityOfContent": "SEPARATE",
    "CompletionFlag": "PARTIAL",
    "VerificationFlag": "UNVERIFIED",
    "ConversionType": "WSD",
    "BurnedInAnnotation": "NO",
    "LossyImageCompression": "00",
    "PatientOrientation": ["L", "P"],
    "Laterality": "L",
    "ImageLaterality": "L",
    "PresentationLUTShape": "IDENTITY",
    "CodingSchemeDesignator": "DCM",
    "CodeValue": "113000",
    "CodeMeaning": "meaning",
    "ReferencedSOPClassUID": CLASSES + "2",
    "ContentQualification": "RESEARCH",
    "AcquisitionContextSequence": [],
    "FrameType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    "AcquisitionTimeSynchronized": "N",
    "SynchronizationTrigger": "NO TRIGGER",
    "CountsSource": "EMISSION",
    "WaveformOriginality": "ORIGINAL",
    "WaveformBitsAllocated": 16,
    "WaveformSampleInterpretation": "SS",
    "ReportedValuesOrigin": "OPERATOR",
    "RTImagePlane": "NORMAL",
    "PrimaryDosimeterUnit": "MU",
    "FrameOfReferenceTransformationMatrixType": "RIGID",
    "FrameOfReferenceTransformationMatrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    "PixelPresentation": "MONOCHROME",
    "VolumetricProperties": "VOLUME",
    "VolumeBasedCalculationTechnique": "NONE",
    "ComplexImageComponent": "MAGNITUDE",
    "AcquisitionContrast": "T1",
    "EchoPulseSequence": "SPIN",
    "OversamplingPhase": "NONE",
    "SegmentedKSpaceTraversal": "SINGLE",
    "FrameLaterality": "L",
    "FlowCompensationDirection": "PHASE",
    "SpectrallySelectedExcitation": "NONE",
    "SpatialPresaturation": "NONE",
    "PartialFourierDirection": "PHASE",
    "ParallelAcquisitionTechnique": "SENSE",
    "MagnetizationTransfer": "NONE",
    "Tagging": "NONE",
    "VelocityEncodingDirection": [1, 0, 0],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "RescaleIntercept": 0,
    "PresentationSizeMode": "SCALE TO FIT",
    "BodyPartExamined": "HAND",
}
_BY_VR: dict[str, Any] = {
    "UI": ROOT + "9",
    "DA": "20260314",
    "TM": "101500",
    "DT": "20260314101500",
    "PN": "Doe^Jane",
    "AS": "010Y",
    "DS": "1",
    "IS": "1",
    "OB": b"\0\0",
    "OW": b"\0\0",
    "OB or OW": b"\0\0",
    "US or OW": b"\0\0",
    "OF": bytes(4),
    "AT": 0x00280010,
    "UR": "https://example.org",
    "US or SS": 1,
}
_NUMBERS = ("US", "SS", "UL", "SL", "FL", "FD", "UV", "SV")


def _plausible(keyword: str) -> Any:
    """A value for an attribute that is missing."""
    if keyword in _VALUES:
        return _VALUES[keyword]
    vr = dictionary_VR(keyword)
    if vr == "SQ":
        return [_code() if keyword.endswith("CodeSequence") else Dataset()]
    if keyword.endswith("InstanceUID") and not keyword.startswith("Referenced"):
        return f"{ROOT}{tag_for_keyword(keyword)}"
    value = 1 if vr in _NUMBERS else _BY_VR.get(vr, "YES" if vr == "CS" else "text")
    many = dictionary_VM(keyword).split("-")[0]
    return [value] * int(many) if many.isdigit() and int(many) > 1 else value


def _holder(dataset: Dataset, path: str) -> Iterator[tuple[Dataset, str]]:
    """The item that a path leads to, and its last keyword; nothing where the path cannot be followed."""
    *steps, last = path.split(".")
    for step in steps:
        keyword, _, number = step.rstrip("]").partition("[")
        sequence = dataset.get(keyword) or []
        place = int(number or 1) - 1
        if place >= len(sequence):
            return
        dataset = sequence[place]
    yield dataset, last


def _is_wanted(dataset: Dataset, place: str, keyword: str) -> bool:
    """Whether to follow dciodvfy: it asks for each form of a code, and for a group for all frames and for each."""
    if keyword in ("LongCodeValue", "URNCodeValue") or not tag_for_keyword(keyword):
        return False
    shared = (dataset.get("SharedFunctionalGroupsSequence") or [Dataset()])[0]
    if re.fullmatch(r"Shared\w+\[1\]\.FrameContentSequence", place):
        return False
    return not (re.fullmatch(r"PerFrame\w+\[\d+\]\.\w+", place) and keyword in shared)


def _share(dataset: Dataset) -> None:
    """Take a group out of the frames where it is shared: dciodvfy asks for both."""
    for frame in dataset.get("PerFrameFunctionalGroupsSequence") or []:
        for element in list(frame):
            if element.tag in dataset.SharedFunctionalGroupsSequence[0]:
                del frame[element.tag]


def filled(name: str) -> Dataset:
    """The object of a kind, filled until dciodvfy asks for nothing more, or stops to be answered."""
    ends, modality, values = KINDS[name]
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CLASSES + ends
    dataset.file_meta.MediaStorageSOPInstanceUID = ROOT + "1"
    first = {"SOPClassUID": CLASSES + ends, "SOPInstanceUID": ROOT + "1", "Modality": modality, **values}
    for keyword, value in first.items():
        if value is not None:
            setattr(dataset, keyword, value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "object.dcm"
        before: set[str] = set()
        for _ in range(30):
            _share(dataset)
            dataset.save_as(path, enforce_file_format=True)
            wanted = {
                e.path for e in dciodvfy.errors(path) if e.kind.startswith(("Missing attribute", "Empty attribute"))
            }
            if not wanted or wanted == before:
                break
            before = wanted
            for place in sorted(wanted):
                for holder, keyword in _holder(dataset, place):
                    if _is_wanted(dataset, place, keyword):
                        setattr(holder, keyword, _plausible(keyword))
        return copy.deepcopy(dcmread(path))
