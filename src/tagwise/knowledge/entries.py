"""What the tables of FHIR and HL7 v2 share: sources, conversions, rules."""

from __future__ import annotations

from typing import NamedTuple

from tagwise.knowledge import tables

_CONVERSION_COLUMNS = ("name", "from", "to", "rule", "example", "inferred", "url", "checked")
_RULE_COLUMNS = ("name", "versions", "keywords", "rule", "breaks", "inferred", "url", "checked")
_SOURCE_COLUMNS = ("id", "kind", "name", "version", "versions", "url", "covers", "checked")


class Source(NamedTuple):
    """What was read: a specification, an implementation guide or a product, in one version.

    `kind` is one of these three words, `versions` are those of FHIR or HL7 v2 that it is for, `covers` what was read.
    """

    id: str
    kind: str
    name: str
    version: str
    versions: tuple[str, ...]
    url: str
    covers: str
    checked: str


class Conversion(NamedTuple):
    """How a value becomes another; `inferred` is `rule` where the rule is our reading of the data types."""

    name: str
    from_: str
    to: str
    rule: str
    example: str
    inferred: str
    url: str
    checked: str


class Rule(NamedTuple):
    """What holds for some attributes in some versions, and what breaks where it is not heeded."""

    name: str
    versions: tuple[str, ...]
    keywords: tuple[str, ...]
    rule: str
    breaks: str
    inferred: str
    url: str
    checked: str


def sources(name: str) -> dict[str, Source]:
    """The sources of a table, by id.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return {
        id_: Source(id_, kind, called, version, tuple(versions.split()), url, covers, checked)
        for id_, kind, called, version, versions, url, covers, checked in tables.rows(name, _SOURCE_COLUMNS)
    }


def conversions(name: str) -> dict[str, Conversion]:
    """The conversions of a table, by name.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return {row[0]: Conversion(*row) for row in tables.rows(name, _CONVERSION_COLUMNS)}


def rules(name: str) -> tuple[Rule, ...]:
    """The rules of a table.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(
        Rule(called, tuple(versions.split()), tuple(keywords.split()), rule, breaks, inferred, url, checked)
        for called, versions, keywords, rule, breaks, inferred, url, checked in tables.rows(name, _RULE_COLUMNS)
    )
