"""Examples and accessors on real objects, and the wrong forms that other pages show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from tests.conftest import PYDICOM_DATA
from tests.knowledge.rhino import dicom_tree, hl7_tree, runner
from tests.knowledge.rhino.runner import Run, results

from tagwise.knowledge import mirth, mirth_access, mirth_xml
from tagwise.knowledge.mirth import Message
from tagwise.standard import dictionary, vrs

if TYPE_CHECKING:
    from pathlib import Path

REAL = ("CT_small.dcm", "MR_small.dcm", "ExplVR_BigEnd.dcm", "MR_small_implicit.dcm")
PATHS = [PYDICOM_DATA / "test_files" / name for name in REAL]


def real_message(path: Path) -> Message:
    return Message("DICOM", dicom_tree.from_file(path))


def example_run(name: str, message: Message, **maps: dict[str, str]) -> Run:
    example = mirth.example(name)
    is_filter = example.step.endswith("filter")
    return Run(example.code, message, is_filter, example.template, maps, example.destinations)


def test_the_form_of_the_xml_is_that_of_the_user_guide() -> None:
    """Name, attributes, padding and bytes as the guide of NextGen prints them for an object of its own."""
    xml = dicom_tree.from_file(PATHS[0])
    assert xml.startswith('<dicom><tag00020000 len="4" tag="00020000" vr="UL">')
    assert '<tag00020001 len="2" tag="00020001" vr="OB">00\\01</tag00020001>' in xml
    assert '<tag00020002 len="26" tag="00020002" vr="UI">1.2.840.10008.5.1.4.1.1.2</tag00020002>' in xml
    assert '<tag00080008 len="22" tag="00080008" vr="CS">ORIGINAL\\PRIMARY\\AXIAL</tag00080008>' in xml
    assert "tag7FE00010" not in xml


def test_the_messages_of_examples_have_the_form_of_real_ones() -> None:
    """What the loader makes of keywords is what the bytes of such an object give."""
    values = {
        "SOPInstanceUID": "1.2.345",
        "StudyDate": "20260102",
        "PatientName": "Doe^Jane",
        "OtherPatientIDs": "1\\23",
        "Rows": "512",
        "CTDIvol": "12.5",
        "RequestAttributesSequence": [{"AccessionNumber": "A12"}, {"AccessionNumber": ""}],
    }
    dataset = Dataset()
    for keyword, value in values.items():
        if isinstance(value, list):
            setattr(dataset, keyword, [_dataset(item) for item in value])
        else:
            numbers = {"US": int, "FD": float}.get(dictionary.find(keyword).vr, str)
            setattr(dataset, keyword, numbers(value))
    written = dicom_tree.from_dataset(dicom_tree.reread(dataset))
    ordered = dict(sorted(values.items(), key=lambda pair: dictionary.find(pair[0]).number))
    made = re.sub(r">\s+<", "><", mirth_xml.dicom_xml(ordered))
    assert made == re.sub(r"<(tag\w+)( [^>]*)></\1>", r"<\1\2/>", written)


def _dataset(item: dict[str, str]) -> Dataset:
    made = Dataset()
    for keyword, value in item.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize("path", PATHS, ids=REAL)
def test_examples_work_on_real_objects(path: Path, tmp_path: Path) -> None:
    """Filters take them, and what transformers find is what pydicom reads."""
    dataset, message = pydicom.dcmread(path), real_message(path)
    filters = ("series-uid-rules", "uids-of-three-levels", "file-meta-agrees", "modality-code-form")
    filters += ("pixel-matrix-agrees", "photometric-agrees", "birth-date-before-study", "pixel-data-in-attachment")
    others = ("fhir-series-r4", "number-of-frames-one", "study-time-parts", "accession-number-padded")
    ran = dict(
        zip((*filters, *others), results([example_run(n, message) for n in (*filters, *others)], tmp_path), strict=True)
    )
    assert [ran[name]["error"] for name in ran] == [None] * len(ran)
    assert {name: ran[name]["returns"] for name in filters} == dict.fromkeys(filters, True)
    assert ran["series-uid-rules"]["channelMap"] == {"seriesInstanceUID": dataset.SeriesInstanceUID}
    series = json.loads(ran["fhir-series-r4"]["tmp"])["series"][0]
    assert series["uid"] == dataset.SeriesInstanceUID
    assert series["modality"]["code"] == dataset.Modality
    assert series.get("number") == dataset.get("SeriesNumber")
    assert ran["number-of-frames-one"]["channelMap"] == {"frames": "1"}
    assert ran["study-time-parts"]["channelMap"] == {"studyTime": str(dataset.StudyTime).replace(":", "")[:6]}


# The path and the pattern of the page, as the notes quote them. Nothing else of it is needed to see it fail.
WRONG_PATH = "msg.dataset.attr.(@tag == '0020000E').value"
WRONG_CODE = f"""
var uid = String({WRONG_PATH});
channelMap.put('read', '[' + uid + ']');
if (!/^[0-9.]{{1,64}}$/.test(uid)) {{ destinationSet.removeAll(); return; }}
return true;
"""


def test_the_path_of_the_page_rejects_every_instance(tmp_path: Path) -> None:
    """It gives an empty text, so every object loses all its destinations; ours reads the UID."""
    messages = [real_message(path) for path in PATHS]
    wrong = [Run(WRONG_CODE, message, filter=True, destinations=["PACS", "Research"]) for message in messages]
    right = [example_run("series-uid-rules", message) for message in messages]
    ran = results([*wrong, *right], tmp_path)
    for result in ran[: len(wrong)]:
        assert result["channelMap"] == {"read": "[]"}
        assert result["removed"] == ["PACS", "Research"]
        assert result["returns"] is False
    assert [result["returns"] for result in ran[len(wrong) :]] == [True] * len(right)


def test_numbers_as_names_of_fields_write_no_field(tmp_path: Path) -> None:
    """OBR-18 is reached by its name in the tree; with a number the message gets a second OBR and no OBR-18."""
    template = Message("HL7 v2.x", "MSH|^~\\&|A|B\nOBR|1")
    message = Message("DICOM", mirth_xml.dicom_xml({"AccessionNumber": "A12345"}))
    wrong, right = "tmp['OBR'][18] = 'A12345';", "tmp['OBR']['OBR.18']['OBR.18.1'] = 'A12345';"
    first, second = results([Run(code, message, template=template) for code in (wrong, right)], tmp_path)
    assert "<OBR.18>" not in first["tmp"]
    assert hl7_tree.to_text(second["tmp"]).splitlines()[1] == "OBR|1" + "|" * 17 + "A12345"


def test_no_example_has_a_wrong_form() -> None:
    """Neither the path of another tool's XML, nor fields by number, nor an assignment that loses tag and vr."""
    for name in {one.name for one in mirth.listed()}:
        code = mirth.example(name).code
        assert not re.search(r"msg\.dataset|\.attr\b|\['[A-Z]{3}'\]\[\d+\]", code), name
        assert not re.search(r"(?:msg|item)\['tag[0-9A-F]{8}'\] = ", code), name


def test_an_assignment_would_lose_the_element(tmp_path: Path) -> None:
    """In Rhino it takes the attributes away that Mirth needs to write the element; setChildren keeps them."""
    message = Message("DICOM", mirth_xml.dicom_xml({"AccessionNumber": "1"}))
    codes = ("msg['tag00080050'] = 'A1';", "msg['tag00080050'].setChildren('A1');")
    first, second = results([Run(code, message) for code in codes], tmp_path)
    assert first["msg"] == "<dicom><tag00080050>A1</tag00080050></dicom>"
    assert second["msg"] == '<dicom><tag00080050 len="2" tag="00080050" vr="SH">A1</tag00080050></dicom>'


BAD_UIDS = ("1..2", ".1", "1.", "01.2", "1.02", "", "1", "1.2 ", "1.2.a", "1.2." + "3" * 61, "1,2")
GOOD_UIDS = ("1.2", "0.1", "1.0.2", "2.25.329800735698586629295641978511506172918", "1.2." + "3" * 60)


def test_uid_patterns_follow_the_standard(tmp_path: Path) -> None:
    """PS3.5 9.1; the pattern of the page takes five of the bad ones."""
    assert [uid for uid in BAD_UIDS if re.fullmatch(r"[0-9.]{1,64}", uid)] == ["1..2", ".1", "1.", "01.2", "1.02", "1"]

    def message(uid: str) -> Message:
        return Message("DICOM", f'<dicom><tag0020000E len="64" tag="0020000E" vr="UI">{uid}</tag0020000E></dicom>')

    def order(uid: str) -> Message:
        return Message("HL7 v2.x", f"MSH|^~\\&|RIS||||||ORM^O01|M1|P|2.3.1\nZDS|{uid}")

    every = (*BAD_UIDS, *GOOD_UIDS)
    runs = [example_run("series-uid-rules", message(uid)) for uid in every]
    runs += [example_run("order-study-uid", order(uid)) for uid in every]
    ran = results(runs, tmp_path)
    accepted = [uid for uid, result in zip(every, ran, strict=False) if result["returns"]]
    ordered = [uid for uid, result in zip(every, ran[len(every) :], strict=True) if result["channelMap"]]
    assert accepted == ordered == list(GOOD_UIDS)


# One attribute for each VR and kind of VM: the text in the XML, and the value that its accessor gives.
ACCESSED: dict[str, tuple[str, Any]] = {
    "RetrieveAETitle": ("A\\B", ["A", "B"]),
    "ScheduledStationAETitle": ("CT01", ["CT01"]),
    "PatientAge": ("045Y", "045Y"),
    "FrameIncrementPointer": ("00181063\\00181065", ["00181063", "00181065"]),
    "SelectorAttribute": ("0020000E", "0020000E"),
    "Modality": ("CT", "CT"),
    "ImageType": ("ORIGINAL\\PRIMARY", ["ORIGINAL", "PRIMARY"]),
    "StudyDate": ("20260102", "20260102"),
    "DateOfSecondaryCapture": ("20260102", "20260102"),
    "SliceThickness": ("1.25", 1.25),
    "PixelSpacing": ("0.5\\0.25", [0.5, 0.25]),
    "AcquisitionDateTime": ("20260102101530", "20260102101530"),
    "CTDIvol": ("12.0", 12),
    "TableOfParameterValues": ("1.0\\-2.5E10", [1, -2.5e10]),
    "DiffusionBValue": ("1.0E-4", 0.0001),
    "NumberOfFrames": ("48", 48),
    "ReferencedFrameNumber": ("1\\2", [1, 2]),
    "PatientID": ("4711", "4711"),
    "OtherPatientIDs": ("1\\2", ["1", "2"]),
    "AdditionalPatientHistory": ("a\\b", "a\\b"),
    "FileMetaInformationVersion": ("00\\01", ["00", "01"]),
    "RedPaletteColorLookupTableData": ("0\\65535", ["0", "65535"]),
    "FloatPixelData": ("1.0\\2.0", ["1.0", "2.0"]),
    "PatientName": ("Doe^Jane=山^田", ["Doe^Jane", "山^田"]),
    "OperatorsName": ("A^B\\C^D", ["A^B", "C^D"]),
    "AccessionNumber": ("A1", "A1"),
    "SelectorSLValue": ("-1\\2", [-1, 2]),
    "ReferencePixelX0": ("-7", -7),
    "SelectorSSValue": ("-1", [-1]),
    "TagAngleSecondAxis": ("-9", -9),
    "InstitutionAddress": ("Street\\1", "Street\\1"),
    "StudyTime": ("101530", "101530"),
    "SeriesInstanceUID": ("1.2.3", "1.2.3"),
    "RelatedGeneralSOPClassUID": ("1.2\\1.3", ["1.2", "1.3"]),
    "SelectorULValue": ("4294967295", [4294967295]),
    "RegionFlags": ("3", 3),
    "Rows": ("512", 512),
    "SelectorUSValue": ("1\\2", [1, 2]),
    "SmallestImagePixelValue": ("5", 5),
    "TextValue": ("long\\text", "long\\text"),
    "SelectorUCValue": ("a \\\\ b", "a \\\\ b"),
    "RetrieveURL": ("http://127.0.0.1/", "http://127.0.0.1/"),
    "SelectorUNValue": ("\\00A", "\\00A"),
    "DoubleFloatPixelData": ("\\00", "\\00"),
    "ExtendedOffsetTable": ("\\00", "\\00"),
    "SelectorSVValue": ("\\00", "\\00"),
    "SelectorUVValue": ("\\00", "\\00"),
    "LongPrimitivePointIndexList": ("\\00", "\\00"),
}


def test_accessors_read_every_vr(tmp_path: Path) -> None:
    """Numbers are numbers, several values a list, texts with a backslash one text."""
    reached = {dictionary.find(keyword).first_vr for keyword in ACCESSED}
    assert reached == set(vrs.by_vr()) - {"SQ"}
    runs = []
    for keyword, (text, _) in ACCESSED.items():
        found = dictionary.find(keyword)
        code = mirth_access.accessor(found).code
        (name,) = re.findall(r"^var (?!text =|components =)(\w+) =", code, re.MULTILINE)
        put = f"\nchannelMap.put('value', JSON.stringify({name}));"
        runs.append(Run(code + put, Message("DICOM", mirth_xml.dicom_xml({keyword: text}))))
    for (keyword, (_, expected)), result in zip(ACCESSED.items(), results(runs, tmp_path), strict=True):
        assert result["error"] is None, keyword
        assert json.loads(result["channelMap"]["value"]) == expected, keyword


def test_accessors_of_absent_attributes_do_not_invent(tmp_path: Path) -> None:
    """No 0 for a number, no [''] for a list of values."""
    keywords = ("SliceThickness", "Rows", "ImageType", "Modality", "PatientName")
    names = ("sliceThickness", "rows", "imageType", "modality", "components")
    runs = [
        Run(
            f"{mirth_access.accessor(dictionary.find(keyword)).code}\nchannelMap.put('value', JSON.stringify({name}));",
            Message("DICOM", "<dicom/>"),
        )
        for keyword, name in zip(keywords, names, strict=True)
    ]
    values = [json.loads(result["channelMap"]["value"]) for result in results(runs, tmp_path)]
    assert values == [None, None, [], "", [""]]


def test_accessors_go_through_items_and_repeating_groups(tmp_path: Path) -> None:
    """A sequence gives each item, a repeating group each tag of its range, a private element that of its block."""
    sequence = mirth_access.accessor(dictionary.find("RequestAttributesSequence")).code
    into_items = sequence.replace("  // item['tagGGGGEEEE']", "  logger.info(item['tag00080050'].toString()); //")
    overlay = mirth_access.accessor(dictionary.find("60xx,0010")).code
    rows = overlay.replace("\n  }", "\n    logger.info(element.localName() + ' ' + overlayRows);\n  }")
    private = pydicom_private("SIEMENS MR HEADER", "(0019,xx0C)")
    runs = [
        Run(into_items, Message("DICOM", mirth_xml.dicom_xml(
            {"RequestAttributesSequence": [{"AccessionNumber": "A1"}, {"AccessionNumber": "A2"}]}))),
        Run(rows, Message("DICOM", mirth_xml.dicom_xml(
            {"60000010 US": "512", "60020010 US": "256", "60000011 US": "1", "61000010 US": "7"}))),
        Run(private, Message("DICOM", mirth_xml.dicom_xml(
            {"00190011 LO": "SIEMENS MR HEADER", "0019100C IS": "1", "0019110C IS": "800"}))),
    ]  # fmt: skip
    first, second, third = results(runs, tmp_path)
    assert first["log"] == ["info: A1", "info: A2"]
    assert second["log"] == ["info: tag60000010 512", "info: tag60020010 256"]
    assert third["channelMap"] == {"value": "800"}


def pydicom_private(creator: str, tag: str) -> str:
    from tagwise.standard import private

    (element,) = [one for one in private.elements(creator) if one.tag == tag]
    return mirth_access.private_accessor(element).code


def test_every_accessor_runs(tmp_path: Path) -> None:
    """All attributes of the dictionary, on an object that has none of them, in few runs."""
    codes = [mirth_access.accessor(found).code for found in dictionary.all_attributes()]
    chunks = [codes[start : start + 250] for start in range(0, len(codes), 250)]
    wrapped = ["\n".join(f"(function () {{\n{code}\n}})();" for code in chunk) for chunk in chunks]
    ran = results([Run(code, Message("DICOM", "<dicom/>")) for code in wrapped], tmp_path)
    assert [result["error"] for result in ran] == [None] * len(chunks)
    assert not any(result["leaked"] for result in ran)
    assert sum(not code for code in codes) == len(
        [one for one in dictionary.all_attributes() if one.tag[1:5] in {"0000", "FFFE"}]
    )


@pytest.mark.parametrize(("variable", "outcome"), [("CI", "failed"), ("TAGWISE_NEED_RHINO", "failed"), ("", "skipped")])
def test_a_machine_without_rhino_is_told_so(variable: str, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Continuous integration fails; elsewhere the tests are skipped with what to install."""
    monkeypatch.setattr(runner.shutil, "which", lambda _: None)
    for name in ("CI", "TAGWISE_NEED_RHINO"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, "1")
    expected = pytest.fail.Exception if outcome == "failed" else pytest.skip.Exception
    with pytest.raises(expected, match="apt-get install rhino"):
        runner.needed()
