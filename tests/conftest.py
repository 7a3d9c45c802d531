"""What all tests share: real files, made-up objects, and a place without surprises."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

if TYPE_CHECKING:
    from collections.abc import Callable

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"

PYDICOM_DATA = Path(pydicom.__file__).parent / "data"


def real_files() -> list[Path]:
    """Every file that pydicom ships as test data, DICOM or not."""
    folders = ("test_files", "charset_files", "palettes")
    return sorted(path for folder in folders for path in (PYDICOM_DATA / folder).rglob("*") if path.is_file())


def dicom_bytes(**keywords: object) -> bytes:
    """A small CT object as Part 10 bytes; keywords replace or add attributes, None removes one."""
    dataset = Dataset()
    values: dict[str, object] = {
        "SOPClassUID": CT_IMAGE_STORAGE,
        "SOPInstanceUID": "1.2.826.0.1.3680043.10.1.1.1",
        "StudyDate": "20260102",
        "Modality": "CT",
        "Manufacturer": "ACME",
        "StationName": "CT01",
        "ManufacturerModelName": "Scan 1",
        "PatientName": "Doe^Jane",
        "PatientID": "P1",
        "DeviceSerialNumber": "100",
        "SoftwareVersions": "1.0",
        "StudyInstanceUID": "1.2.826.0.1.3680043.10.1",
        "SeriesInstanceUID": "1.2.826.0.1.3680043.10.1.1",
        "SeriesNumber": "1",
        "InstanceNumber": "1",
        "ImagePositionPatient": [0, 0, 0],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "FrameOfReferenceUID": "1.2.826.0.1.3680043.10.9",
        "RescaleIntercept": "-1024",
        "RescaleSlope": "1",
        **keywords,
    }
    for keyword, value in values.items():
        if value is not None:
            setattr(dataset, keyword, value)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CT_IMAGE_STORAGE)
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "1.2.3")
    dataset.file_meta = meta
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """Write objects into a folder: each argument is the keywords of one object. Returns the folder."""
    folder = tmp_path / "archive"

    def write(*objects: dict[str, object]) -> Path:
        folder.mkdir(exist_ok=True)
        start = len(list(folder.iterdir()))
        for number, keywords in enumerate(objects, start=start):
            uid = f"1.2.826.0.1.3680043.10.1.1.{number + 1}"
            place = [0, 0, 2.5 * number]
            own = {"SOPInstanceUID": uid, "InstanceNumber": str(number + 1), "ImagePositionPatient": place}
            (folder / f"IM{number:04}").write_bytes(dicom_bytes(**{**own, **keywords}))
        return folder

    return write
