"""Pages of attributes and checks: what is on them, and that text and JSON say the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tagwise import pages
from tagwise.checks import registry
from tagwise.errors import UnknownName
from tagwise.pages import as_json, text
from tagwise.pages.layout import Ink, columns, prose, wrap
from tagwise.pages.views import attribute

if TYPE_CHECKING:
    from tagwise.standard.modules import Depth

REUSED = "identity/series-uid-reused"


def test_the_page_of_the_series_uid() -> None:
    """Rule, counts, modules and checks of the attribute that most errors are about."""
    page = pages.attribute("0020,000e")
    assert (page.tag, page.keyword, page.attribute.name) == ("(0020,000E)", "SeriesInstanceUID", "Series Instance UID")
    assert [rule.vr for rule in page.vr_rules] == ["UI"]
    assert len(page.modules) == page.module_counts["all"] == 38
    assert page.modules[0].name == "General Series"
    assert REUSED in {check.name for check in page.checks}


@pytest.mark.parametrize(("depth", "count"), [("top", 5), ("first", 17), ("all", 38)])
def test_depth_selects_the_modules_that_are_listed(depth: Depth, count: int) -> None:
    """The counts stay, the list is as deep as asked for."""
    page = pages.attribute("SeriesInstanceUID", depth=depth)
    assert len(page.modules) == count
    assert page.module_counts == {"top": 5, "first": 17, "all": 38}


def test_checks_about_the_attribute_come_before_those_that_only_read_it() -> None:
    """A check whose findings name the attribute is the first to read."""
    checks = [registry()[check.name] for check in pages.attribute("SeriesInstanceUID").checks]
    about = ["SeriesInstanceUID" in check.subject for check in checks]
    assert about == sorted(about, reverse=True)
    assert {check.name for check in checks} == {
        check.name for check in registry().values() if "SeriesInstanceUID" in check.reads
    }


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("AffectedSOPClassUID", "DIMSE"),
        ("TransferSyntaxUID", "file meta"),
        ("Item", "delimits"),
        ("EthnicGroup", "retired"),
        ("GenderIdentitySequence", "newer than 2024c"),
        ("MaterialThickness", "DICONDE"),
        ("Modality", ""),
    ],
)
def test_an_attribute_in_no_module_says_why(name: str, why: str) -> None:
    """An empty list is never left unexplained."""
    page = pages.attribute(name)
    assert why in page.no_modules
    assert bool(page.modules) != bool(page.no_modules)


@pytest.mark.parametrize(
    "name",
    [REUSED, REUSED.upper(), "identity/series_uid_reused", "series-uid-reused", "Series UID Reused",
     "identity/series-uid-multiple-studies", "series-uid-multiple-studies"],
)  # fmt: skip
def test_a_check_is_found_by_any_of_its_names(name: str) -> None:
    """Full name, stem and alias, any case, any separator."""
    page = pages.show(name)
    assert isinstance(page, pages.CheckPage)
    assert page.name == REUSED


def test_show_finds_attributes_and_checks() -> None:
    """One verb for every page."""
    assert isinstance(pages.show("Modality"), pages.AttributePage)
    assert isinstance(pages.show(REUSED), pages.CheckPage)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("identity/series-uid-reusd", REUSED),
        ("series-uid-resued", REUSED),
        ("SeriesInstnceUID", "SeriesInstanceUID"),
        ("check that does not exist at all", None),
    ],
)
def test_what_is_close_is_suggested(name: str, meant: str | None) -> None:
    """Attributes and checks alike."""
    with pytest.raises(UnknownName) as caught:
        pages.show(name)
    assert meant is None or meant in caught.value.nearest


def test_an_unknown_check_suggests_checks_only() -> None:
    """The function for checks does not offer attributes."""
    with pytest.raises(UnknownName) as caught:
        pages.check_page("series-uid-resued")
    assert caught.value.nearest[0] == REUSED
    assert set(caught.value.nearest) <= set(registry())


@pytest.mark.parametrize("name", sorted(registry()))
def test_every_check_has_a_complete_page(name: str) -> None:
    """Text and JSON can be made for each, and the JSON holds everything that the text shows."""
    page = pages.check_page(name)
    document = json.loads(json.dumps(as_json.page(page)))
    shown = text.page(page, width=100)
    assert list(document["sections"]) == list(registry()[name].sections())
    assert [read["keyword"] for read in document["attributes"]] == list(registry()[name].reads)
    for part in (name, page.severity.value, *page.references, *document["sections"], "SQL"):
        assert part in shown
    squeezed = "".join(shown.split())
    for body in page.sections.values():
        assert "".join(body.split()) in squeezed
    for line in document["sql"].split("\n"):
        assert line in shown
    assert "facets" not in document["sql"] or "facets AS (" in document["sql"]


def test_the_json_of_an_attribute_holds_everything() -> None:
    """Every place with its path and tags, every IOD with usage and entity, every rule and check."""
    document = json.loads(json.dumps(as_json.page(pages.attribute("SeriesInstanceUID"))))
    used_by = {module["module"]: module for module in document["modules"]["used_by"]}
    assert document["modules"]["counts"] == {"top": 5, "first": 17, "all": 38}
    assert used_by["general-series"]["places"][0] == {"type": "1", "depth": 0, "path": []}
    assert {"iod": "ct-image", "name": "CT Image", "ie": "Series", "usage": "M"} in used_by["general-series"]["iods"]
    assert used_by["common-instance-reference"]["places"][0]["path"] == [
        {"keyword": "ReferencedSeriesSequence", "tag": "(0008,1115)"}
    ]
    assert document["vr_rules"][0]["length"] == 64
    assert document["spellings"]["mirth_connect"] == "tag0020000E"
    assert REUSED in {check["name"] for check in document["checks"]}


@pytest.mark.parametrize(
    "name", ["SeriesInstanceUID", "PixelData", "60xx,3000", "(0018,0061)", "Item", "LUTData", "CodeValue"]
)
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("depth", ["top", "first", "all"])
def test_a_page_fits_the_terminal(name: str, width: int, depth: Depth) -> None:
    """No line is wider than the terminal, except where a word or a module with its remark is; none ends in blanks."""
    page = pages.attribute(name, depth=depth)
    headings = {use.name for use in page.modules}
    for line in text.page(page, width=width).split("\n"):
        whole = len(line.split()) <= 3 or "--depth all" in line or line.partition(" (")[0].strip() in headings
        assert len(line) <= width or whole, line
        assert line == line.rstrip()


def test_colour_changes_nothing_but_colour() -> None:
    """Without the escape codes the coloured page is the plain one."""
    for name in ("SeriesInstanceUID", REUSED):
        page = pages.show(name)
        coloured = text.page(page, ink=Ink(on=True))
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text.page(page)
    assert "\x1b[" not in text.page(pages.show(REUSED))


def test_values_with_blanks_are_quoted_in_examples() -> None:
    """A padded UID must be seen to be padded."""
    assert "'1.2.826.0.1.1 '" in text.page(pages.check_page("identity/uid-padded"))


@pytest.mark.parametrize(
    ("vm", "words"),
    [("1", "1 value"), ("3", "3 values"), ("1-n", "1-n: one value or more"), ("2-n", "2-n: 2 values or more"),
     ("2-2n", "2-2n: a multiple of 2 values"), ("1-8", "1-8: 1 to 8 values")],
)  # fmt: skip
def test_a_multiplicity_is_put_into_words(vm: str, words: str) -> None:
    """Every shape that PS3.6 uses."""
    assert attribute.multiplicity(vm) == words


def test_lists_and_paragraphs_keep_their_shape_when_wrapped() -> None:
    """Items hang, continuation lines join, indented lines stay."""
    body = "one two three four\n\n1. first item that is long\n   and goes on\n2. second\n\n    SELECT  1"
    assert list(prose(body, 20, "  ")) == [
        "  one two three four", "", "  1. first item that", "     is long and", "     goes on", "  2. second", "",
        "      SELECT  1", "",
    ]  # fmt: skip


def test_columns_align_and_the_last_one_wraps() -> None:
    """Empty tables are empty, and an empty last cell leaves no blanks."""
    assert list(columns([("a", "bb ccc"), ("long", "")], 12)) == ["  a     bb", "        ccc", "  long"]
    assert list(columns([], 80)) == []
    assert wrap("", 80) == []
