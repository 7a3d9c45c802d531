"""Search: what comes first, that everything with a name is found by it, and that nothing is slow or fails."""

from __future__ import annotations

import string
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagwise
from tagwise.pages import naming, text
from tagwise.pages.word_index import index

ENTRIES = index().entries
HOSTILE = [
    "", " ", "\0", "'\";--", "((((", ".*[", "\\", "\n\t", "🎉" * 60, "x" * 1_000_000, "a " * 500_000, "%", "\U0001d518",
    "0" * 199, "., " * 60, "É" * 100, "e a i s r o u n t l",
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("series uid", "SeriesInstanceUID"),
        ("uid series", "SeriesInstanceUID"),
        ("SeriesInstanceUID", "SeriesInstanceUID"),
        ("pat nam", "PatientName"),
        ("patient's name", "PatientName"),
        ("study date", "StudyDate"),
        ("accession", "AccessionNumber"),
        ("modality", "Modality"),
        ("0020,000e", "SeriesInstanceUID"),
        ("(0020,000", "StudyInstanceUID"),
        ("0020,00", "StudyInstanceUID"),
        ("0x0020000E", "SeriesInstanceUID"),
        ("6002,3000", "OverlayData"),
        ("60xx,30", "OverlayData"),
        ("patient", "module:patient"),
        ("UI", "vr:UI"),
        ("unique identifier", "vr:UI"),
        ("CT Image Storage", "sop-class:1.2.840.10008.5.1.4.1.1.2"),
        ("storage image ct", "sop-class:1.2.840.10008.5.1.4.1.1.2"),
        ("1.2.840.10008.1.2.4.50", "transfer-syntax:1.2.840.10008.1.2.4.50"),
        ("1.2.840.10008.5.1.4.1.1.2", "sop-class:1.2.840.10008.5.1.4.1.1.2"),
        ("explicit little", "transfer-syntax:1.2.840.10008.1.2.1"),
        ("talairach", "uid:1.2.840.10008.1.4.1.1"),
        ("uid reused", "identity/series-uid-reused"),
        ("series-uid-reused", "identity/series-uid-reused"),
        ("instanceuid", "SeriesInstanceUID"),
        ("seriesUID", "SeriesInstanceUID"),
    ],
)
def test_what_is_meant_comes_first(query: str, first: str) -> None:
    """Words in any order, beginnings, tags, UIDs, keywords taken apart."""
    assert tagwise.search(query)[0].show == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SeriesInstnceUID", "SeriesInstanceUID"),
        ("seriesinstnceuid", "SeriesInstanceUID"),
        ("Modaltiy", "Modality"),
        ("accesion number", "AccessionNumber"),
        ("patinet name", "PatientName"),
        ("referncedseriessequense", "ReferencedSeriesSequence"),
        ("ct imge storage", "sop-class:1.2.840.10008.5.1.4.1.1.2"),
    ],
)
def test_a_typing_error_finds_what_was_meant(query: str, first: str) -> None:
    """And the hit says that it is only near."""
    hit = tagwise.search(query)[0]
    assert (hit.show, hit.how) == (first, "near")


def test_all_words_are_needed_and_a_near_word_is_only_tried_when_none_fits() -> None:
    """What fits is never mixed with what is near."""
    for hit in tagwise.search("patient position", limit=50):
        assert "patient" in hit.name.lower()
        assert "position" in hit.name.lower()
        assert hit.how != "near"
    assert tagwise.search("modality unicorn") == ()


def test_limit_and_kinds_choose() -> None:
    """Fewer hits are the first ones; kinds leave the order alone."""
    many = tagwise.search("image", limit=200)
    assert len(many) == 200
    assert tagwise.search("image", limit=7) == many[:7]
    modules = tagwise.search("image", kinds=("module",), limit=500)
    assert {hit.kind for hit in modules} == {"module"}
    assert [hit for hit in many if hit.kind == "module"] == list(modules)[: sum(hit.kind == "module" for hit in many)]
    assert tagwise.search("image", limit=0) == ()


def test_current_ones_come_before_retired_ones() -> None:
    """Within hits of one quality."""
    hits = [hit.retired for hit in tagwise.search("ultrasound image storage") if hit.how == "exact"]
    assert hits == sorted(hits)
    assert True in hits
    assert False in hits


def test_everything_that_has_a_page_is_in_the_index() -> None:
    """Private creators aside, which are not searched."""
    words = {entry.words for entry in ENTRIES}
    assert len(words) == len(ENTRIES)
    assert {entry.kind for entry in ENTRIES} == set(naming.KINDS) - {"private"}
    assert len(ENTRIES) > 6_400


@settings(max_examples=150, deadline=None)
@given(entry=st.sampled_from(ENTRIES), change=st.sampled_from([str, str.upper, str.lower]))
def test_everything_is_found_by_its_label_and_its_name(entry: naming.Meaning, change: object) -> None:
    """The label finds it first; the name finds it among those that share the name; `show` takes what it says."""
    assert callable(change)
    by_label = tagwise.search(change(entry.label), limit=200)  # type: ignore[attr-defined]
    assert entry.words in [hit.show for hit in by_label if hit.how in ("exact", "tag")]
    if entry.name:
        by_name = tagwise.search(change(entry.name))
        assert entry.words in [hit.show for hit in by_name if hit.how == "exact"]
    assert tagwise.show(entry.words)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=250)
    | st.text(alphabet=string.printable, max_size=60)
    | st.text("0123456789abcdefx,.()", max_size=12)
)
def test_any_text_gives_hits_that_can_be_shown(query: str) -> None:
    """There is no text that makes a search fail."""
    hits = tagwise.search(query, limit=5)
    assert len({hit.show for hit in hits}) == len(hits) <= 5


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: repr(query[:12]))
def test_hostile_queries_are_quick(query: str) -> None:
    """Nothing that can be typed takes long; most of it gives nothing."""
    tagwise.search("warm up the idnex")
    start = time.process_time()
    tagwise.search(query)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("query", ["image", "uid", "jpeg", "1.2.840.10008"])
def test_hits_fit_the_terminal(query: str, width: int) -> None:
    """Two lines where one is too short for what `show` takes and what it is."""
    hits = tagwise.search(query, limit=100)
    shown = text.hits(hits, width)
    assert [line for line in shown.split("\n") if len(line) > width and len(line.split()) > 1] == []
    assert all(hit.show in shown for hit in hits)


def test_searching_imports_no_check_and_nothing_slow() -> None:
    """Names and titles of checks come from the table."""
    code = (
        "import sys, tagwise; tagwise.search('uid reused');"
        "print(*{'tagwise.checks', 'pydicom', 'duckdb', 'rich'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
