"""Makes an archive of synthetic objects with the header shapes of several vendors, the same on every machine.

Usage: python bench/archive.py FOLDER [FILES]
"""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

ROOT = "1.2.826.0.1.3680043.10.1340"
_PER_SERIES = 40
_NUMBER = "8" * 8
"""A placeholder for the Instance Number."""
_SLOT = "9" * 12
"""A placeholder in a template's UIDs that is overwritten with a number of the same length."""


def template(vendor: str) -> bytes:
    """One object of a vendor's shape: its transfer syntax, private groups, sequences and sizes."""
    return {"ge": _ge_ct, "siemens": _siemens_mr, "philips": _philips_mr, "us": _ultrasound, "cr": _cr}[vendor]()


VENDORS = ("ge", "siemens", "philips", "us", "cr")


def _image(modality: str, sop_class: str, manufacturer: str, model: str) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = f"{ROOT}.1.{_SLOT}"
    for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(dataset, keyword, "20260102")
    for keyword in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime"):
        setattr(dataset, keyword, "101112.345")
    dataset.AccessionNumber = "A123456"
    dataset.Modality = modality
    dataset.Manufacturer = manufacturer
    dataset.InstitutionName = "Example Hospital"
    dataset.ReferringPhysicianName = "Referrer^Example"
    dataset.StationName = f"{modality}01"
    dataset.StudyDescription = "Synthetic study"
    dataset.SeriesDescription = "Synthetic series"
    dataset.ManufacturerModelName = model
    dataset.PatientName = "Müller^Example"
    dataset.PatientID = "P000001"
    dataset.PatientBirthDate = "19700101"
    dataset.PatientSex = "O"
    dataset.DeviceSerialNumber = "4711"
    dataset.SoftwareVersions = ["1.2", "3.4"]
    dataset.ProtocolName = "Synthetic protocol"
    dataset.StudyInstanceUID = f"{ROOT}.2.{_SLOT}"
    dataset.SeriesInstanceUID = f"{ROOT}.3.{_SLOT}"
    dataset.StudyID = "1"
    dataset.SeriesNumber = "2"
    dataset.InstanceNumber = _NUMBER
    dataset.ImagePositionPatient = [0, 0, 0]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.FrameOfReferenceUID = f"{ROOT}.4.{_SLOT}"
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows = 100
    dataset.Columns = 100
    dataset.PixelSpacing = [1, 1]
    dataset.BitsAllocated = 16
    dataset.BitsStored = 12
    dataset.HighBit = 11
    dataset.PixelRepresentation = 0
    dataset.PixelData = bytes(20_000)
    return dataset


def _reference() -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    item.ReferencedSOPInstanceUID = f"{ROOT}.5.1"
    return item


def _private(dataset: Dataset, group: int, creator: str, elements: int, length: int) -> None:
    block = dataset.private_block(group, creator, create=True)
    for element in range(elements):
        block.add_new(element, "LO" if element % 2 else "DS", "1" * min(length, 16))


def _ge_ct() -> bytes:
    dataset = _image("CT", "1.2.840.10008.5.1.4.1.1.2", "GE MEDICAL SYSTEMS", "Revolution CT")
    for group, creator in ((0x0009, "GEMS_IDEN_01"), (0x0019, "GEMS_ACQU_01"), (0x0021, "GEMS_RELA_01")):
        _private(dataset, group, creator, 40, 12)
    return _part10(dataset, ExplicitVRLittleEndian)


def _siemens_mr() -> bytes:
    dataset = _image("MR", "1.2.840.10008.5.1.4.1.1.4", "SIEMENS", "Aera")
    dataset.ReferencedImageSequence = Sequence([_reference() for _ in range(3)])
    dataset["ReferencedImageSequence"].is_undefined_length = True
    _private(dataset, 0x0019, "SIEMENS MR HEADER", 20, 16)
    _private(dataset, 0x0029, "SIEMENS CSA HEADER", 10, 16)
    return _part10(dataset, ExplicitVRLittleEndian)


def _philips_mr() -> bytes:
    dataset = _image("MR", "1.2.840.10008.5.1.4.1.1.4", "Philips Medical Systems", "Ingenia")
    dataset.ReferencedImageSequence = Sequence([_reference() for _ in range(6)])
    _private(dataset, 0x2001, "Philips Imaging DD 001", 60, 12)
    _private(dataset, 0x2005, "Philips MR Imaging DD 001", 60, 12)
    return _part10(dataset, ImplicitVRLittleEndian)


def _ultrasound() -> bytes:
    dataset = _image("US", "1.2.840.10008.5.1.4.1.1.3.1", "ACME Ultrasound", "Probe 9")
    dataset.NumberOfFrames = "4"
    dataset.PixelData = encapsulate([bytes(5_000) for _ in range(4)])
    dataset["PixelData"].VR = "OB"
    return _part10(dataset, JPEGBaseline8Bit)


def _cr() -> bytes:
    dataset = _image("CR", "1.2.840.10008.5.1.4.1.1.1", "Agfa", "DX-D")
    for name in ("ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID"):
        delattr(dataset, name)
    return _part10(dataset, ExplicitVRLittleEndian)


def _part10(dataset: Dataset, transfer_syntax: str) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    dataset.file_meta = meta
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def numbered(data: bytes, instance: int) -> bytes:
    """The template as another object: its own instance, and the series, study and frame that it belongs to."""
    series = instance // _PER_SERIES
    for level, number in (("1", instance), ("2", series // 4), ("3", series), ("4", series // 4)):
        data = data.replace(f"{ROOT}.{level}.{_SLOT}".encode(), f"{ROOT}.{level}.1{number:011}".encode())
    return data.replace(_NUMBER.encode(), f"{instance % _PER_SERIES + 1:08}".encode())


def make(folder: Path, files: int = 10_000) -> Path:
    """Write the archive, or return the one that is there."""
    done = folder.with_name(f"{folder.name}.made-{files}")
    if done.exists():
        return folder
    templates = [template(vendor) for vendor in VENDORS]
    order = random.Random(1)
    for instance in range(files):
        series = instance // _PER_SERIES
        path = folder / f"{series // 100:04}" / f"{series:06}" / f"IM{instance % _PER_SERIES:04}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbered(templates[series % len(templates)], instance))
        if order.random() < 0.001:
            path.with_suffix(".txt").write_text("a file that is no object")
    done.touch()
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
