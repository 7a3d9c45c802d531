"""What AWS HealthImaging, Azure (v1 and v2) and Google do with an attribute: every fact with its source and date."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from tagwise.knowledge import cloud_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.knowledge.cloud_tables import Source

_FACTS = "cloud.tsv"
_FACT_COLUMNS = (
    *("keyword", "tag", "service", "word", "level", "at", "how"),
    *("limit", "unit", "says", "disagrees", "inferred", "sources"),
)
_SERVICES = "cloud_services.tsv"
_SERVICE_COLUMNS = ("service", "name", "api", "default", "says", "sources")

ServiceKey = Literal["aws", "azure-v1", "azure-v2", "google"]
SERVICE_KEYS: tuple[ServiceKey, ...] = get_args(ServiceKey)

STATUS_WORDS = {
    "required": "an instance without it is refused",
    "queryable": "a search key of QIDO-RS",
    "promoted": "moved up to the patient, study or series level of the service's metadata",
    "preserved": "kept in the instance",
    "unsupported": "not for the use that is named",
    "response-only": "not stored: the service writes it into its answers",
}
"""What a service does with an attribute, in the order in which pages name it."""

DETAIL_WORDS = {
    "returned": "in the answer to a search: by default, or where includefield asks for it",
    "limit": "longest or largest value",
    "grouping": "instances that differ in it are kept apart",
    "filter": "a filter of the service's own search",
    "result": "in the results of the service's own search",
    "store": "a rule for storing",
    "metadata": "a rule for metadata",
    "transcode": "a rule for changing the transfer syntax",
    "update": "whether and how it can be changed in place",
    "worklist": "a rule of UPS-RS",
    "deidentify": "what the service's de-identification does",
}
"""Further facts, which do not change the status."""

_NOT_STORED = {
    "0000": "part of a DIMSE message, not of stored objects (PS3.7 annex E)",
    "FFFE": "delimits items, is no attribute of an object (PS3.5 7.5)",
}
_KEEPING = frozenset({"required", "queryable", "promoted", "preserved", "response-only"})


class Service(NamedTuple):
    """A cloud service, and what holds for every attribute that no fact is known of."""

    key: ServiceKey
    name: str
    api: str
    default: str
    says: str
    sources: tuple[Source, ...]


class CloudFact(NamedTuple):
    """One thing that a service does with an attribute.

    `word` is one of `STATUS_WORDS` or `DETAIL_WORDS`. `level` is patient, study, series or instance, or the kind of
    answer. `at` names the resources of a search (`studies`, `study/series`), `how` its kinds of matching, or for
    `returned` whether by `default` or by `includefield`. `limit` with `unit` is a number in a text, "" for none.
    `disagrees` is what another source, or the standard, says otherwise. `inferred` facts are our conclusion: no source
    states them. `listed` is false for the default of the service. The main source comes first.
    """

    keyword: str
    tag: str
    service: ServiceKey
    word: str
    level: str
    at: tuple[str, ...]
    how: tuple[str, ...]
    limit: str
    unit: str
    says: str
    disagrees: str
    inferred: bool
    listed: bool
    sources: tuple[Source, ...]

    @property
    def is_status(self) -> bool:
        """Whether the word is a status of the attribute rather than a further fact."""
        return self.word in STATUS_WORDS


class MatrixRow(NamedTuple):
    """The status words of one attribute for every service; `inferred`: services with one that no source states."""

    keyword: str
    tag: str
    statuses: dict[ServiceKey, tuple[str, ...]]
    inferred: tuple[ServiceKey, ...]


@cache
def services() -> tuple[Service, ...]:
    """The services, always in the same order.

    Raises:
        KnowledgeDataError: The table is damaged or does not have these four services.
    """
    found = {}
    for key, name, api, default, says, sources in cloud_tables.rows(_SERVICES, _SERVICE_COLUMNS):
        found[key] = Service(cast("ServiceKey", key), name, api, default, says, cloud_tables.sources(sources))
    if tuple(found) != SERVICE_KEYS or not {one.default for one in found.values()} <= set(STATUS_WORDS):
        raise cloud_tables.damaged(_SERVICES, f"it does not have {', '.join(SERVICE_KEYS)}")
    return tuple(found.values())


def _fact(row: list[str]) -> CloudFact:
    keyword, tag, service, word, level, at, how, limit, unit, says, disagrees, inferred, sources = row
    if service not in SERVICE_KEYS or not (word in STATUS_WORDS or word in DETAIL_WORDS):
        raise cloud_tables.damaged(_FACTS, f"{keyword or tag} has {service!r}, {word!r}")
    return CloudFact(
        *(keyword, tag, service, word, level, tuple(at.split()), tuple(how.split()), limit, unit),
        *(says, disagrees, inferred == "inferred", True, cloud_tables.sources(sources)),
    )


def _default(service: Service, keyword: str, tag: str) -> CloudFact:
    """What holds where nothing is listed. Commands and item delimiters are not stored, whatever a service says."""
    word, says, inferred = service.default, service.says, False
    if tag[1:5] in _NOT_STORED:
        word, says, inferred = "unsupported", _NOT_STORED[tag[1:5]], True
    elif tag[1:5] == "0002":
        says, inferred = f"{says}; whether this holds for file meta information, its source does not say", True
    return CloudFact(
        *(keyword, tag, service.key, word, "", (), (), "", ""), *(says, "", inferred, False, service.sources)
    )


@cache
def support(keyword: str, tag: str = "") -> tuple[CloudFact, ...]:
    """Everything known of an attribute, service by service; a service that lists nothing answers with its default.

    >>> [fact.word for fact in support("SOPClassUID") if fact.service == "azure-v2" and fact.is_status]
    ['required']
    >>> {fact.word for fact in support("SliceLocation")}
    {'preserved'}

    Args:
        keyword: As the dictionary spells it. "" gives the defaults.
        tag: As the dictionary writes it. Without it, a default may be given for a group that is not stored.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    listed = [_fact(row) for row in cloud_tables.rows_of(_FACTS, _FACT_COLUMNS, keyword)] if keyword else []
    tag = tag or (listed[0].tag if listed else "")
    found: list[CloudFact] = []
    for service in services():
        own = [fact for fact in listed if fact.service == service.key]
        if not any(fact.word in _KEEPING for fact in own):
            found.append(_default(service, keyword, tag))
        found += own
    return tuple(found)


def status(keyword: str, service: ServiceKey, tag: str = "") -> tuple[str, ...]:
    """The status words of an attribute, in the order of `STATUS_WORDS`.

    >>> status("SeriesInstanceUID", "azure-v1"), status("SliceLocation", "google")
    (('required', 'queryable'), ('preserved',))
    """
    words = {fact.word for fact in support(keyword, tag) if fact.service == service}
    return tuple(word for word in STATUS_WORDS if word in words)


@cache
def listed_facts() -> tuple[CloudFact, ...]:
    """Every fact of the table, in the order of tags. The two private attributes of Google have no keyword."""
    return tuple(_fact(row) for row in cloud_tables.rows(_FACTS, _FACT_COLUMNS))


def matrix() -> Iterator[MatrixRow]:
    """Every attribute that some service lists, in the order of tags, with its status for each service.

    >>> next(row.statuses["azure-v2"] for row in matrix() if row.keyword == "PatientID")
    ('required', 'queryable')
    """
    for keyword, tag in dict.fromkeys((fact.keyword, fact.tag) for fact in listed_facts()):
        if keyword:
            status_facts = [fact for fact in support(keyword, tag) if fact.is_status]
            stated = {(fact.service, fact.word) for fact in status_facts if not fact.inferred}
            inferred = {fact.service for fact in status_facts if (fact.service, fact.word) not in stated}
            statuses = {service: status(keyword, service, tag) for service in SERVICE_KEYS}
            yield MatrixRow(keyword, tag, statuses, tuple(key for key in SERVICE_KEYS if key in inferred))
