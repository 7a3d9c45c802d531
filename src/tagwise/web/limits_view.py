"""Limits, codes and rules of cloud services, side by side: topic by topic, as a page and as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import limits
from tagwise.pages.cloud_section import source_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.limits import Comparison, Limit

SERVICES = {"aws": "AWS HealthImaging", "azure": "Azure DICOM service", "google": "Google Cloud Healthcare API"}

_AREAS = {
    "account": "Accounts",
    "code": "Warning and failure codes",
    "partition": "Data partitions",
    "patient": "Patients",
    "query": "Searching (QIDO-RS)",
    "rate": "Request rates",
    "retrieve": "Retrieving (WADO-RS)",
    "service": "Service",
    "store": "Storing (STOW-RS and imports)",
    "uid": "UIDs",
    "update": "Changing metadata",
    "ups": "Worklist (UPS-RS)",
    "value": "Values of attributes",
}
_FIRST = ("store", "query", "retrieve", "value", "uid", "patient", "update", "ups")


class Topic(NamedTuple):
    """One topic, and what each service says of it; services that say nothing have no entry."""

    name: str
    title: str
    services: Mapping[str, Sequence[Limit]]


class Area(NamedTuple):
    """Topics that belong together; `name` is the anchor."""

    name: str
    title: str
    topics: Sequence[Topic]


def every() -> Sequence[Limit]:
    """Every limit, service by service."""
    return limits.limits()


def topics() -> Sequence[Area]:
    """Every limit, area by area, topic by topic."""
    found = sorted(limits.side_by_side().items(), key=lambda item: (_place(item[0]), item[0]))
    return [
        Area(area, _AREAS.get(area, area), [Topic(name, _title(name), services) for name, services in grouped])
        for area, grouped in groupby(found, key=lambda item: item[0].partition(".")[0])
    ]


def _place(topic: str) -> tuple[int, str]:
    area = topic.partition(".")[0]
    return (_FIRST.index(area) if area in _FIRST else len(_FIRST), area)


def _title(topic: str) -> str:
    return topic.partition(".")[2].replace("-", " ")


def amount(limit: Limit) -> str:
    """The number of a limit with its unit; a code as it is printed.

    >>> [amount(one) for one in limits.limits() if one.id in ("aws.store.stow-size", "aws.store.stow-study")]
    ['1 GB', '']
    """
    if limit.unit.startswith("code "):
        return f"{limit.unit.removeprefix('code ')} ({limit.value})"
    number = f"{int(limit.value):,}" if limit.value.isdecimal() else limit.value
    return f"{number} {limit.unit}".strip()


def compared() -> Sequence[Comparison]:
    """What the services differ most in."""
    return limits.compared()


def sources() -> Sequence[Source]:
    """Every page that a limit is from."""
    return list(dict.fromkeys(source for limit in every() for source in limit.sources))


def document() -> dict[str, Any]:
    """`kind` ("limits"), `compared` and `limits`, each with its sources."""
    return {
        "kind": "limits",
        "compared": [
            {**one._asdict(), "sources": [source_document(source) for source in one.sources]} for one in compared()
        ],
        "limits": [
            {
                **one._asdict(),
                "keywords": list(one.keywords),
                "sources": [source_document(source) for source in one.sources],
            }
            for one in every()
        ],
    }
