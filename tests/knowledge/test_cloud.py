"""Cloud facts: they are well formed, agree with our dictionary, and are right where a well-known page is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tagwise.errors import KnowledgeDataError
from tagwise.knowledge import cloud, cloud_tables
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagwise.knowledge.cloud import CloudFact, ServiceKey

FACTS = cloud.listed_facts()
AZURE: tuple[ServiceKey, ...] = ("azure-v1", "azure-v2")
PRIVATE = {"(0009,0097)", "(0009,1097)"}  # Google's own; the dictionary of PS3.6 has no odd groups
RESOURCES = {"studies", "series", "instances", "study/series", "study/instances", "series/instances"}
SEARCHED_ON_AZURE = {
    *("StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "AccessionNumber", "ReferringPhysicianName"),
    *("StudyDate", "StudyDescription", "ModalitiesInStudy", "SeriesInstanceUID", "Modality"),
    *("PerformedProcedureStepStartDate", "ManufacturerModelName", "SOPInstanceUID"),
}


def facts(keyword: str, service: ServiceKey, word: str) -> list[CloudFact]:
    return [fact for fact in cloud.support(keyword) if fact.service == service and fact.word == word]


def keywords_with(word: str, service: ServiceKey) -> set[str]:
    return {fact.keyword for fact in FACTS if (fact.word, fact.service) == (word, service)}


def test_every_attribute_is_in_the_dictionary_with_this_tag() -> None:
    """Keyword and tag agree; printed misprints are notes, never keys."""
    for fact in FACTS:
        if fact.tag in PRIVATE:
            assert (fact.keyword, fact.word) == ("", "response-only")
        else:
            assert dictionary.by_keyword()[fact.keyword].tag == fact.tag, fact


def test_words_levels_and_ways_are_from_closed_sets() -> None:
    """Another word would be shown without an explanation."""
    assert {fact.word for fact in FACTS} <= {*cloud.STATUS_WORDS, *cloud.DETAIL_WORDS}
    assert not set(cloud.STATUS_WORDS) & set(cloud.DETAIL_WORDS)
    assert {fact.level for fact in FACTS} == {"", "patient", "study", "series", "instance", "store", "workitem"}
    assert {one for fact in FACTS for one in fact.at} == RESOURCES
    assert {one for fact in FACTS for one in fact.how} == {
        *("exact", "range", "wildcard", "fuzzy", "default", "includefield")
    }
    assert {fact.unit for fact in FACTS} == {"", "characters", "value"}


def test_every_fact_is_complete() -> None:
    """A source, and what the word needs beside it."""
    for fact in FACTS:
        assert fact.sources, fact
        assert bool(fact.limit) == bool(fact.unit), fact
        assert not fact.limit or int(fact.limit) > 0, fact
        assert bool(fact.at) == (fact.word == "queryable"), fact
        assert fact.word != "queryable" or (fact.level and "exact" in fact.how), fact
        assert fact.word != "returned" or fact.how in {("default",), ("includefield",)}, fact
        assert fact.word in {"queryable", "returned"} or fact.says, fact
        assert fact.says == fact.says.strip(), fact
        assert not fact.says.endswith("."), fact


def test_no_fact_is_there_twice_and_the_order_is_that_of_tags() -> None:
    """The facts of an attribute stand together: it is found without reading the others."""
    assert len(set(FACTS)) == len(FACTS)
    assert [fact.tag for fact in FACTS] == sorted(fact.tag for fact in FACTS)
    returned = Counter((f.keyword, f.service, f.level) for f in FACTS if f.word == "returned")
    assert set(returned.values()) == {1}


def test_sources_are_pages_with_dates_and_each_is_used() -> None:
    """URLs are well formed, dates are ISO, nothing is left over."""
    from tagwise.knowledge import limits

    known = cloud_tables.all_sources()
    assert len({source.key for source in known}) == len({source.url for source in known}) == len(known)
    for source in known:
        assert re.fullmatch(r"https://[a-z.]+/[\w./-]+", source.url)
        assert re.fullmatch(r"(20\d\d-\d\d(-\d\d)?)?", source.dated)
        assert date.fromisoformat(source.taken) >= date(2026, 11, 23)
        assert source.dated <= source.taken
        assert source.taken in source.when
    used = [*FACTS, *cloud.services(), *limits.limits(), *limits.compared()]
    assert {source for one in used for source in one.sources} == set(known)


def test_undated_pages_are_the_known_ones() -> None:
    """A fact without the date of its page is an exception."""
    undated = {source.key for source in cloud_tables.all_sources() if not source.dated}
    assert undated == {"azure-code:DicomValidation", "google:quotas", "google:DicomConfig"}


@pytest.mark.parametrize("keyword", ["SeriesInstanceUID", "SliceLocation", "TimezoneOffsetFromUTC", "", "NotAKeyword"])
def test_all_services_always_answer_with_a_status(keyword: str) -> None:
    """Listed or not, and always in the same order."""
    found = cloud.support(keyword)
    assert tuple(dict.fromkeys(fact.service for fact in found)) == cloud.SERVICE_KEYS
    for service in cloud.SERVICE_KEYS:
        assert cloud.status(keyword, service)


def test_what_is_not_listed_has_the_default_of_the_service_with_its_own_source() -> None:
    """Not an empty answer, and not a listed fact."""
    for fact, service in zip(cloud.support("SliceLocation"), cloud.services(), strict=True):
        assert (fact.word, fact.listed, fact.says) == ("preserved", False, service.says)
        assert fact.sources == service.sources


def test_what_is_not_stored_has_no_default_of_storing() -> None:
    """Commands and delimiters are not in objects; of file meta information the sources do not speak."""
    statuses = {fact.service: (fact.word, fact.inferred) for fact in cloud.support("ErrorComment")}
    assert statuses["aws"] == ("unsupported", True)
    assert statuses["azure-v2"] == ("response-only", False)
    assert {fact.word for fact in cloud.support("Item", "(FFFE,E000)")} == {"unsupported"}
    meta = cloud.support("FileMetaInformationVersion", "(0002,0001)")
    assert {(fact.word, fact.inferred) for fact in meta} == {("preserved", True)}


def test_the_counts_are_those_of_the_pages() -> None:
    """A fact that is lost, or filed under another word, shows here."""
    assert len(keywords_with("queryable", "aws")) == 20
    assert len(keywords_with("promoted", "aws")) == 142
    assert len(keywords_with("queryable", "google")) == 9
    assert len(keywords_with("required", "google")) == 6
    for service in AZURE:
        assert len(keywords_with("required", service)) == 5
        assert keywords_with("queryable", service) == SEARCHED_ON_AZURE
    assert len({f.tag for f in FACTS if f.service == "aws"}) == 204
    assert len({f.tag for f in FACTS if f.service in AZURE}) == 88
    assert len({f.tag for f in FACTS if f.service == "google"}) == 60


def test_the_matrix_has_every_listed_attribute_once() -> None:
    """With a status for each service; what is concluded is marked."""
    rows = {row.keyword: row for row in cloud.matrix()}
    assert set(rows) == {fact.keyword for fact in FACTS} - {""}
    assert all(set(row.statuses) == set(cloud.SERVICE_KEYS) and all(row.statuses.values()) for row in rows.values())
    assert rows["SeriesInstanceUID"].statuses["aws"] == ("required", "queryable", "promoted")
    assert rows["SeriesInstanceUID"].inferred == ("aws",)  # what Google requires of JSON stores is stated
    assert rows["SliceThickness"].statuses["aws"] == ("preserved",)


def test_azure_v1_and_v2_differ_where_their_pages_do() -> None:
    """One status for "Azure" hides an import that fails on v1 and succeeds on v2 (reference-page-notes 6)."""
    (first,), (second,) = (facts("PatientID", service, "required") for service in AZURE)
    assert first.says == "must be there with a value"
    assert "an empty value is stored with a warning" in second.says
    (first,), (second,) = (facts("StudyDescription", service, "queryable") for service in AZURE)
    assert "refuses the instance" in first.says
    assert "stored with a warning" in second.says
    assert [facts("StudyTime", service, "returned")[0].how for service in AZURE] == [("default",), ("includefield",)]
    assert [facts("StudyDescription", one, "returned")[0].how for one in AZURE] == [("includefield",), ("default",)]
    differing = {
        keyword
        for keyword in {fact.keyword for fact in FACTS}
        if len({_without_service(keyword, v) for v in AZURE}) > 1
    }
    assert len(differing) >= 30


def _without_service(keyword: str, service: ServiceKey) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (f.word, f.level, f.at, f.how, f.says) for f in cloud.support(keyword) if f.service == service and f.listed
    )


def test_azure_has_no_search_key_sop_class_uid() -> None:
    """It is required and returned, but a search by it is refused (reference-page-notes 6)."""
    for service in AZURE:
        assert cloud.status("SOPClassUID", service) == ("required",)
    assert "queryable" in cloud.status("SOPClassUID", "aws")


def test_fuzzy_search_is_a_query_parameter() -> None:
    """`fuzzymatching=true` beside the key; there is no key PatientNameFuzzy (reference-page-notes 6)."""
    for service in cloud.SERVICE_KEYS:
        (fact,) = facts("PatientName", service, "queryable")
        assert "fuzzy" in fact.how
        assert "query parameter fuzzymatching=true" in fact.says
    assert not [fact for fact in FACTS if "fuzzy" in fact.keyword.lower()]
    assert not any("fuzzy" in fact.how and "fuzzymatching" not in fact.says for fact in FACTS)


def test_what_aws_requires_is_marked_as_our_conclusion() -> None:
    """AWS publishes no list of required attributes (reference-page-notes 6)."""
    required = [fact for fact in FACTS if (fact.service, fact.word) == ("aws", "required")]
    assert {fact.keyword for fact in required} == {
        *("TransferSyntaxUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    }
    for fact in required:
        assert fact.inferred
        assert "AWS publishes no list of required attributes" in fact.says


def test_what_google_requires_holds_for_json_stores() -> None:
    """For binary stores it is our conclusion."""
    json, binary = facts("SeriesInstanceUID", "google", "required")
    assert (json.inferred, binary.inferred) == (False, True)
    assert "JSON" in json.says
    assert "binary" in binary.says
    assert "required" not in cloud.status("PatientID", "google")


def test_a_misprinted_tag_is_a_note() -> None:
    """The text of Azure prints (0009,0090) for ReferringPhysicianName."""
    assert {fact.keyword for fact in FACTS if "(0009,0090)" in fact.says} == {"ReferringPhysicianName"}
    assert not [fact for fact in FACTS if fact.tag == "(0009,0090)"]


@pytest.mark.parametrize(
    ("keyword", "service", "says"),
    [
        ("StudyDescription", "aws", "64 in the API reference"),
        ("StudyID", "aws", "16 in the API reference"),
        ("SeriesInstanceUID", "aws", "512 in the JSON metadata"),
        ("NumberOfStudyRelatedInstances", "aws", "10,000"),
        ("SeriesInstanceUID", "azure-v1", "letters"),
        ("ManufacturerModelName", "azure-v1", "no search key in the text of 2022-10-13"),
        ("ModalitiesInStudy", "azure-v1", "no search key in the text of 2022-10-13"),
        ("Modality", "azure-v2", "or is not"),
        ("AccessionNumber", "azure-v2", "not in the text"),
    ],
)
def test_sources_that_disagree_are_both_kept(keyword: str, service: ServiceKey, says: str) -> None:
    """The second statement stands beside the first."""
    assert any(says in fact.disagrees for fact in cloud.support(keyword) if fact.service == service)


def test_the_timezone_is_kept_but_not_searched() -> None:
    """A search by it is refused; the value itself is stored and returned."""
    services: tuple[ServiceKey, ...] = (*AZURE, "google")
    for service in services:
        assert cloud.status("TimezoneOffsetFromUTC", service) == ("preserved", "unsupported")


@pytest.fixture
def damaged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Let one table read as something else."""
    caches = (cloud.services, cloud.support, cloud.listed_facts, cloud_tables._body, cloud_tables._source)

    def forget() -> None:
        for cached in caches:
            cached.cache_clear()

    def become(name: str, text: str) -> None:
        real = cloud_tables.text
        monkeypatch.setattr(cloud_tables, "text", lambda asked: text if asked == name else real(asked))
        forget()

    yield become
    forget()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("cloud.tsv", lambda _: "", id="empty"),
        pytest.param("cloud.tsv", lambda text: text[:-40], id="cut"),
        pytest.param("cloud.tsv", lambda text: text.replace("\tword\t", "\tverb\t", 1), id="other columns"),
        pytest.param("cloud.tsv", lambda text: text[: text.index("ErrorComment")], id="no rows"),
        pytest.param(
            "cloud.tsv",
            lambda text: text.replace("SeriesInstanceUID\t(0020,000E)\taws\tr", "SeriesInstanceUID\taws\tr", 1),
            id="a cell is missing",
        ),
        pytest.param("cloud.tsv", lambda text: text.replace("\tazure-v1\t", "\tazure\t"), id="another service"),
        pytest.param("cloud.tsv", lambda text: text.replace("\tqueryable\t", "\tsearchable\t"), id="another word"),
        pytest.param("cloud_services.tsv", lambda text: text.replace("\ngoogle\t", "\nalphabet\t"), id="no Google"),
        pytest.param("cloud_services.tsv", lambda text: text.replace("\tpreserved\t", "\tkept\t"), id="default"),
        pytest.param("cloud_sources.tsv", lambda text: text.replace("aws:releases\t", "aws:news\t"), id="no source"),
    ],
)
def test_a_damaged_table_is_an_error_that_says_so(
    damaged: Callable[[str, str], None], name: str, change: Callable[[str], str]
) -> None:
    """Never half an answer."""
    whole = cloud_tables.text(name)
    assert change(whole) != whole
    damaged(name, change(whole))
    with pytest.raises(KnowledgeDataError, match=re.escape(name)) as caught:
        cloud.support("SeriesInstanceUID")
    assert "Install tagwise again" in caught.value.hint


def test_a_missing_table_is_the_same_kind_of_error() -> None:
    """Also for a name that is not there at all."""
    with pytest.raises(KnowledgeDataError, match=r"nowhere\.tsv"):
        cloud_tables.text("nowhere.tsv")


def test_a_cold_look_up_takes_a_millisecond() -> None:
    """The tables are searched as text; processor time, the best of some, because machines are busy."""
    program = (
        "import time\nfrom tagwise.knowledge import cloud\nstart = time.process_time()\n"
        "cloud.support('SeriesInstanceUID')\nprint((time.process_time() - start) * 1000)"
    )
    ran = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(7)
    ]
    assert min(float(one.stdout) for one in ran) < 1.0
