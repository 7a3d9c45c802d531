"""The header reader on objects made by hand: encodings, order, values."""

from __future__ import annotations

import io
import pickle
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from tests.scanning.strategies import (
    PATIENT,
    UID,
    column,
    element,
    identification,
    part10,
    read,
)

from tagwise.errors import BadSetting
from tagwise.scanning.columns import Column
from tagwise.scanning.elements import UNDEFINED
from tagwise.scanning.reader import HeaderReader

SYNTAXES = {
    "1.2.840.10008.1.2": (True, "<"),
    "1.2.840.10008.1.2.1": (False, "<"),
    "1.2.840.10008.1.2.2": (False, ">"),
    "1.2.840.10008.1.2.1.99": (False, "<"),
}


# --------------------------------------------------------------------------------------------- written by pydicom

_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="\\^="), max_size=12)
_WRITTEN = st.fixed_dictionaries(
    {},
    optional={
        "SOPInstanceUID": st.sampled_from(["1.2.3", "1.2.3.4"]),
        "ImageType": st.lists(st.sampled_from(["ORIGINAL", "PRIMARY", "AXIAL"]), min_size=2, max_size=3),
        "StudyDate": st.sampled_from(["20260102", ""]),
        "Manufacturer": _TEXT,
        "StudyDescription": _TEXT,
        "PatientName": _TEXT,
        "PatientID": _TEXT,
        "SoftwareVersions": st.lists(_TEXT.filter(bool), min_size=2, max_size=3),
        "SliceThickness": st.sampled_from(["1.250", "-3"]),
        "InstanceNumber": st.integers(0, 99999).map(str),
        "FrameIncrementPointer": st.sampled_from([[0x00181063], [0x00181063, 0x00181065]]),
        "RecommendedDisplayFrameRateInFloat": st.floats(width=32, allow_nan=False),
        "DiffusionBValue": st.floats(allow_nan=False),
        "Rows": st.integers(0, 65535),
        "SimpleFrameList": st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=4),
        "ReferencePixelX0": st.integers(-(2**31), 2**31 - 1),
        "TagAngleSecondAxis": st.integers(-(2**15), 2**15 - 1),
        "ReferencedImageSequence": st.integers(0, 3),
    },
)
_KEYWORDS = (
    *("SOPInstanceUID", "ImageType", "StudyDate", "Manufacturer", "StudyDescription", "PatientName", "PatientID"),
    *("SoftwareVersions", "SliceThickness", "InstanceNumber", "FrameIncrementPointer", "DiffusionBValue", "Rows"),
    *("SimpleFrameList", "ReferencePixelX0", "TagAngleSecondAxis"),
)


def _written(values: dict[str, object], syntax: str, *, undefined: bool) -> bytes:
    dataset = Dataset()
    for keyword, value in values.items():
        if keyword == "ReferencedImageSequence":
            assert isinstance(value, int)
            items = [Dataset() for _ in range(value)]
            for item in items:
                item.ReferencedSOPInstanceUID = "1.2.9"
                item.is_undefined_length_sequence_item = undefined
            setattr(dataset, keyword, items)
            dataset[keyword].is_undefined_length = undefined  # type: ignore[attr-defined] # the stubs lack it
        elif keyword in _KEYWORDS:
            setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    file = io.BytesIO()
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def _expected(value: object) -> str:
    values = value if isinstance(value, list) else [value]
    return "\\".join(repr(one) if isinstance(one, float) else str(one) for one in values)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_WRITTEN, st.booleans())
def test_what_pydicom_writes_is_read_in_every_transfer_syntax(values: dict[str, object], undefined: bool) -> None:
    """The values are those that were written, whatever the encoding; the sequence is stepped over."""
    digests = {}
    for syntax in SYNTAXES:
        got, digests[syntax], error = read(_written(values, syntax, undefined=undefined), *_KEYWORDS)
        assert error is None
        assert got == {keyword: _expected(values[keyword]) if keyword in values else None for keyword in _KEYWORDS}
    assert digests["1.2.840.10008.1.2.1"] == digests["1.2.840.10008.1.2.1.99"]  # the same data set, deflated


# ------------------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    ("implicit", "sign", "declared"),
    [
        *((implicit, "<", syntax) for implicit in (True, False) for syntax in (*list(SYNTAXES)[:2], "1.2.3", None)),
        (True, ">", "1.2.840.10008.1.2.2"),
        (False, ">", "1.2.840.10008.1.2.2"),
        (False, ">", None),
    ],
)
def test_the_first_element_decides_between_implicit_and_explicit(
    implicit: bool, sign: str, declared: str | None
) -> None:
    """Implicit in explicit and the reverse are read; without a declaration the byte order is found too."""
    data_set = b"".join(
        element(tag, vr, value, implicit=implicit, sign=sign)
        for tag, vr, value in (
            (0x00080018, "UI", b"1.2.3.4\0"),
            (0x00100020, "LO", b"P1"),
            (0x00280010, "US", struct.pack(sign + "H", 512)),
        )
    )
    data = part10(data_set, declared) if declared else data_set
    expected = {"SOPInstanceUID": "1.2.3.4", "PatientID": "P1", "Rows": "512"}
    got, digest, error = read(data, *expected)
    assert (got, error) == (expected, None)
    assert digest


@pytest.mark.parametrize("length", [0, 1, 14, 20, 10_000, UNDEFINED])
def test_the_length_of_the_file_meta_information_is_not_believed(length: int) -> None:
    """(0002,0000) may say what it likes."""
    got, _, error = read(part10(UID + PATIENT, meta_length=length), "SOPInstanceUID", "PatientID", "TransferSyntaxUID")
    assert error is None
    assert got == {"SOPInstanceUID": "1.2.3.4", "PatientID": "P1", "TransferSyntaxUID": "1.2.840.10008.1.2.1"}


def test_file_meta_information_in_implicit_vr_and_without_preamble() -> None:
    """Some write it in implicit VR, some leave out preamble and prefix."""
    meta = element(0x00020010, "UI", b"1.2.840.10008.1.2.1\0", implicit=True)
    for start in (bytes(128) + b"DICM", b""):
        got, _, error = read(start + meta + UID, "TransferSyntaxUID", "SOPInstanceUID")
        assert (got, error) == ({"TransferSyntaxUID": "1.2.840.10008.1.2.1", "SOPInstanceUID": "1.2.3.4"}, None)


def test_a_command_set_before_the_data_set_is_stepped_over() -> None:
    """A message that was stored with its command set is implicit VR first (PS3.7 6.3)."""
    command = element(0, "", struct.pack("<L", 10)) + element(0x00000002, "", b"1.2.840\0")
    assert read(part10(command + UID), "SOPInstanceUID")[0] == {"SOPInstanceUID": "1.2.3.4"}


def test_one_element_in_implicit_vr_among_explicit_ones() -> None:
    """An element whose VR is no letters has none; the next one has again."""
    odd = element(0x00081030, "LO", b"Thorax", implicit=True)
    assert read(part10(UID + odd + PATIENT), "StudyDescription", "PatientID")[0] == {
        "StudyDescription": "Thorax",
        "PatientID": "P1",
    }


def test_an_unknown_vr_has_a_short_length_and_the_vr_of_the_dictionary() -> None:
    """Two letters that are no VR are treated as pydicom treats them."""
    odd = element(0x00081030, "ZZ", b"Thorax") + element(0x00091010, "XX", b"1234")
    assert read(part10(UID + odd + PATIENT), "StudyDescription", "PatientID")[0] == {
        "StudyDescription": "Thorax",
        "PatientID": "P1",
    }


def test_un_takes_the_vr_of_the_dictionary_and_another_vr_is_believed() -> None:
    """UN is no VR (PS3.5 6.2.2); Rows as IS is text; a sequence has no text."""
    data = part10(
        element(0x00100020, "UN", b"P1  ")
        + element(0x00180050, "SQ", b"")
        + element(0x00280010, "IS", b"512 ")
        + element(0x00280011, "UN", b"\0\2")
    )
    assert read(data, "PatientID", "SliceThickness", "Rows", "Columns")[0] == {
        "PatientID": "P1 ",
        "SliceThickness": None,
        "Rows": "512",
        "Columns": "512",
    }


def test_elements_out_of_order_are_read_and_the_last_of_two_counts() -> None:
    """Up to the stop the order does not matter; after it nothing is read."""
    data = part10(
        PATIENT
        + UID
        + element(0x00100020, "LO", b"P2")
        + element(0x00280010, "US", b"\1\0")
        + element(0x7FE00010, "OW", b"")
        + PATIENT
    )
    assert read(data, "SOPInstanceUID", "PatientID", "Rows")[0] == {
        "SOPInstanceUID": "1.2.3.4",
        "PatientID": "P2",
        "Rows": "1",
    }


def test_group_lengths_and_private_elements_are_stepped_over() -> None:
    """Retired group lengths, private creators and private data are elements like others."""
    data = part10(
        element(0x00080000, "UL", b"\x10\0\0\0")
        + UID
        + element(0x00090010, "LO", b"GEMS_IDEN_01")
        + element(0x00091001, "UN", bytes(70_000))
        + element(0x00091002, "OB", b"12")
        + PATIENT
    )
    assert read(data, "SOPInstanceUID", "PatientID") == read(data, "SOPInstanceUID", "PatientID", window=256)
    assert read(data, "PatientID")[0] == {"PatientID": "P1"}


# ----------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("tag", "vr", "value", "text"),
    [
        (0x00080018, "UI", b"1.2.3\0", "1.2.3"),
        (0x00080018, "UI", b"1.2.3 ", "1.2.3 "),
        (0x00080018, "UI", b"1.2.34\0\0", "1.2.34\0"),
        (0x00080018, "UI", b"1.2.3", "1.2.3"),
        (0x00080018, "UI", b"", ""),
        (0x00080018, "UI", b"\0\0", "\0"),
        (0x00080060, "CS", b"CT", "CT"),
        (0x00080060, "CS", b"MR  ", "MR "),
        (0x00080060, "CS", b"SEG ", "SEG"),
        (0x00080060, "CS", b"SEG\0", "SEG\0"),
        (0x00080060, "CS", b" CT ", " CT"),
        (0x00080060, "CS", b"C\0T ", "C\0T"),
        (0x00080060, "CS", b"CT ", "CT "),
        (0x00181020, "LO", b"a\\ b\\cd ", "a\\ b\\cd"),
        (0x00100010, "PN", b"Doe^Jane==", "Doe^Jane=="),
        (0x00081030, "LO", b"\xe9a ", "éa "),
        (0x00081030, "LO", b"\xe9 ", "é"),
        (0x00280010, "US", b"\0\2", "512"),
        (0x00280010, "US", b"\0\2\1\0", "512\\1"),
        (0x00280010, "US", b"\0\2\1", None),
        (0x00280010, "US", b"", ""),
        (0x00280009, "AT", b"\x18\0\x63\x10", str(0x00181063)),
        (0x00280009, "AT", b"\x18\0\x63\x10\1\0", None),
        (0x00186028, "FD", struct.pack("<d", 0.1), "0.1"),
    ],
)
def test_a_value_is_as_it_stands_without_the_one_pad(tag: int, vr: str, value: bytes, text: str | None) -> None:
    """Only the one legal pad character goes; every other blank is something to report."""
    wanted = Column("X", tag, vr)
    assert HeaderReader([wanted]).read_bytes(part10(element(tag, vr, value))).values == (text,)


def test_text_follows_the_character_set_and_other_vrs_do_not() -> None:
    """LO is decoded, CS and file meta information are not; ESC in ASCII is an escape sequence, not text."""
    data = part10(
        element(0x00080005, "CS", b"ISO_IR 192")
        + element(0x00080060, "CS", "é".encode())
        + element(0x00081030, "LO", "Schädel".encode())
        + element(0x00100010, "PN", b"\xff")
    )
    assert read(data, "Modality", "StudyDescription", "PatientName")[0] == {
        "Modality": "Ã©",
        "StudyDescription": "Schädel",
        "PatientName": "\ufffd",
    }
    japanese = part10(element(0x00080005, "CS", b"\\ISO 2022 IR 87 ") + element(0x00100010, "PN", b"\x1b$B;3ED\x1b(B"))
    assert read(japanese, "PatientName")[0] == {"PatientName": "山田"}


def test_the_row_travels_between_processes() -> None:
    """A header is small when pickled and equal afterwards."""
    header = HeaderReader(identification()).read_bytes(part10(UID + PATIENT))
    assert pickle.loads(pickle.dumps(header)) == header  # noqa: S301 -- our own bytes
    assert len(pickle.dumps(header)) < 600


@pytest.mark.parametrize("vr", ["SQ", "OB", "OW", "UN", "US or SS"])
def test_a_sequence_or_bulk_data_is_no_column(vr: str) -> None:
    """A column has text or numbers, and occurs once."""
    with pytest.raises(BadSetting, match="cannot be a column"):
        HeaderReader([Column("X", 0x00081140, vr)])
    with pytest.raises(BadSetting, match="twice"):
        HeaderReader([column("Rows"), column("Rows")])
