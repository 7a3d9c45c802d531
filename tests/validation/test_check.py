"""`tagwise.check` takes anything and never raises for bad data."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pydicom
import pydicom.data
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset

import tagwise
from tagwise.checks.objects import ObjectCheck, object_registry
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, Given, data_set, part10
from tagwise.errors import SourceMissing, UsageError
from tagwise.findings import Severity
from tagwise.validation import engine, parsing
from tagwise.validation.engine import Plan, Selection
from tagwise.validation.sound import SOUND

REAL = sorted(
    file
    for file in Path(pydicom.data.__file__).parent.rglob("*")
    if file.is_file() and file.suffix not in (".py", ".pyc", ".json", ".txt", ".md")
)
CT = next(file for file in REAL if file.name == "CT_small.dcm")
MR = next(file for file in REAL if file.name == "MR_small.dcm")
WORDS = [
    *map(
        bytes.fromhex, ("feff00e0", "feff0de0", "feffdde0", "ffffffff", "00000000", "08004011", "e07f1000", "0c000000")
    ),
    *(b"SQ\0\0", b"UN\0\0", b"OB\0\0", b"LO\4\0"),
]
SMALL = [file.read_bytes() for file in REAL if file.stat().st_size < 40_000]


def _names(result: tagwise.CheckResult) -> set[str]:
    return {finding.check for finding in result.findings}


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.name)
def test_every_real_file_ends(file: Path) -> None:
    """No file that pydicom ships raises, and no check crashes on one."""
    result = tagwise.check(file)
    assert engine.CRASHED not in _names(result)
    assert result.complete or result.findings


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "MR_small.dcm", "rtstruct.dcm", "reportsi.dcm", "examples_ybr_color.dcm"]
)
def test_sound_files_are_not_blamed(name: str) -> None:
    """Files that only lack what their names say give nothing of medium severity besides that."""
    file = next((file for file in REAL if file.name == name), None)
    if file is None:
        pytest.skip("this version of pydicom does not ship it")
    worse = {finding.check for finding in tagwise.check(file).findings if finding.severity.rank >= 1}
    lacks = {
        "rtstruct.dcm": {"iod/attribute-missing"},  # Contour Image Sequence, of type 1
        "reportsi.dcm": {"identity/uid-placeholder", "reference/evidence-missing"},  # refers to an image with the UID 0
    }
    assert worse <= {"encoding/preamble-missing"} | lacks.get(name, set())


@pytest.mark.parametrize("file", [CT, MR, *REAL[:60]], ids=lambda file: file.name)
def test_the_same_elements_as_pydicom(file: Path) -> None:
    """Where pydicom reads a file, the parser finds the same tags, at every level."""
    try:
        theirs = pydicom.dcmread(file, force=True)
        expected = [int(element.tag) for element in theirs.iterall()]
    except Exception:  # noqa: BLE001 - what pydicom cannot read says nothing
        pytest.skip("pydicom does not read it")
    parsed = parsing.parse_file(file)
    if not parsed.complete:
        pytest.skip("damaged on purpose")
    ours = [element.tag for element in parsed.elements if element.inside.part == "data" and element.tag & 0xFFFF]
    assert set(ours) == {tag for tag in expected if tag & 0xFFFF}
    assert len(ours) >= sum(bool(tag & 0xFFFF) for tag in expected)


@given(st.binary(max_size=400))
@example(b"DICM")
@example(bytes(128) + b"DICM")
@example(bytes(300))
def test_any_bytes_end(content: bytes) -> None:
    """Bytes without any sense give findings and nothing else."""
    assert engine.CRASHED not in _names(tagwise.check(content))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SMALL), st.data())
def test_damaged_files_end(content: bytes, data: st.DataObject) -> None:
    """Bytes that are changed, cut or doubled anywhere in a real file do no harm."""
    damaged = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for _ in range(data.draw(st.integers(0, 8))):
        if damaged:
            at = data.draw(st.integers(0, len(damaged) - 1))
            new = data.draw(st.binary(max_size=6))
            damaged[at : at + data.draw(st.integers(0, 6))] = new
    assert engine.CRASHED not in _names(tagwise.check(bytes(damaged)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
@example([b"\x0c\0\0\0", b"LO\4\0", b"\xfe\xff\0\xe0"])  # a group length that is text
def test_any_row_of_delimiters_ends(words: list[bytes]) -> None:
    """Items and delimiters in any order and number end."""
    assert engine.CRASHED not in _names(tagwise.check(bytes(128) + b"DICM" + b"".join(words)))


VALUES = st.one_of(
    st.binary(max_size=70),
    st.text("0123456789.+-eE \\^=ADMY:_\x00\x1baz", max_size=70).map(lambda text: text.encode("latin-1")),
)
GATED: list[ObjectCheck] = [check for check in object_registry().values() if check.target == "values" and check.vrs]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(sorted(SOUND)), VALUES)
@example("LO", b"a b ")
@example("CS", b"ISO_IR 100")
@example("DS", b"1.5 \\-0.25")
@example("UI", b"1.2.840\x00")
def test_what_is_sound_at_a_glance_has_no_fault(vr: str, value: bytes) -> None:
    """A value that is not looked at closely is one that no check of its VR complains about."""
    if not SOUND[vr](value):
        return
    content = part10(data_set([Given("00091010", vr, value)]))
    element = next(element for element in parsing.parse_bytes(content).elements if element.tag == 0x00091010)
    assert {check.name: told for check in GATED if vr in check.vrs if (told := check.judge(element))} == {}


ELEMENTS = st.lists(
    st.sampled_from(
        [
            Given("StudyDate", "DA", "20261301"),
            Given("Modality", "CS", "ct"),
            Given("PatientName", "PN", b"M\xfcller"),
            Given("PatientID", "LO", b"1\x0034"),
            Given("SliceThickness", "DS", "1,5"),
            Given("InstanceNumber", "IS", "1.0"),
            Given("SOPInstanceUID", "UI", b"1.02 "),
            Given("Rows", "US", (2, 3)),
            Given(
                "ReferencedImageSequence",
                "SQ",
                items=[[Given("ReferencedSOPInstanceUID", "UI", "1.x")]],
                undefined=True,
            ),
        ]
    ),
    unique_by=lambda one: one.name,
)


@given(ELEMENTS)
def test_findings_do_not_depend_on_the_encoding(elements: list[Given]) -> None:
    """Implicit, explicit and big endian hold the same values, so they have the same faults; one is itself retired."""
    elements.sort(key=lambda one: one.number)
    found = [
        sorted(
            (finding.check, finding.place.attribute if finding.place else "")
            for finding in tagwise.check(part10(elements, syntax)).findings
            if finding.check != "encoding/transfer-syntax-retired"
        )
        for syntax in (EXPLICIT, IMPLICIT, BIG_ENDIAN)
    ]
    assert found[0] == found[1] == found[2]


def test_all_ways_in_agree(tmp_path: Path) -> None:
    """A path, bytes, an open file and a Dataset of the same object have the same findings about values."""
    content = part10([Given("StudyDate", "DA", "20261301"), Given("PatientID", "LO", "12")])
    file = tmp_path / "a.dcm"
    file.write_bytes(content)
    dataset = pydicom.dcmread(io.BytesIO(content))
    with file.open("rb") as opened:
        results = [tagwise.check(source) for source in (file, str(file), content, bytearray(content), opened, dataset)]
    assert [_names(result) for result in results] == [{"value/date-impossible", "identity/uid-missing"}] * 6
    assert results[0].findings[0].subject["file_path"] == str(file)


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "ExplVR_BigEnd.dcm", "JPEG2000.dcm"])
@pytest.mark.parametrize("touched", [False, True])
def test_a_dataset_has_the_findings_of_its_file(name: str, touched: bool) -> None:
    """Values are judged alike, whether pydicom has decoded them or not; checks on the file itself do not apply."""
    file = next(file for file in REAL if file.name == name)
    dataset = pydicom.dcmread(file)
    if touched:
        list(dataset.iterall())
    of_file, of_dataset = (
        {f.check for f in tagwise.check(s).findings if f.check.startswith("value/")} for s in (file, dataset)
    )
    assert of_dataset - {"value/padding-wrong"} == of_file - {"value/padding-wrong"}


def test_a_value_that_cannot_be_written_is_a_finding() -> None:
    """The rest of the Dataset is checked all the same."""
    dataset = Dataset()
    dataset.Rows = 5
    dataset["Rows"]._value = "five"
    dataset.add_new("StudyDate", "DA", "20260101")
    dataset["StudyDate"]._value = "20261301"
    dataset.file_meta = FileMetaDataset()
    result = tagwise.check(dataset)
    assert {"value/unwritable", "value/date-impossible"} <= _names(result)
    assert dataset["Rows"].value == "five"


@pytest.mark.parametrize("bad", [12, None, object(), io.StringIO("text")])
def test_what_is_no_object_is_refused(bad: object) -> None:
    """The caller learns what can be given."""
    with pytest.raises(UsageError):
        tagwise.check(bad)  # type: ignore[arg-type] # on purpose


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    """A path without a file is a mistake of the caller; a file that cannot be read is a finding."""
    with pytest.raises(SourceMissing):
        tagwise.check(tmp_path / "none.dcm")
    with pytest.raises(SourceMissing):
        tagwise.check(tmp_path)
    link = tmp_path / "link.dcm"
    link.symlink_to(tmp_path / "gone.dcm")
    assert _names(tagwise.check(link)) == {"encoding/unreadable-object"}


def test_select_and_ignore() -> None:
    """Words name checks, folders, severities and attributes; what names nothing is refused."""
    content = part10(
        [Given("StudyDate", "DA", "20261301"), Given("PatientID", "LO", b"1"), Given("StudyComments", "LT", "ab")]
    )
    every = _names(tagwise.check(content))
    assert every == {
        "value/date-impossible",
        "encoding/odd-length",
        "encoding/elements-unordered",
        "dictionary/attribute-retired",
        "identity/uid-missing",
    } - {"encoding/elements-unordered"}
    assert _names(tagwise.check(content, select=["value"])) == {"value/date-impossible"}
    assert _names(tagwise.check(content, select=["encoding/odd-length", "value"])) == {
        "value/date-impossible",
        "encoding/odd-length",
    }
    assert _names(tagwise.check(content, select=["PatientID"])) == {"encoding/odd-length"}
    assert _names(tagwise.check(content, ignore=["low", "00100020", "identity"])) == {"value/date-impossible"}
    assert _names(tagwise.check(content, select=["low"])) == {"dictionary/attribute-retired"}
    with pytest.raises(UsageError, match="no check"):
        tagwise.check(content, select=["valeu"])
    with pytest.raises(UsageError, match="lists"):
        tagwise.check(content, select="value")


def test_patient_values_stay_out_unless_asked_for() -> None:
    """Evidence of a name is hidden; private values too, because nobody knows what they are."""
    content = part10(
        [Given("00090010", "LO", "maker"), Given("00091001", "LO", "x\x01y"), Given("PatientName", "PN", "D\x01oe")]
    )
    hidden = str(tagwise.check(content).findings)
    assert "oe" not in hidden.replace("does", "")
    assert "D\\x01oe" in str(tagwise.check(content, show_values=True).findings)


def test_a_check_that_crashes_is_a_finding(caplog: pytest.LogCaptureFixture) -> None:
    """The other checks go on, and the exit status says that the result is not complete."""
    checks = [
        object_registry()[name] for name in ("value/date-impossible", "encoding/odd-length", "value/multiplicity-wrong")
    ]
    broken = [
        _with_judge(check, ZeroDivisionError) if check.name != "encoding/odd-length" else check for check in checks
    ]
    content = part10([Given("StudyDate", "DA", "20261301"), Given("PatientID", "LO", b"1")])
    found = Plan(broken, Selection()).run(parsing.parse_bytes(content), {"object": "x"})
    assert sorted(finding.check for finding in found) == ["encoding/odd-length", engine.CRASHED, engine.CRASHED]
    result = tagwise.CheckResult("x", tuple(found), complete=True, elements=2)
    assert result.exit_code(Severity.HIGH) == 2


def _with_judge(check: ObjectCheck, error: type[Exception]) -> ObjectCheck:
    from dataclasses import replace

    def judge(*_: object) -> None:
        raise error

    return replace(check, judge=judge)


def test_many_findings_of_one_check_are_counted(tmp_path: Path) -> None:
    """A fault that is everywhere does not fill the report."""
    elements = [Given(f"0009{number:04X}", "LO", b"1") for number in range(0x1000, 0x1200)]
    found = tagwise.check(part10(elements), select=["encoding/odd-length"]).findings
    assert len(found) == engine.MAX_PER_CHECK
    assert f"{512 - engine.MAX_PER_CHECK} more" in found[-1].message


def test_threads_share_a_plan() -> None:
    """Many threads at once find the same."""
    contents = [part10([Given("StudyDate", "DA", "20261301")]), CT.read_bytes(), b"", SMALL[3]]
    expected = [tagwise.check(content).findings for content in contents]
    wrong: list[int] = []

    def work() -> None:
        for _ in range(5):
            for number, content in enumerate(contents):
                if tagwise.check(content).findings != expected[number]:
                    wrong.append(number)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nesting_is_bounded() -> None:
    """Sequences a thousand deep end with a finding."""
    deep = bytes.fromhex("08004011 53510000 ffffffff feff00e0 ffffffff") * 1000
    result = tagwise.check(part10(deep))
    assert not result.complete
    assert any("nested" in finding.message for finding in result.findings)
