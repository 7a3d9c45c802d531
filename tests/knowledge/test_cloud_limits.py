"""Limits of the services, and what the listener of Mirth Connect accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tagwise.errors import KnowledgeDataError
from tagwise.knowledge import cloud_tables, limits, oie, target_rules
from tagwise.standard import dictionary, uids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def found(name: str) -> limits.Limit:
    return next(limit for limit in limits.limits() if limit.id == name)


def test_every_limit_is_complete() -> None:
    """A name of its own, a sentence without a full stop, a source; the number is a number."""
    listed = limits.limits()
    assert len({limit.id for limit in listed}) == len(listed) == 116 + 17
    for limit in listed:
        assert re.fullmatch(rf"{limit.service}\.[a-z]+\.[\w-]+", limit.id)
        assert limit.says
        assert not limit.says.endswith(".")
        assert limit.sources
        assert re.fullmatch(r"(\d+(\.\d+)?)?", limit.value)
        assert re.fullmatch(r"(20\d\d-\d\d-\d\d)?", limit.since)
        assert all(keyword in dictionary.by_keyword() for keyword in limit.keywords)


def test_the_counts_of_the_services() -> None:
    """57 facts of AWS, 35 of Azure beside 17 rules for values, 24 of Google."""
    counts = [sum(limit.service == service for limit in limits.limits()) for service in limits.PROVIDERS]
    assert counts == [57, 35 + 17, 24]


def test_codes_have_the_decimal_of_their_hexadecimal_form() -> None:
    """The page of AWS prints three decimals wrongly; the wrong ones are kept as a remark."""
    codes = [limit for limit in limits.limits() if limit.unit.startswith("code ")]
    assert len(codes) == 20
    for limit in codes:
        assert int(limit.value) == int(limit.unit.removeprefix("code "), 16)
    assert found("aws.warning.invalid_uid_format").value == "45569"
    assert "prints 45570, which is the decimal of 0xB202" in found("aws.warning.invalid_uid_format").disagrees
    assert found("aws.warning.invalid_dicom_value_length").value == "45570"
    assert (found("aws.warning.other").value, found("aws.warning.other").disagrees) == (
        "49151",
        "the page prints 47513",
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("aws.query.limit", "10,000 records"),
        ("aws.store.binary-segmentation", "not supported"),
        ("aws.store.grouping", "never adds"),
        ("aws.store.json-metadata", "64 in DICOM"),
        ("azure.store.size", "2 GB"),
        ("azure.uid.rule", "letters"),
        ("azure.store.encoding", "45063"),
        ("azure.query.extended-tags", "DS"),
        ("google.store.timeout", "30 minutes"),
        ("google.store.status", "Azure"),
    ],
)
def test_sources_that_disagree_are_both_kept(name: str, says: str) -> None:
    """As listed in the README of the facts."""
    assert says in found(name).disagrees


def test_limits_stand_side_by_side_by_topic() -> None:
    """The same question has the same topic for each service that answers it."""
    topics = limits.side_by_side()
    assert list(topics) == sorted(topics)
    assert sum(len(group) for services in topics.values() for group in services.values()) == len(limits.limits())
    for topic in ("query.limit", "store.size", "store.duplicate"):
        assert set(topics[topic]) == set(limits.PROVIDERS)
    assert [limit.value for limit in topics["query.limit"]["google"]] == ["5000", "50000"]


def test_eight_topics_are_compared_in_words() -> None:
    """With a page for each service that says something."""
    compared = limits.compared()
    assert len(compared) == len({one.topic for one in compared}) == 8
    for one in compared:
        assert one.aws
        assert one.azure
        assert one.google
        assert len(one.sources) >= 2
    conflict = next(one for one in compared if "409" in one.topic)
    assert (conflict.azure, conflict.google) == ("no instance was stored", "at least one instance failed")


def test_limits_are_found_by_attribute() -> None:
    """Those that name it."""
    assert "azure.store.required" in {limit.id for limit in limits.about("PatientID")}
    assert limits.about("SliceLocation") == ()


def test_the_listener_accepts_known_uids() -> None:
    """Every UID is in our table, with this keyword and kind; two private classes have none."""
    accepted = oie.accepted()
    classes = [one for one in accepted if one.kind == "SOP class"]
    syntaxes = [one for one in accepted if one.kind == "transfer syntax"]
    assert (len(classes), len(syntaxes)) == (84, 13)
    assert {one.name_in_source for one in accepted if not one.uid} == {
        *("SiemensCSANonImageStorage", "Dcm4cheAttributesModificationNotificationSOPClass")
    }
    for one in accepted:
        if one.uid:
            known = uids.by_uid()[one.uid]
            assert known.keyword == one.keyword
            assert known.kind == ("Transfer Syntax" if one.kind == "transfer syntax" else "SOP Class")
    assert len({one.uid for one in accepted if one.uid}) == len(accepted) - 2


def test_the_listener_refuses_what_came_later() -> None:
    """Segmentations, enhanced PET and breast tomosynthesis are not in its list; HTJ2K is no transfer syntax of it."""
    for uid in ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.130", "1.2.840.10008.5.1.4.1.1.13.1.3"):
        assert not oie.accepts(uid)
    assert not oie.accepts("1.2.840.10008.1.2.4.201")
    assert not oie.accepts("")
    assert oie.source().url.startswith("https://")
    assert oie.source().dated == "2025-04-10"


@pytest.fixture
def _fresh() -> Iterator[None]:
    caches = (limits.limits, oie.accepted, oie.source, target_rules.rules, cloud_tables._body)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("limits.tsv", ("\taws\t", "\tamazon\t")),
        ("limits.tsv", ("\tbreaking\t", "\tloud\t")),
        ("oie.tsv", ("SOP class\t", "class\t")),
        ("oie.tsv", ("# source: ", "# from: ")),
        ("target_rules.tsv", ("\trefused\t", "\tlost\t")),
        ("target_rules.tsv", ("azure.store.size", "azure.store.weight")),
        ("target_rules.tsv", ("aws\tlongest", "ibm\tlongest")),
    ],
)
def test_a_damaged_table_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str, change: tuple[str, str]) -> None:
    """Whatever is damaged in it."""
    untouched = cloud_tables.text
    whole = untouched(name)
    assert change[0] in whole
    monkeypatch.setattr(cloud_tables, "text", lambda _: whole.replace(*change))
    if name == "target_rules.tsv":
        monkeypatch.setattr(cloud_tables, "text", lambda one: whole.replace(*change) if one == name else untouched(one))
        asked: tuple[Callable[[], object], ...] = (target_rules.rules,)
    else:
        asked = (limits.limits, oie.source, oie.accepted) if name == "limits.tsv" else (oie.source, oie.accepted)
    with pytest.raises(KnowledgeDataError, match=re.escape(name)):
        _ = [ask() for ask in asked]
