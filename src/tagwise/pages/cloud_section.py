"""The section of an attribute page about cloud services: as structures, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.knowledge import cloud
from tagwise.pages.layout import columns, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.knowledge.cloud import CloudFact, Service
    from tagwise.knowledge.cloud_tables import Source
    from tagwise.pages.attributes import AttributePage
    from tagwise.pages.layout import Ink
    from tagwise.standard.dictionary import Attribute

_INDENT = "  "
_LABEL = 10
_HANG = " " * (len(_INDENT) + _LABEL)
LABELS = {"aws": "AWS", "azure-v1": "Azure v1", "azure-v2": "Azure v2", "google": "Google"}
_TO_LEVEL = {"queryable", "promoted"}


class ServiceSupport(NamedTuple):
    """What one service does with the attribute: its facts, or its default where it lists none."""

    service: Service
    facts: tuple[CloudFact, ...]

    @property
    def listed(self) -> bool:
        """Whether the service says anything of this attribute."""
        return any(fact.listed for fact in self.facts)

    @property
    def statuses(self) -> tuple[CloudFact, ...]:
        """The facts that are a status, in the order of the words; one for each word and level, a stated one if any."""
        first: dict[tuple[int, str], CloudFact] = {}
        for fact in self.facts:
            if fact.is_status:
                first.setdefault((list(cloud.STATUS_WORDS).index(fact.word), fact.level), fact)
        return tuple(first[key] for key in sorted(first))


def of(attribute: Attribute) -> tuple[ServiceSupport, ...]:
    """What every service does with an attribute, always all services and in the same order.

    Raises:
        KnowledgeDataError: A table is missing or damaged.
    """
    facts = cloud.support(attribute.keyword, attribute.tag)
    return tuple(
        ServiceSupport(service, tuple(fact for fact in facts if fact.service == service.key))
        for service in cloud.services()
    )


def lines(shown: AttributePage, width: int, ink: Ink) -> Iterator[str]:
    """A line for each service with its status, what qualifies it below, and the pages it is from at the end."""
    yield ink("Cloud services", "bold")
    above: list[tuple[str, str]] = []
    for support in shown.cloud:
        yield from _status_line(support, width, ink)
        said = list(details(support.facts))
        fresh = said if support.service.key != "azure-v2" else [one for one in said if one not in above]
        yield from columns(fresh, width, _HANG)
        same = dict.fromkeys(word for word, says in said if (word, says) not in fresh)
        if same:
            yield from wrap(f"as v1: {', '.join(same)}", width, _HANG)
        above = said
    yield ""
    yield from _source_lines((fact for support in shown.cloud for fact in support.facts), width, ink)


def _status_line(support: ServiceSupport, width: int, ink: Ink) -> Iterator[str]:
    says = " · ".join(status_words(support.statuses))
    label = ink(LABELS[support.service.key].ljust(_LABEL), "dim")
    for number, line in enumerate(wrap(says if support.listed else f"{says}, by default", width, _HANG)):
        yield line if number else _INDENT + label + line.removeprefix(_HANG)


def status_words(statuses: Iterable[CloudFact]) -> Iterator[str]:
    """Each status with what belongs to the word: its level, and whether it is our conclusion."""
    for fact in statuses:
        remarks = [f"{fact.level} level"] if fact.word in _TO_LEVEL else []
        remarks += ["inferred"] if fact.inferred else []
        yield f"{fact.word} ({', '.join(remarks)})" if remarks else fact.word


def details(facts: Sequence[CloudFact]) -> Iterator[tuple[str, str]]:
    """Word and sentence of every fact that says more than its status; answers to searches in one line."""
    for fact in facts:
        if fact.word != "returned":
            says = sentence(fact)
            if says:
                yield fact.word, says
    returned = [fact for fact in facts if fact.word == "returned"]
    if returned:
        yield "returned", "; ".join(dict.fromkeys(map(_returned, returned)))


def _returned(fact: CloudFact) -> str:
    asked = "by default" if "default" in fact.how else "where includefield asks for it"
    says = f"{fact.level} level, {asked}"
    return f"{says} ({fact.says})" if fact.says else says


def sentence(fact: CloudFact) -> str:
    """Everything that a fact says beside word and level, in one sentence.

    >>> from tagwise.knowledge import cloud
    >>> [sentence(fact) for fact in cloud.support("StudyID") if fact.word == "queryable"]
    ['in studies, series, study/instances, instances; exact']
    """
    parts = [f"in {', '.join(fact.at)}"] if fact.at else []
    parts += [", ".join(fact.how)] if fact.how and fact.at else []
    size = f"{int(fact.limit):,}" + (" characters" if fact.unit == "characters" else "") if fact.limit else ""
    parts += [f"{size}: {fact.says}" if size else fact.says] if size or fact.says else []
    said = "; ".join(parts)
    return f"{said} [elsewhere: {fact.disagrees}]" if fact.disagrees else said


def _source_lines(facts: Iterable[CloudFact], width: int, ink: Ink) -> Iterator[str]:
    """The pages with the dates of their texts, by the place they are in, because addresses are long."""
    found = dict.fromkeys(source for fact in facts for source in fact.sources)
    grouped: dict[str, dict[str, list[str]]] = {}
    for source in found:
        place, name = _split(source.url)
        grouped.setdefault(place, {}).setdefault(source.dated or "undated", []).append(name)
    taken = ", ".join(sorted({source.taken for source in found}))
    heading = wrap(f"Sources, with the dates of their texts; taken over {taken}", width, _INDENT)
    yield from (ink(line, "dim") for line in heading)
    for place, pages in grouped.items():
        yield f"{_INDENT * 2}{place}"
        for dated, names in pages.items():
            yield from wrap(f"{', '.join(names)} ({dated})", width, _INDENT * 3)


def _split(url: str) -> tuple[str, str]:
    """An address as the place that several pages share, and the rest of it.

    >>> _split("https://github.com/owner/name/blob/0123/docs/concepts/bulk-update.md")
    ('https://github.com/owner/name/blob/0123/', 'docs/concepts/bulk-update.md')
    """
    parts = url.split("/")
    shared = 7 if "blob" in parts[:-1] else len(parts) - 1
    return "/".join([*parts[:shared], ""]), "/".join(parts[shared:])


def document(shown: AttributePage) -> dict[str, Any]:
    """`cloud`: list of `service`, `name`, `api`, `listed`, `status` (words), `facts`."""
    return {
        "cloud": [
            {
                "service": support.service.key,
                "name": support.service.name,
                "api": support.service.api,
                "listed": support.listed,
                "status": list(dict.fromkeys(fact.word for fact in support.statuses)),
                "facts": [fact_document(fact) for fact in support.facts],
            }
            for support in shown.cloud
        ]
    }


def fact_document(fact: CloudFact) -> dict[str, Any]:
    """A fact: `word`, `level`, `at`, `how`, `limit`, `unit`, `says`, `disagrees`, `inferred`, `listed`, `sources`."""
    return {
        "word": fact.word,
        "level": fact.level,
        "at": list(fact.at),
        "how": list(fact.how),
        "limit": int(fact.limit) if fact.limit else None,
        "unit": fact.unit,
        "says": fact.says,
        "disagrees": fact.disagrees,
        "inferred": fact.inferred,
        "listed": fact.listed,
        "sources": [source_document(source) for source in fact.sources],
    }


def source_document(source: Source) -> dict[str, str]:
    """A page: `url`, `dated` (of its text, "" if it bears no date), `taken` (when its facts came here)."""
    return {"url": source.url, "dated": source.dated, "taken": source.taken}
