"""Examples for Mirth Connect and Open Integration Engine, each with messages that go in and what comes out.

One file of `data/mirth/` is one example. `data/mirth/index.tsv` says which attributes it is about, so that the page of
an attribute without one reads no example at all. docs/examples.md explains the files; tests run every case in Rhino.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from tagwise.knowledge import mirth_xml, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = "mirth/index.tsv"
INDEX_COLUMNS = ("keyword", "name", "goal", "step", "title")

Step = Literal["source filter", "source transformer", "destination filter", "destination transformer"]
Goal = Literal["validation", "normalisation", "routing", "HL7 v2", "FHIR", "de-identification", "sequences"]
Kind = Literal["DICOM", "HL7 v2.x", "JSON"]

_KINDS: dict[str, Kind] = {"dicom": "DICOM", "hl7": "HL7 v2.x", "json": "JSON"}


class Message(NamedTuple):
    """A message: the XML of a DICOM object, an HL7 v2 message with one segment in a line, or JSON."""

    kind: Kind
    text: str


class Case(NamedTuple):
    """One run: what goes in, and everything that it leaves behind. What is not listed stays as it was.

    `given` has the maps that are filled before, by the name that scripts use (`sourceMap`). `returns` is None for a
    transformer. `channel_map` are the entries that the code adds, `removed` the destinations that the message does not
    reach, `log` the lines as `level: text`. `out` is the outbound message, None where the message does not change.
    `error` is what the code throws, "" for nothing: Mirth then gives the message the status ERROR.
    """

    what: str
    given: Mapping[str, Mapping[str, str]]
    message: Message
    returns: bool | None
    channel_map: Mapping[str, str]
    removed: tuple[str, ...]
    log: tuple[str, ...]
    out: Message | None
    error: str


class Example(NamedTuple):
    """One step of a channel. `template` is the outbound template, which is `tmp` when the code starts."""

    name: str
    title: str
    step: Step
    goal: Goal
    keywords: tuple[str, ...]
    purpose: str
    references: tuple[str, ...]
    destinations: tuple[str, ...]
    template: Message | None
    code: str
    cases: tuple[Case, ...]


class Listed(NamedTuple):
    """A line of the index: an attribute and an example about it."""

    keyword: str
    name: str
    goal: str
    step: str
    title: str


def examples(keyword: str) -> tuple[Example, ...]:
    """The examples about an attribute, in the order of their names; none for most attributes.

    >>> [(one.name, one.step) for one in examples("CTDIvol")]
    [('dose-above-threshold', 'source transformer')]

    Raises:
        KnowledgeDataError: A file is missing or damaged.
    """
    return tuple(example(row[1]) for row in tables.rows_of(INDEX, INDEX_COLUMNS, keyword))


def listed() -> tuple[Listed, ...]:
    """The index: every attribute that has an example, in the order of tags.

    Raises:
        KnowledgeDataError: The index is missing or damaged.
    """
    return tuple(Listed(*row) for row in tables.rows(INDEX, INDEX_COLUMNS))


@cache
def example(name: str) -> Example:
    """The example with this name.

    Raises:
        KnowledgeDataError: The file is missing or damaged.
    """
    import tomllib  # noqa: PLC0415 - most pages have no example, and reading TOML costs more than the rest of a page

    file = f"mirth/{name}.toml"
    try:
        return _example(name, tomllib.loads(tables.text(file)))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise tables.damaged(file, f"{type(error).__name__}: {error}") from error


def _example(name: str, raw: dict[str, Any]) -> Example:
    if raw["step"] not in get_args(Step) or raw["goal"] not in get_args(Goal):
        raise ValueError(f"{raw['step']!r} is no step, or {raw['goal']!r} is no goal")
    return Example(
        name=name,
        title=raw["title"],
        step=raw["step"],
        goal=raw["goal"],
        keywords=tuple(raw["keywords"]),
        purpose=" ".join(raw["purpose"].split()),
        references=tuple(raw.get("references", ())),
        destinations=tuple(raw.get("destinations", ())),
        template=_message(raw.get("template")),
        code=raw["code"].strip("\n"),
        cases=tuple(_case(one) for one in raw["case"]),
    )


_GIVEN = ("sourceMap", "channelMap", "globalChannelMap", "globalMap", "configurationMap")
_CASE_KEYS = {"what", "in", "returns", "channel", "removed", "log", "out", "error", *_GIVEN}


def _case(raw: dict[str, Any]) -> Case:
    if not raw.keys() <= _CASE_KEYS:
        raise ValueError(f"a case has no {', '.join(sorted(raw.keys() - _CASE_KEYS))}")
    message = _message(raw["in"])
    if message is None:
        raise ValueError("a case has no message")
    return Case(
        what=raw["what"],
        given={name: raw[name] for name in _GIVEN if name in raw},
        message=message,
        returns=raw.get("returns"),
        channel_map=raw.get("channel", {}),
        removed=tuple(raw.get("removed", ())),
        log=tuple(raw.get("log", ())),
        out=_message(raw.get("out")),
        error=raw.get("error", ""),
    )


def _message(raw: dict[str, Any] | None) -> Message | None:
    if raw is None:
        return None
    ((kind, value),) = raw.items()
    return Message(_KINDS[kind], mirth_xml.dicom_xml(value) if kind == "dicom" else value.strip("\n"))
