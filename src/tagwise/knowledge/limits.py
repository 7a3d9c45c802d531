"""Limits, codes and rules of the cloud services as a whole: what can break an integration, side by side by topic."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import cloud_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.knowledge.cloud_tables import Source

_LIMITS = "limits.tsv"
_LIMIT_COLUMNS = (
    *("id", "service", "topic", "says", "value", "unit"),
    *("since", "keywords", "disagrees", "flags", "sources"),
)
_COMPARED = "limits_compared.tsv"
_COMPARED_COLUMNS = ("topic", "aws", "azure", "google", "sources")

PROVIDERS = ("aws", "azure", "google")
FLAGS = frozenset({"breaking", "inferred", "preview"})


class Limit(NamedTuple):
    """A limit, code or rule of one service.

    `value` is a number in a text, "" where the rule has none; codes have `unit` "code 0xB000". `since` is a date or "".
    `breaking`: it rejects, hides or changes data. `disagrees` is what another source says otherwise.
    """

    id: str
    service: str
    topic: str
    says: str
    value: str
    unit: str
    since: str
    keywords: tuple[str, ...]
    disagrees: str
    breaking: bool
    inferred: bool
    preview: bool
    sources: tuple[Source, ...]


class Comparison(NamedTuple):
    """One topic, and what each service does in a few words."""

    topic: str
    aws: str
    azure: str
    google: str
    sources: tuple[Source, ...]


def _limit(row: list[str]) -> Limit:
    name, service, topic, says, value, unit, since, keywords, disagrees, flags, sources = row
    set_flags = frozenset(flags.split())
    if service not in PROVIDERS or not set_flags <= FLAGS:
        raise cloud_tables.damaged(_LIMITS, f"{name} has {service!r}, {flags!r}")
    return Limit(
        *(name, service, topic, says, value, unit, since, tuple(keywords.split()), disagrees),
        *("breaking" in set_flags, "inferred" in set_flags, "preview" in set_flags, cloud_tables.sources(sources)),
    )


@cache
def limits() -> tuple[Limit, ...]:
    """Every limit, code and rule, service by service.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(_limit(row) for row in cloud_tables.rows(_LIMITS, _LIMIT_COLUMNS))


def about(keyword: str) -> tuple[Limit, ...]:
    """The limits that name an attribute.

    >>> [limit.id for limit in about("TimezoneOffsetFromUTC")]
    ['azure.query.timezone', 'google.query.timezone']
    """
    return tuple(limit for limit in limits() if keyword in limit.keywords)


def side_by_side() -> Mapping[str, Mapping[str, tuple[Limit, ...]]]:
    """The limits of each service by topic, topics in alphabetical order.

    >>> {service: found[0].value for service, found in side_by_side()["query.limit"].items()}
    {'aws': '1000', 'azure': '200', 'google': '5000'}
    """
    found: dict[str, dict[str, tuple[Limit, ...]]] = {}
    for limit in sorted(limits(), key=lambda limit: limit.topic):
        services = found.setdefault(limit.topic, {})
        services[limit.service] = (*services.get(limit.service, ()), limit)
    return found


@cache
def compared() -> tuple[Comparison, ...]:
    """The topics on which the services differ most, each service in a few words.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    rows = cloud_tables.rows(_COMPARED, _COMPARED_COLUMNS)
    return tuple(
        Comparison(topic, aws, azure, google, cloud_tables.sources(sources))
        for topic, aws, azure, google, sources in rows
    )
