"""The view of a check page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample
from tagwise.pages.layout import INDENT, SEVERITY_INK, columns, listing, prose, wrap
from tagwise.pages.views import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagwise.checks import Example
    from tagwise.checks.writing import Given
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
        "runs_in": list(shown.runs_in),
    }


def _grades(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    severity = ink(f"{shown.severity.value} severity", *SEVERITY_INK[shown.severity.value])
    yield f"{INDENT}{severity} · {shown.confidence.value} confidence · basis: {shown.basis.value}"
    commands = " and ".join(f"tagwise {command}" for command in shown.runs_in)
    unit = "place" if shown.runs_in == ("check",) else shown.level.value
    yield f"{INDENT}{commands} · one finding for each {unit} · since {shown.since}"
    if shown.is_repaired:
        yield from wrap("--fix of tagwise check repairs it in a copy, where that needs no decision", width, INDENT)
    if shown.aliases:
        yield from wrap(f"also known as {', '.join(shown.aliases)}", width, INDENT)


def _grades_document(shown: CheckPage) -> Document:
    return {
        "relation": shown.relation,
        "looks_at": shown.looks_at,
        "is_repaired": shown.is_repaired,
        "since": shown.since,
        "aliases": list(shown.aliases),
    }


def _text(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    for number, (heading, body) in enumerate(shown.sections.items()):
        if number:
            yield ""
        yield ink(heading, "bold")
        yield from list(prose(body, width, INDENT))[:-1]


def _text_document(shown: CheckPage) -> Document:
    return {"sections": dict(shown.sections)}


def _attributes(shown: CheckPage, width: int, ink: Ink) -> Iterator[str]:
    if shown.looks_at and not shown.attributes:
        yield ink("What it looks at", "bold")
        yield from wrap(shown.looks_at, width, INDENT)
        return
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
    yield from _listed("Fires on", (*shown.fires, *shown.object_fires), width, ink)
    yield ""
    yield from _listed("Stays silent on", (*shown.silent, *shown.object_silent), width, ink)


def _listed(heading: str, examples: Sequence[Example | ObjectExample], width: int, ink: Ink) -> Iterator[str]:
    yield ink(heading, "bold")
    for example in examples:
        yield from wrap(example.says, width, f"{INDENT}- ")
        if isinstance(example, ObjectExample):
            yield from columns(written(example.elements), width, INDENT * 2 + "  ")
        else:
            yield from _archive_example(example, width)


def _archive_example(example: Example, width: int) -> Iterator[str]:
    rows = differing(example)
    if len(example.instances) <= MOST_BESIDE:
        yield from columns(rows, width, INDENT * 2 + "  ")
    else:
        yield f"{INDENT * 2}  {len(example.instances)} objects"
        for keyword, *values in rows:
            yield from wrap(f"{keyword}: {shortened(values)}", width, INDENT * 2 + "  ")
    for reference in example.references:
        yield from wrap(reference_sentence(reference), width, INDENT * 2 + "  ")


MOST_BESIDE = 5
"""Objects of an example that stand beside each other; of more, each attribute has its values in a row."""

_MOST_VALUES = 24


def shortened(values: Sequence[str]) -> str:
    """Values in a row; of very many the first and the last."""
    half = _MOST_VALUES // 2
    shown = values if len(values) <= _MOST_VALUES else [*values[:half], "…", *values[-half:]]
    return ", ".join(shown)


def reference_sentence(reference: Mapping[str, str]) -> str:
    """Which object of an example refers to what."""
    said = ", ".join(
        f"{name} {value}" for name, value in reference.items() if name not in {"SOPInstanceUID", "sequence"}
    )
    return f"{reference['SOPInstanceUID']} refers in {reference['sequence']} to {said}"


def written(elements: Sequence[Given], depth: int = 0) -> list[tuple[str, ...]]:
    """Keyword, VR and value of each element of an example; `>` marks those of an item, as the tables of PS3.3 do."""
    rows: list[tuple[str, ...]] = []
    for given in elements:
        rows.append((">" * depth + given.label, given.vr, given.shown))
        for item in given.items:
            rows += written(item, depth + 1)
    return rows


def differing(example: Example) -> list[tuple[str, ...]]:
    """The attributes that tell the objects of an example apart, one column per object; all of a single object."""
    instances = example.instances
    keywords = dict.fromkeys(keyword for instance in instances for keyword in instance)
    shown = []
    for keyword in keywords:
        values = [_value(instance.get(keyword)) for instance in instances]
        own = len(instances) > MOST_BESIDE and keyword == "SOPInstanceUID"
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
    return {
        "fires": _documents(shown.fires),
        "silent": _documents(shown.silent),
        "object_fires": _object_documents(shown.object_fires),
        "object_silent": _object_documents(shown.object_silent),
    }


def _object_documents(examples: Sequence[ObjectExample]) -> list[Document]:
    return [
        {
            "says": example.says,
            "elements": [dict(zip(("name", "vr", "value"), row, strict=True)) for row in written(example.elements)],
            "file": None if example.content is None else example.content.hex(),
            "expect": list(example.expect),
        }
        for example in examples
    ]


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
    if not shown.dialects:
        return
    further = "".join(f", and on {table} (docs/index-format.md)" for table in shown.tables[1:])
    line = f"On a table instances: one row per object, keywords as columns{further}."
    written = next(one for one in shown.dialects if one.name == shown.dialect)
    yield from (ink("SQL", "bold"), f"{INDENT}{line}", f"{INDENT}For {written.title}: {written.status}.", "")
    yield from (f"{INDENT}{line}" for line in shown.sql.split("\n"))
    yield from ("", f"{INDENT}In other dialects (tagwise show {shown.name} --dialect NAME):")
    for one in shown.dialects:
        if one is not written:
            yield f"{INDENT}  {ink(one.name.ljust(10), 'bold')}  {one.title.ljust(21)}  {one.status}"


def _sql_document(shown: CheckPage) -> Document:
    return {"sql": shown.sql, "dialect": shown.dialect, "dialects": [one._asdict() for one in shown.dialects]}


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
