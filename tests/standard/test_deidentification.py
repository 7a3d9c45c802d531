"""Table E.1-1 of PS3.15: its rows, its patterns, and the codes in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tagwise.errors import StandardDataError, UnknownName
from tagwise.standard import deidentification, dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = deidentification.all_actions()


@pytest.mark.parametrize(
    ("name", "basic", "options"),
    [
        ("PatientName", "Z", {}),
        ("PatientID", "Z/D", {}),
        ("StudyInstanceUID", "U", {"retain_uids": "K"}),
        ("SeriesInstanceUID", "U", {"retain_uids": "K"}),
        ("SOPInstanceUID", "U", {"retain_uids": "K"}),
        ("AccessionNumber", "Z", {}),
        ("PatientBirthDate", "Z", {}),
        ("PatientSex", "Z", {"retain_patient_characteristics": "K"}),
        ("StudyDate", "Z", {"retain_longitudinal_full_dates": "K", "retain_longitudinal_modified_dates": "C"}),
        ("StudyDescription", "X", {"clean_descriptors": "C"}),
        ("InstitutionName", "X/Z/D", {"retain_institution_identity": "K"}),
        ("DeviceSerialNumber", "X/Z/D", {"retain_device_identity": "K"}),
        ("OverlayData", "X", {"clean_graphics": "C"}),
        ("(6002,3000)", "X", {"clean_graphics": "C"}),
        ("CurveData", "X", {"clean_graphics": "C"}),
        ("0009,1001", "X", {"retain_safe_private": "C"}),
    ],
)
def test_known_rows(name: str, basic: str, options: dict[str, str]) -> None:
    """What every de-identifier gets right first, and a row of each kind."""
    found = deidentification.actions(name)
    assert found is not None
    assert found.basic == basic
    assert {option.key: option.action for option in found.options} == options


@pytest.mark.parametrize("name", ["Modality", "Rows", "PixelData", "SOPClassUID", "(60xx,0010)"])
def test_an_attribute_that_the_table_does_not_name_has_no_action(name: str) -> None:
    """None, not an action of ours."""
    assert deidentification.actions(name) is None


@pytest.mark.parametrize("name", ["PatientNmae", "FFFF,1234", ""])
def test_an_unknown_attribute_is_an_error(name: str) -> None:
    """It is not the same as an attribute without an action."""
    with pytest.raises(UnknownName):
        deidentification.actions(name)


def test_an_attribute_that_is_newer_than_the_dictionary_is_found_by_tag() -> None:
    """PS3.15 is of a later edition."""
    newer = [row for row in ROWS if not row.keyword and "x" not in row.tag and row.tag != deidentification.PRIVATE]
    assert [row.tag for row in newer] == ["(0040,E012)", "(3004,007F)"]
    assert all(deidentification.actions(row.tag) == row for row in newer)


def test_every_row_is_an_attribute_of_ours() -> None:
    """Keyword and tag agree with the dictionary; no tag is there twice; what has no keyword is known."""
    assert len({row.tag for row in ROWS}) == len(ROWS)
    for row in ROWS:
        if row.keyword:
            assert dictionary.by_keyword()[row.keyword].tag == row.tag
    assert sum(not row.keyword for row in ROWS) == 4


def test_the_counts_are_those_of_the_source() -> None:
    """657 rules of edition 2026d."""
    assert deidentification.edition() == "2026d"
    basic = Counter(row.basic for row in ROWS)
    assert (basic["X"], basic["D"], basic["U"], basic["Z"], basic["X/D"]) == (417, 93, 55, 42, 23)
    assert (basic["X/Z"], basic["X/Z/D"], basic["Z/D"], basic["X/Z/U*"]) == (11, 8, 6, 2)
    assert sum(basic.values()) == 657
    options = Counter((option.key, option.action) for row in ROWS for option in row.options)
    assert sum(options.values()) == 636
    assert options["retain_uids", "K"] == 60
    assert options["retain_device_identity", "C"] == 11


def test_every_code_and_option_has_words() -> None:
    """An option always keeps or cleans; UIDs are replaced only where the VR is UI, or items hold them."""
    assert {row.basic for row in ROWS} <= set(deidentification.MEANINGS)
    assert {option.action for row in ROWS for option in row.options} == {"K", "C"}
    assert all(option.name for row in ROWS for option in row.options)
    attributes = dictionary.by_keyword()
    assert {attributes[row.keyword].vr for row in ROWS if row.basic == "U"} == {"UI"}
    assert {attributes[row.keyword].vr for row in ROWS if row.basic == "X/Z/U*"} == {"SQ"}


@pytest.fixture
def _fresh() -> Iterator[None]:
    caches = (tables.facts, tables.lines, deidentification._patterns, deidentification.all_actions)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(("\tPatientName\tZ", "\tPatientName\tQ"), id="an unknown action"),
        pytest.param(("\tPatientName\tZ", "\tPatientName"), id="a cell is missing"),
        pytest.param(("\tbasic\t", "\tprofile\t"), id="other columns"),
    ],
)
def test_a_damaged_table_is_an_error(monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]) -> None:
    """Never an action that the standard does not have."""
    real = tables.text
    assert change[0] in real(deidentification.FILE)
    monkeypatch.setattr(
        tables, "text", lambda name: real(name).replace(*change) if name == deidentification.FILE else real(name)
    )
    with pytest.raises(StandardDataError, match=r"deidentification\.tsv"):
        deidentification.actions("PatientName")
