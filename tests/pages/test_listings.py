"""Lists: that they are complete, filtered as asked, and made row by row."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tagwise.checks import registry
from tagwise.checks.objects import object_registry
from tagwise.errors import UnknownName, UsageError
from tagwise.knowledge import mirth
from tagwise.pages.layout import Ink
from tagwise.pages.listings import LIST_KINDS, Filters, json_lines, lines, listing
from tagwise.standard import dictionary, modules, private, uids, vrs

if TYPE_CHECKING:
    from tagwise.pages.listings import ListKind

COUNTS = {
    "attributes": len(dictionary.all_attributes()),
    "modules": len(modules.names()),
    "iods": len(modules.iod_names()),
    "sop-classes": sum("SOP Class" in one.kind for one in uids.by_uid().values()),
    "transfer-syntaxes": sum(one.kind == "Transfer Syntax" for one in uids.by_uid().values()),
    "uids": len(uids.by_uid()),
    "vrs": len(vrs.by_vr()),
    "checks": len({*object_registry(), *registry()}),
    "private": len(private.creators()),
    "mirth": len(mirth.listed()),
}
PLAIN = Ink(on=False)


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_a_list_has_everything_once_in_text_and_in_json(kind: ListKind) -> None:
    """One line for each, after the heading."""
    assert len(list(lines(listing(kind), PLAIN))) == COUNTS[kind] + 1
    document = json.loads("\n".join(json_lines(listing(kind))))
    assert document["kind"] == kind
    assert len(document["rows"]) == len({json.dumps(row) for row in document["rows"]}) == COUNTS[kind]


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_a_list_fits_80_columns_on_a_terminal(kind: ListKind) -> None:
    """The last column wraps there; a single long word stays whole."""
    for line in lines(listing(kind), PLAIN, 80):
        assert len(line) <= 80 or len(line.rsplit("  ", 1)[-1].split()) == 1
        assert line == line.rstrip()


def test_rows_come_one_by_one() -> None:
    """The first line does not wait for the last."""
    shown = listing("attributes")
    assert len(list(islice(lines(shown, PLAIN), 3))) == 3
    assert next(shown.rows)["tag"] == "(0000,0002)"


@pytest.mark.parametrize(("retired", "word"), [(True, "retired"), (False, "current")])
def test_retired_ones_alone_or_left_out(retired: bool, word: str) -> None:
    """For attributes and UIDs."""
    for kind in ("attributes", "sop-classes", "transfer-syntaxes", "uids"):
        rows = list(listing(kind, Filters(retired=retired)).rows)  # type: ignore[arg-type]
        assert rows, word
        assert {row["retired"] for row in rows} == {retired}


def test_attributes_of_a_vr_and_of_a_module() -> None:
    """Choices of a VR count; a module gives types."""
    rows = list(listing("attributes", Filters(vr="unsigned short")).rows)
    assert {row["keyword"] for row in rows} >= {"Rows", "SmallestImagePixelValue"}
    assert all("US" in str(row["vr"]).split(" or ") for row in rows)
    rows = list(listing("attributes", Filters(module="general series")).rows)
    assert {str(row["keyword"]): row["type"] for row in rows}["Modality"] == "1"
    assert len(rows) == len(modules.items("general-series"))


def test_private_elements_of_one_creator_and_of_all_that_start_so() -> None:
    """By name, by the start of the name, and by VR."""
    one = list(listing("private", Filters(creator="GEMS_IDEN_01")).rows)
    assert len(one) == len(private.elements("GEMS_IDEN_01"))
    some = list(listing("private", Filters(creator="gems_")).rows)
    assert len({row["creator"] for row in some}) > 20
    assert {str(row["creator"])[:5] for row in some} == {"GEMS_"}
    assert {row["vr"] for row in listing("private", Filters(vr="DA")).rows} == {"DA"}
    with pytest.raises(UnknownName):
        listing("private", Filters(creator="GEMS_IDN_01"))


@pytest.mark.parametrize(
    ("kind", "filters"),
    [
        ("checks", Filters(vr="UI")),
        ("modules", Filters(retired=False)),
        ("uids", Filters(module="patient")),
        ("vrs", Filters(creator="X")),
    ],
)
def test_a_filter_that_does_not_fit_is_refused(kind: ListKind, filters: Filters) -> None:
    """Never ignored."""
    with pytest.raises(UsageError, match="cannot be filtered"):
        listing(kind, filters)


@pytest.mark.parametrize("filters", [Filters(vr="XX"), Filters(module="no such module")])
def test_an_unknown_vr_or_module_is_named(filters: Filters) -> None:
    """Before the first row."""
    with pytest.raises(UnknownName):
        listing("attributes", filters)
