"""What an index with pseudonyms holds of each attribute, and why: the one table that decides it.

Table E.1-1 of PS3.15 says what a de-identifier has to treat. Everything that it names is replaced here, but for dates,
times and the names of devices: without them an audit finds nothing worth acting on. An attribute that is not in this
table is left out, so a new check cannot bring a patient's data in unnoticed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tagwise.checks.stand_ins import BIRTH_DATES, PATIENT_IDS

if TYPE_CHECKING:
    from collections.abc import Callable


class Kept(StrEnum):
    """What stands in the index for a value."""

    AS_IS = "as it is"
    UID = "a UID made from a keyed hash"
    TEXT = "a keyed hash"
    NAME = "a keyed hash of each group of the name"
    NOTHING = "nothing"


def in_capitals(text: str) -> str:
    """The text in capitals as SQL makes them: letter by letter, so that its length stays.

    >>> in_capitals("Straße")
    'STRAßE'
    """
    capitals = text.upper()
    if len(capitals) == len(text):
        return capitals
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


def _name_at_heart(text: str) -> str:
    return in_capitals(text).rstrip("^= ")


def _id_at_heart(text: str) -> str:
    return in_capitals(text.translate(_NO_SEPARATORS)).lstrip("0")


def _number_at_heart(text: str) -> str:
    return in_capitals(text.replace(" ", "").replace("-", "")).lstrip("0")


def _day(text: str) -> str:
    return text.replace(".", "")


_NO_SEPARATORS = str.maketrans("", "", " -.")


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one attribute is treated.

    Args:
        kept: What stands in the index.
        reason: Why, in words for a page.
        heart: What two spellings of one value have in common. Pseudonyms of both then differ in case only.
        forms: What checks make of the value in SQL, `{}` for the attribute, and find equal where the hearts are.
        stays: Whether a value (without padding) names nobody, so that it may stay as it is.
        words: The literals that checks may compare with, because `stays` holds for them.
        patterns: What checks may ask with LIKE, because pseudonyms answer as the value does.
    """

    kept: Kept
    reason: str
    heart: Callable[[str], str] = in_capitals
    forms: tuple[str, ...] = ("UPPER({})",)
    stays: Callable[[str], bool] = lambda _: False
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


FIRST_GROUP = (
    "CASE WHEN POSITION('=' IN {0}) > 0 THEN SUBSTRING({0}, 1, POSITION('=' IN {0}) - 1) ELSE {0} END"
)  # fmt: skip
"""The first group of a name (PS3.5 6.2.1) as checks cut it off."""

STANDARD_ROOT = "1.2.840.10008."
"""What UIDs begin with that the standard gives away: they name a kind of thing, never a patient's object."""

_MOST_TYPED = 3
"""Characters of an Accession Number that was typed at a console: too few for an order, and too few to lead to one."""

_UID = Treatment(
    Kept.UID,
    "It leads to a patient's object in every system that has it. The same UID has the same pseudonym in every"
    " attribute, so references and copies are still found.",
    stays=lambda uid: uid.startswith(STANDARD_ROOT),
    forms=(),
    patterns=(f"{STANDARD_ROOT}%",),
)

_FREE_TEXT = "People type names and diagnoses into it."
_DEVICE = Treatment(Kept.AS_IS, "It names a device, and findings are sorted by devices.")
_TIME = Treatment(
    Kept.AS_IS, "Checks count days, and alerts tell when a fault began. Together with a device it may lead to a visit."
)
_CODE = Treatment(Kept.AS_IS, "It says how the object is encoded or made, in defined terms or numbers.")

TREATMENTS: dict[str, Treatment] = {
    "PatientName": Treatment(
        Kept.NAME,
        "It names the patient.",
        heart=_name_at_heart,
        forms=(
            "RTRIM(UPPER({0}), '^= ')",
            FIRST_GROUP,
            f"RTRIM(UPPER({FIRST_GROUP}), '^ ')",
        ),
        patterns=("%_^_%",),
    ),
    "PatientID": Treatment(
        Kept.TEXT,
        "It leads to the patient in the hospital. Words for no ID stay, they lead to nobody.",
        heart=_id_at_heart,
        forms=("LTRIM(UPPER(TRANSLATE({}, ' -.', '')), '0')", "TRANSLATE({}, '0-. ', '')", "UPPER({})"),
        stays=lambda text: in_capitals(text) in PATIENT_IDS,
        words=PATIENT_IDS,
    ),
    "IssuerOfPatientID": Treatment(Kept.TEXT, "It names the hospital that gave the ID."),
    "PatientBirthDate": Treatment(
        Kept.TEXT,
        "With a little more it names the patient. Days that stand for unknown stay; that a day is a first of January"
        " stays visible, because such days are mostly guessed.",
        heart=_day,
        forms=("REPLACE({}, '.', '')",),
        stays=lambda text: _day(text) in BIRTH_DATES,
        words=BIRTH_DATES,
        patterns=("%0101",),
    ),
    "PatientSex": Treatment(
        Kept.TEXT,
        "F, M and O stay: a hash of three values would hide nothing, counting tells which is which.",
        stays=lambda text: in_capitals(text) in {"F", "M", "O"},
        words=("F", "M", "O"),
    ),
    "PatientAge": Treatment(Kept.NOTHING, "With the date of a study it gives the year of birth; no check compares it."),
    "PatientWeight": Treatment(Kept.NOTHING, "It describes the patient; no check compares it."),
    "AccessionNumber": Treatment(
        Kept.TEXT,
        "It leads to an order, and by that to the patient. Up to three characters stay: no order has so few.",
        heart=_number_at_heart,
        forms=("LTRIM(UPPER(TRANSLATE({}, ' -', '')), '0')", "MIN(LENGTH({}))"),
        stays=lambda text: len(text) <= _MOST_TYPED,
    ),
    "StudyID": Treatment(Kept.TEXT, "It leads to a study in the department."),
    "StudyDescription": Treatment(Kept.TEXT, _FREE_TEXT),
    "SeriesDescription": Treatment(Kept.TEXT, _FREE_TEXT),
    "ProtocolName": Treatment(Kept.TEXT, _FREE_TEXT),
    "OperatorsName": Treatment(Kept.TEXT, "It names people who work there."),
    "PositionReferenceIndicator": Treatment(Kept.TEXT, _FREE_TEXT),
    "InstitutionName": Treatment(Kept.TEXT, "It says where the patient was."),
    **dict.fromkeys(
        (
            "StudyInstanceUID",
            "SeriesInstanceUID",
            "SOPInstanceUID",
            "MediaStorageSOPInstanceUID",
            "FrameOfReferenceUID",
            "ConcatenationUID",
        ),
        _UID,
    ),
    **dict.fromkeys(
        ("StudyDate", "StudyTime", "SeriesDate", "SeriesTime", "AcquisitionDate", "AcquisitionTime"), _TIME
    ),
    **dict.fromkeys(
        ("Manufacturer", "ManufacturerModelName", "StationName", "DeviceSerialNumber", "SoftwareVersions"), _DEVICE
    ),
    **dict.fromkeys(
        (
            "AcquisitionNumber",
            "BitsAllocated",
            "BitsStored",
            "BodyPartExamined",
            "BurnedInAnnotation",
            "Columns",
            "EchoNumbers",
            "EchoTime",
            "HighBit",
            "ImageLaterality",
            "ImageOrientationPatient",
            "ImagePositionPatient",
            "ImageType",
            "ImagerPixelSpacing",
            "ImplementationVersionName",
            "InConcatenationNumber",
            "InConcatenationTotalNumber",
            "InstanceNumber",
            "KVP",
            "Laterality",
            "LossyImageCompression",
            "MediaStorageSOPClassUID",
            "Modality",
            "NumberOfFrames",
            "PatientIdentityRemoved",
            "PatientPosition",
            "PhotometricInterpretation",
            "PixelRepresentation",
            "PixelSpacing",
            "RescaleIntercept",
            "RescaleSlope",
            "Rows",
            "SOPClassUID",
            "SamplesPerPixel",
            "SeriesNumber",
            "SliceThickness",
            "SpecificCharacterSet",
            "TemporalPositionIdentifier",
            "TransferSyntaxUID",
            "TriggerTime",
            "ViewPosition",
        ),
        _CODE,
    ),
}
"""Every attribute that a scan reads; a test holds that none is missing."""

REFERENCED_UIDS = ("ReferencedSOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID")
"""The columns of `referenced_objects` that lead to objects."""

_UNKNOWN = Treatment(Kept.NOTHING, "Nobody has decided yet what it may tell.")


def treatment(keyword: str) -> Treatment:
    """How an attribute is treated; one that nobody has decided about is left out."""
    return TREATMENTS.get(keyword, _UNKNOWN)


def has_two_parts(name: str) -> bool:
    """Whether a name has something on both sides of a caret, as `name LIKE '%_^_%'` asks.

    >>> has_two_parts("DOE^J"), has_two_parts("DOE^")
    (True, False)
    """
    return re.search(r".\^.", name, re.DOTALL) is not None
