"""Worklist keys, reading, damage and cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagwise.errors import KnowledgeDataError
from tagwise.knowledge import fhir, hl7v2, tables, worklist
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(tables.__file__).parent / "data"
TESTED_WITH_CLOUD = {
    "cloud.tsv",
    "cloud_services.tsv",
    "cloud_sources.tsv",
    "limits.tsv",
    "limits_compared.tsv",
    "oie.tsv",
    "target_rules.tsv",
}
"""Read by `knowledge.cloud` and its neighbours, whose own tests damage them."""

GENERATED = {"samples.tsv"}
"""Made from files; test_samples.py compares it with them."""

NAMES = sorted({path.name for path in DATA.glob("*.tsv")} - TESTED_WITH_CLOUD - GENERATED)
ASKED: dict[str, Callable[[], object]] = {
    "fhir.tsv": fhir.all_mappings,
    "fhir_conversions.tsv": fhir.conversions,
    "fhir_rules.tsv": fhir.rules,
    "fhir_sources.tsv": fhir.sources,
    "hl7v2.tsv": hl7v2.all_fields,
    "hl7v2_character_sets.tsv": hl7v2.character_sets,
    "hl7v2_conversions.tsv": hl7v2.conversions,
    "hl7v2_messages.tsv": hl7v2.messages,
    "hl7v2_rules.tsv": hl7v2.rules,
    "hl7v2_segments.tsv": hl7v2.segments,
    "hl7v2_sources.tsv": hl7v2.sources,
    "worklist.tsv": worklist.all_keys,
}


def forget() -> None:
    for cached in (*ASKED.values(), tables.facts, tables._body):
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Let one table read as something else."""
    real = tables.text

    def become(name: str, text: str) -> None:
        monkeypatch.setattr(tables, "text", lambda asked: text if asked == name else real(asked))
        forget()

    yield become
    monkeypatch.undo()
    forget()


def test_every_table_is_read_by_somebody() -> None:
    """No file is left over."""
    assert sorted(ASKED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_table_says_who_wrote_it_and_from_what(name: str) -> None:
    """As those of the standard do."""
    assert tables.text(name).startswith("# written by hand")
    assert tables.facts(name)["edition"]
    assert tables.facts(name)["sources"]
    assert not re.search(r"[ \t]+$", re.sub(r"\t+$", "", tables.text(name), flags=re.MULTILINE), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda text: text[:-30], id="cut"),
        pytest.param(lambda text: text.replace("\turl\t", "\taddress\t", 1), id="other columns"),
        pytest.param(lambda text: text[: text.rindex("\t", 0, -1)] + "\n", id="a cell is missing"),
        pytest.param(lambda text: text[: text.index("\tchecked\n") + 9], id="no rows"),
    ],
)
def test_a_damaged_table_is_an_error_that_says_so(
    changed: Callable[[str, str], None], name: str, damage: Callable[[str], str]
) -> None:
    """Never half an answer."""
    changed(name, damage(tables.text(name)))
    with pytest.raises(KnowledgeDataError, match=re.escape(name)) as caught:
        ASKED[name]()
    assert "Install tagwise again" in caught.value.hint


@pytest.mark.parametrize(("name", "ask"), [("fhir.tsv", fhir.mappings), ("hl7v2.tsv", hl7v2.fields)])
def test_a_row_that_names_what_is_not_there_is_damage(
    changed: Callable[[str, str], None], name: str, ask: Callable[[str], object]
) -> None:
    """A source without an entry, and a table without one of its cells."""
    for old in ("\tdicom-cast\t", "\tdcm4chee\t"):
        if old in tables.text(name):
            changed(name, tables.text(name).replace(old, "\tnobody\t"))
            with pytest.raises(KnowledgeDataError, match="nobody"):
                ask("PatientName")


def test_a_missing_table_is_the_same_error() -> None:
    """So is one that is not there."""
    with pytest.raises(KnowledgeDataError, match=r"nothing\.tsv"):
        tables.text("nothing.tsv")


def test_worklist_keys_are_in_the_dictionary_and_stand_once() -> None:
    """100 keys, each at one place; R and O are what the SCP has to match and may."""
    keys = worklist.all_keys()
    known = dictionary.by_keyword()
    assert len(keys) == 100
    assert len({(key.keyword, key.inside, key.module) for key in keys}) == 100
    for key in keys:
        assert known[key.keyword].tag == key.tag
        assert all(known[sequence].vr == "SQ" for sequence in key.inside)
        assert key.matching in {"R", "O", ""}
        assert key.return_type in {"1", "1C", "2", "2C", "3"}
        assert re.fullmatch(r"https?://\S+", key.url)
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", key.checked)
    assert len(worklist.keys("CodeValue")) == sum(key.keyword == "CodeValue" for key in keys)


def test_the_worklist_names_its_edition() -> None:
    """Keys newer than 2013 are missing: a page has to say so."""
    assert worklist.edition() == "2013"
    assert "2013" in worklist.source()
    assert {key.keyword for key in worklist.all_keys() if key.matching == "R"} >= {"PatientID", "Modality"}
