"""What an object refers to is found whatever its encoding is, and hostile nesting does no harm."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from tests.scanning.strategies import ITEM_OPEN, SEQUENCE, element, part10

import tagwise
from tagwise.scanning import references
from tagwise.scanning.columns import scan_columns
from tagwise.scanning.reader import HeaderReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagwise.scanning.references import Reference

ROOT = "1.2.840.10008.5.1.4.1.1."
CT, KEY_OBJECTS, STRUCTURES, SEGMENTATION = ROOT + "2", ROOT + "88.59", ROOT + "481.3", ROOT + "66.4"
SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian]


def _of(**attributes: object) -> Dataset:
    data_set = Dataset()
    for keyword, value in attributes.items():
        setattr(data_set, keyword, Sequence(value) if isinstance(value, list) else value)
    return data_set


def _image(number: int) -> Dataset:
    return _of(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=f"1.2.826.7.{number}")


def _key_objects() -> Dataset:
    series = _of(SeriesInstanceUID="1.2.826.6", ReferencedSOPSequence=[_image(1), _image(2)])
    evidence = _of(StudyInstanceUID="1.2.826.5", ReferencedSeriesSequence=[series])
    content = _of(ValueType="IMAGE", ReferencedSOPSequence=[_image(1)])
    return _of(
        SOPClassUID=KEY_OBJECTS,
        ReferencedPerformedProcedureStepSequence=[
            _of(ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.3", ReferencedSOPInstanceUID="1.2.826.99")
        ],
        CurrentRequestedProcedureEvidenceSequence=[evidence],
        ContentSequence=[content],
    )


def _structures() -> Dataset:
    series = _of(SeriesInstanceUID="1.2.826.6", ContourImageSequence=[_image(1), _image(2), _image(1)])
    study = _of(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
        ReferencedSOPInstanceUID="1.2.826.5",
        RTReferencedSeriesSequence=[series],
    )
    frame = _of(FrameOfReferenceUID="1.2.826.8", RTReferencedStudySequence=[study])
    return _of(SOPClassUID=STRUCTURES, ReferencedFrameOfReferenceSequence=[frame])


def _segmentation() -> Dataset:
    series = _of(SeriesInstanceUID="1.2.826.6", ReferencedInstanceSequence=[_image(1)])
    elsewhere = _of(SeriesInstanceUID="1.2.826.66", ReferencedInstanceSequence=[_image(2)])
    other = _of(StudyInstanceUID="1.2.826.55", ReferencedSeriesSequence=[elsewhere])
    return _of(
        SOPClassUID=SEGMENTATION,
        ReferencedSeriesSequence=[series],
        StudiesContainingOtherReferencedInstancesSequence=[other],
        Rows=8,
    )


EXPECTED: dict[str, tuple[Callable[[], Dataset], list[tuple[str | None, ...]]]] = {
    "key objects": (
        _key_objects,
        [
            ("CurrentRequestedProcedureEvidenceSequence", CT, f"1.2.826.7.{number}", "1.2.826.6", "1.2.826.5", None)
            for number in (1, 2)
        ],
    ),
    "structures": (
        _structures,
        [
            ("ReferencedFrameOfReferenceSequence", CT, f"1.2.826.7.{number}", "1.2.826.6", None, "1.2.826.8")
            for number in (1, 2)
        ],
    ),
    "segmentation": (
        _segmentation,
        [
            ("ReferencedSeriesSequence", CT, "1.2.826.7.1", "1.2.826.6", None, None),
            ("StudiesContainingOtherReferencedInstancesSequence", CT, "1.2.826.7.2", "1.2.826.66", "1.2.826.55", None),
        ],
    ),
}


def _encoded(data_set: Dataset, syntax: UID, *, undefined: bool) -> bytes:
    data_set.SOPInstanceUID = "1.2.826.1"
    data_set.PixelData = bytes(64)
    data_set["PixelData"].VR = "OW"
    for found in list(data_set.iterall()):
        if found.VR == "SQ":
            found.is_undefined_length = undefined
            for item in found.value:
                item.is_undefined_length_sequence_item = undefined
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    data_set.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _found(data: bytes, window: int = 8192) -> tuple[Reference, ...]:
    return HeaderReader(scan_columns(), window=window).read_bytes(data).references


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("kind", EXPECTED)
def test_references_are_found_in_every_encoding(kind: str, syntax: UID, *, undefined: bool) -> None:
    """Each object once, with its series, study and frame of reference; steps and studies are none."""
    make, expected = EXPECTED[kind]
    data = _encoded(make(), syntax, undefined=undefined)
    assert [tuple(reference) for reference in _found(data)] == expected
    assert _found(data, window=256) == _found(data)


def test_images_are_not_looked_into() -> None:
    """A CT image names its scout; the scan of images must not pay for that."""
    data_set = _of(SOPClassUID=CT, ReferencedImageSequence=[_image(1)])
    assert _found(_encoded(data_set, ExplicitVRLittleEndian, undefined=False)) == ()


def test_a_part_of_a_damaged_object_is_kept() -> None:
    """What comes before the damage counts."""
    data = _encoded(_key_objects(), ExplicitVRLittleEndian, undefined=True)
    place = data.index(b"1.2.826.7.2")
    assert [reference.sop_instance for reference in _found(data[:place])] == ["1.2.826.7.1"]


def test_deep_nesting_ends() -> None:
    """A hundred thousand sequences inside each other cost neither the stack nor the memory."""
    start = element(0x00080016, "UI", KEY_OBJECTS.encode() + b"\0")
    assert _found(part10(start + (SEQUENCE + ITEM_OPEN) * 100_000)) == ()


def test_there_is_a_greatest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """One object must not fill the memory."""
    monkeypatch.setattr(references, "MOST_REFERENCES", 10)
    series = _of(SeriesInstanceUID="1.2.826.6", ReferencedSOPSequence=[_image(number) for number in range(50)])
    evidence = _of(StudyInstanceUID="1.2.826.5", ReferencedSeriesSequence=[series])
    data_set = _of(SOPClassUID=KEY_OBJECTS, CurrentRequestedProcedureEvidenceSequence=[evidence])
    assert len(_found(_encoded(data_set, ExplicitVRLittleEndian, undefined=False))) == 10


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(EXPECTED)), st.booleans(), st.lists(st.tuples(st.integers(0), st.binary(max_size=8))))
def test_any_bytes_give_an_answer(kind: str, undefined: bool, damage: list[tuple[int, bytes]]) -> None:
    """Overwritten at any place, an object is read to an end without an exception."""
    data = bytearray(_encoded(EXPECTED[kind][0](), ExplicitVRLittleEndian, undefined=undefined))
    for place, piece in damage:
        at = 132 + place % (len(data) - 132)
        data[at : at + len(piece)] = piece
    assert len(_found(bytes(data))) <= 20


def _rows(index: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(index), read_only=True) as db:
        return db.execute("SELECT ReferencedSOPInstanceUID FROM referenced_objects ORDER BY ALL").fetchall()


def test_the_index_holds_them_and_follows_changes(tmp_path: Path) -> None:
    """A file that changed has only its present references; one that did not keeps its own."""
    folder, index = tmp_path / "archive", tmp_path / "index.duckdb"
    folder.mkdir()
    for name, make in (("ko", _key_objects), ("rt", _structures)):
        (folder / name).write_bytes(_encoded(make(), ExplicitVRLittleEndian, undefined=False))
    tagwise.scan(folder, index=index)
    assert len(_rows(index)) == 4
    data_set = _of(SOPClassUID=KEY_OBJECTS, ReferencedImageSequence=[_image(9)])
    (folder / "ko").write_bytes(_encoded(data_set, ExplicitVRLittleEndian, undefined=False))
    tagwise.scan(folder, index=index)
    assert _rows(index) == [("1.2.826.7.1",), ("1.2.826.7.2",), ("1.2.826.7.9",)]


def test_an_index_of_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    """The next scan reads again what refers to others, and nothing else."""
    folder, index = tmp_path / "archive", tmp_path / "index.duckdb"
    folder.mkdir()
    (folder / "ko").write_bytes(_encoded(_key_objects(), ExplicitVRLittleEndian, undefined=False))
    (folder / "ct").write_bytes(_encoded(_of(SOPClassUID=CT), ExplicitVRLittleEndian, undefined=False))
    tagwise.scan(folder, index=index)
    with duckdb.connect(str(index)) as db:
        db.execute("DROP TABLE referenced_objects")
        db.execute("UPDATE tagwise_index SET value = '1' WHERE name = 'format'")
    reasons = {item.check: item.reason for item in tagwise.audit(index).not_checkable}
    assert "scan again" in reasons["reference/object-missing"]
    summary = tagwise.scan(folder, index=index)
    assert (summary.changed, summary.unchanged) == (1, 1)
    assert len(_rows(index)) == 2
    assert tagwise.audit(index).not_checkable == ()
