"""`tagwise list limits`: limits, codes and rules of the cloud services, side by side by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.errors import UsageError
from tagwise.knowledge import limits
from tagwise.pages.layout import INDENT, columns, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tagwise.knowledge.cloud_tables import Source
    from tagwise.knowledge.limits import Comparison, Limit
    from tagwise.pages.layout import Ink

LABELS = {"aws": "AWS", "azure": "Azure", "google": "Google"}
_HEADINGS = {
    "store": "Storing",
    "uid": "UIDs",
    "patient": "Patients",
    "value": "Values, by VR",
    "query": "Searching",
    "retrieve": "Retrieving",
    "update": "Changing",
    "code": "Reason and warning codes",
    "rate": "Rates",
    "account": "Accounts",
    "partition": "Partitions",
    "ups": "Worklists by UPS-RS",
    "service": "The service as a whole",
}
"""The headings of topics, by their first part, in the order of the page."""


class Topic(NamedTuple):
    """What the services say on one topic: `limits` by service; a service that says nothing is not there."""

    topic: str
    heading: str
    limits: Mapping[str, tuple[Limit, ...]]


class LimitsPage(NamedTuple):
    """Everything on limits: the topics on which services differ most in a few words, then topic by topic.

    `services` are those that are shown. `sources` are all pages that a fact is from.
    """

    services: tuple[str, ...]
    compared: tuple[Comparison, ...]
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]


def page(service: str = "") -> LimitsPage:
    """The limits of all services, or of one, by topic in the order of the page.

    >>> [topic.topic for topic in page("google").topics][:2]
    ['store.duplicate', 'store.json']

    Args:
        service: `aws`, `azure` or `google`; "" for all. Both versions of Azure's API have the same limits, which say
            where they differ: `azure-v1` and `azure-v2` stand for `azure`.

    Raises:
        UsageError: There is no such service.
        KnowledgeDataError: A table is missing or damaged.
    """
    wanted = service.removesuffix("-v1").removesuffix("-v2")
    if wanted and wanted not in limits.PROVIDERS:
        raise UsageError(f"no service is called {service!r}", hint=f"There are {', '.join(limits.PROVIDERS)}")
    services = (wanted,) if wanted else limits.PROVIDERS
    topics = tuple(sorted(_topics(services), key=_order))
    compared = () if wanted else limits.compared()
    found = (limit for topic in topics for listed in topic.limits.values() for limit in listed)
    return LimitsPage(services, compared, topics, tuple(_sources((*found, *compared))))


def _topics(services: tuple[str, ...]) -> Iterator[Topic]:
    for topic, by_service in limits.side_by_side().items():
        kept = {service: by_service[service] for service in services if service in by_service}
        if kept:
            yield Topic(topic, _HEADINGS.get(topic.partition(".")[0], topic), kept)


def _order(topic: Topic) -> tuple[int, bool, str]:
    """By heading; what several services limit before what only one does."""
    first = topic.topic.partition(".")[0]
    place = list(_HEADINGS).index(first) if first in _HEADINGS else len(_HEADINGS)
    return place, len(topic.limits) < len(LABELS) - 1, topic.topic


def _sources(found: Iterable[Limit | Comparison]) -> dict[Source, None]:
    return dict.fromkeys(source for one in found for source in one.sources)


def text(service: str = "", width: int = 80, *, ink: Ink) -> str:
    """The page as lines joined to one text.

    Raises:
        UsageError: There is no such service.
    """
    return "\n".join(line.rstrip() for line in _lines(page(service), width, ink))


def _lines(shown: LimitsPage, width: int, ink: Ink) -> Iterator[str]:
    if shown.compared:
        yield ink("Where they differ most", "bold")
        for one in shown.compared:
            yield f"{INDENT}{one.topic}"
            said = ((LABELS["aws"], one.aws), (LABELS["azure"], one.azure), (LABELS["google"], one.google))
            yield from columns(said, width, INDENT * 2)
        yield ""
    heading = ""
    for topic in shown.topics:
        if topic.heading != heading:
            yield from ([] if not heading else [""])
            yield ink(topic.heading, "bold")
            heading = topic.heading
        yield f"{INDENT}{ink(topic.topic.partition('.')[2].replace('-', ' '), 'cyan')}"
        rows = [(LABELS[service], sentence(limit)) for service, listed in topic.limits.items() for limit in listed]
        yield from columns(rows, width, INDENT * 2)
    yield ""
    count = sum(len(listed) for topic in shown.topics for listed in topic.limits.values())
    yield from wrap(f"{count} limits, codes and rules. ! may refuse, hide or change data.", width)
    yield ""
    yield ink("Sources, with the dates of their texts", "dim")
    for source in shown.sources:
        yield f"{INDENT}{source.url}"
        yield ink(f"{INDENT * 2}{source.when}", "dim")


def amount(limit: Limit) -> str:
    """The number of a limit with its unit; a code as it is printed; "" where there is none.

    >>> [amount(one) for one in limits.limits() if one.id in ("aws.store.stow-size", "aws.store.stow-study")]
    ['1 GB', '']
    """
    if limit.unit.startswith("code "):
        return f"{limit.unit.removeprefix('code ')} ({limit.value})"
    return f"{_number(limit.value)} {limit.unit}".strip() if limit.value else ""


def sentence(limit: Limit) -> str:
    """A limit as a sentence that starts with its value; what is our conclusion or said otherwise is marked.

    >>> sentence(limits.side_by_side()["query.limit"]["azure"][0])
    '! 200 results: largest limit; 100 by default; outside 1 to 200 the search gets 400'
    """
    value = amount(limit)
    says = f"{value}: {limit.says}" if value else limit.says
    remarks = [word for word, marked in (("inferred", limit.inferred), ("preview", limit.preview)) if marked]
    remarks += [f"since {limit.since}"] if limit.since else []
    remarks += [f"elsewhere: {limit.disagrees}"] if limit.disagrees else []
    said = f"{'! ' if limit.breaking else ''}{says}"
    return f"{said} [{'; '.join(remarks)}]" if remarks else said


def _number(value: str) -> str:
    return value if "." in value else f"{int(value):,}"


def document(service: str = "") -> dict[str, Any]:
    """`kind` ("limits"), `services`, `compared`, `topics` (list of `topic`, `heading`, `limits` by service), `sources`.

    Raises:
        UsageError: There is no such service.
    """
    shown = page(service)
    return {
        "kind": "limits",
        "services": list(shown.services),
        "compared": [
            {"topic": one.topic, "aws": one.aws, "azure": one.azure, "google": one.google, "sources": _keys(one)}
            for one in shown.compared
        ],
        "topics": [
            {
                "topic": topic.topic,
                "heading": topic.heading,
                "limits": {service: [_limit(limit) for limit in found] for service, found in topic.limits.items()},
            }
            for topic in shown.topics
        ],
        "sources": {
            source.key: {"url": source.url, "dated": source.dated, "taken": source.taken} for source in shown.sources
        },
    }


def _keys(one: Limit | Comparison) -> list[str]:
    return [source.key for source in one.sources]


def _limit(limit: Limit) -> dict[str, Any]:
    own = limit._asdict()
    del own["service"], own["topic"]
    return {**own, "keywords": list(limit.keywords), "sources": _keys(limit)}
