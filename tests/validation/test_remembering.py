"""What a check remembers of objects it has seen never changes what it says of the next one."""

from __future__ import annotations

from pathlib import Path

import pydicom.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagwise
from tagwise.checks.iod import _codes
from tagwise.checks.objects import object_registry
from tagwise.checks.writing import BIG_ENDIAN, EXPLICIT, IMPLICIT, Given, data_set, part10
from tagwise.control.selection import EVERYTHING
from tagwise.validation import engine, footing, objects, parsing
from tagwise.validation.engine import Plan

SMALL = sorted(
    file
    for file in Path(pydicom.data.__file__).parent.rglob("*.dcm")
    if file.stat().st_size < 40_000 and "dicomdirtests" not in file.parts
)
CONCERNED = [check for check in object_registry().values() if check.concerns is not None]
TAGS = ["00080005", "00080060", "00090010", "00091001", "00100010", "00100000", "0009000A"]


def _forget() -> None:
    engine.plan.cache_clear()
    objects._SHAPES.clear()
    footing._HEADS.clear()


def _told(content: bytes) -> list[tuple[str, str, object]]:
    return [(finding.check, finding.message, finding.place) for finding in tagwise.check(content).findings]


def test_objects_are_judged_alike_first_and_last() -> None:
    """Every small file gives the same findings to a check that has seen nothing and to one that has seen all others."""
    fresh = []
    for file in SMALL:
        _forget()
        fresh.append(_told(file.read_bytes()))
    assert [_told(file.read_bytes()) for file in SMALL] == fresh
    assert any(fresh)


def test_a_fault_is_found_again() -> None:
    """A fault is told each time, also between sound values of the same attribute."""
    wrong = part10([Given("StudyDate", "DA", "20261301")])
    right = part10([Given("StudyDate", "DA", "20261201")])
    told = [
        "value/date-impossible" in {name for name, *_ in _told(content)} for content in (wrong, right, wrong, wrong)
    ]
    assert told == [True, False, True, True]


def test_text_beyond_ascii_is_judged_under_its_own_character_set() -> None:
    """Bytes that were right in Latin-1 are wrong in UTF-8."""
    name = Given("PatientName", "PN", b"M\xfcller")
    for _ in range(2):
        for charset, is_wrong in (("ISO_IR 100", False), ("ISO_IR 192", True)):
            told = _told(part10([Given("SpecificCharacterSet", "CS", charset), name]))
            assert ("value/text-undecodable" in {check for check, *_ in told}) is is_wrong


def test_numbers_are_judged_in_their_own_byte_order() -> None:
    """Eight bytes that are a number in little endian are none in big endian."""
    for _ in range(2):
        for syntax, is_wrong in ((EXPLICIT, False), (BIG_ENDIAN, True)):
            content = part10(data_set([], syntax) + _double(syntax), syntax)
            assert ("value/number-not-finite" in {check for check, *_ in _told(content)}) is is_wrong


def _double(syntax: str) -> bytes:
    tag = b"\x18\0\x87\x90" if syntax == EXPLICIT else b"\0\x18\x90\x87"
    length = b"\x08\0" if syntax == EXPLICIT else b"\0\x08"
    return tag + b"FD" + length + b"\x7f\xf0\0\0\0\0\0\0"


def test_heads_of_one_encoding_are_not_those_of_another() -> None:
    """Eight bytes that are a head in explicit VR are strange in implicit VR, and the other way round."""
    first, second = [Given("StudyDate", "DA", "20261201")], [Given("Modality", "CS", "CT")]
    for _ in range(2):
        for syntax, other in ((EXPLICIT, IMPLICIT), (IMPLICIT, EXPLICIT)):
            assert parsing.parse_bytes(part10([*first, *second], syntax)).problems == []
            mixed = parsing.parse_bytes(part10(data_set(first, syntax) + data_set(second, other), syntax))
            assert [problem.kind for problem in mixed.problems] == ["mixed-vr"]


@pytest.mark.parametrize("check", CONCERNED, ids=lambda check: check.name)
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_concerns_nobody_has_no_fault(check: object, data: st.DataObject) -> None:
    """A check has nothing to say about a data set that it says does not concern it."""
    entry = next(one for one in CONCERNED if one is check)
    tags = data.draw(st.lists(st.sampled_from(TAGS), max_size=5))
    parsed = parsing.parse_bytes(part10([Given(tag, "LO", "x ") for tag in tags]))
    told = entry.judge(parsed.root, parsed)
    found = [told] if told is not None and not hasattr(told, "__next__") else list(told or ())
    assert entry.concerns is not None
    assert entry.concerns(parsed.root.shape.tags) or not found


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects that are all different do not fill the memory."""
    monkeypatch.setattr(engine, "MAX_SEEN", 5)
    monkeypatch.setattr(footing, "MAX_HEADS", 5)
    monkeypatch.setattr(objects, "MAX_SHAPES", 5)
    monkeypatch.setattr(objects, "MAX_ANSWERS", 1)
    monkeypatch.setattr(_codes, "_REMEMBERED", 4)
    _forget()
    plan = Plan(object_registry().values(), EVERYTHING)
    for number in range(1, 40):
        elements = [Given(f"0011{number:02X}{one:02X}", "LO", f"{number} {one}"[:number]) for one in range(3)]
        plan.run(parsing.parse_bytes(part10([Given("00110010", "LO", "maker"), *elements])), {"object": "one"})
    assert 0 < len(plan._seen) <= 5
    assert 0 < max(len(heads) for heads in footing._HEADS.values()) <= 5
    assert 0 < len(objects._SHAPES) <= 5
    _forget()
