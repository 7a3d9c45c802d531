"""`tagwise list cloud`: the attributes that some cloud service lists, as a matrix or for one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.errors import UsageError
from tagwise.knowledge import cloud
from tagwise.pages.cloud_section import LABELS, ServiceSupport, fact_document, sentence, status_words
from tagwise.pages.layout import columns, wrap

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


def text(key: str = "", width: int = 80, *, ink: Ink) -> str:
    """The matrix, or the list of one service, as lines joined to one text.

    Raises:
        UsageError: There is no such service.
    """
    made = _one_service(service(key), width, ink) if key else _matrix(width, ink)
    return "\n".join(line.rstrip() for line in made)


def _matrix(width: int, ink: Ink) -> Iterator[str]:
    rows = list(cloud.matrix())
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
    yield from wrap(
        f"{len(rows)} attributes. Every other one is kept, and is no search key. Conditions and sources: "
        "tagwise show NAME, or tagwise list cloud --service KEY.",
        width,
    )


def _letters(row: MatrixRow, key: ServiceKey) -> str:
    return "".join(_LETTERS[word] for word in row.statuses[key]) + (_INFERRED if key in row.inferred else "")


def _one_service(shown: Service, width: int, ink: Ink) -> Iterator[str]:
    listed = listed_by(shown.key)
    yield f"{ink(shown.name, 'bold')} ({shown.api})"
    yield from wrap(f"Every attribute that is not listed here is {shown.default}: {shown.says}.", width)
    for (keyword, tag), facts in listed.items():
        yield ""
        yield f"{ink(tag, 'cyan')} {ink(keyword or '(private)', 'bold')}"
        own = tuple(fact for fact in cloud.support(keyword, tag) if fact.service == shown.key) if keyword else facts
        yield from wrap(" · ".join(status_words(ServiceSupport(shown, own).statuses)), width, "  ")
        yield from columns(((fact.word, _says(fact)) for fact in facts if _says(fact)), width, "    ")
    yield ""
    yield f"{len(listed)} attributes."


def _says(fact: CloudFact) -> str:
    if fact.word != "returned":
        return sentence(fact)
    return f"{fact.level} level, {'by default' if 'default' in fact.how else 'where includefield asks for it'}"


def document(key: str = "") -> dict[str, Any]:
    """`kind` ("cloud"), `services`, `attributes`: with `status` by service, or for one service with its `facts`.

    Raises:
        UsageError: There is no such service.
    """
    shown = (service(key),) if key else cloud.services()
    return {
        "kind": "cloud",
        "status_words": dict(cloud.STATUS_WORDS),
        "services": [
            {"service": one.key, "name": one.name, "api": one.api, "default": one.default, "says": one.says}
            for one in shown
        ],
        "attributes": _service_rows(shown[0].key) if key else _matrix_rows(),
    }


def _matrix_rows() -> list[dict[str, Any]]:
    return [
        {
            "tag": row.tag,
            "keyword": row.keyword,
            "status": {key: list(words) for key, words in row.statuses.items()},
            "inferred": list(row.inferred),
        }
        for row in cloud.matrix()
    ]


def _service_rows(key: ServiceKey) -> list[dict[str, Any]]:
    return [
        {"tag": tag, "keyword": keyword, "facts": [fact_document(fact) for fact in facts]}
        for (keyword, tag), facts in listed_by(key).items()
    ]
