"""`tagwise list cloud`: the attributes that some cloud service lists, as a matrix or for one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.errors import UsageError
from tagwise.knowledge import cloud
from tagwise.pages.cloud_section import LABELS, ServiceSupport, fact_document, sentence, status_words
from tagwise.pages.layout import columns, wrap
from tagwise.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.knowledge.cloud import CloudFact, MatrixRow, Service, ServiceKey
    from tagwise.pages.layout import Ink

_LETTERS = {
    "required": "R",
    "queryable": "Q",
    "promoted": "P",
    "preserved": "k",
    "unsupported": "-",
    "response-only": "a",
}
_INFERRED = "*"


def service(key: str) -> Service:
    """The service with this key.

    Raises:
        UsageError: There is no such service.
    """
    for one in cloud.services():
        if one.key == key:
            return one
    raise UsageError(f"no service is called {key!r}", hint=f"There are {', '.join(cloud.SERVICE_KEYS)}")


def listed_by(key: ServiceKey) -> dict[tuple[str, str], tuple[CloudFact, ...]]:
    """What one service lists, by keyword and tag, in the order of tags."""
    found: dict[tuple[str, str], list[CloudFact]] = {}
    for fact in cloud.listed_facts():
        if fact.service == key:
            found.setdefault((fact.keyword, fact.tag), []).append(fact)
    return {attribute: tuple(facts) for attribute, facts in found.items()}


def status_word(word: str) -> str:
    """A status word, in any case.

    Raises:
        UsageError: There is no such status.
    """
    if word and word.strip().lower() not in cloud.STATUS_WORDS:
        raise UsageError(f"no status is called {word!r}", hint=f"There are {', '.join(cloud.STATUS_WORDS)}")
    return word.strip().lower()


def text(key: str = "", width: int = 80, *, status: str = "", ink: Ink) -> str:
    """The matrix, or the list of one service, as lines joined to one text.

    Args:
        key: The service, "" for the matrix of all.
        status: Only attributes that have this status there, "" for all.

    Raises:
        UsageError: There is no such service or status.
    """
    word = status_word(status)
    made = _one_service(service(key), word, width, ink) if key else _matrix(word, width, ink)
    return "\n".join(line.rstrip() for line in made)


def _with_status(word: str) -> list[MatrixRow]:
    """The rows of the matrix, those where some service has this status."""
    return [row for row in cloud.matrix() if not word or any(word in words for words in row.statuses.values())]


def _matrix(word: str, width: int, ink: Ink) -> Iterator[str]:
    rows = _with_status(word)
    table = [("Tag", *LABELS.values(), "Attribute")]
    table += [(row.tag, *(_letters(row, key) for key in cloud.SERVICE_KEYS), row.keyword) for row in rows]
    lines = list(columns(table, width))
    yield ink(lines[0], "bold")
    yield from lines[1:]
    yield ""
    words = [f"{letter} {word}: {cloud.STATUS_WORDS[word]}" for word, letter in _LETTERS.items()]
    for says in (*words, f"{_INFERRED} our conclusion, stated by no source"):
        yield from (ink(line, "dim") for line in wrap(says, width, "  "))
    yield ""
    others = f"{word.capitalize()} somewhere." if word else "Every other one is kept, and is no search key."
    yield from wrap(
        f"{quantity(len(rows), 'attribute')}. {others} Levels, conditions and sources: tagwise show NAME, or tagwise "
        "list cloud --service KEY.",
        width,
    )


def _letters(row: MatrixRow, key: ServiceKey) -> str:
    return "".join(_LETTERS[word] for word in row.statuses[key]) + (_INFERRED if key in row.inferred else "")


def _one_service(shown: Service, word: str, width: int, ink: Ink) -> Iterator[str]:
    listed = _of_status(shown.key, word)
    yield f"{ink(shown.name, 'bold')} ({shown.api})"
    yield from wrap(f"Every attribute that is not listed here is {shown.default}: {shown.says}.", width)
    for (keyword, tag), facts in listed.items():
        yield ""
        yield f"{ink(tag, 'cyan')} {ink(keyword or '(private)', 'bold')}"
        own = _own(shown.key, keyword, tag, facts)
        yield from wrap(" · ".join(status_words(ServiceSupport(shown, own).statuses)), width, "  ")
        yield from columns(((fact.word, _says(fact)) for fact in facts if _says(fact)), width, "    ")
    yield ""
    yield f"{quantity(len(listed), 'attribute')}{f' {word} there' if word else ''}."


def _of_status(key: ServiceKey, word: str) -> dict[tuple[str, str], tuple[CloudFact, ...]]:
    """What one service lists, only the attributes that have this status in it."""
    return {
        attribute: facts
        for attribute, facts in listed_by(key).items()
        if not word or any(fact.word == word for fact in _own(key, *attribute, facts))
    }


def _own(key: ServiceKey, keyword: str, tag: str, facts: tuple[CloudFact, ...]) -> tuple[CloudFact, ...]:
    """All facts of a service on an attribute, its default included; two private attributes have no more than these."""
    return tuple(fact for fact in cloud.support(keyword, tag) if fact.service == key) if keyword else facts


def _says(fact: CloudFact) -> str:
    if fact.word != "returned":
        return sentence(fact)
    return f"{fact.level} level, {'by default' if 'default' in fact.how else 'where includefield asks for it'}"


def document(key: str = "", status: str = "") -> dict[str, Any]:
    """`kind` ("cloud"), `services`, `attributes`: with `status` and `levels` by service, or for one with its `facts`.

    Raises:
        UsageError: There is no such service or status.
    """
    word = status_word(status)
    shown = (service(key),) if key else cloud.services()
    return {
        "kind": "cloud",
        "status_words": dict(cloud.STATUS_WORDS),
        "services": [
            {"service": one.key, "name": one.name, "api": one.api, "default": one.default, "says": one.says}
            for one in shown
        ],
        "attributes": _service_rows(shown[0].key, word) if key else _matrix_rows(word),
    }


def _matrix_rows(word: str) -> list[dict[str, Any]]:
    return [
        {
            "tag": row.tag,
            "keyword": row.keyword,
            "status": {key: list(words) for key, words in row.statuses.items()},
            "levels": _levels(row),
            "inferred": list(row.inferred),
        }
        for row in _with_status(word)
    ]


def _levels(row: MatrixRow) -> dict[str, dict[str, list[str]]]:
    """At which levels each service searches by the attribute, and to which it moves it up."""
    found: dict[str, dict[str, list[str]]] = {}
    for fact in cloud.support(row.keyword, row.tag) if row.keyword else ():
        if fact.word in ("queryable", "promoted") and fact.level:
            found.setdefault(fact.service, {}).setdefault(fact.word, []).append(fact.level)
    return {service: {word: list(dict.fromkeys(at)) for word, at in by.items()} for service, by in found.items()}


def _service_rows(key: ServiceKey, word: str) -> list[dict[str, Any]]:
    return [
        {"tag": tag, "keyword": keyword, "facts": [fact_document(fact) for fact in facts]}
        for (keyword, tag), facts in _of_status(key, word).items()
    ]
