"""The coverage page counts what the pages show."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tagwise import pages
from tagwise.pages import as_json, coverage
from tagwise.pages.layout import Ink
from tagwise.pages.views import attribute as attribute_view
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

HAS_CONTENT: dict[str, Callable[[dict[str, Any]], bool]] = {
    "identity": lambda page: bool(page["vr_rules"]),
    "definition": lambda page: page["definition"]["text"] is not None,
    "modules": lambda page: bool(page["modules"]["used_by"]),
    "usage": lambda page: bool(page["usage"]["used_by"]),
    "values": lambda page: bool(page["values"]["lists"]),
    "fhir": lambda page: bool(page["fhir"]["mappings"]),
    "hl7v2": lambda page: bool(page["hl7v2"]["fields"]),
    "worklist": lambda page: bool(page["worklist"]["keys"]),
    "cloud": lambda page: any(one["listed"] for one in page["cloud"]),
    "deidentification": lambda page: page["deidentification"]["row"] is not None,
    "samples": lambda page: bool(page["samples"]["values"]),
    "mirth": lambda page: bool(page["mirth"]["accessor"]["code"] or page["mirth"]["examples"]),
    "pydicom": lambda page: bool(page["pydicom"]["code"]),
    "checks": lambda page: bool(page["checks"]),
}
"""Whether a section of a rendered page has content."""


def _covered(section: str) -> set[str]:
    """The tags that the coverage page counts for a section."""
    (row,) = [row for row in coverage.ROWS if row.section == section]
    names = set().union(*row.attributes().values())
    return {known.tag for known in dictionary.all_attributes() if names & {known.tag, known.keyword or known.tag}}


def test_every_section_of_the_page_is_counted() -> None:
    """A new section needs a row: one entry of `coverage.ROWS`, and one here that says what its content is."""
    sections = [section.name for section in attribute_view.SECTIONS]
    assert [row.section for row in coverage.ROWS] == sections
    assert list(HAS_CONTENT) == sections


def _compare(tags: list[str]) -> None:
    covered = {section: _covered(section) for section in HAS_CONTENT}
    for tag in tags:
        page = as_json.page(pages.attribute(tag))
        for section, has_content in HAS_CONTENT.items():
            assert (tag in covered[section]) is has_content(page), (tag, section)


def test_a_few_pages_have_what_is_counted() -> None:
    """Well-known attributes, one without a keyword, one that repeats, a retired one, a command."""
    retired = next(known.tag for known in dictionary.all_attributes() if known.retired and not known.keyword)
    names = ("PatientID", "CodeValue", "PixelData", "ErrorComment", "PrintPriority", "(60xx,3000)", "EchoNumbers")
    _compare([retired, *(dictionary.find(name).tag for name in names)])


@pytest.mark.slow
def test_pages_drawn_at_random_have_what_is_counted() -> None:
    """300 of 5,344, and every attribute of the small tables."""
    drawn = random.Random(0).sample(dictionary.all_attributes(), 300)  # noqa: S311 - not for security
    small = _covered("worklist") | _covered("hl7v2") | _covered("fhir") | _covered("checks")
    _compare(sorted({*(known.tag for known in drawn), *small}))


@pytest.mark.usefixtures("package_text")
def test_counts_add_up() -> None:
    every = coverage.totals()
    assert (every.all, every.current + every.retired) == (len(dictionary.all_attributes()),) * 2
    for row in coverage.coverage():
        assert row.total.all == len(_covered(row.section)) <= every.all
        assert max(count.all for count in row.sources.values()) <= row.total.all
        assert sum(count.all for count in row.sources.values()) >= row.total.all
        assert all(count.all for count in row.sources.values()), row.section


def test_the_document_is_what_its_maker_makes() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_coverage.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT / "tools")
    assert ran.returncode == 0, f"run `make data`\n{ran.stdout}"


@pytest.mark.usefixtures("package_text")
@pytest.mark.parametrize("width", [60, 80])
def test_text_and_json_have_the_same_numbers(width: int) -> None:
    shown = coverage.text(width, ink=Ink(on=False))
    document = json.loads(json.dumps(coverage.document()))
    assert all(len(line) <= width for line in shown.split("\n"))
    for row in document["sections"]:
        assert f"{row['section']:<18}{row['current']:>9,}{row['retired']:>9,}{row['all']:>9,}" in shown
        assert row["sources"]
