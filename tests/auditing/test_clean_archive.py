"""An archive as hospitals have it, without a fault: an audit of it must not send anybody to work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

import tagwise
from tagwise.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagwise.auditing import AuditResult

CLASSES = "1.2.840.10008.5.1.4.1.1."
ROOT = "1.2.826.0.1.3680043.10.1777."

GE = {"Manufacturer": "GE MEDICAL SYSTEMS", "ManufacturerModelName": "Optima CT660", "DeviceSerialNumber": "CT4711"}
SIEMENS = {"Manufacturer": "Siemens Healthineers", "ManufacturerModelName": "Vida", "DeviceSerialNumber": "176001"}
PHILIPS = {"Manufacturer": "Philips Medical Systems", "ManufacturerModelName": "EPIQ 7C", "StationName": "US2"}
HOLOGIC = {"Manufacturer": "HOLOGIC, Inc.", "ManufacturerModelName": "Selenia Dimensions", "StationName": "MG1"}
VARIAN = {"Manufacturer": "Varian Medical Systems", "ManufacturerModelName": "ARIA RadOnc", "SoftwareVersions": "16.1"}
FUJI = {"Manufacturer": "FUJIFILM Corporation", "ManufacturerModelName": "FDR", "StationName": "CR1"}
SCANNER = {"Manufacturer": "Paper & Co", "ManufacturerModelName": "Scan Station"}
WORKSTATION = {"Manufacturer": "ACME PACS", "ManufacturerModelName": "Reader", "SoftwareVersions": "9.2\\9.2.1"}

STACK = {
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "Rows": 32,
    "Columns": 32,
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
}

AXIAL, CORONAL, SAGITTAL = [1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1]
OBLIQUE = [0.9396926, 0.3420201, 0, 0, 0, -1]


@dataclass
class Archive:
    """Writes objects below a folder; every UID and every number is new unless it is given."""

    folder: Path
    last: int = 0
    study: dict[str, Any] = field(default_factory=dict)

    def uid(self) -> str:
        """A UID that nothing else has."""
        self.last += 1
        return f"{ROOT}{self.last}"

    def new_study(self, patient: str, date: str = "20260314", **attributes: str) -> None:
        """What is written next belongs to another study."""
        self.study = {
            "PatientID": patient,
            "PatientName": f"{patient}^Example^^Dr",
            "PatientBirthDate": "19610401",
            "PatientSex": "F",
            "StudyInstanceUID": self.uid(),
            "StudyDate": date,
            "StudyTime": "235011.5",
            "AccessionNumber": f"A{self.last}",
            "StudyID": "1",
            **attributes,
        }

    def series(self, modality: str, number: int, *instances: dict[str, Any], **shared: object) -> Dataset:
        """One series of these instances: each says its class, and what else tells it from its neighbours.

        Returns an item that refers to all of them, for objects that are made from the series.
        """
        series = {"Modality": modality, "SeriesInstanceUID": self.uid(), "SeriesNumber": number, **shared}
        written = []
        for place, own in enumerate(instances, 1):
            instance = {"InstanceNumber": place, "SOPInstanceUID": self.uid()}
            written.append({**self.study, **series, **instance, **own})
            self.write(dict(written[-1]))
        named = [
            item(ReferencedSOPClassUID=CLASSES + one["class"], ReferencedSOPInstanceUID=one["SOPInstanceUID"])
            for one in written
        ]
        return item(SeriesInstanceUID=series["SeriesInstanceUID"], ReferencedSOPSequence=named)

    def evidence(self, *series: Dataset) -> dict[str, Any]:
        """What reports and key objects say about the series they are about."""
        study = item(StudyInstanceUID=self.study["StudyInstanceUID"], ReferencedSeriesSequence=list(series))
        return {"CurrentRequestedProcedureEvidenceSequence": [study]}

    def write(self, attributes: dict[str, Any]) -> None:
        """One object. `class` is its SOP class without the root that all storage classes share."""
        ends, syntax = attributes.pop("class"), attributes.pop("syntax", ExplicitVRLittleEndian)
        data_set = Dataset()
        data_set.SOPClassUID = ends if ends.startswith(("1.2.840.", "1.3.12.")) else CLASSES + ends
        for keyword, value in attributes.items():
            setattr(data_set, keyword, value)
        data_set.file_meta = FileMetaDataset()
        data_set.file_meta.TransferSyntaxUID = UID(syntax)
        path = self.folder / str(data_set.get("StudyInstanceUID", "other")) / data_set.SOPInstanceUID
        path.parent.mkdir(parents=True, exist_ok=True)
        data_set.save_as(path, enforce_file_format=True)


def item(**attributes: object) -> Dataset:
    """An item of a sequence."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def about(sequence: str, *series: Dataset) -> dict[str, Any]:
    """What presentation states (Referenced Image) and segmentations (Referenced Instance) say about series."""
    items = [
        item(SeriesInstanceUID=one.SeriesInstanceUID, **{sequence: list(one.ReferencedSOPSequence)}) for one in series
    ]
    return {"ReferencedSeriesSequence": items}


def images(sop_class: str, number: int, **attributes: object) -> list[dict[str, Any]]:
    """Images of one class that have nothing special."""
    pixels = bytes(2048 * int(str(attributes.get("NumberOfFrames", 1))))
    return [{"class": sop_class, **STACK, "PixelData": pixels, **attributes} for _ in range(number)]


def slices(
    sop_class: str, number: int, *, step: float = 2.5, direction: Sequence[float] = AXIAL, **attributes: object
) -> list[dict[str, Any]]:
    """Parallel images of one frame, one behind the other, with all that a volume needs."""
    x, y, z = (direction[a] * direction[b + 3] - direction[b] * direction[a + 3] for a, b in ((1, 2), (2, 0), (0, 1)))
    units = {"RescaleSlope": 1, "RescaleIntercept": -1024} if sop_class == "2" else {}
    return [
        {
            **one,
            "ImagePositionPatient": [round(-120 + step * place * part, 4) for part in (x, y, z)],
            "ImageOrientationPatient": list(direction),
            "PixelSpacing": [0.9765625, 0.9765625],
            "SliceThickness": 2.5,
            **units,
            **attributes,
        }
        for place, one in enumerate(images(sop_class, number, **attributes))
    ]


def cts(archive: Archive) -> None:
    """CT with scouts, reformats, dose report and dose sheet, of two vendors, over midnight; PET/CT lying down twice."""
    for vendor, syntax in ((GE, ExplicitVRLittleEndian), (SIEMENS, ImplicitVRLittleEndian)):
        archive.new_study("CT1" + vendor["DeviceSerialNumber"])
        frame = {"FrameOfReferenceUID": archive.uid()}
        kind = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
        archive.series("CT", 1, *slices("2", 2, direction=CORONAL, ImageType=kind, syntax=syntax), **frame, **vendor)
        late = {"AcquisitionDate": "20260315", "SeriesDate": "20260315", "ContentDate": "20260315"}
        thin = archive.series("CT", 2, *slices("2", 30, syntax=syntax), **frame, **late, **vendor)
        reformats = slices("2", 8, direction=OBLIQUE, ImageType=["DERIVED", "SECONDARY", "REFORMATTED"])
        archive.series("CT", 3, *reformats, **frame, **vendor)
        archive.series("SR", 997, {"class": "88.67"}, **vendor)
        archive.series("CT", 999, *images("7", 1, ConversionType="WSD"), **vendor)
        keys = {"class": "88.59", **archive.evidence(thin)}
        archive.series("KO", 1001, keys, SeriesDate="20260316", **WORKSTATION)
        state = {"class": "11.1", **about("ReferencedImageSequence", thin)}
        archive.series("PR", 1002, state, {**state, "InstanceNumber": 1}, **WORKSTATION)
    dynamic(archive)
    archive.new_study("PET1", PatientWeight="71.5")
    lying, again = archive.uid(), archive.uid()
    archive.series("CT", 2, *slices("2", 12), FrameOfReferenceUID=lying, **GE)
    pet = [{**one, "RescaleSlope": 1 + place / 8, "RescaleIntercept": 0} for place, one in enumerate(slices("128", 12))]
    uptake = archive.series("PT", 3, *pet, FrameOfReferenceUID=lying, **GE)
    archive.series("PT", 4, *slices("128", 12), FrameOfReferenceUID=lying, SeriesDescription="NAC", **GE)
    archive.series("CT", 5, *slices("2", 12), FrameOfReferenceUID=again, **GE)
    lesions = images("66.4", 2, InstanceNumber=1, **about("ReferencedInstanceSequence", uptake))
    found = archive.series("SEG", 6, *lesions, FrameOfReferenceUID=lying, **WORKSTATION)
    report = {"class": "88.33", **archive.evidence(uptake, found)}
    archive.series("SR", 7, report, {"class": "88.22"}, **WORKSTATION)


def dynamic(archive: Archive) -> None:
    """CT that returns to its slices: perfusion, cardiac phases, two energies, contrast timing, high resolution."""
    archive.new_study("CT2", SpecificCharacterSet="ISO_IR 100", PatientName="Müller^Zoë")
    frame = {"FrameOfReferenceUID": archive.uid()}
    numbers = iter(range(1, 1000))
    for number, keyword, values in (
        (1, "AcquisitionTime", ("101500", "101501.5", "101503")),
        (2, "TriggerTime", ("0", "350")),
        (3, "KVP", ("80", "140")),
        (4, "AcquisitionNumber", ("1", "2", "3")),
    ):
        phases = [{**one, keyword: value} for value in values for one in slices("2", 10)]
        archive.series("CT", number, *phases, **frame, **SIEMENS)
    archive.series("CT", 5, *slices("2", 9, step=10, SliceThickness=1), **frame, **SIEMENS)
    knee = [{**one, "InstanceNumber": 2 * next(numbers)} for one in slices("2", 12)]
    archive.series("CT", 6, *knee, **frame, **SIEMENS)
    bits = [
        {**one, "BitsStored": 12 + place % 2, "HighBit": 11 + place % 2} for place, one in enumerate(slices("2", 6))
    ]
    archive.series("CT", 7, *bits, **frame, **SIEMENS)


def mrs(archive: Archive) -> None:
    """MR of single frames with restarting numbers and a private object; enhanced MR; spectroscopy."""
    archive.new_study("MR1")
    frame = archive.uid()
    survey = [one for direction in (AXIAL, CORONAL, SAGITTAL) for one in slices("4", 5, direction=direction)]
    archive.series("MR", 1, *survey, FrameOfReferenceUID=frame, **SIEMENS)
    echoes = [
        {**one, "EchoNumbers": echo, "EchoTime": 2.46 * echo, "InstanceNumber": n}
        for echo in (1, 2)
        for n, one in enumerate(slices("4", 5), 1)
    ]
    archive.series("MR", 2, *echoes, FrameOfReferenceUID=frame, **SIEMENS)
    discs = [
        one for tilt in (-0.1, 0, 0.1) for one in slices("4", 4, direction=[1, 0, 0, 0, (1 - tilt**2) ** 0.5, tilt])
    ]
    archive.series("MR", 4, *discs, FrameOfReferenceUID=frame, **SIEMENS)
    archive.series("MR", 5, *slices("4", 20, direction=OBLIQUE, step=1), FrameOfReferenceUID=frame, **SIEMENS)
    private = {"class": "1.3.12.2.1107.5.9.1"}
    archive.series("MR", 3, *slices("4", 5), {**private}, FrameOfReferenceUID=frame, **SIEMENS)
    archive.new_study("MR2", SpecificCharacterSet="ISO_IR 192", PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    archive.series("MR", 101, *images("4.1", 1, NumberOfFrames=40), FrameOfReferenceUID=archive.uid(), **SIEMENS)
    archive.series("MR", 201, {"class": "4.2"}, FrameOfReferenceUID=archive.uid(), **SIEMENS)


def projections(archive: Archive) -> None:
    """US with clips and report; MG with tomosynthesis, for processing too; CR, DX, XA, NM."""
    archive.new_study("US1")
    clips = images("3.1", 4, NumberOfFrames=30)
    archive.series("US", 1, *images("6.1", 6), *clips, *images("7", 1, InstanceNumber=11), **PHILIPS)
    archive.series("SR", 2, {"class": "88.33"}, **PHILIPS)
    archive.new_study("MG1")
    detector = {"ImagerPixelSpacing": [0.07, 0.07]}
    quarters = [{"ImageLaterality": side, "ViewPosition": view} for view in ("CC", "MLO") for side in "RL"]
    for number, end in ((1, "1.2"), (2, "1.2.1")):
        sided = [{**one, **quarter} for one, quarter in zip(images(end, 4, **detector), quarters, strict=True)]
        archive.series("MG", number, *sided, **HOLOGIC)
    views = [{**one, "FrameOfReferenceUID": archive.uid()} for one in images("13.1.3", 4, NumberOfFrames=50)]
    archive.series("MG", 3, *views, **HOLOGIC)
    archive.series("SR", 4, {"class": "88.50"}, **HOLOGIC)
    archive.new_study("CR1")
    archive.series("CR", 1, *images("1", 2, **detector), **FUJI)
    archive.new_study("DX1")
    archive.series("DX", 1, *images("1.1", 2, **detector), *images("1.1.1", 2, **detector), **FUJI)
    archive.new_study("XA1")
    archive.series(
        "XA", 1, *images("12.1", 5, NumberOfFrames=20, **detector), *images("7", 1, InstanceNumber=6), **PHILIPS
    )
    archive.series("XA", 2, *slices("2", 6), FrameOfReferenceUID=archive.uid(), **PHILIPS)
    archive.new_study("NM1")
    archive.series("NM", 1, *images("20", 2, NumberOfFrames=64), FrameOfReferenceUID=archive.uid(), **GE)


def treatments(archive: Archive) -> None:
    """Planning CT, structures, plan, doses of plan and beams, images and records of the fractions."""
    archive.new_study("RT1")
    frame = archive.uid()
    planned = archive.series("CT", 1, *slices("2", 10), FrameOfReferenceUID=frame, **SIEMENS)
    contours = item(
        SeriesInstanceUID=planned.SeriesInstanceUID, ContourImageSequence=list(planned.ReferencedSOPSequence)
    )
    study = item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
        ReferencedSOPInstanceUID=archive.study["StudyInstanceUID"],
        RTReferencedSeriesSequence=[contours],
    )
    frames = [item(FrameOfReferenceUID=frame, RTReferencedStudySequence=[study])]
    drawn = archive.series("RTSTRUCT", 2, {"class": "481.3", "ReferencedFrameOfReferenceSequence": frames}, **VARIAN)
    plan = {"class": "481.5", "ReferencedStructureSetSequence": list(drawn.ReferencedSOPSequence)}
    beams = archive.series("RTPLAN", 3, plan, FrameOfReferenceUID=frame, **VARIAN)
    doses = images("481.2", 3, InstanceNumber=1, ReferencedRTPlanSequence=list(beams.ReferencedSOPSequence))
    archive.series("RTDOSE", 4, *doses, FrameOfReferenceUID=frame, **VARIAN)
    portals = [{**one, "FrameOfReferenceUID": archive.uid()} for one in images("481.1", 3, InstanceNumber=1)]
    archive.series("RTIMAGE", 5, *portals, **VARIAN)
    archive.series("RTRECORD", 6, {"class": "481.4"}, {"class": "481.4"}, **VARIAN)
    archive.series("REG", 7, {"class": "66.1"}, FrameOfReferenceUID=frame, **VARIAN)


def papers(archive: Archive) -> None:
    """Reports as PDF, scanned papers, photographs, an ECG, a slide; and objects that have no study by design."""
    archive.new_study("DOC1", AccessionNumber="")
    archive.series("DOC", 1, {"class": "104.1"}, **SCANNER)
    archive.series("OT", 2, *images("7", 2, ConversionType="SD"), *images("7.4", 1), {"class": "104.1"}, **SCANNER)
    archive.new_study("XC1")
    archive.series("XC", 1, *images("77.1.4", 2), **SCANNER)
    archive.series("ES", 2, *images("77.1.1", 2), *images("77.1.1.1", 1, NumberOfFrames=90), **SCANNER)
    archive.new_study("ECG1")
    archive.series("ECG", 1, {"class": "9.1.1"}, **PHILIPS)
    archive.new_study("SM1")
    slide = {"FrameOfReferenceUID": archive.uid()}
    archive.series("SM", 1, *images("77.1.6", 3, NumberOfFrames=9), **slide, **PHILIPS)
    archive.write({"class": "1.2.840.10008.5.1.4.38.1", "SOPInstanceUID": archive.uid(), "HangingProtocolName": "CT"})
    archive.write({"class": "1.2.840.10008.5.1.4.39.1", "SOPInstanceUID": "1.2.840.10008.1.5.1"})


def people(archive: Archive) -> None:
    """A patient with a prior, twins on the day of their birth, an old man, unknown people, hands and eyes, no order."""
    for date, age in (("20150602", "054Y"), ("20260314", "064Y")):
        archive.new_study("PRIOR", date, PatientAge=age, IssuerOfPatientID="HOSPITAL")
        archive.series(
            "DX",
            1,
            *images("1.1", 1, BodyPartExamined="HAND", ImageLaterality="L", ImagerPixelSpacing=[0.1, 0.1]),
            **FUJI,
        )
        archive.series(
            "DX",
            2,
            *images("1.1", 1, BodyPartExamined="HAND", ImageLaterality="R", ImagerPixelSpacing=[0.1, 0.1]),
            **FUJI,
        )
    for given in ("Max", "Moritz"):
        name = {"PatientName": f"Twin^{given}", "PatientBirthDate": "20260314", "PatientSex": "M"}
        archive.new_study(f"TWIN{given}", PatientAge="000D", **name)
        archive.series("CR", 1, *images("1", 2, BodyPartExamined="CHEST"), **FUJI)
        archive.series("CR", 2, *images("1", 1, BodyPartExamined="FOOT", Laterality="L"), **FUJI)
    archive.new_study("OLD", PatientBirthDate="19200101", PatientAge="106Y", PatientSex="M")
    archive.series("OP", 1, *(one for side in "RL" for one in images("77.1.5.1", 1, ImageLaterality=side)), **SCANNER)
    for number, hour in ((17, "08"), (18, "20")):
        unknown = {"PatientName": "Unknown^Male", "PatientBirthDate": "19000101", "PatientSex": ""}
        archive.new_study(f"UNKNOWN-2026-{number}", **unknown)
        start = {"AcquisitionDate": "20260314", "AcquisitionTime": f"{hour}1530.5", "SeriesDate": "20260314"}
        archive.series("CT", 2, *slices("2", 4), FrameOfReferenceUID=archive.uid(), **start, **GE)
        archive.series("SR", 3, {"class": "88.22", "SeriesDate": "20260907"}, **WORKSTATION)
    archive.new_study("EMERGENCY", AccessionNumber="", StudyTime="")
    archive.series("US", 1, *images("6.1", 2), **PHILIPS)


def copies(archive: Archive) -> None:
    """The first study again: as it is, in two other transfer syntaxes, and on media with a DICOMDIR."""
    first = min(path for path in archive.folder.iterdir() if path.is_dir())
    copytree(first, archive.folder / "second send" / first.name)
    for name, syntax in (("implicit", ImplicitVRLittleEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
        folder = archive.folder / name
        folder.mkdir()
        for path in first.iterdir():
            data_set = dcmread(path)
            data_set.file_meta.TransferSyntaxUID = syntax
            data_set.save_as(folder / path.name, implicit_vr=syntax.is_implicit_VR, little_endian=True)
    media = FileSet()
    for path in first.iterdir():
        if dcmread(path).Modality == "CT":
            media.add(path)
    media.write(archive.folder / "media")
    media._stage["t"].cleanup()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive on disk."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    for make in (cts, mrs, projections, treatments, papers, people, copies):
        make(archive)
    return archive.folder


def _faults(audited: AuditResult) -> list[str]:
    return [
        f"{finding.severity} {finding.check}: {finding.message}"
        for finding in audited.findings
        if finding.severity.reaches(Severity.MEDIUM)
    ]


def test_nothing_in_a_clean_archive_is_worse_than_low(folder: Path) -> None:
    """No false alarm in what every hospital has; every object was read, and every check ran."""
    audited = tagwise.audit(folder)
    assert _faults(audited) == []
    assert audited.counts.unreadable == 0
    assert audited.counts.studies >= 12
    assert audited.not_checkable == ()
    assert audited.crashed == ()


def test_low_findings_of_a_clean_archive_are_the_known_ones(folder: Path) -> None:
    """What deviates without harm is said, in few words: a nightly report stays short."""
    found = Counter(finding.check for finding in tagwise.audit(folder).findings)
    assert found == {
        "consistency/frame-of-reference-differs": 2,  # views of a tomosynthesis, portal images
        "consistency/instance-number-duplicate": 2,  # echoes, portal images
        "consistency/sop-class-mixed-in-series": 1,  # a private object beside MR images
        "identity/object-stored-twice": 7,  # the series that were sent a second time
        "consistency/sop-class-unknown": 1,  # the private object
    }


@pytest.mark.parametrize(
    ("keyword", "value", "check"),
    [
        ("PatientID", "OTHER", "identity/study-uid-in-several-patients"),
        ("StudyDate", "20200101", "consistency/study-date-differs"),
        ("Modality", "PT", "consistency/modality-sop-class-mismatch"),
        ("SOPInstanceUID", "", "identity/uid-missing"),
        ("SeriesInstanceUID", "1.2.3.4.5", "identity/uid-placeholder"),
        ("PixelData", b"", "encoding/pixel-data-incomplete"),
        ("PatientID", "", "patient/id-missing"),
        ("PatientBirthDate", "19810101", "patient/demographics-differ-in-study"),
        ("AccessionNumber", "OTHER", "consistency/accession-number-differs"),
        ("ImagePositionPatient", None, "geometry/position-missing"),
        ("RescaleIntercept", 0, "pixels/rescale-differs"),
        ("HighBit", 15, "pixels/bits-contradictory"),
        ("FrameOfReferenceUID", "", "consistency/frame-of-reference-missing"),
    ],
)
def test_one_fault_in_it_is_found(folder: Path, tmp_path: Path, keyword: str, value: object, check: str) -> None:
    """The archive above is one in which faults can be seen."""
    first = min(path for path in folder.iterdir() if path.name.startswith(ROOT))
    study = tmp_path / "study"
    copytree(first, study)
    path = min(path for path in study.iterdir() if dcmread(path).Modality == "CT")
    data_set = dcmread(path)
    setattr(data_set, keyword, value)
    data_set.save_as(path)
    assert any(check in fault for fault in _faults(tagwise.audit(tmp_path)))


def test_a_lost_slice_is_missed_by_geometry_and_by_what_refers_to_it(folder: Path, tmp_path: Path) -> None:
    """The volume has a hole, and key objects and presentation states name an image that is not there."""
    first = min(path for path in folder.iterdir() if path.name.startswith(ROOT))
    study = tmp_path / "study"
    copytree(first, study)
    lost = next(path for path in study.iterdir() if _is_slice(dcmread(path), series=2, number=11))
    lost.unlink()
    faults = _faults(tagwise.audit(tmp_path))
    assert sum("geometry/slice-spacing-uneven: 1 hole has room for 1 slice" in fault for fault in faults) == 1
    assert sum(fault.startswith("high reference/object-missing: 1 image") for fault in faults) == 2


def test_a_file_that_vanishes_between_two_scans_is_found(folder: Path, tmp_path: Path) -> None:
    """Moving it is no fault, deleting it is one."""
    first = min(path for path in folder.iterdir() if path.name.startswith(ROOT))
    study, index = tmp_path / "study", tmp_path / "index.duckdb"
    copytree(first, study)
    tagwise.scan(study, index=index)
    path = next(path for path in study.iterdir() if _is_slice(dcmread(path), series=2, number=11))
    path.rename(study / "moved")
    tagwise.scan(study, index=index)
    assert _faults(tagwise.audit(index)) == []
    (study / "moved").unlink()
    tagwise.scan(study, index=index)
    faults = _faults(tagwise.audit(index))
    assert sum(fault.startswith("medium storage/file-vanished: 2 files are gone") for fault in faults) == 1


def _is_slice(data_set: Dataset, *, series: int, number: int) -> bool:
    return (data_set.Modality, data_set.SeriesNumber, data_set.InstanceNumber) == ("CT", series, number)
