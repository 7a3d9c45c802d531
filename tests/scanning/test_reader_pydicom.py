"""The header reader against pydicom, on its own test files, whole and damaged."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scanning.strategies import (
    damaged,
    dicom_files,
    differences,
    identification,
    known_vr,
    pydicom_header,
    pydicom_text,
    shipped,
    some,
    wide,
)

from tagwise.scanning.elements import MAX_VALUE
from tagwise.scanning.reader import Header, HeaderReader

FILES = tuple(dicom_files())
WIDE = HeaderReader(wide())
WIDE_LAST = max(one.tag for one in wide())
SOME = HeaderReader(some())
SOME_LAST = max(one.tag for one in some())

MUCH = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
VERY_MUCH = settings(MUCH, max_examples=20_000)


@pytest.mark.parametrize("name", FILES)
def test_every_attribute_of_every_shipped_file_is_what_pydicom_reads(name: str) -> None:
    """Every text and number up to group 0040 of pydicom's own files is the same."""
    data = shipped()[name]
    header = WIDE.read_bytes(data)
    assert header.read_error is None
    assert differences(data, header.values, wide(), pydicom_header(data, WIDE_LAST)) == []


def test_the_comparison_covers_many_attributes_of_every_kind() -> None:
    """The files hold enough values of enough VRs for the comparison to mean something."""
    seen: dict[str, int] = {}
    for name in FILES:
        dataset = pydicom_header(shipped()[name], WIDE_LAST)
        for one in wide():
            try:
                seen[one.vr] = seen.get(one.vr, 0) + bool(pydicom_text(dataset, one))
            except LookupError:
                continue
    assert {vr for vr, count in seen.items() if count} >= {one.vr for one in some()} - {
        "FL",
        "SL",
        "SS",
        "SV",
        "UC",
        "UR",
        "UT",
        "UV",
    }
    assert sum(seen.values()) > 7000


@pytest.mark.parametrize("name", sorted(set(shipped()) - set(FILES)))
def test_what_is_not_dicom_is_said_to_be_not_dicom(name: str) -> None:
    """Texts, JSON, colour profiles and archives are not taken for DICOM."""
    header = SOME.read_bytes(shipped()[name])
    assert (header.read_error or "").startswith("not DICOM")
    assert set(header.values) == {None}


@pytest.mark.parametrize("name", FILES)
def test_window_size_changes_nothing(name: str) -> None:
    """Values, digest and error do not depend on how much is read at a time."""
    data = shipped()[name]
    assert (
        HeaderReader(some(), window=256).read_bytes(data)
        == SOME.read_bytes(data)
        == HeaderReader(some(), window=1 << 20).read_bytes(data)
    )


def _in_bounds(header: Header, data: bytes) -> None:
    assert len(header.values) == len(some())
    assert (header.header_digest is None) == (header.read_error is not None)
    for value in header.values:
        if value is not None:
            value.encode()
            # One byte is three digits and a separator at most; a deflated object has more bytes than its file.
            assert len(value) <= 5 * max(len(data), MAX_VALUE)


def _check_damaged(name: str, data: bytes) -> None:
    """Nothing is raised; what is read without an error is what pydicom reads, wherever pydicom can."""
    header = SOME.read_bytes(data)
    _in_bounds(header, data)
    assert HeaderReader(some(), window=256).read_bytes(data) == header
    if header.read_error is not None or name in HAS_ITEMS or not _meta_is_known(data):
        return
    try:
        dataset = pydicom_header(data, SOME_LAST)
    except Exception:  # noqa: BLE001 -- pydicom raises many kinds for damaged objects, all mean: no answer
        return
    if dataset.group_dataset(2):  # it went on behind a delimiter inside the file meta information
        return
    assert differences(data, header.values, some(), dataset) == []


def _has_items(name: str) -> bool:
    dataset = pydicom_header(shipped()[name], SOME_LAST)
    return any(one.VR == "SQ" for one in dataset.values())


HAS_ITEMS = {name for name in FILES if _has_items(name)}
"""Files where a damaged length inside an item leads pydicom out of the item; we go on after it, as its length says."""


def _meta_is_known(data: bytes) -> bool:
    """Tell whether pydicom has no reason to read the file meta information a second time, as implicit VR."""
    start = 132 if data[128:132] == b"DICM" else 0
    return data[start : start + 2] != b"\x02\0" or known_vr(data[start + 4 : start + 6])


def test_a_fraction_in_a_whole_number_stays_as_the_object_has_it() -> None:
    """A Series Number of .1 is kept as text, as pydicom keeps it beside the float 0.1."""
    data = shipped()["test_files/CT_small.dcm"]
    written = b"\x20\0\x11\0IS\x02\0"
    at = data.index(written) + len(written)
    damaged_number = data[:at] + b".1" + data[at + 2 :]
    header, dataset = SOME.read_bytes(damaged_number), pydicom_header(damaged_number, SOME_LAST)
    assert header.values[[one.keyword for one in some()].index("SeriesNumber")] == ".1"
    assert differences(damaged_number, header.values, some(), dataset) == []


@MUCH
@given(damaged(FILES))
def test_a_damaged_object_is_a_row(case: tuple[str, bytes]) -> None:
    """Damaged bytes never raise, and never give other values than pydicom without an error."""
    _check_damaged(*case)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@VERY_MUCH
@given(damaged(FILES))
def test_a_damaged_object_is_a_row_often(case: tuple[str, bytes]) -> None:
    """The same, 20,000 times."""
    _check_damaged(*case)


@MUCH
@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"\x08\0\x16\0UI", b"\x08\0\x05\0", bytes(128) + b"DICM", bytes(128) + b"DICM\x02\0"]),
)
def test_arbitrary_bytes_are_a_row(data: bytes, start: bytes) -> None:
    """Any bytes, also behind a start that looks like DICOM, are a row."""
    _in_bounds(SOME.read_bytes(start + data), start + data)


def test_most_files_take_part_in_the_comparison_of_damaged_objects() -> None:
    """The property above is not empty."""
    assert len(FILES) - len(HAS_ITEMS) > 60


@pytest.mark.parametrize(
    "name",
    ["charset_files/chrH32.dcm", "test_files/badVR.dcm", "test_files/image_dfl.dcm", "test_files/nested_priv_SQ.dcm"],
)
def test_an_object_cut_anywhere_says_so_or_ends_between_two_elements(name: str) -> None:
    """Cut at every byte, an object gives the values before the cut, and an error unless the cut is between elements."""
    data = shipped()[name]
    reader = HeaderReader(identification())
    whole = reader.read_bytes(data)
    assert whole.read_error is None
    clean = 0
    for end in range(min(len(data), 3000)):
        header = reader.read_bytes(data[:end])
        for value, complete in zip(header.values, whole.values, strict=True):
            assert value in {None, complete} or header.values[4] != whole.values[4]  # text before its character set
        clean += header.read_error is None and header.header_digest != whole.header_digest
    assert clean <= 120
