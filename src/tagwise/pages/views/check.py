"""The view of a check page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.findings import Level
from tagwise.pages.layout import INDENT, SEVERITY_INK, columns, listing, prose, wrap
from tagwise.pages.views import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagwise.checks import Example
    from tagwise.pages.checks import CheckPage
    from tagwise.pages.layout import Ink
    from tagwise.pages.views import Document


def head(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    """Name and title."""
    yield ink(shown.name, "bold")
    yield from wrap(shown.title, width)


def head_document(shown: CheckPage) -> Document:
    """Kind and what a list of checks says."""
    return {"kind": "check", **facts(shown)}


def facts(shown: CheckPage) -> Document:
    """Name, title and the four gradings."""
    return {
        "name": shown.name,
        "title": shown.title,
        "severity": shown.severity.value,
        "confidence": shown.confidence.value,
        "basis": shown.basis.value,
        "level": shown.level.value,
    }


def _grades(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    severity = ink(f"{shown.severity.value} severity", *SEVERITY_INK[shown.severity.value])
    yield f"{INDENT}{severity} · {shown.confidence.value} confidence · basis: {shown.basis.value}"
    each = "value in the archive" if shown.level is Level.ARCHIVE else shown.level.value
    yield f"{INDENT}one finding for each {each} · since {shown.since}"
    if shown.aliases:
        yield from wrap(f"also known as {', '.join(shown.aliases)}", width, INDENT)


def _grades_document(shown: CheckPage) -> Document:
    return {"relation": shown.relation, "since": shown.since, "aliases": list(shown.aliases)}


def _text(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    for number, (heading, body) in enumerate(shown.sections.items()):
        if number:
            yield ""
        yield ink(heading, "bold")
        yield from list(prose(body, width, INDENT))[:-1]


def _text_document(shown: CheckPage) -> Document:
    return {"sections": dict(shown.sections)}


def _attributes(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("Attributes it reads", "bold")
    yield from columns(((read.tag, read.keyword) for read in shown.attributes), width, INDENT)


def _attributes_document(shown: CheckPage) -> Document:
    return {"attributes": [{"tag": read.tag, "keyword": read.keyword, "name": read.name} for read in shown.attributes]}


def _settings(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    if shown.settings:
        yield ink("Settings", "bold")
        rows = ((name, "not set" if value is None else str(value)) for name, value in shown.settings.items())
        yield from columns(rows, width, INDENT)


def _settings_document(shown: CheckPage) -> Document:
    return {"settings": dict(shown.settings)}


def _examples(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    yield from _listed("Fires on", shown.fires, width, ink)
    yield ""
    yield from _listed("Stays silent on", shown.silent, width, ink)


def _listed(heading: str, examples: Sequence[Example], width: int, ink: Ink) -> Iterator[str]:
    yield ink(heading, "bold")
    for example in examples:
        yield from wrap(example.says, width, f"{INDENT}- ")
        differing = _differing(example)
        if len(example.instances) <= _MOST_BESIDE:
            yield from columns(differing, width, INDENT * 2 + "  ")
        else:
            yield f"{INDENT * 2}  {len(example.instances)} objects"
            for keyword, *values in differing:
                yield from wrap(f"{keyword}: {_shortened(values)}", width, INDENT * 2 + "  ")
        for reference in example.references:
            yield from wrap(_reference(reference), width, INDENT * 2 + "  ")


_MOST_BESIDE = 5
"""Objects of an example that stand beside each other; of more, each attribute has its values in a row."""

_MOST_VALUES = 24


def _shortened(values: Sequence[str]) -> str:
    half = _MOST_VALUES // 2
    shown = values if len(values) <= _MOST_VALUES else [*values[:half], "…", *values[-half:]]
    return ", ".join(shown)


def _reference(reference: Mapping[str, str]) -> str:
    said = ", ".join(
        f"{name} {value}" for name, value in reference.items() if name not in {"SOPInstanceUID", "sequence"}
    )
    return f"{reference['SOPInstanceUID']} refers in {reference['sequence']} to {said}"


def _differing(example: Example) -> list[tuple[str, ...]]:
    """The attributes that tell the objects of an example apart, one column per object; all of a single object."""
    instances = example.instances
    keywords = dict.fromkeys(keyword for instance in instances for keyword in instance)
    shown = []
    for keyword in keywords:
        values = [_value(instance.get(keyword)) for instance in instances]
        own = len(instances) > _MOST_BESIDE and keyword == "SOPInstanceUID"
        if len(instances) == 1 or (len(set(values)) > 1 and not own):
            shown.append((keyword, *values))
    return shown


def _value(value: object) -> str:
    """A value of an example; quoted where its blanks or control characters would not be seen."""
    if value is None:
        return "(absent)"
    text = str(value)
    return text if text and text == text.strip() and text.isprintable() else repr(text)


def _examples_document(shown: CheckPage) -> Document:
    return {"fires": _documents(shown.fires), "silent": _documents(shown.silent)}


def _documents(examples: Sequence[Example]) -> list[Document]:
    return [
        {
            "says": example.says,
            "instances": [dict(instance) for instance in example.instances],
            "expect": [dict(subject) for subject in example.expect],
            "settings": dict(example.settings),
            **({"references": [dict(reference) for reference in example.references]} if example.references else {}),
        }
        for example in examples
    ]


def _references(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    yield ink("References", "bold")
    yield from listing(shown.references, width, INDENT)
    for source in shown.sources:
        yield f"{INDENT}{source.url} ({source.checked})"


def _references_document(shown: CheckPage) -> Document:
    sources = [{"url": source.url, "checked": source.checked} for source in shown.sources]
    return {"references": list(shown.references), "sources": sources}


def _sql(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:  # noqa: ARG001 - SQL is never wrapped
    further = "".join(f", and on {table} (docs/index-format.md)" for table in shown.tables[1:])
    line = f"On a table instances: one row per object, keywords as columns{further}."
    yield from (ink("SQL", "bold"), f"{INDENT}{line}", "")
    yield from (f"{INDENT}{line}" for line in shown.sql.split("\n"))


def _sql_document(shown: CheckPage) -> Document:
    return {"sql": shown.sql}


SECTIONS = (
    Section("grades", _grades, _grades_document),
    Section("text", _text, _text_document),
    Section("attributes", _attributes, _attributes_document),
    Section("settings", _settings, _settings_document),
    Section("examples", _examples, _examples_document),
    Section("references", _references, _references_document),
    Section("sql", _sql, _sql_document),
)
"""An entry here is a section in text, in JSON and for `--section`."""
