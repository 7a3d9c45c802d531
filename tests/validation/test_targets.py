"""A preflight says what the tables say of an object, and nothing where they say nothing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import highdicom as hd
import numpy as np
import pydicom.data
import pytest

import tagwise
from tagwise.checks.writing import EXPLICIT, IMPLICIT, Given, part10
from tagwise.errors import SourceMissing, UsageError
from tagwise.findings import Severity
from tagwise.knowledge import cloud, oie, target_rules
from tagwise.standard import dictionary
from tagwise.validation import targets

if TYPE_CHECKING:
    from pathlib import Path

CLASS = "1.2.840.10008.5.1.4.1.1.2"
SOUND = {
    "SOPClassUID": Given("SOPClassUID", "UI", CLASS),
    "SOPInstanceUID": Given("SOPInstanceUID", "UI", "1.2.826.0.1.1"),
    "StudyDate": Given("StudyDate", "DA", "20260102"),
    "AccessionNumber": Given("AccessionNumber", "SH", "A1"),
    "Modality": Given("Modality", "CS", "CT"),
    "PatientName": Given("PatientName", "PN", "Doe^Jane"),
    "PatientID": Given("PatientID", "LO", "1"),
    "StudyInstanceUID": Given("StudyInstanceUID", "UI", "1.2.826.0.1.2"),
    "SeriesInstanceUID": Given("SeriesInstanceUID", "UI", "1.2.826.0.1.3"),
}
CLOUDS = ("aws", "azure-v1", "azure-v2", "google")


def _file(*changed: Given, without: str = "", syntax: str = EXPLICIT) -> bytes:
    elements = {**SOUND, **{one.name: one for one in changed}}
    elements.pop(without, None)
    return part10(sorted(elements.values(), key=lambda one: one.number), syntax)


def _effects(content: bytes, target: str) -> dict[str, str]:
    """Attribute to effect, notes left out."""
    return {one.attribute: one.effect for one in tagwise.preflight(content, target).effects if one.effect != "note"}


@pytest.mark.parametrize("target", target_rules.TARGETS)
def test_a_sound_object_is_accepted(target: str) -> None:
    """Nothing happens to it, and what cannot be seen in one object is said."""
    judged = tagwise.preflight(_file(), target)
    assert (judged.verdict, _effects(_file(), target)) == ("accepted", {})
    assert any("cannot be seen" in one.message for one in judged.effects)
    assert judged.exit_code(Severity.LOW) == 0
    assert all(one.sources for one in judged.effects) or target == "oie"


@pytest.mark.parametrize(
    ("target", "keyword", "inferred"),
    [
        *((target, name, target in ("aws", "google")) for target in CLOUDS for name in list(SOUND)[-2:]),
        ("azure-v1", "PatientID", False),
        ("azure-v2", "PatientID", False),
        ("azure-v1", "SOPClassUID", False),
    ],
)
def test_required_attributes(target: str, keyword: str, inferred: bool) -> None:
    """An instance without one is refused; where the service publishes no list, that is marked as our conclusion."""
    judged = tagwise.preflight(_file(without=keyword), target)
    assert judged.verdict == "refused"
    assert [(one.attribute, one.inferred) for one in judged.effects if one.effect == "refused"] == [(keyword, inferred)]
    assert (judged.exit_code(Severity.HIGH), judged.exit_code(Severity.LOW)) == (1, 1)


def test_attributes_that_are_not_required() -> None:
    """Google and AWS take an object without Patient ID; AWS and Google one without SOP class too."""
    for target in ("aws", "google"):
        assert tagwise.preflight(_file(without="PatientID"), target).verdict == "accepted"


def test_an_empty_patient_id() -> None:
    """Azure v1 refuses it, v2 stores it with a warning."""
    content = _file(Given("PatientID", "LO", ""))
    assert _effects(content, "azure-v1") == {"PatientID": "refused"}
    assert _effects(content, "azure-v2") == {"PatientID": "altered"}


@pytest.mark.parametrize(
    "changed",
    [
        Given("StudyDate", "DA", "20260230"),
        Given("StudyDate", "DA", "2026.01.02"),
        Given("AccessionNumber", "SH", "12345678901234567"),
        Given("Modality", "CS", "A" * 18),
        Given("PatientName", "PN", "A" * 66),
        Given("PatientName", "PN", "a^b^c^d^e^f"),
        Given("PatientName", "PN", "a=b=c=d"),
        Given("StudyDescription", "LO", "a\\b"),
        Given("StudyDescription", "LO", "a\nb"),
        Given("ManufacturerModelName", "LO", "A" * 66),
    ],
    ids=lambda one: f"{one.name} {one.value!r}",
)
def test_invalid_search_attributes(changed: Given) -> None:
    """Azure v1 refuses the instance, v2 stores it with a warning; the fact and its source are named."""
    content = _file(changed)
    assert _effects(content, "azure-v1") == {changed.name: "refused"}
    assert _effects(content, "azure-v2") == {changed.name: "altered"}
    effect = next(one for one in tagwise.preflight(content, "azure-v1").effects if one.effect == "refused")
    assert {source.key for source in effect.sources} == {"azure-code:ElementMinimumValidator", "azure:v2-changes"}


@pytest.mark.parametrize(
    "changed",
    [
        Given("PatientName", "PN", "a^b^c^d^e=f^g=h"),
        Given("PatientName", "PN", "A" * 64 + "=" + "B" * 64),
        Given("StudyDescription", "LO", "A" * 64),
        Given("StudyDate", "DA", ""),
        Given("SeriesDescription", "LO", "a\\b" * 40),  # no search key
        Given("SOPInstanceUID", "UI", "1.02.3"),  # leading zeros pass
    ],
    ids=lambda one: f"{one.name} {one.value!r}"[:40],
)
def test_values_that_azure_takes(changed: Given) -> None:
    """The longest that is allowed, an empty value and attributes that nobody searches do no harm."""
    for target in ("azure-v1", "azure-v2"):
        assert _effects(_file(changed), target) == {}


def _extended(target: str, changed: Given) -> list[str]:
    """What is said about attributes that fail only where they are extended query tags."""
    effects = tagwise.preflight(_file(changed), target).effects
    assert all(one.effect == "note" for one in effects if "extended query tag" in one.message)
    return [one.attribute for one in effects if "extended query tag:" in one.message]


@pytest.mark.parametrize("target", ["azure-v1", "azure-v2"])
@pytest.mark.parametrize(
    ("keyword", "vr", "good", "bad"),
    [
        ("StudyTime", "TM", ("12", "1230", "123059.123456", "1000-1200"), ("12:30", "24", "123", "126000", "120000.")),
        (
            "AcquisitionDateTime",
            "DT",
            ("2026", "20261123120000.5+0100", "20261123-0500", "20260101-20261231", "202611"),
            ("26", "20261323", "20261123120000+1500", "20261123-0000", "2026-11-23"),
        ),
        ("InstanceNumber", "IS", ("1", "-2147483648", " +7 "), ("1.0", "2147483648", "12a")),
    ],
)
def test_values_of_extended_query_tags(
    target: str, keyword: str, vr: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    """Times, date times and numbers are no search keys by default; what would fail as one is a note."""
    for value in good:
        assert _extended(target, Given(keyword, vr, value)) == [], value
    for value in bad:
        assert _extended(target, Given(keyword, vr, value)) == [keyword], value


@pytest.mark.parametrize("target", ["azure-v1", "azure-v2"])
def test_invalid_values_of_required_attributes(target: str) -> None:
    """Both versions refuse a UID with letters, and a Patient ID that is no LO."""
    assert _effects(_file(Given("StudyInstanceUID", "UI", "1.2.x")), target) == {"StudyInstanceUID": "refused"}
    assert _effects(_file(Given("PatientID", "LO", "1\\2")), target) == {"PatientID": "refused"}


def test_lengths_and_uids_of_aws() -> None:
    """What is longer than AWS says is refused as our conclusion; a malformed UID is stored with a warning."""
    content = _file(Given("StudyDescription", "LO", "A" * 300))
    judged = tagwise.preflight(content, "aws")
    found = [one for one in judged.effects if one.effect == "refused"]
    assert [(one.attribute, one.inferred) for one in found] == [("StudyDescription", True)]
    assert _effects(_file(Given("StudyDescription", "LO", "A" * 100)), "aws") == {"StudyDescription": "altered"}
    assert _effects(_file(Given("SOPInstanceUID", "UI", "1.2..3")), "aws") == {"SOPInstanceUID": "altered"}


@pytest.mark.parametrize(
    ("syntax", "bits", "effects"),
    [
        (EXPLICIT, 16, {"TransferSyntaxUID": "altered"}),
        (EXPLICIT, 1, {}),
        ("1.2.840.10008.1.2.4.203", 16, {}),
        ("1.2.840.10008.1.2.4.110", 16, {"TransferSyntaxUID": "altered"}),
    ],
)
def test_transfer_syntaxes_of_aws(syntax: str, bits: int, effects: dict[str, str]) -> None:
    """Pixels are transcoded, kept, or stay one blob, by the transfer syntax; objects without pixels are left alone."""
    pixels = (Given("BitsAllocated", "US", bits), Given("PixelData", "OW", b"ab"))
    assert _effects(_file(*pixels, syntax=syntax), "aws") == effects
    assert _effects(_file(syntax=syntax), "aws") == {}


def test_icons_of_aws() -> None:
    """The pixel data of an icon is not supported; an icon without pixels is none."""
    icon = Given("IconImageSequence", "SQ", items=[[Given("PixelData", "OW", b"ab")]])
    assert _effects(_file(icon), "aws") == {"IconImageSequence": "altered"}
    assert _effects(_file(icon._replace(items=[[Given("Rows", "US", 1)]])), "aws") == {}


def test_what_azure_changes() -> None:
    """Implicit VR gets a warning, and a preamble is emptied."""
    for target in ("azure-v1", "azure-v2"):
        assert _effects(_file(syntax=IMPLICIT), target) == {"TransferSyntaxUID": "altered"}
        assert _effects(b"II*\0" + _file()[4:], target) == {"": "altered"}


def test_search_keys_of_google() -> None:
    """A key with several values, or another VR, is stored but perhaps not found."""
    assert _effects(_file(Given("Modality", "CS", "CT\\MR")), "google") == {"Modality": "altered"}
    assert _effects(_file(Given("AccessionNumber", "LO", "A1")), "google") == {"AccessionNumber": "altered"}
    assert _effects(_file(Given("SeriesDescription", "ST", "a\\b")), "google") == {}


def test_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond a limit is refused, one that only a part of the sources takes gets a note; Google has no limit."""
    parse = targets.parsing.parse_bytes

    def verdict(target: str, size: int) -> tuple[str, bool]:
        def large(content: bytes) -> object:
            parsed = parse(content)
            parsed.size = size
            return parsed

        with monkeypatch.context() as patch:
            patch.setattr(targets.parsing, "parse_bytes", large)
            judged = tagwise.preflight(_file(), target)
        return judged.verdict, any("the file has" in one.message for one in judged.effects)

    assert verdict("azure-v2", 5 * 1024**3) == ("refused", True)
    assert verdict("azure-v2", 3 * 1024**3) == ("accepted", True)
    assert verdict("aws", 11 * 1024**3) == ("refused", True)
    assert verdict("aws", 2 * 1024**3) == ("accepted", True)
    assert verdict("google", 20 * 1024**3) == ("accepted", False)


def test_the_listener_takes_its_lists_only() -> None:
    """A segmentation and a transfer syntax that are not listed are refused, with the number of those that are."""
    segmentation = _file(Given("SOPClassUID", "UI", "1.2.840.10008.5.1.4.1.1.66.4"))
    judged = tagwise.preflight(segmentation, "oie")
    assert judged.verdict == "refused"
    assert "accepts 84 SOP classes" in judged.effects[0].message
    assert judged.effects[0].sources == (oie.source(),)
    assert _effects(_file(syntax="1.2.840.10008.1.2.4.203"), "oie") == {"TransferSyntaxUID": "refused"}


def test_real_objects(tmp_path: Path) -> None:
    """A CT of pydicom and a capture of highdicom give what their headers say, by path and from memory."""
    ct = str(pydicom.data.get_testdata_file("CT_small.dcm", read=False))
    assert {target: tagwise.preflight(ct, target).verdict for target in target_rules.TARGETS} == {
        "aws": "altered",
        "azure-v1": "altered",
        "azure-v2": "altered",  # transcoded; its preamble is a TIFF header
        "google": "accepted",
        "oie": "accepted",
    }
    capture = hd.sc.SCImage(
        pixel_array=np.zeros((4, 4), dtype=np.uint8),
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="PATIENT",
        study_instance_uid="1.2.826.0.1.1",
        series_instance_uid="1.2.826.0.1.2",
        series_number=1,
        sop_instance_uid="1.2.826.0.1.3",
        instance_number=1,
        manufacturer="maker",
        patient_orientation=("L", "P"),
    )
    stream = io.BytesIO()
    capture.save_as(stream, enforce_file_format=True)
    assert tagwise.preflight(stream.getvalue(), "azure-v1").verdict == "refused"  # its Patient ID is empty
    assert tagwise.preflight(io.BytesIO(stream.getvalue()), "azure-v2").verdict == "altered"
    file = tmp_path / "a.dcm"
    file.write_bytes(stream.getvalue())
    assert tagwise.preflight(file, "google").verdict == "accepted"


def test_what_cannot_be_judged() -> None:
    """A truncated object is unclear and counts as refused does; nonsense is refused with a hint."""
    judged = tagwise.preflight(_file()[:-3], "google")
    assert (judged.verdict, judged.exit_code(Severity.HIGH)) == ("unclear", 1)
    with pytest.raises(UsageError, match="no target"):
        tagwise.preflight(_file(), "ibm")
    with pytest.raises(UsageError):
        tagwise.preflight(12, "aws")  # type: ignore[arg-type] # on purpose
    with pytest.raises(SourceMissing):
        tagwise.preflight("/absent", "aws")


def test_rules_name_facts_that_exist() -> None:
    """Every rule is about known attributes, and what it requires is required by a fact of the table."""
    for rule in target_rules.rules():
        if rule.rule in ("required", "required-empty", "invalid", "present"):
            assert all(keyword in dictionary.by_keyword() for keyword in rule.subject)
        if rule.rule in ("required", "required-empty"):
            for keyword in rule.subject:
                assert "required" in cloud.status(keyword, rule.target), (rule.target, keyword)  # type: ignore[arg-type] # a service
    required = {(one.service, one.keyword) for one in cloud.listed_facts() if one.word == "required"}
    ruled = {
        (rule.target, keyword)
        for rule in target_rules.rules()
        if rule.rule in ("required", "required-empty")
        for keyword in rule.subject
    }
    # Google's further ones hold for stores of JSON only.
    assert {one for one in required - ruled if one[0] != "google"} == set()
