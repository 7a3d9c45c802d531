"""What an audit makes in a faster way holds what the statements on the pages of checks would find."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks import archive

from tagwise.auditing.facets import FILE_COLUMNS, make_on_demand
from tagwise.auditing.marks import is_sound
from tagwise.auditing.screening import screened
from tagwise.checks import registry
from tagwise.checks.sql import COPY_COLUMNS, copies
from tagwise.checks.uids import ATTRIBUTES
from tagwise.findings import Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagwise.checks import Check, Relation

_GRAIN = dict.fromkeys((*FILE_COLUMNS, *COPY_COLUMNS, *ATTRIBUTES), Level.INSTANCE)
_ROOTS = (
    "1.2.",
    "1.3.",
    "1.2.840.10008.",
    "1.2.840.10008.1.5.",
    "2.16.",
    "2.25.",
    "2.26.",
    "1.0.",
    "1.40.",
    "3.",
    "0.",
    "",
)
_UIDS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(_ROOTS),
        st.one_of(
            st.lists(st.sampled_from(["0", "1", "05", "826", "123456789", "", "a", " ", "\u0661"]), max_size=9).map(
                ".".join
            ),
            st.integers(0, 2**129).map(str),
            st.text("0123456789. ", max_size=70),
        ),
    ),
)


@settings(max_examples=5, deadline=None)
@given(st.lists(_UIDS, min_size=1, max_size=200))
def test_uids_left_out_are_named_by_no_check(uids: list[str]) -> None:
    """Checks on `uids` find the same whether sound SOP Instance UIDs are in it or not."""
    used = itertools.cycle(uids)
    rows = [{"SOPInstanceUID": uid, "SeriesInstanceUID": next(used), "StudyInstanceUID": "1.2.826.7"} for uid in uids]
    assert _found("uids", rows, made=True) == _found("uids", rows, made=False)


def test_the_uids_of_devices_are_left_out() -> None:
    """The short cut is one: UIDs as devices make them are sound, by root and as UUIDs of 38 and 39 digits."""
    uids = (
        "1.2.840.113619.2.55.3.604688119.971.1449564382.123",
        "1.3.12.2.1107.5.2.30.25299.2008081910402143716407341",
        "2.16.840.1.113662.2.1.4519.41582.4105152.419990505.410523251",
        "2.25.13371337133713371337133713371337133713",
        "2.25.329800735698586629295641978511506172918",
    )
    connection = archive.archive([])
    for uid in uids:
        assert connection.execute(f"SELECT {is_sound('given')} FROM (SELECT ? AS given)", [uid]).fetchall() == [(True,)]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["1.2.1", "1.2.2", "1.2.3", "", " 1.2.1"]), st.sampled_from("ab")), max_size=12)
)
def test_copies_are_those_of_the_statement(objects: list[tuple[str, str]]) -> None:
    """Objects without a UID are no copies, and padding makes no difference."""
    connection = archive.archive([{"SOPInstanceUID": uid, "SeriesInstanceUID": series} for uid, series in objects])
    expected = sorted(connection.execute(copies(COPY_COLUMNS)).fetchall(), key=str)
    connection.execute("BEGIN")
    try:
        make_on_demand(connection, _GRAIN, "copies")
        assert sorted(connection.execute("SELECT * FROM temp.copies").fetchall(), key=str) == expected
    finally:
        connection.execute("ROLLBACK")


def test_links_left_out_are_named_by_no_check() -> None:
    """Checks on `links` find the same whether sound links are in it or not; one of each fault is found."""
    sound = {"SOPInstanceUID": "1.2.1", "SeriesInstanceUID": "1.3.1", "StudyInstanceUID": "1.4", "PatientID": "1"}
    sound |= {"FrameOfReferenceUID": "1.5"}
    segmentation = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4", "SeriesInstanceUID": "1.3.9"}
    rows = [
        sound,
        {**sound, **segmentation, "SOPInstanceUID": "1.2.9"},
        {**sound, **segmentation, "SOPInstanceUID": "1.2.8", "PatientID": "2", "SeriesInstanceUID": "1.3.8"},
        {
            **sound,
            **segmentation,
            "SOPInstanceUID": "1.2.7",
            "FrameOfReferenceUID": "1.6",
            "SeriesInstanceUID": "1.3.7",
        },
    ]
    references = [{"SOPInstanceUID": f"1.2.{end}", "ReferencedSOPInstanceUID": "1.2.1"} for end in (9, 8, 7)]
    references.append({"SOPInstanceUID": "1.2.9", "ReferencedSOPInstanceUID": "1.2.404"})
    expected = _found("links", rows, references, made=False)
    assert all(expected.values())
    assert _found("links", rows, references, made=True) == expected


_REPEATING = [check for check in registry().values() if check.repeats]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "SeriesInstanceUID": st.sampled_from(["1.2.1", "1.2.2", " 1.2.1", ""]),
                "SOPInstanceUID": st.sampled_from(["1.3.1", "1.3.2", "1.3.3", "1.3.4"]),
                "ImagePositionPatient": st.sampled_from(["0\\0\\0", "0\\0\\5", ""]),
                "InstanceNumber": st.sampled_from(["1", "2", "1 ", ""]),
                "KVP": st.sampled_from(["80", "140"]),
            }
        ),
        max_size=8,
    )
)
def test_objects_left_out_are_named_by_no_check(objects: list[dict[str, str]]) -> None:
    """A check that says what it needs repeated finds the same in all objects and in those with a repetition."""
    same = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "ImageOrientationPatient": "1\\0\\0\\0\\1\\0", "Rows": "512"}
    connection = archive.archive([{**same, **one} for one in objects])
    expected = {check.name: archive.result(check, connection) for check in _REPEATING}
    connection.execute("BEGIN")
    try:
        connection.execute("CREATE TEMP VIEW instances AS SELECT * FROM memory.main.instances")
        for check in _REPEATING:
            few = replace(check, sql=screened(connection, check, check.sql))
            assert archive.result(few, connection) == expected[check.name]
    finally:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("check", _REPEATING, ids=lambda check: check.name)
def test_only_series_with_a_repetition_are_looked_at(check: Check) -> None:
    """The short cut is one: a series without a repetition is left out, and so is one whose values are empty."""
    series, value = check.repeats
    rows = [{series: "1.2.1", value: "1"}, {series: "1.2.1", value: "1"}, {series: "1.2.2", value: "1"}]
    connection = archive.archive([*rows, {series: "1.2.2", value: "2"}, {series: "1.2.3"}, {series: "1.2.3"}])
    connection.execute("BEGIN")
    try:
        connection.execute("CREATE TEMP VIEW instances AS SELECT * FROM memory.main.instances")
        screened(connection, check, check.sql)
        assert connection.execute("SELECT * FROM screened").fetchall() == [("1.2.1",)]
    finally:
        connection.execute("ROLLBACK")


def _found(
    relation: Relation, rows: list[dict[str, Any]], references: Sequence[Mapping[str, str]] = (), *, made: bool
) -> dict[str, list[dict[str, Any]]]:
    """The rows of all checks on a relation, made as an audit does or as their pages say."""
    connection = archive.archive(rows, references)
    connection.execute("BEGIN")
    try:
        if made:
            make_on_demand(connection, _GRAIN, relation)
        return {
            check.name: archive.result(check, connection) for check in registry().values() if check.relation == relation
        }
    finally:
        connection.execute("ROLLBACK")
