"""The header reader on objects made by hand: nesting, lengths that lie, deflated data sets, the digest, no prefix."""

from __future__ import annotations

import os
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scanning.strategies import (
    ITEM_CLOSE,
    ITEM_OPEN,
    PATIENT,
    SEQUENCE,
    SEQUENCE_CLOSE,
    UID,
    deflated,
    element,
    mark,
    part10,
    read,
)

from tagwise.scanning.elements import UNDEFINED

# ---------------------------------------------------------------------------------------------------------- nesting


def nested(levels: int, *, closed: bool = True) -> bytes:
    end = (ITEM_CLOSE + SEQUENCE_CLOSE) * levels if closed else b""
    return UID + (SEQUENCE + ITEM_OPEN) * levels + end + PATIENT


@pytest.mark.parametrize("levels", [1, 2, 10_000, 200_000])
def test_nesting_has_no_limit_of_its_own(levels: int) -> None:
    """However deep sequences of undefined length are, what follows them is read."""
    got, digest, error = read(part10(nested(levels)), "PatientID")
    assert (got, error) == ({"PatientID": "P1"}, None)
    assert digest


def test_nesting_costs_no_memory() -> None:
    """Ten thousand open sequences need no more than one."""
    data = part10(nested(10_000))
    tracemalloc.start()
    read(data, "PatientID")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.slow
def test_a_million_levels() -> None:
    """36 MB of brackets."""
    assert read(part10(nested(1_000_000)), "PatientID")[0] == {"PatientID": "P1"}


def test_a_sequence_without_end_is_truncated() -> None:
    """The message names the outermost sequence and where it starts."""
    data = part10(UID + SEQUENCE + ITEM_OPEN * 1)
    got, digest, error = read(data, "SOPInstanceUID", "PatientID")
    assert got == {"SOPInstanceUID": "1.2.3.4", "PatientID": None}
    assert digest is None
    start = len(data) - 20
    assert error == (
        f"truncated: an element at byte {len(data)} of the object claims 8 bytes, 0 are there; "
        f"it is inside (0008,1140) at byte {start}"
    )
    assert (read(part10(nested(5, closed=False)), "PatientID")[2] or "").startswith("truncated: an element at byte 298")


@pytest.mark.parametrize("vr", ["UN", "SQ", "OB"])
@pytest.mark.parametrize("inner_implicit", [True, False])
def test_a_value_of_undefined_length_may_be_implicit_inside(vr: str, inner_implicit: bool) -> None:
    """UN of undefined length is implicit inside (CP-246), and some write SQ and even UN the other way."""
    inner = element(0x00081150, "UI", b"1.2\0", implicit=inner_implicit) + element(
        0x00081199, "SQ", b"", implicit=inner_implicit, length=UNDEFINED
    )
    inner += ITEM_OPEN + element(0x00081155, "UI", b"1.9\0", implicit=inner_implicit) + ITEM_CLOSE + SEQUENCE_CLOSE
    value = ITEM_OPEN + inner + ITEM_CLOSE + mark(0xFFFEE000, len(inner)) + inner + SEQUENCE_CLOSE
    for window in (256, 8192):
        data = part10(UID + element(0x00081140, vr, value, length=UNDEFINED) + PATIENT)
        got, _, error = read(data, "SOPInstanceUID", "PatientID", window=window)
        assert (got, error) == ({"SOPInstanceUID": "1.2.3.4", "PatientID": "P1"}, None)


def test_an_implicit_length_that_looks_like_a_vr() -> None:
    """In an item that starts implicit, a length of 0x4C4F bytes is not the VR OL."""
    inner = element(0x00081150, "UI", b"1.2\0", implicit=True) + element(0x00091001, "", bytes(0x4C4F))
    data = part10(UID + SEQUENCE + ITEM_OPEN + inner + ITEM_CLOSE + SEQUENCE_CLOSE + PATIENT)
    assert read(data, "PatientID")[::2] == ({"PatientID": "P1"}, None)


def test_after_an_implicit_item_the_next_may_be_explicit_again() -> None:
    """Each item of a sequence shows its own encoding; what is nested in an implicit one is implicit."""
    explicit = ITEM_OPEN + element(0x00081150, "UI", b"1.2\0") + ITEM_CLOSE
    implicit = ITEM_OPEN + element(0x00081150, "UI", b"1.2\0", implicit=True) + ITEM_CLOSE
    data = part10(UID + SEQUENCE + implicit + explicit + SEQUENCE_CLOSE + PATIENT)
    assert read(data, "PatientID")[0] == {"PatientID": "P1"}


def test_a_delimiter_that_ends_no_item_does_no_harm() -> None:
    """Some writers end items of defined length too."""
    uid = element(0x00081150, "UI", b"1.2\0")
    value = (mark(0xFFFEE000, len(uid)) + uid + ITEM_CLOSE) * 2 + SEQUENCE_CLOSE
    assert read(part10(UID + SEQUENCE + value + PATIENT), "PatientID")[::2] == ({"PatientID": "P1"}, None)


@pytest.mark.parametrize(
    "stray", [element(0x00081150, "UI", b"1.2\0"), ITEM_OPEN + mark(0xFFFEE000, 0), ITEM_OPEN + SEQUENCE_CLOSE]
)
def test_a_sequence_of_anything_but_items_is_damaged(stray: bytes) -> None:
    """The walk does not guess where such a value ends."""
    got, _, error = read(part10(UID + SEQUENCE + stray + SEQUENCE_CLOSE + PATIENT), "SOPInstanceUID", "PatientID")
    assert got == {"SOPInstanceUID": "1.2.3.4", "PatientID": None}
    assert (error or "").startswith("damaged encoding: ")
    assert "inside (0008,1140)" in (error or "")


def test_an_item_delimiter_at_the_top_ends_the_data_set() -> None:
    """As for pydicom."""
    assert read(part10(UID + ITEM_CLOSE + PATIENT), "SOPInstanceUID", "PatientID")[0] == {
        "SOPInstanceUID": "1.2.3.4",
        "PatientID": None,
    }


# ---------------------------------------------------------------------------------------------- lengths that lie


@pytest.mark.parametrize("claimed", [9, 1000, 65_534, 65_535])
def test_a_length_past_the_end_is_truncated(claimed: int) -> None:
    """The message says which element, where it starts, how much it claims and how much is there."""
    data = part10(UID + element(0x00100020, "LO", b"12345678", length=claimed))
    got, digest, error = read(data, "SOPInstanceUID", "PatientID")
    assert got == {"SOPInstanceUID": "1.2.3.4", "PatientID": None}
    assert digest is None
    assert (
        error == f"truncated: (0010,0020) PatientID at byte {len(data) - 16} of the object "
        f"claims {claimed} bytes, 8 are there"
    )


@pytest.mark.parametrize("claimed", [9, 70_000, 2**31, UNDEFINED - 1])
def test_a_long_length_past_the_end_is_truncated(claimed: int) -> None:
    """Also where nobody wants the value, and in a deflated data set."""
    odd = element(0x00091010, "OB", b"12345678", length=claimed)
    _, _, error = read(part10(UID + odd), "PatientID")
    assert (
        error
        == f"truncated: (0009,1010) at byte {132 + 12 + 28 + 16} of the object claims {claimed} bytes, 8 are there"
    )
    _, _, error = read(deflated(UID + odd), "PatientID")
    assert error == f"truncated: (0009,1010) at byte 16 of the inflated data set claims {claimed} bytes, 8 are there"


@pytest.mark.parametrize(
    ("tail", "cut"),
    [
        (b"\0", False),
        (bytes(7), False),
        (bytes(500), False),
        (b"\x10\0", True),
        (b"\x10\0\x20", True),
        (b"abcdefg", False),
    ],
)
def test_bytes_after_the_last_element(tail: bytes, cut: bool) -> None:
    """Zeros are padding, a tag beyond the wanted ones is the end; any other rest is an element cut off."""
    _, _, error = read(part10(UID + tail), "SOPInstanceUID", "PatientID")
    assert (error is not None) == cut


def test_a_file_that_goes_on_with_zeros_is_damaged() -> None:
    """What a crash leaves: the length is right, and the rest was never written."""
    _, _, error = read(part10(UID) + bytes(200_000), "PatientID")
    assert error == "damaged encoding: zeros instead of an element from byte 188 of the object on"


def test_only_the_prefix() -> None:
    """Nothing behind DICM is not an empty data set."""
    assert (read(bytes(128) + b"DICM", "PatientID")[2] or "").startswith("truncated: there is nothing")


def test_a_wanted_value_of_more_than_a_mebibyte() -> None:
    """It is not kept; what was read before is."""
    for size, limited in ((64 * 1024, False), (64 * 1024 + 2, True)):
        data = part10(UID + element(0x00104000, "UT", b"x" * size) + element(0x00200010, "SH", b"1 "))
        got, _, error = read(data, "SOPInstanceUID", "PatientComments", "StudyID")
        assert got["SOPInstanceUID"] == "1.2.3.4"
        assert (got["StudyID"] is None) == limited
        assert (error or "").startswith("limit exceeded: (0010,4000) PatientComments" if limited else "")
        assert bool(error) == limited


# --------------------------------------------------------------------------------------------------------- deflated


def _bomb(start: bytes) -> bytes:
    """A deflated data set that goes on with a gigabyte of zeros."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return part10(head + zeros * 1024 + packer.flush(), "1.2.840.10008.1.2.1.99")


def test_a_deflate_bomb_costs_no_memory() -> None:
    """A gigabyte of zeros behind the header is not inflated, and one before it ends at the limit."""
    behind = _bomb(UID + PATIENT + element(0x7FE00010, "OW", b"", length=1 << 30))
    before = _bomb(UID + element(0x00091010, "OB", b"", length=1 << 30))
    assert len(before) < 2_000_000
    tracemalloc.start()
    tracemalloc.reset_peak()
    assert read(behind, "PatientID")[2] is None
    got, _, error = read(before, "SOPInstanceUID", "PatientID")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got == {"SOPInstanceUID": "1.2.3.4", "PatientID": None}
    assert error == "limit exceeded: the wanted elements are not within 128 MiB of the inflated data set"
    assert peak < 3_000_000


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"])
def test_every_deflated_transfer_syntax_is_inflated(syntax: str) -> None:
    """Deflated Explicit VR Little Endian, and the two JPIP referenced ones that pydicom does not inflate."""
    assert read(deflated(UID + PATIENT, syntax), "PatientID") == read(part10(UID + PATIENT), "PatientID")


@pytest.mark.parametrize("size", [256, 512, 65_536, 66_048])
def test_a_deflate_stream_may_start_like_a_tag(size: int) -> None:
    """A stored block starts with 00 or 01 and its length, which is no group 0000 or 0001."""
    rest = size - len(UID) - len(PATIENT) - 12
    packer = zlib.compressobj(0, wbits=-zlib.MAX_WBITS)
    stored = packer.compress(UID + element(0x00091001, "OB", b"x" * rest) + PATIENT) + packer.flush()
    assert read(part10(stored, "1.2.840.10008.1.2.1.99"), "PatientID")[::2] == ({"PatientID": "P1"}, None)


def test_a_broken_or_cut_deflate_stream() -> None:
    """A stream that breaks is damaged; one that stops is truncated, even between two elements."""
    whole = deflated(UID + PATIENT + element(0x00204000, "LT", os.urandom(2000).hex().encode()))
    assert read(whole, "PatientID", "ImageComments")[2] is None
    for window in (256, 8192):
        _, _, error = read(whole[:-500], "PatientID", "ImageComments", window=window)
        assert (error or "").startswith(
            "truncated: (0020,4000) ImageComments at byte 26 of the inflated data set claims 4000 bytes"
        )
    at = whole.index(b"1.2.840.10008.1.2.1.99") + 22
    assert (read(whole[:at] + b"\xff" * 50, "PatientID")[2] or "").startswith(
        "damaged encoding: the deflate stream breaks after 0 bytes"
    )
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    start = UID + element(0x00104000, "LT", os.urandom(5000).hex().encode(), length=20_000)
    long = part10(
        packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH) + b"\xff" * 50,
        "1.2.840.10008.1.2.1.99",
    )
    for window in (256, 8192, 1 << 20):
        got, _, error = read(long, "SOPInstanceUID", "PatientComments", "PatientID", window=window)
        assert got == {"SOPInstanceUID": "1.2.3.4", "PatientComments": None, "PatientID": None}
        assert (error or "").startswith("damaged encoding: the deflate stream breaks after ")
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    cut = part10(packer.compress(UID) + packer.flush(zlib.Z_SYNC_FLUSH), "1.2.840.10008.1.2.1.99")
    assert (read(cut, "PatientID")[2] or "").startswith("truncated: the inflated data set stops at byte 16")


# ----------------------------------------------------------------------------------------------------------- digest


def test_the_digest_is_that_of_the_header_and_of_nothing_else() -> None:
    """File meta information and what is behind the stop do not count; every byte of the header does."""
    stop = element(0x7FE00010, "OW", b"12")
    first = read(part10(UID + PATIENT + stop), "PatientID")[1]
    assert first == read(part10(UID + PATIENT + element(0x7FE00010, "OW", b"34"), meta_length=1), "PatientID")[1]
    assert first == read(UID + PATIENT, "PatientID")[1]
    assert first != read(part10(UID + element(0x00100020, "LO", b"P2")), "PatientID")[1]
    assert first != read(part10(UID + element(0x00091010, "LO", b"P2") + PATIENT), "PatientID")[1]


@pytest.mark.parametrize("window", [256, 8192, 1 << 20])
def test_only_the_length_of_a_long_value_counts_for_the_digest(window: int) -> None:
    """From 65,536 bytes on the value itself is left out, at the top, in an item and as an item."""

    def digest(size: int, fill: bytes) -> str | None:
        bulk = element(0x00091010, "OB", fill * size)
        sequence = SEQUENCE + ITEM_OPEN + bulk + ITEM_CLOSE + mark(0xFFFEE000, size) + fill * size + SEQUENCE_CLOSE
        return read(part10(UID + sequence + bulk + PATIENT), "PatientID", window=window)[1]

    comments = [
        read(part10(UID + element(0x00104000, "UT", fill * 65_536)), "PatientComments") for fill in (b"a", b"b")
    ]
    assert comments[0][0] != comments[1][0]
    assert comments[0][1] == comments[1][1]
    assert digest(65_536, b"a") == digest(65_536, b"b") != digest(65_538, b"a")
    assert digest(65_535, b"a") != digest(65_535, b"b")


@given(
    st.lists(st.tuples(st.sampled_from(["LO", "OB", "UN"]), st.integers(0, 700)), max_size=12), st.integers(256, 2000)
)
def test_the_digest_does_not_depend_on_the_window(sizes: list[tuple[str, int]], window: int) -> None:
    """Nor do the values."""
    body = b"".join(element(0x00091000 + index, vr, bytes([index]) * size) for index, (vr, size) in enumerate(sizes))
    assert read(part10(UID + body + PATIENT), "PatientID", window=window) == read(
        part10(UID + body + PATIENT), "PatientID"
    )
    assert read(deflated(UID + body + PATIENT), "PatientID", window=window) == read(
        part10(UID + body + PATIENT), "PatientID"
    )


# -------------------------------------------------------------------------------------------------- without a prefix


@pytest.mark.parametrize(
    "data",
    [
        b"just some text, and then some more of it",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
        b"PK\3\4" + bytes(100),
        bytes(1000),
        b"\x08\0",
        b"\x08\0\x16\0" + b"\xff" * 40,
        element(0x00080000, "UL", b"\4\0\0\0"),
        element(0x00080018, "UI", b"\0\0"),
        element(0x00100020, "LO", b"P1"),
    ],
)
def test_not_dicom(data: bytes) -> None:
    """Without the prefix, the start must be plausible and something must identify the object."""
    values, digest, error = read(data, "SOPInstanceUID", "PatientID", "Modality")
    assert set(values.values()) == {None}
    assert digest is None
    assert (error or "").startswith("not DICOM: ")


def test_what_identifies_an_object_need_not_be_a_column() -> None:
    """A bare data set is recognised whatever the columns are."""
    assert read(element(0x00080008, "CS", b"AXIAL ") + UID + PATIENT, "ImageType")[0] == {"ImageType": "AXIAL"}


def test_a_bare_data_set_that_is_cut_is_truncated() -> None:
    """It has identified itself before."""
    assert (read(UID + PATIENT[:-1], "PatientID")[2] or "").startswith("truncated: (0010,0020) PatientID at byte 16")


def test_no_bytes() -> None:
    """An empty object has its own reason."""
    assert read(b"", "PatientID") == ({"PatientID": None}, None, "empty file: the object has no bytes")
