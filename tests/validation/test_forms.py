"""A check with two forms: the same objects go through both, and both say yes or both say no."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.checks import archive

from tagwise.checks import Check, Example, registry
from tagwise.checks.objects import object_registry
from tagwise.checks.writing import EXPLICIT, Given, data_set, with_group_length
from tagwise.standard import dictionary
from tagwise.validation import parsing
from tagwise.validation.engine import Plan, Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

BOTH = [registry()[name] for name in registry() if name in object_registry()]
# Rows of these checks tell about a file, not about its attributes: there is nothing that could be written.
OF_FILES = {"encoding/unreadable-object", "encoding/pixel-data-incomplete"}
# What another check of one object (iod/value-not-enumerated) tells already.
ELSEWHERE = {
    "an enhanced CT that says MR",
    "a segmentation that kept the modality of its source",
    "an RT dose that says RTPLAN",
    "a dose report that says CT",
    "a word of its own, a minor fault",
}


def _bytes(text: str) -> bytes:
    """A byte for each character, as a scan gives text that it cannot decode; UTF-8 where it was decoded."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _raw(vr: str, text: str) -> bytes:
    """Numbers of a binary VR as 16 bits; text with its pad character, so that a scan would give the row again."""
    if vr in {"US", "SS"}:
        return b"".join(struct.pack("<H" if vr == "US" else "<h", int(part)) for part in text.split("\\"))
    return _bytes(text) + bytes(2 if text.endswith("\0") else len(text) % 2)


def _content(row: Mapping[str, str | int]) -> bytes:
    """The object of a row."""
    elements = []
    for keyword, value in row.items():
        attribute = dictionary.by_keyword().get(keyword)
        if attribute is not None:
            elements.append(Given(keyword, attribute.first_vr, _raw(attribute.first_vr, str(value))))
    elements.sort(key=lambda given: given.number)
    in_meta = [given for given in elements if given.number >> 16 == 2]
    rest = [given for given in elements if given.number >> 16 != 2]
    own = str(row.get("TransferSyntaxUID", ""))
    if not own.startswith("1.2.840.10008.1.2.4."):  # compressed pixels: all else is explicit little endian
        in_meta = [*in_meta, Given("TransferSyntaxUID", "UI", EXPLICIT)]
    return bytes(128) + b"DICM" + with_group_length(data_set(in_meta)) + data_set(rest)


@pytest.mark.parametrize(
    ("check", "example"),
    [
        pytest.param(check, example, id=f"{check.name}: {example.says}")
        for check in BOTH
        if check.name not in OF_FILES
        for example in (*check.fires, *check.silent)
        if example.says not in ELSEWHERE
    ],
)
def test_both_forms_agree(check: Check, example: Example) -> None:
    """The archive form finds something where the form for one object does, in an archive of each object alone."""
    plan = Plan([object_registry()[check.name]], Selection())
    for row in example.instances:
        found = plan.run(parsing.parse_bytes(_content(row)), {"object": "row"})
        assert bool(found) == bool(archive.run(check, replace(example, instances=[row], expect=())))


def test_there_are_checks_with_two_forms() -> None:
    """The test above has something to compare."""
    assert len(BOTH) >= 6
