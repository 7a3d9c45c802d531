"""The SQL of uid-malformed is the grammar of PS3.5 section 9.1."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.checks import archive

from tagwise.checks import registry

CHECK = registry()["identity/uid-malformed"]
PS3_5_9_1 = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*", re.ASCII)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text("0129.aZ \0", max_size=12), max_size=40))
@example(["1..2", ".1", "1.", "01.2", "1.02", "0", "0.0", "1.0", "00"])
@example(["1.0.0.2", "1.00.2", "1 2", "1\x002", ".", "..", ""])
def test_agrees_with_the_grammar(values: list[str]) -> None:
    """Exactly the values that break the grammar are named, padding apart."""
    connection = archive.archive([{"StudyInstanceUID": value} for value in values], check=CHECK)
    named = {row["StudyInstanceUID"] for row in archive.result(CHECK, connection)}
    trimmed = {value.strip(" \0") for value in values} - {""}
    assert named == {value for value in trimmed if not PS3_5_9_1.fullmatch(value)}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text("0129.a", min_size=1, max_size=12), min_size=1, max_size=20))
def test_counts_instance_uids_per_series(values: list[str]) -> None:
    """However many SOP Instance UIDs are wrong, a series has one finding, with their number."""
    rows = [{"SeriesInstanceUID": "1.2.826.1", "SOPInstanceUID": value} for value in values]
    found = archive.result(CHECK, archive.archive(rows, check=CHECK))
    wrong = sum(not PS3_5_9_1.fullmatch(value) for value in values)
    assert [row["objects"] for row in found] == ([wrong] if wrong else [])
