"""`tagwise.fix` repairs what it claims, touches nothing else, and gives up where a copy could lose something."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pydicom
import pydicom.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.encaps import encapsulate

import tagwise
from tagwise.checks.objects import ObjectCheck, ObjectExample, object_registry
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, Given, data_set, meta, part10
from tagwise.errors import SourceMissing, UsageError
from tagwise.validation import parsing
from tagwise.validation.fixing import decision
from tagwise.validation.rewriting import Body, Rewriter

REAL = sorted(
    file
    for file in Path(pydicom.data.__file__).parent.rglob("*")
    if file.is_file() and file.suffix in (".dcm", "") and file.stat().st_size < 1_000_000
)
REPAIRED = [check for check in object_registry().values() if check.repair is not None]
UNDECIDED = {
    "an element where an item should begin",
    "no file meta information behind the prefix",  # it has no SOP Instance UID
    "a data set that was saved as it came",  # it has no UIDs either
    "a text of undefined length",
    "a name in Latin 1 without a declaration",
    "two texts make one finding",  # in Latin 1
}
"""Examples of checks with a repair that no repair can be proven for."""


def _names(findings: object) -> set[str]:
    return {finding.check for finding in findings}  # type: ignore[attr-defined] # a tuple of findings


def _pixels(content: bytes) -> bytes:
    body = Body(content, parsing.parse_bytes(content))
    return hashlib.sha256(body.pixels()).digest()


@pytest.mark.parametrize(
    ("check", "example"),
    [(check, example) for check in REPAIRED for example in check.fires],
    ids=lambda part: part.name if isinstance(part, ObjectCheck) else part.says if part else "",
)
def test_what_fired_is_repaired(check: ObjectCheck, example: ObjectExample) -> None:
    """Every example of a check with a repair is silent in the copy, and no other check starts to fire."""
    content = example.content if example.content is not None else part10(example.elements, example.syntax)
    fixed = tagwise.fix(content)
    assert (check.name in _names(fixed.remaining)) == (example.says in UNDECIDED)
    assert _names(fixed.remaining) <= _names(tagwise.check(content).findings)
    if example.says not in UNDECIDED:
        assert check.name in {change.check for change in fixed.changes}


@pytest.mark.parametrize("check", REPAIRED, ids=lambda check: check.name)
def test_silent_examples_stay_as_they_are(check: ObjectCheck) -> None:
    """Where a check does not fire, its repair changes nothing."""
    for example in check.silent:
        content = example.content if example.content is not None else part10(example.elements, example.syntax)
        assert check.name not in {change.check for change in tagwise.fix(content).changes}


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, about values of its test files
@pytest.mark.parametrize("file", REAL, ids=lambda file: file.name)
def test_real_files(file: Path) -> None:
    """Without repairs an object is written as it was; with them it has the same pixels and reads the same."""
    content = file.read_bytes()
    parsed = parsing.parse_bytes(content)
    fixed = tagwise.fix(content)
    if fixed.not_fixed:
        assert fixed.content == content
        return
    if parsed.meta_start == 132 and not parsed.problems:
        assert Rewriter(Body(content, parsed), []).content == content
    assert _pixels(fixed.content) == _pixels(content)
    assert tagwise.fix(fixed.content).changes == ()
    concerned = {(change.check, change.attribute) for change in fixed.changes if change.attribute}
    left = {(one.check, one.place.attribute) for one in fixed.remaining if one.place and one.place.attribute}
    assert not concerned & left
    before, after = (pydicom.dcmread(io.BytesIO(one), force=True) for one in (content, fixed.content))
    untouched = {change.attribute.partition("[")[0] for change in fixed.changes}
    for element in before:
        if element.keyword and element.keyword not in untouched and element.tag in after:
            assert after[element.tag].value == element.value


SOUND = [
    Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.7"),
    Given("SOPInstanceUID", "UI", "1.2.826.0.1.1"),
    Given("StudyDate", "DA", "20260102"),
    Given("Modality", "CS", "OT"),
    Given("StudyDescription", "LO", "head"),
    Given("ReferencedImageSequence", "SQ", items=[[Given("ReferencedSOPInstanceUID", "UI", "1.2.826.0.1.2")]]),
    Given("PatientName", "PN", "Doe^Jane"),
    Given("PatientID", "LO", "1234"),
    Given("00091001", "LO", "private"),
    Given("Rows", "US", 2),
]
DAMAGES = {
    "NULs": lambda one: one._replace(value=b"head" + bytes(6)) if one.vr == "LO" else one,
    "a NUL": lambda one: one._replace(value=b"Doe\0") if one.vr == "PN" else one,
    "odd": lambda one: one._replace(value=b"OTX") if one.vr == "CS" else one,
    "blank behind a UID": lambda one: one._replace(value=b"1.2.826.0.1.1 ") if one.name == "SOPInstanceUID" else one,
    "UN": lambda one: one._replace(vr="UN", value=b"head") if one.name == "StudyDescription" else one,
    "UTF-8": lambda one: one._replace(value="Müller ".encode()) if one.vr == "PN" else one,
    "undefined lengths": lambda one: one._replace(undefined=True) if one.vr == "SQ" else one,
    "odd UID in an item": lambda one: (
        one._replace(items=[[Given("ReferencedSOPInstanceUID", "UI", b"1.2.826.0.1.20"[:13])]])
        if one.vr == "SQ"
        else one
    ),
}
"""Damage to elements that needs no decision."""


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file with any damage together, and its pixels."""
    syntax = draw(st.sampled_from([EXPLICIT, IMPLICIT, BIG_ENDIAN]))
    elements = list(SOUND)
    for damage in draw(st.lists(st.sampled_from(sorted(DAMAGES)), unique=True)):
        elements = [DAMAGES[damage](one) for one in elements]
    if draw(st.booleans()):
        elements = draw(st.permutations(elements))
    if draw(st.booleans()):
        elements = [Given("00080000", "UL", draw(st.integers(0, 500))), *elements]
    pixels = draw(st.binary(min_size=4, max_size=64).filter(lambda raw: len(raw) % 2 == 0))
    content = data_set([*elements, Given("PixelData", "OW", pixels)], syntax)
    if draw(st.booleans()):
        content += draw(st.sampled_from([bytes(64), b"\r\n"]))
    head = meta(syntax)
    if draw(st.booleans()):
        head = head.replace(b"UL\4\0" + head[8:12], b"UL\4\0\7\0\0\0", 1)
    preamble = draw(st.sampled_from([bytes(128) + b"DICM", b"DICM", b""]))
    return preamble + head + content, pixels


@settings(max_examples=200, deadline=None)
@given(damaged())
def test_fixed_no_longer_fires(made: tuple[bytes, bytes]) -> None:
    """Whatever is damaged together: nothing with a repair fires in the copy, pixels are the same, twice is once."""
    content, pixels = made
    fixed = tagwise.fix(content)
    assert fixed.not_fixed == ""
    assert _names(fixed.remaining) & {check.name for check in REPAIRED} == set()
    assert bool(fixed.changes) == (fixed.content != content)
    assert {change.check for change in fixed.changes} <= {check.name for check in REPAIRED}
    body = Body(fixed.content, parsing.parse_bytes(fixed.content))
    assert body.pixels() == pixels
    assert tagwise.fix(fixed.content).content == fixed.content


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([file.read_bytes() for file in REAL if file.stat().st_size < 40_000]), st.data())
def test_any_damage_ends(content: bytes, data: st.DataObject) -> None:
    """Bytes changed anywhere give a copy that is complete, or the original with a reason; never an exception."""
    changed = bytearray(content[: data.draw(st.integers(0, len(content)))])
    for _ in range(data.draw(st.integers(0, 6))):
        if changed:
            at = data.draw(st.integers(0, len(changed) - 1))
            changed[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=5))
    fixed = tagwise.fix(bytes(changed))
    if fixed.not_fixed and not fixed.changes:
        assert fixed.content == bytes(changed)
    elif fixed.changes:
        assert fixed.result.complete


def test_deflated_stays_deflated() -> None:
    """A repaired deflated data set is deflated again, and one of which only the head is repaired keeps its stream."""
    import zlib

    packer = zlib.compressobj(wbits=-15)
    stream = packer.compress(data_set([Given("Modality", "CS", "OT"), Given("PatientID", "LO", b"123\0")]))
    stream += packer.flush()
    syntax = "1.2.840.10008.1.2.1.99"
    fixed = tagwise.fix(bytes(128) + b"DICM" + meta(syntax) + stream + bytes(len(stream) % 2))
    assert [change.check for change in fixed.changes] == ["value/padding-wrong"]
    assert pydicom.dcmread(io.BytesIO(fixed.content)).PatientID == "123"
    only_head = tagwise.fix(b"DICM" + meta(syntax) + stream)
    assert only_head.content.endswith(stream) is False  # the value is repaired as well
    sound = tagwise.fix(b"DICM" + meta(syntax) + stream, ignore=["value"])
    assert sound.content.endswith(meta(syntax) + stream)


def test_fragments_are_copied() -> None:
    """Encapsulated pixel data keeps fragments and offset table while the header changes."""
    dataset = pydicom.dcmread(str(pydicom.data.get_testdata_file("JPEG2000.dcm", read=False)))
    dataset.PixelData = encapsulate([b"one!", b"two!two!"])
    dataset.NumberOfFrames = 2
    stream = io.BytesIO()
    dataset.save_as(stream)
    content = stream.getvalue().replace(b"CS\4\0NM\x20\x20", b"CS\4\0NM\0\0") + bytes(32)
    fixed = tagwise.fix(content)
    assert fixed.changes
    assert pydicom.dcmread(io.BytesIO(fixed.content)).PixelData == dataset.PixelData


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
@pytest.mark.parametrize("size", [9, 70_001])
def test_odd_pixels_are_padded(syntax: str, size: int) -> None:
    """Pixels of one byte get one 00H, also where there are too many of them to be kept; the others stay as they are."""
    pixels = bytes(number % 251 for number in range(size))
    vr = "OW" if syntax == IMPLICIT else "OB"
    elements = [*SOUND[:-2], Given("BitsAllocated", "US", 8), Given("PixelData", vr, pixels)]
    done = tagwise.fix(bytes(128) + b"DICM" + meta(syntax) + data_set(elements, syntax))
    assert [(change.check, change.attribute) for change in done.changes] == [("encoding/odd-length", "PixelData")]
    assert done.content.endswith(pixels + b"\0")
    assert "encoding/odd-length" not in {one.check for one in done.remaining}


def test_pixels_that_end_within_a_word_stay() -> None:
    """Of 16 bits half is missing: nobody knows which half."""
    elements = [*SOUND[:-2], Given("BitsAllocated", "US", 16), Given("PixelData", "OW", bytes(70_001))]
    assert tagwise.fix(bytes(128) + b"DICM" + meta(EXPLICIT) + data_set(elements)).changes == ()


def test_a_length_of_16_bits_is_not_padded_beyond_its_end() -> None:
    """65,535 bytes cannot become 65,536 where the length has two bytes."""
    elements = [*SOUND[:-2], Given("PatientComments", "LT", b"a" * 65_535)]
    done = tagwise.fix(bytes(128) + b"DICM" + meta(EXPLICIT) + data_set(elements))
    assert done.changes == ()
    assert "encoding/odd-length" in {one.check for one in done.remaining}


def test_what_cannot_be_read_is_not_fixed() -> None:
    """A truncated object stays as it is, with the reason; so does one whose bytes would be lost."""
    content = part10([Given("PatientID", "LO", b"123\0"), Given("Rows", "US", 2)])
    fixed = tagwise.fix(content[:-1])
    assert (fixed.content, fixed.changes) == (content[:-1], ())
    assert "Rows" in fixed.not_fixed
    assert tagwise.fix(b"%PDF").not_fixed
    assert tagwise.fix(b"").not_fixed


def test_selection() -> None:
    """Only what is selected is repaired, and an attribute that is ignored stays."""
    content = part10([Given("StudyDescription", "LO", b"a\0"), Given("PatientID", "LO", b"123")])
    assert [one.attribute for one in tagwise.fix(content, select=["value"]).changes] == ["StudyDescription"]
    assert [one.attribute for one in tagwise.fix(content, ignore=["StudyDescription"]).changes] == ["PatientID"]


def test_a_decision_is_named() -> None:
    """What is left names whom to ask, in the words of the page."""
    fixed = tagwise.fix(part10([Given("StudyDate", "DA", "20261301")]))
    assert fixed.changes == ()
    assert [decision(finding.check) != "" for finding in fixed.remaining] == [True, True]
    assert decision("identity/no-such") == ""


def test_no_copy_of_what_is_no_file(tmp_path: Path) -> None:
    """A missing file, a folder and other things are refused; an open file is read."""
    with pytest.raises(SourceMissing):
        tagwise.fix(tmp_path / "absent")
    with pytest.raises(SourceMissing):
        tagwise.fix(tmp_path)
    for bad in (12, io.StringIO("text")):
        with pytest.raises(UsageError):
            tagwise.fix(bad)  # type: ignore[arg-type] # on purpose
    assert tagwise.fix(io.BytesIO(part10(SOUND[:4]))).source == "file"


def test_a_damaged_rewrite_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the writer cannot reach a copy: other pixels, or an object that cannot be read, are refused."""
    content = part10([Given("PatientID", "LO", b"123\0"), Given("PixelData", "OW", b"abcd")])
    for broken in (content[:-1], content.replace(b"abcd", b"abce")):
        monkeypatch.setattr(Rewriter, "content", property(lambda _self, broken=broken: broken))
        fixed = tagwise.fix(content)
        assert (fixed.content, fixed.changes) == (content, ())
        assert fixed.not_fixed.startswith("the copy would")
