"""What all tests share: real files, made-up objects, and a place without surprises."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from hypothesis import settings
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagwise.standard.text.library import Text

# A busy machine takes longer than any deadline now and then. `make test` tries the same examples every time, so that
# whoever changes something else does not meet a new one; `make test-slow` looks for new ones.
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.register_profile("new examples", deadline=None)
settings.load_profile("same examples")

OTHER_PROCESSES = ("auditing", "cli", "faults", "scanning", "sources", "spark", "stores", "web")
"""Folders whose tests start servers, browsers and processes: these have time limits of their own, not ours."""

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


def pytest_configure() -> None:
    """What is made once for all tests is made without texts, too."""
    os.environ["TAGWISE_STANDARD_TEXT"] = "off"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with other processes is tried once more when it fails; the summary lists every one that needed it."""
    tests = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(tests) and item.path.relative_to(tests).parts[0] in OTHER_PROCESSES:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def no_text_of_the_standard(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pages are the same whether a text is installed or not; tests of texts ask for one. No cache is the user's."""
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "off")
    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


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


DOCBOOK = Path(__file__).parent / "standard" / "docbook"
"""Small DocBook files, written for these tests, in the structure of NEMA's."""


@pytest.fixture(scope="session")
def package_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the compiled text of the package dicom-standard, made once."""
    from tagwise.standard.text import library

    cache = tmp_path_factory.mktemp("package-text")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAGWISE_CACHE", str(cache))
        assert library.packaged() is not None
    return cache


@pytest.fixture
def package_text(package_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages have definitions from the package, edition 2020a."""
    monkeypatch.setenv("TAGWISE_CACHE", str(package_cache))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "package")


@pytest.fixture
def imported_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Text:
    """Pages have definitions from the small DocBook files, as edition 2024b."""
    from tagwise.standard.text import library

    monkeypatch.setenv("TAGWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWISE_STANDARD_TEXT", "imported")
    return library.import_standard(DOCBOOK)
