"""Metadata in the DICOM JSON model and in XML has the rows of the objects that it was made from."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from tests.conftest import real_files
from tests.containers.made import errors, rows, scanned, zipped

if TYPE_CHECKING:
    from pathlib import Path

_NATIVE = '<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel xml:space="preserve">{}</NativeDicomModel>'
_ELEMENT = '<DicomAttribute tag="{0}" vr="{1}" keyword="x">{2}</DicomAttribute>'
_UID = _ELEMENT.format("00080018", "UI", '<Value number="1">1.2.3</Value>')


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _alike(one: object, other: object) -> bool:
    """Equal as the models keep it: numbers as numbers, padding and empty values at an end gone."""
    if not isinstance(one, str) or not isinstance(other, str):
        return (one or None) == (other or None)
    ours, theirs = (text.rstrip("\0 \\=^").split("\\") for text in (one, other))
    return len(ours) == len(theirs) and all(
        a.strip() == b.strip() or (_is_number(a) and _is_number(b) and float(a) == pytest.approx(float(b)))
        for a, b in zip(ours, theirs, strict=True)
    )


def _readable(limit: int) -> list[Path]:
    """Real objects that all tools can read, without file meta information nothing of them is missing."""
    found = []
    for path in real_files():
        if path.suffix == ".dcm" and path.stat().st_size < 100_000 and len(found) < limit:
            try:
                dataset = pydicom.dcmread(path, stop_before_pixels=True)
                dataset.to_json()
            except Exception:  # noqa: BLE001, S112 - whatever pydicom cannot write is of no use here
                continue
            if "SOPClassUID" in dataset and "DirectoryRecordSequence" not in dataset:
                found.append(path)
    return found


def _compared(folder: Path, plain: Path, tmp_path: Path, ending: str) -> int:
    scanned(plain, tmp_path / "plain.duckdb")
    scanned(folder, tmp_path / "described.duckdb")
    columns = "* EXCLUDE (file_path, file_modified, file_size, header_digest, TransferSyntaxUID, "
    columns += "MediaStorageSOPClassUID, MediaStorageSOPInstanceUID, ImplementationVersionName, SpecificCharacterSet)"
    expected = {path.rpartition("/")[2]: row for path, row in _rows(tmp_path / "plain.duckdb", columns).items()}
    found = {
        path.rpartition("/")[2].removesuffix(ending): row
        for path, row in _rows(tmp_path / "described.duckdb", columns).items()
    }
    assert set(found) == set(expected)
    for name, row in found.items():
        differing = [(a, b) for a, b in zip(row, expected[name], strict=True) if not _alike(a, b)]
        assert not differing, name
    return len(found)


def _rows(index: Path, columns: str) -> dict[str, tuple[Any, ...]]:
    import duckdb

    with duckdb.connect(str(index), read_only=True) as db:
        found = db.execute(f"SELECT file_path, {columns} FROM instances").fetchall()
    return {path: tuple(values) for path, *values in found}


def test_json_has_the_rows_of_objects(tmp_path: Path) -> None:
    """What pydicom writes as JSON gives the texts of the file, but for file meta information and digest."""
    plain, folder = tmp_path / "plain", tmp_path / "json"
    plain.mkdir()
    folder.mkdir()
    for path in _readable(40):
        shutil.copy(path, plain)
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        (folder / f"{path.name}.json").write_text(dataset.to_json())
    assert _compared(folder, plain, tmp_path, ".json") > 25


@pytest.mark.skipif(not shutil.which("dcm2xml"), reason="DCMTK's dcm2xml is not installed")
@pytest.mark.parametrize("tool", ["dcm2xml", "dcm2json"])
def test_what_dcmtk_writes_has_the_rows_of_objects(tool: str, tmp_path: Path) -> None:
    """An independent writer of both models is understood."""
    plain, folder = tmp_path / "plain", tmp_path / "described"
    plain.mkdir()
    folder.mkdir()
    for path in _readable(25):
        options = ["--native-format"] if tool == "dcm2xml" else []
        written = subprocess.run([tool, *options, str(path)], capture_output=True, check=False)
        if b"&#27;" in written.stdout or b"quoting" in written.stderr:
            continue  # text that the tool did not decode
        if path.name == "chrX1.dcm" and tool == "dcm2xml":
            continue  # DCMTK 3.6.7 repeats the ideographic group of a name where the phonetic one is empty
        if written.returncode == 0 and written.stdout.rstrip().endswith((b">", b"}")):
            (folder / f"{path.name}.x").write_bytes(written.stdout)
            shutil.copy(path, plain)
    assert _compared(folder, plain, tmp_path, ".x") > 15


def test_an_array_has_a_row_for_each_object(tmp_path: Path) -> None:
    """They are numbered from 1; a single object is its file; both are left alone while they are unchanged."""
    folder, index = tmp_path / "a", tmp_path / "i.duckdb"
    folder.mkdir()
    one = {"00080018": {"vr": "UI", "Value": ["1.2.3"]}, "00280010": {"vr": "US", "Value": [512]}}
    (folder / "several").write_text(json.dumps([one, one, {"00080018": {"vr": "UI", "Value": ["1.2.4"]}}]))
    (folder / "array").write_text(json.dumps([one]))
    (folder / "object").write_text("\ufeff\n " + json.dumps(one))
    (folder / "in.zip").write_bytes(zipped({"a.json": json.dumps([one, one]).encode()}))
    summary = scanned(folder, index)
    names = ["array", "in.zip!/a.json!/1", "in.zip!/a.json!/2", "object", "several!/1", "several!/2", "several!/3"]
    assert sorted(errors(index, folder)) == names
    assert rows(index, "Rows, SOPInstanceUID")[f"{folder}/several!/3"] == (None, "1.2.4")
    digests = {path: row[0] for path, row in rows(index, "header_digest").items()}
    assert len(set(digests.values())) == 2
    assert (summary.files, summary.objects, summary.containers, summary.unreadable) == (4, 7, 2, {})
    again = scanned(folder, index)
    assert (again.unchanged, again.objects) == (4, 7)


def test_xml_of_all_kinds_of_values(tmp_path: Path) -> None:
    """Names in parts, values that are left out, sequences, bulk elsewhere and inside, and a prefix of a name space."""
    name = "<PersonName number='1'><Alphabetic><FamilyName>Doe</FamilyName><GivenName>Jane</GivenName></Alphabetic>"
    name += "<Ideographic><FamilyName>山田</FamilyName></Ideographic></PersonName>"
    text = _NATIVE.format(
        _UID
        + _ELEMENT.format("00080008", "CS", '<Value number="1">A</Value><Value number="3">C</Value>')
        + _ELEMENT.format("00080060", "CS", "")
        + _ELEMENT.format("00080070", "UN", "<InlineBinary>QUNNRQ==</InlineBinary>")
        + _ELEMENT.format("00081030", "LO", '<BulkData uri="http://localhost/1"/>')
        + _ELEMENT.format("00081140", "SQ", f'<Item number="1">{_UID.replace("1.2.3", "9.9")}</Item>')
        + _ELEMENT.format("00100010", "PN", name)
        + _ELEMENT.format("7FE00010", "OW", "<InlineBinary>" + "A" * 4000 + "</InlineBinary>")
    )
    path, index = tmp_path / "x.xml", tmp_path / "i.duckdb"
    path.write_text(text)
    scanned(path, index)
    columns = "SOPInstanceUID, ImageType, Modality, Manufacturer, StudyDescription, PatientName, read_error"
    assert rows(index, columns) == {str(path): ("1.2.3", "A\\\\C", "", "ACME", None, "Doe^Jane=山田", None)}


def test_bad_metadata_is_a_row_with_a_reason(tmp_path: Path) -> None:
    """Text that is cut, entities, nesting without end, and texts that are no objects."""
    folder, index = tmp_path / "a", tmp_path / "i.duckdb"
    folder.mkdir()
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    dataset = Dataset()
    dataset.SOPInstanceUID, dataset.PatientID = "1.2.3", "x" * 50
    good = dataset.to_json()
    xml = _NATIVE.format(_UID)
    made = {
        "cut.json": (good[:-9], "damaged encoding"),
        "more.json": (good + "x", "damaged encoding"),
        "latin.json": (b'{"00100020": {"vr": "LO", "Value": ["\xff"]}}', "damaged encoding"),
        "other.json": ('{"name": "tagwise", "version": 1}', "not DICOM"),
        "nobody.json": ('[{"00100010": {"vr": "PN"}}]', "not DICOM"),
        "odd.json": ('{"00080018": 5, "00100020": {"Value": {"a": 1}}, "00080060": {"Value": [[1], true]}}', None),
        "deep.json": ('{"00081140": {"Value": ' + "[" * 90_000, "damaged encoding"),
        "cut.xml": (xml[:-40], "damaged encoding"),
        "entities.xml": (xml.replace("<Native", entities + "<Native", 1).replace("1.2.3", "&b;"), "not supported"),
        "deep.xml": (_NATIVE.format('<DicomAttribute tag="00081140" vr="SQ"><Item>' * 100), "limit exceeded"),
        "odd.xml": (_NATIVE.format("<Value>1</Value>"), "damaged encoding"),
        "no-tag.xml": (_NATIVE.format("<DicomAttribute/>"), "damaged encoding"),
        "number.xml": (_NATIVE.format(_UID.replace('number="1"', 'number="x"')), "damaged encoding"),
        "other.xml": ("<html><body/></html>", "not DICOM"),
    }
    for name, (text, _) in made.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    scanned(folder, index)
    assert errors(index, folder) == {name: error for name, (_, error) in made.items()}
