"""The page of a check: its text, what it reads, examples, references and the SQL that finds it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagwise.checks import load, registry
from tagwise.errors import UnknownName
from tagwise.pages import catalogue
from tagwise.standard import dictionary
from tagwise.standard.nearness import closest, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.checks import Check, Example, Relation, Setting, Source
    from tagwise.findings import Basis, Confidence, Level, Severity
    from tagwise.standard.dictionary import Attribute


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything there is to say about one check.

    `sections` is the text by heading. `sql` needs the `tables`; `instances` has one row per object and keywords as
    columns.
    """

    name: str
    title: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    level: Level
    relation: Relation
    since: str
    aliases: tuple[str, ...]
    sections: Mapping[str, str]
    attributes: tuple[Attribute, ...]
    settings: Mapping[str, Setting]
    fires: tuple[Example, ...]
    silent: tuple[Example, ...]
    references: tuple[str, ...]
    sources: tuple[Source, ...]
    sql: str
    tables: tuple[str, ...]


def check_page(name: str) -> CheckPage:
    """The page of the check with this name, former name, or last part of its name.

    >>> check_page("Series_UID_reused").name
    'identity/series-uid-reused'

    Args:
        name: In any case; `_` and space are as good as `-`.

    Raises:
        UnknownName: There is no such check, or several end in this; `.nearest` lists close ones.
    """
    found = catalogue.find(name)
    if found is None:
        raise UnknownName(name, nearest(name))
    return _page(load(found.name))


def list_checks() -> tuple[CheckPage, ...]:
    """The pages of all checks, by name."""
    return tuple(_page(check) for check in registry().values())


def nearest(name: str, count: int = 5) -> tuple[str, ...]:
    """The names of checks that are close to a misspelt one, best first."""
    stems = {known.partition("/")[2]: known for known in registry()}
    close = (*closest(name, registry(), count), *(stems[stem] for stem in closest(name, stems, count)))
    inside = [known for known in registry() if len(folded(name)) > 2 and folded(name) in folded(known)]
    return tuple(dict.fromkeys((*close, *inside)))[:count]


def _page(check: Check) -> CheckPage:
    from tagwise.checks.sql import standalone, tables  # noqa: PLC0415 - not needed where only names are listed

    attributes = dictionary.by_keyword()
    return CheckPage(
        name=check.name,
        title=check.title,
        severity=check.severity,
        confidence=check.confidence,
        basis=check.basis,
        level=check.level,
        relation=check.relation,
        since=check.since,
        aliases=check.aliases,
        sections=check.sections(),
        attributes=tuple(attributes[keyword] for keyword in check.reads),
        settings=check.settings,
        fires=check.fires,
        silent=check.silent,
        references=check.references,
        sources=check.sources,
        sql=standalone(check),
        tables=tables(check),
    )
