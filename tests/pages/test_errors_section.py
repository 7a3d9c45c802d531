"""Operational errors on the page of an attribute: the check's own words, and the SQL that finds them."""

from __future__ import annotations

import json
import subprocess
import sys

import duckdb
import pytest

from tagwise import pages
from tagwise.checks import Check, named, registry
from tagwise.pages import as_json, catalogue, text

_FILE = "file_path VARCHAR, file_size BIGINT, header_digest VARCHAR, pixel_data_length BIGINT"
NAMES = ["SeriesInstanceUID", "Modality", "Rows", "PatientName", "SliceThickness"]


def _section(name: str, width: int = 80) -> str:
    shown = text.page(pages.attribute(name), width=width, sections=["checks"])
    return shown[shown.index("Operational errors") :]


def test_a_check_about_the_attribute_has_severity_title_diagnosis_and_fix() -> None:
    says = " ".join(_section("SeriesInstanceUID").split())
    assert (
        "high identity/series-uid-reused One Series Instance UID is used for more than one series finds A Series"
        in says
    )
    assert "fix Where only patients differ, start with `identity/study-uid-in-several-patients`" in says
    assert "tagwise show identity/series-uid-reused opens the page" in says


def test_checks_that_only_read_it_are_named_apart() -> None:
    own, _, others = _section("SeriesInstanceUID").partition("Read to judge something else by")
    assert "consistency/study-date-differs" in others
    assert "consistency/study-date-differs" not in own
    assert "It is read to judge something else by" in _section("InstitutionName")
    assert "No check is about it." in _section("InstitutionName")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_section_fits_the_terminal(name: str, width: int) -> None:
    assert all(len(line) <= width for line in _section(name, width).split("\n"))


def test_words_are_those_of_the_page_of_the_check() -> None:
    """The short form is cut from the text; nobody writes it twice."""
    for check in registry().values():
        # Of a sentence that a list ends, the items are taken along without their marks.
        sections = {heading: " ".join(body.replace("\n- ", "\n").split()) for heading, body in check.sections().items()}
        (known,) = [one for one in catalogue.checks() if one.name == check.name]
        assert known.diagnosis.removesuffix(".").partition("; or ")[0] in sections["What it finds"]
        assert known.first_step.removesuffix(".") in sections["How to fix"]
        assert len(known.diagnosis) > 20
        assert len(known.first_step) > 10


@pytest.mark.parametrize("name", ["SeriesInstanceUID", "PatientID", "Rows"])
def test_json_has_every_check_in_full_and_its_sql_runs(name: str) -> None:
    listed = json.loads(json.dumps(as_json.page(pages.attribute(name), ["checks"])))["checks"]
    assert [one["name"] for one in listed] == [known.name for known in catalogue.reading(name)]
    assert [one["about"] for one in listed] == [name in known.about for known in catalogue.reading(name)]
    assert [one["about"] for one in listed] == sorted((one["about"] for one in listed), reverse=True)
    assert not all(one["about"] for one in listed)
    for one in listed:
        check = named(one["name"])
        assert one["fix"] == check.sections()["How to fix"]
        assert one["severity"] == check.severity.value
        if isinstance(check, Check) and check.relation in ("facets", "instances"):
            columns = ", ".join(f"{keyword} VARCHAR" for keyword in check.reads)
            with duckdb.connect() as database:
                database.execute(f"CREATE TABLE instances ({columns}, {_FILE})")
                assert database.execute(one["sql"]).fetchall() == []


def test_the_page_imports_no_check_and_json_only_those_it_shows() -> None:
    code = (
        "import sys; from tagwise import pages; from tagwise.pages import text;"
        "page = pages.attribute('FrameOfReferenceUID'); text.page(page);"
        "print([name for name in sys.modules if name.startswith('tagwise.checks.')]); page.errors;"
        "print([f'tagwise.checks.identity.{stem}' in sys.modules for stem in ('uid_padded', 'uid_missing')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["[]", "[True, False]"]


@pytest.mark.parametrize("name", ["identity/nothing", "nothing", "identity/../x", "checks/about", "identity/-uids"])
def test_a_name_of_no_check_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        named(name)
