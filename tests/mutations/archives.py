"""Damage across files: what is wrong only beside another object, done to small studies of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEGBaseline8Bit
from tests.auditing.test_clean_archive import CLASSES, GE, WORKSTATION, Archive, slices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydicom.dataset import Dataset

UIDS = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "FrameOfReferenceUID",
    "PatientID",
    "AccessionNumber",
)


@dataclass
class Case:
    """Two series of twelve CT slices of one study with a key object, and a series of another patient.

    `gone` are objects that are not written again, `more` are further ones.
    """

    first: list[Dataset]
    second: list[Dataset]
    keys: list[Dataset]
    other: list[Dataset]
    gone: list[Dataset] = field(default_factory=list)
    more: list[Dataset] = field(default_factory=list)

    @property
    def every(self) -> list[Dataset]:
        """All objects that are there."""
        return [*self.first, *self.second, *self.keys, *self.other]

    def names(self) -> set[str]:
        """Every UID and number by which a finding could name one of the objects."""
        return {str(one.get(keyword)) for one in (*self.every, *self.more) for keyword in UIDS if one.get(keyword)}


class ArchiveMutation(NamedTuple):
    """One kind of damage across files; `brings` are other checks of high severity that may fire in its studies."""

    name: str
    check: str
    damage: Callable[[Case], None]
    brings: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.name


ARCHIVE: list[ArchiveMutation] = []


def _add(name: str, check: str, *brings: str) -> Callable[[Callable[[Case], None]], None]:
    def add(damage: Callable[[Case], None]) -> None:
        ARCHIVE.append(ArchiveMutation(name, check, damage, frozenset(brings)))

    return add


def _all(name: str, check: str, where: str, *brings: str, **values: object) -> None:
    """A mutation that gives attributes of all objects of a list, or of `first[0]`, other values."""

    def damage(case: Case) -> None:
        group, _, place = where.partition(" ")
        objects = getattr(case, group)
        for one in objects[: int(place)] if place else objects:
            for keyword, value in values.items():
                setattr(one, keyword, value)

    _add(name, check, *brings)(damage)


def make(archive: Archive, folder: Path, number: int) -> Case:
    """The objects of one case, before the damage."""
    archive.folder = folder
    archive.new_study(f"MUT{number}", PatientName=f"Case{number}^Ann")
    frame = {"FrameOfReferenceUID": archive.uid()}
    first = archive.series("CT", 1, *slices("2", 12), **frame, **GE)
    archive.series("CT", 2, *slices("2", 12), **frame, **GE)
    archive.series("KO", 3, {"class": "88.59", **archive.evidence(first)}, **WORKSTATION)
    archive.new_study(f"OTHER{number}", PatientName=f"Other{number}^Eve", PatientBirthDate="19800402")
    archive.series("CT", 9, *slices("2", 12), FrameOfReferenceUID=archive.uid(), **GE)
    series: dict[int, list[Dataset]] = {1: [], 2: [], 3: [], 9: []}
    for path in sorted(folder.rglob("1.2*")):
        if path.is_file():
            one = dcmread(path)
            series[int(one.SeriesNumber)].append(one)
    for objects in series.values():
        objects.sort(key=lambda one: int(one.InstanceNumber))
    return Case(series[1], series[2], series[3], series[9])


def write(case: Case, folder: Path) -> None:
    """Put the objects back, and further ones beside them."""
    for one in case.every:
        one.save_as(one.filename)
    for one in case.gone:
        (folder / one.filename).unlink()
    for number, one in enumerate(case.more):
        one.save_as(folder / f"more{number}")


def _compress(one: Dataset, syntax: str) -> None:
    """One fragment that nobody decodes, in a transfer syntax."""
    one.file_meta.TransferSyntaxUID = UID(syntax)
    one.PixelData = encapsulate([b"ab"])
    one["PixelData"].is_undefined_length = True


def _copy(one: Dataset) -> Dataset:
    return dcmread(one.filename)


@_add("two objects with one SOP Instance UID", "identity/sop-uid-different-content")
def _(case: Case) -> None:
    one = _copy(case.first[0])
    one.PixelData = b"\1" * len(one.PixelData)
    one.StudyDescription = "other"
    one.ImagePositionPatient = [1, 2, 3]
    case.more.append(one)


@_add("one object in two files", "identity/object-stored-twice")
def _(case: Case) -> None:
    case.more.append(_copy(case.first[0]))


@_add("one object in two series", "identity/sop-uid-in-several-series")
def _(case: Case) -> None:
    one = _copy(case.first[0])
    one.SeriesInstanceUID = case.second[0].SeriesInstanceUID
    case.more.append(one)


@_add("a lossy copy under the UID of the original", "identity/lossy-copy-under-same-uid")
def _(case: Case) -> None:
    one = _copy(case.first[0])
    _compress(one, "1.2.840.10008.1.2.4.91")
    one.LossyImageCompression = "01"
    case.more.append(one)


@_add("a Series Instance UID of two patients", "identity/series-uid-reused")
def _(case: Case) -> None:
    for one in case.other:
        one.SeriesInstanceUID = case.first[0].SeriesInstanceUID


@_add("a Series Instance UID of two modalities", "identity/series-uid-reused")
def _(case: Case) -> None:
    for one in case.second:
        one.SeriesInstanceUID = case.first[0].SeriesInstanceUID
        one.Modality, one.SOPClassUID = "MR", CLASSES + "4"
        one.file_meta.MediaStorageSOPClassUID = one.SOPClassUID


@_add("a Study Instance UID of two patients", "identity/study-uid-in-several-patients")
def _(case: Case) -> None:
    for one in case.other:
        one.StudyInstanceUID = case.first[0].StudyInstanceUID


@_add("a Series Instance UID for each image", "identity/series-uid-per-image")
def _(case: Case) -> None:
    for number, one in enumerate(case.second):
        one.SeriesInstanceUID = f"{one.SeriesInstanceUID}.{number + 1}"


@_add("a series under the UID of its study", "identity/uid-used-at-two-levels")
def _(case: Case) -> None:
    for one in case.second:
        one.SeriesInstanceUID = one.StudyInstanceUID


@_add("a frame of reference of two patients", "identity/frame-of-reference-in-several-patients")
def _(case: Case) -> None:
    for one in case.other:
        one.FrameOfReferenceUID = case.first[0].FrameOfReferenceUID


@_add("a slice lost", "geometry/slice-spacing-uneven")
def _(case: Case) -> None:
    case.gone.append(case.second.pop(3))


@_add("an image lost that a key object names", "reference/object-missing")
def _(case: Case) -> None:
    case.gone.append(case.first.pop())


@_add("a key object of another patient", "reference/other-patient")
def _(case: Case) -> None:
    for one in case.keys:
        one.PatientID, one.PatientName = case.other[0].PatientID, case.other[0].PatientName
        one.StudyInstanceUID, one.AccessionNumber = case.other[0].StudyInstanceUID, case.other[0].AccessionNumber
        one.PatientBirthDate = case.other[0].PatientBirthDate


@_add("one slice twice under two UIDs", "geometry/slice-position-repeated")
def _(case: Case) -> None:
    for one in case.second[:2]:
        one.ImagePositionPatient = case.second[2].ImagePositionPatient


@_add("slices compressed in different ways", "encoding/transfer-syntax-mixed-in-series")
def _(case: Case) -> None:
    for one in case.second[:3]:
        _compress(one, "1.2.840.10008.1.2.4.70")


@_add("lossy images that do not say so", "pixels/lossy-flag-missing")
def _(case: Case) -> None:
    for one in case.second:
        _compress(one, JPEGBaseline8Bit)


_all(
    "images of two frames of reference",
    "consistency/frame-of-reference-differs",
    "second 3",
    FrameOfReferenceUID="1.2.826.0.1.77.1",
)
_all("one instance number twice", "consistency/instance-number-duplicate", "second 2", InstanceNumber=5)
_all("another study date in a series", "consistency/study-date-differs", "second", StudyDate="20200101")
_all("another accession number in a series", "consistency/accession-number-differs", "second", AccessionNumber="OTHER")
_all(
    "slices of two orientations", "geometry/orientation-mixed", "second 1", ImageOrientationPatient=[0, 1, 0, 0, 0, -1]
)
_all("slices of two pixel spacings", "geometry/pixel-spacing-differs", "second 2", PixelSpacing=[0.5, 0.5])
_all("slices of two sizes", "geometry/matrix-size-differs", "second 2", Columns=16, Rows=64)
_all("a slice without a position", "geometry/position-missing", "second 1", ImagePositionPatient=None)
_all("slices of two rescale intercepts", "pixels/rescale-differs", "second 2", RescaleIntercept=0)
_all("slices without a rescale slope", "pixels/rescale-missing", "second", RescaleSlope=None)
_all("slices with a sign and without", "pixels/pixel-representation-differs", "second 2", PixelRepresentation=1)
_all("more bits stored than allocated", "pixels/bits-contradictory", "second", BitsStored=20, HighBit=19)
_all(
    "color with one sample", "pixels/photometric-interpretation-contradicted", "second", PhotometricInterpretation="RGB"
)
_all(
    "several frames of a class for one",
    "pixels/frames-in-single-frame-class",
    "second",
    "encoding/pixel-data-incomplete",
    NumberOfFrames=4,
)
_all("a modality of another class", "consistency/modality-sop-class-mismatch", "second", Modality="PT")
_all("another name in one series", "patient/demographics-differ-in-study", "second", PatientName="Smith^Ann")
_all("another birth date in one series", "patient/demographics-differ-in-study", "second", PatientBirthDate="19990101")
_all("a patient without an ID", "patient/id-missing", "other", PatientID="")
_all("a birth date in the future", "patient/birth-date-implausible", "other", PatientBirthDate="20990101")
_all("a sex that is none", "patient/sex-invalid", "other", PatientSex="W")
_all("an age that cannot be", "patient/age-implausible", "other", PatientAge="012Y")
_all("a placeholder for a UID", "identity/uid-placeholder", "other", StudyInstanceUID="1.2.3")
_all("a UID that nobody can own", "identity/uid-root-invalid", "other", StudyInstanceUID="7.2.826.0.1.77.7")
_all("a study date in the future", "time/study-date-implausible", "other", StudyDate="20990101")
_all("a study that is a year older than its series", "time/series-date-outside-study", "other", SeriesDate="20270601")
_all("no SOP Class UID", "identity/uid-missing", "other 1", SOPClassUID="")
_all("numbers of instances missing", "consistency/instance-number-missing", "second", InstanceNumber=None)
_all("no frame of reference", "consistency/frame-of-reference-missing", "second", FrameOfReferenceUID=None)
_all("a Specific Character Set that is none", "encoding/character-set-unknown", "other", SpecificCharacterSet="LATIN9")


@_add("a name that a second study spells in another way", "patient/name-in-several-spellings")
def _(case: Case) -> None:
    for one in case.other:
        one.PatientID, one.PatientBirthDate = case.first[0].PatientID, case.first[0].PatientBirthDate
        one.PatientName = f"{case.first[0].PatientName}e"


@_add("an ID of two persons", "patient/id-of-two-persons")
def _(case: Case) -> None:
    for one in case.other:
        one.PatientID = case.first[0].PatientID


@_add("an accession number of two patients", "study/accession-number-of-two-patients")
def _(case: Case) -> None:
    for one in case.other:
        one.AccessionNumber = case.first[0].AccessionNumber
