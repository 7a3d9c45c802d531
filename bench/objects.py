"""Makes sound objects of five kinds for `bench/check.py`, each with values of its own, the same on every machine.

Usage: python bench/objects.py FOLDER [OBJECTS]
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = "1.2.826.0.1.3680043.10.1340.9"
_CLASSES = "1.2.840.10008.5.1.4.1.1."
_PER_SERIES = 40
_FRAMES = 60
_AXIAL = [1, 0, 0, 0, 1, 0]
_ACQUIRED = ["ORIGINAL", "PRIMARY", "AXIAL"]


def _item(**attributes: object) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, Sequence(value) if isinstance(value, list) and keyword.endswith("Sequence") else value)
    return made


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    return _item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _common(modality: str, sop_class: str, number: int) -> Dataset:
    """What every object has: patient, study, series, equipment."""
    series = number // _PER_SERIES
    clock = f"{8 + series % 10:02}{number % 60:02}{number * 7 % 60:02}.{number % 1000:03}"
    return _item(
        SpecificCharacterSet="ISO_IR 100",
        SOPClassUID=_CLASSES + sop_class,
        SOPInstanceUID=f"{ROOT}.1.{modality.encode().hex().translate(_DIGITS)}.{number + 1}",
        InstanceCreationDate="20260102",
        InstanceCreationTime=clock,
        StudyDate="20260102",
        StudyTime=f"{8 + series % 10:02}0012",
        ContentDate="20260102",
        ContentTime=clock,
        AccessionNumber=f"A{series:07}",
        Modality=modality,
        Manufacturer="Example Devices",
        ManufacturerModelName="Model 9",
        DeviceSerialNumber="4711",
        SoftwareVersions=["1.2", "3.4"],
        InstitutionName="Example Hospital",
        StationName=f"{modality}01",
        ReferringPhysicianName="Referrer^Example",
        StudyDescription="Chest with contrast medium",
        SeriesDescription=f"Series {series + 1}",
        PatientName=f"M\u00fcller^Example {series}",
        PatientID=f"P{series:06}",
        PatientBirthDate="19700101",
        PatientSex="O",
        PatientAge="056Y",
        StudyInstanceUID=f"{ROOT}.2.{series + 1}",
        SeriesInstanceUID=f"{ROOT}.3.{modality.encode().hex().translate(_DIGITS)}.{series + 1}",
        StudyID="1",
        SeriesNumber="2",
        InstanceNumber=str(number % _PER_SERIES + 1),
    )


_DIGITS = str.maketrans("abcdef", "123456")


def _private(dataset: Dataset, group: int, creator: str, number: int) -> None:
    block = dataset.private_block(group, creator, create=True)
    for element in range(10):
        block.add_new(element, "LO" if element % 2 else "DS", f"{number % 7}{element}")


def _pixels(dataset: Dataset, size: int, frames: int = 1) -> None:
    for keyword, value in {
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": size,
        "Columns": size,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "PixelData": bytes(2 * size * size * frames),
    }.items():
        setattr(dataset, keyword, value)


def _slice(dataset: Dataset, number: int) -> None:
    place = 1.25 * (number % _PER_SERIES) - 310.5
    for keyword, value in {
        "ImageType": _ACQUIRED,
        "AcquisitionDate": "20260102",
        "AcquisitionTime": dataset.ContentTime,
        "SeriesDate": "20260102",
        "SeriesTime": dataset.StudyTime,
        "AcquisitionNumber": "1",
        "BodyPartExamined": "CHEST",
        "PatientPosition": "FFS",
        "ProtocolName": "Chest",
        "FrameOfReferenceUID": f"{ROOT}.4.{number // _PER_SERIES + 1}",
        "PositionReferenceIndicator": "SN",
        "ImagePositionPatient": [-180, -180, f"{place:.2f}"],
        "ImageOrientationPatient": _AXIAL,
        "SliceLocation": f"{place:.2f}",
        "SliceThickness": "1.25",
        "PixelSpacing": [0.703125, 0.703125],
        "WindowCenter": "40",
        "WindowWidth": "400",
        "LossyImageCompression": "00",
    }.items():
        setattr(dataset, keyword, value)


def ct(number: int) -> Dataset:
    """A CT image of 512 x 512 pixels with about a hundred elements, twenty of them private."""
    made = _common("CT", "2", number)
    _slice(made, number)
    for keyword, value in {
        "ScanOptions": "HELICAL MODE",
        "KVP": "120",
        "DataCollectionDiameter": "500",
        "ReconstructionDiameter": "360",
        "DistanceSourceToDetector": "949",
        "DistanceSourceToPatient": "541",
        "GantryDetectorTilt": "0",
        "TableHeight": "150.5",
        "RotationDirection": "CW",
        "ExposureTime": "500",
        "XRayTubeCurrent": str(200 + number % 90),
        "Exposure": str(100 + number % 45),
        "FilterType": "BODY FILTER",
        "GeneratorPower": "24000",
        "FocalSpots": "1.2",
        "ConvolutionKernel": "STANDARD",
        "RescaleIntercept": "-1024",
        "RescaleSlope": "1",
        "RescaleType": "HU",
    }.items():
        setattr(made, keyword, value)
    _private(made, 0x0009, "EXAMPLE_IDEN_01", number)
    _private(made, 0x0019, "EXAMPLE_ACQU_01", number)
    _pixels(made, 512)
    return made


def mr(number: int) -> Dataset:
    """An MR image of 256 x 256 pixels that refers to three localizers."""
    made = _common("MR", "4", number)
    _slice(made, number)
    for keyword, value in {
        "ImageType": ["ORIGINAL", "PRIMARY", "OTHER"],
        "ScanningSequence": "SE",
        "SequenceVariant": "SK",
        "ScanOptions": "PFP",
        "MRAcquisitionType": "2D",
        "SequenceName": "*tse2d1_11",
        "RepetitionTime": "4200",
        "EchoTime": "95",
        "EchoTrainLength": "11",
        "NumberOfAverages": "1",
        "ImagingFrequency": "63.864",
        "ImagedNucleus": "1H",
        "EchoNumbers": "1",
        "MagneticFieldStrength": "1.5",
        "SpacingBetweenSlices": "1.25",
        "PercentSampling": "100",
        "PixelBandwidth": "190",
        "FlipAngle": "150",
        "SAR": f"0.{number % 90 + 10}",
        "ReferencedImageSequence": Sequence(
            [
                _item(ReferencedSOPClassUID=f"{_CLASSES}4", ReferencedSOPInstanceUID=f"{ROOT}.5.{number + 1}.{one}")
                for one in (1, 2, 3)
            ]
        ),
    }.items():
        setattr(made, keyword, value)
    _private(made, 0x0019, "EXAMPLE MR HEADER", number)
    _pixels(made, 256)
    return made


def enhanced_ct(number: int) -> Dataset:
    """An Enhanced CT image of sixty frames of 64 x 64 pixels, with functional groups."""
    made = _common("CT", "2.1", number)
    for keyword, value in {
        "ImageType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
        "AcquisitionDateTime": "20260102101112.345",
        "AcquisitionDuration": 4.5,
        "SeriesDate": "20260102",
        "SeriesTime": made.StudyTime,
        "AcquisitionNumber": "1",
        "ContentQualification": "PRODUCT",
        "PixelPresentation": "MONOCHROME",
        "VolumetricProperties": "VOLUME",
        "VolumeBasedCalculationTechnique": "NONE",
        "MultienergyCTAcquisition": "NO",
        "PatientPosition": "FFS",
        "FrameOfReferenceUID": f"{ROOT}.4.{number // _PER_SERIES + 1}",
        "PositionReferenceIndicator": "SN",
        "NumberOfFrames": str(_FRAMES),
        "LossyImageCompression": "00",
        "PresentationLUTShape": "IDENTITY",
        "BurnedInAnnotation": "NO",
        "AcquisitionContextSequence": Sequence([]),
        "SharedFunctionalGroupsSequence": Sequence([_shared()]),
        "PerFrameFunctionalGroupsSequence": Sequence([_frame(number, one) for one in range(_FRAMES)]),
    }.items():
        setattr(made, keyword, value)
    made.DimensionOrganizationSequence = Sequence([_item(DimensionOrganizationUID=f"{ROOT}.6")])
    made.DimensionIndexSequence = Sequence(
        [
            _item(
                DimensionOrganizationUID=f"{ROOT}.6",
                DimensionIndexPointer=0x00209057,
                FunctionalGroupPointer=0x00209111,
                DimensionDescriptionLabel="In-Stack Position",
            )
        ]
    )
    _pixels(made, 64, _FRAMES)
    return made


def _shared() -> Dataset:
    frame_type = _item(
        FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
        PixelPresentation="MONOCHROME",
        VolumetricProperties="VOLUME",
        VolumeBasedCalculationTechnique="NONE",
    )
    anatomy = _item(AnatomicRegionSequence=[_code("51185008", "SCT", "Thorax")], FrameLaterality="U")
    return _item(
        CTImageFrameTypeSequence=[frame_type],
        PixelMeasuresSequence=[_item(PixelSpacing=[0.7, 0.7], SliceThickness="1.25")],
        PlaneOrientationSequence=[_item(ImageOrientationPatient=_AXIAL)],
        FrameAnatomySequence=[anatomy],
        PixelValueTransformationSequence=[_item(RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU")],
        FrameVOILUTSequence=[_item(WindowCenter="40", WindowWidth="400")],
        IrradiationEventIdentificationSequence=[_item(IrradiationEventUID=f"{ROOT}.7")],
        CTAcquisitionTypeSequence=[
            _item(AcquisitionType="SPIRAL", TubeAngle=0.0, ConstantVolumeFlag="NO", FluoroscopyFlag="NO")
        ],
        CTAcquisitionDetailsSequence=[
            _item(
                RotationDirection="CW",
                RevolutionTime=0.5,
                SingleCollimationWidth=0.625,
                TotalCollimationWidth=40.0,
                TableHeight="150.5",
                GantryDetectorTilt="0",
                DataCollectionDiameter="500",
            )
        ],
        CTTableDynamicsSequence=[_item(TableSpeed=78.7, TableFeedPerRotation=39.3, SpiralPitchFactor=0.98)],
        CTGeometrySequence=[_item(DistanceSourceToDetector="949", DistanceSourceToDataCollectionCenter=541.0)],
        CTReconstructionSequence=[
            _item(
                ReconstructionAlgorithm="FILTER_BACK_PROJ",
                ConvolutionKernel="STANDARD",
                ConvolutionKernelGroup="BODY",
                ReconstructionDiameter="360",
                ReconstructionPixelSpacing=[0.7, 0.7],
                ReconstructionAngle=360.0,
                ImageFilter="NONE",
            )
        ],
        CTExposureSequence=[
            _item(
                ExposureTimeInms=500.0,
                XRayTubeCurrentInmA=200.0,
                ExposureInmAs=100.0,
                ExposureModulationType="NONE",
                CTDIvol=5.5,
                CTDIPhantomTypeCodeSequence=[_code("113691", "DCM", "IEC Body Dosimetry Phantom")],
            )
        ],
        CTXRayDetailsSequence=[
            _item(
                KVP="120",
                FocalSpots="1.2",
                FilterType="NONE",
                FilterMaterial="ALUMINUM",
                CalciumScoringMassFactorPatient=1.0,
            )
        ],
    )


def _frame(number: int, frame: int) -> Dataset:
    content = _item(
        FrameAcquisitionDateTime=f"2026010210{number % 60:02}{frame:02}.100000",
        FrameReferenceDateTime=f"2026010210{number % 60:02}{frame:02}.350000",
        FrameAcquisitionDuration=500.0,
        FrameAcquisitionNumber=1,
        StackID="1",
        InStackPositionNumber=frame + 1,
        DimensionIndexValues=[frame + 1],
    )
    position = _item(
        TablePosition=frame * 1.25,
        DataCollectionCenterPatient=[0.0, 0.0, frame * 1.25],
        ReconstructionTargetCenterPatient=[0.0, 0.0, frame * 1.25],
    )
    return _item(
        FrameContentSequence=[content],
        PlanePositionSequence=[_item(ImagePositionPatient=[-22.4, -22.4, f"{number % 9}.{frame:02}"])],
        CTPositionSequence=[position],
    )


def report(number: int) -> Dataset:
    """A Comprehensive SR document with thirty measurements, each with its unit and the image it was made on."""
    made = _common("SR", "88.33", number)
    for keyword, value in {
        "SeriesDate": "20260102",
        "SeriesTime": made.StudyTime,
        "CompletionFlag": "COMPLETE",
        "VerificationFlag": "UNVERIFIED",
        "ReferencedPerformedProcedureStepSequence": Sequence([]),
        "PerformedProcedureCodeSequence": Sequence([]),
        "ValueType": "CONTAINER",
        "ContinuityOfContent": "SEPARATE",
        "ConceptNameCodeSequence": Sequence([_code("126000", "DCM", "Imaging Measurement Report")]),
    }.items():
        setattr(made, keyword, value)
    images = [(f"{_CLASSES}2", f"{ROOT}.8.{number + 1}.{one}") for one in range(30)]
    references = [_item(ReferencedSOPClassUID=one, ReferencedSOPInstanceUID=uid) for one, uid in images]
    series = _item(SeriesInstanceUID=f"{ROOT}.3.4354.1", ReferencedSOPSequence=references)
    made.CurrentRequestedProcedureEvidenceSequence = Sequence(
        [_item(StudyInstanceUID=made.StudyInstanceUID, ReferencedSeriesSequence=[series])]
    )
    made.ContentSequence = Sequence([_measured(number, one, image) for one, image in enumerate(images)])
    return made


def _measured(number: int, one: int, image: tuple[str, str]) -> Dataset:
    value = _item(MeasurementUnitsCodeSequence=[_code("mm", "UCUM", "mm")], NumericValue=f"{number % 50 + 10}.{one}")
    source = _item(
        RelationshipType="INFERRED FROM",
        ValueType="IMAGE",
        ReferencedSOPSequence=[_item(ReferencedSOPClassUID=image[0], ReferencedSOPInstanceUID=image[1])],
    )
    return _item(
        RelationshipType="CONTAINS",
        ValueType="NUM",
        ConceptNameCodeSequence=[_code("410668003", "SCT", "Length")],
        MeasuredValueSequence=[value],
        ContentSequence=[source],
    )


def structures(number: int) -> Dataset:
    """An RT Structure Set of five regions of interest with sixty contours of forty points each."""
    made = _common("RTSTRUCT", "481.3", number)
    now = made.ContentTime
    del made.ContentDate, made.ContentTime
    rois = range(1, 6)
    for keyword, value in {
        "OperatorsName": "Operator^Example",
        "SeriesDate": "20260102",
        "SeriesTime": made.StudyTime,
        "StructureSetLabel": f"Plan {number % 9}",
        "StructureSetDate": "20260102",
        "StructureSetTime": now,
        "ApprovalStatus": "UNAPPROVED",
        "FrameOfReferenceUID": f"{ROOT}.4.{number // _PER_SERIES + 1}",
        "PositionReferenceIndicator": "",
        "StructureSetROISequence": Sequence(
            [
                _item(
                    ROINumber=str(roi),
                    ReferencedFrameOfReferenceUID=f"{ROOT}.4.{number // _PER_SERIES + 1}",
                    ROIName=f"Organ {roi}",
                    ROIGenerationAlgorithm="MANUAL",
                )
                for roi in rois
            ]
        ),
        "ROIContourSequence": Sequence(
            [
                _item(
                    ReferencedROINumber=str(roi),
                    ROIDisplayColor=[255, 10 * roi, 0],
                    ContourSequence=_contours(number, roi),
                )
                for roi in rois
            ]
        ),
        "RTROIObservationsSequence": Sequence(
            [
                _item(
                    ObservationNumber=str(roi),
                    ReferencedROINumber=str(roi),
                    RTROIInterpretedType="ORGAN",
                    ROIInterpreter="",
                )
                for roi in rois
            ]
        ),
    }.items():
        setattr(made, keyword, value)
    return made


def _contours(number: int, roi: int) -> list[Dataset]:
    return [
        _item(
            ContourImageSequence=[
                _item(ReferencedSOPClassUID=f"{_CLASSES}2", ReferencedSOPInstanceUID=f"{ROOT}.8.{number + 1}.{one}")
            ],
            ContourGeometricType="CLOSED_PLANAR",
            NumberOfContourPoints="40",
            ContourData=[f"{axis * (roi + one) % 97}.{number % 90 + 10}" for axis in range(1, 121)],
        )
        for one in range(60)
    ]


KINDS: dict[str, Callable[[int], Dataset]] = {
    "CT": ct,
    "MR": mr,
    "Enhanced CT": enhanced_ct,
    "Comprehensive SR": report,
    "RT Structure Set": structures,
}


def content(dataset: Dataset) -> bytes:
    """The object as a file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta = meta
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def make(folder: Path, objects: int = 100, only: Iterable[str] = KINDS) -> Path:
    """Write that many objects of each kind, or return those that are there."""
    done = folder.with_name(f"{folder.name}.made-{objects}")
    if not done.exists():
        for kind in only:
            (folder / kind).mkdir(parents=True, exist_ok=True)
            for number in range(objects):
                (folder / kind / f"{number:04}.dcm").write_bytes(content(KINDS[kind](number)))
        done.touch()
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100))
