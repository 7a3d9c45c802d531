"""The pydicom code of every attribute, executed with pydicom; warnings are errors."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import pytest
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from tests.knowledge.rhino.dicom_tree import reread

from tagwise.knowledge import pydicom_code
from tagwise.standard import dictionary, private

EVERY = dictionary.all_attributes()
TYPES: dict[str, type | tuple[type, ...]] = {
    "SQ": Sequence,
    "PN": object,
    "AT": int,
    "US": int,
    "OB": bytes,
    "UN": bytes,
}


def data_set() -> Dataset:
    """An empty data set with file meta information, as dcmread gives it."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    return made


def ran(code: str, dataset: Dataset) -> dict[str, Any]:
    names: dict[str, Any] = {"ds": dataset}
    exec(compile(code, "snippet", "exec"), names)  # noqa: S102 - what is tested is that the code runs
    return names


def read(names: dict[str, Any]) -> Any:
    """What the code read: a value, a list of values, items, or values by tag."""
    return next(names[name] for name in ("values", "items", "value") if name in names)


def holder(found: dictionary.Attribute, names: dict[str, Any]) -> Dataset:
    group = found.tag[1:5]
    return names["command"] if group == "0000" else names["ds"].file_meta if group == "0002" else names["ds"]


def test_the_code_of_every_attribute_runs() -> None:
    """Absent it reads as nothing; what it sets has the right tag and VR, and is read again; all without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in EVERY:
            code = pydicom_code.snippet(found).code
            if found.tag.startswith("(FFFE"):
                assert not code
                continue
            dataset = data_set()
            first = ran(code, dataset)
            assert not read(first), f"{found.keyword}: something was read from an empty data set"
            where = holder(found, first)
            stored = where[next(iter(where.keys()))] if found.repeats else where[found.number]
            assert str(stored.VR) in {found.vr, *found.vr.split(" or ")}, found.keyword
            if found.tag.startswith("(0000"):
                continue  # its code makes a new command set each time
            second = read(ran(code, dataset))
            assert second, f"{found.keyword}: {code}"
            _check_count(found, second, stored.value)


def _check_count(found: dictionary.Attribute, value: Any, stored: Any) -> None:
    if found.repeats:
        assert list(value.values()) == [stored]
    elif isinstance(stored, MultiValue):
        assert value == list(stored), found.keyword
        least = int(found.vm.partition("-")[0])
        assert len(value) >= least, found.keyword
    elif isinstance(stored, Sequence):
        assert value == list(stored)
    else:
        assert value in (stored, [stored]), found.keyword


def test_what_the_code_sets_can_be_written_and_read() -> None:
    """The values are such that a file with them is read without complaint."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in EVERY:
            if found.tag[1:5] in {"0000", "0002", "FFFE"} or " or " in found.vr:
                continue
            dataset = data_set()
            code = pydicom_code.snippet(found).code
            ran(code, dataset)
            again = reread(dataset)
            assert read(ran(code, again)) or found.vr == "SQ", found.keyword
            assert again.keys() == dataset.keys()
            assert [one.value for one in again] == [one.value for one in dataset], found.keyword


def test_a_choice_of_vr_is_made_when_it_is_written() -> None:
    """With what the notes ask for in the data set."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in EVERY:
            if " or " not in found.vr or found.repeats:
                continue
            dataset = data_set()
            dataset.PixelRepresentation = 0
            dataset.BitsAllocated = 16
            dataset.LUTDescriptor = [1, 0, 16]
            dataset.WaveformBitsAllocated = 16
            ran(pydicom_code.snippet(found).code, dataset)
            again = reread(dataset)
            assert str(again[found.number].VR) in found.vr.split(" or "), found.keyword


def test_keywords_are_used_where_pydicom_has_them() -> None:
    """By tag only what is newer than pydicom's dictionary, has no keyword, or has another one there."""
    by_tag = [found for found in EVERY if not found.repeats and "add_new(0x" in pydicom_code.snippet(found).code]
    assert all(found.added_after or found.renamed_after or not found.keyword for found in by_tag)
    assert len(by_tag) < 200
    assert dictionary_VR("SeriesInstanceUID") == "UI"


def test_code_of_real_files_reads_their_values(ct_small: Dataset) -> None:
    """Every element of a real file, through the code of its attribute."""
    for element in list(ct_small):
        found = dictionary.lookup(f"{element.tag:08X}")
        if found is None or found.repeats or not found.keyword:
            continue
        value = read(ran(pydicom_code.snippet(found).code.rpartition("\n")[0], ct_small))
        expected = element.value
        if isinstance(expected, MultiValue | Sequence):
            expected = list(expected)
        elif isinstance(value, list):
            expected = [expected]
        assert value == expected, found.keyword


@pytest.fixture
def ct_small() -> Dataset:
    from pydicom import dcmread
    from tests.conftest import PYDICOM_DATA

    return dcmread(PYDICOM_DATA / "test_files" / "CT_small.dcm")


@pytest.mark.parametrize("creator", private.creators()[::7])
def test_private_blocks_are_found_by_creator(creator: str) -> None:
    """The first element of a creator: nothing in an empty data set, and then what was set, in its block."""
    element = private.elements(creator)[0]
    code = pydicom_code.private_snippet(element).code
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = data_set()
        assert ran(code, dataset)["value"] is None
        assert ran(code, dataset)["value"] is not None
    assert creator in dataset.private_creators(int(element.tag[1:5], 16))


def test_the_module_does_not_import_pydicom() -> None:
    """A page shows code for pydicom without paying for its import."""
    import subprocess

    code = (
        "import sys, tagwise.pages.pydicom_section, tagwise.knowledge.pydicom_code; sys.exit('pydicom' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
