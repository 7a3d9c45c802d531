"""The page of a check: its text, what it reads, examples, references and the SQL that finds it by hand.

A check of an archive, a check of one object, and one that has both forms have the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

from tagwise.checks import dialects
from tagwise.checks.dialects import DIALECTS
from tagwise.checks.objects import forms
from tagwise.checks.sql import standalone, tables
from tagwise.errors import UnknownName
from tagwise.findings import Level
from tagwise.pages import catalogue
from tagwise.standard import dictionary
from tagwise.standard.nearness import closest, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.checks import Check, Example, Relation, Setting, Source
    from tagwise.checks.objects import ObjectCheck, ObjectExample
    from tagwise.findings import Basis, Confidence, Severity
    from tagwise.standard.dictionary import Attribute


class DialectOfPage(NamedTuple):
    """A dialect of SQL, and whether the tests execute the statement of a check in it, in words."""

    name: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything there is to say about one check.

    `sections` is the text by heading. `runs_in` names the commands that run it: `audit` over an archive, `check` on one
    object. `relation`, `settings`, `fires`, `silent`, `sql` and `tables` are those of the archive form: None and empty
    where it has none. `sql` needs the `tables`; `instances` has one row per object and keywords as columns. `looks_at`
    says what the form for one object is called with, "" where there is none; `object_fires` and `object_silent` are
    its examples. `is_repaired`: `tagwise check --fix` repairs what needs no decision. `dialect` is that of `sql`;
    `in_dialect` makes the page with another one of `dialects`.
    """

    name: str
    title: str
    severity: Severity
    confidence: Confidence
    basis: Basis
    level: Level
    relation: Relation | None
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
    tables: tuple[str, ...] = ()
    runs_in: tuple[str, ...] = ("audit",)
    looks_at: str = ""
    object_fires: tuple[ObjectExample, ...] = ()
    object_silent: tuple[ObjectExample, ...] = ()
    is_repaired: bool = False
    dialect: str = "duckdb"
    dialects: tuple[DialectOfPage, ...] = ()


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
    return _page(found.name)


def list_checks() -> tuple[CheckPage, ...]:
    """The pages of all checks, by name."""
    return tuple(_page(name) for name in catalogue.names())


def nearest(name: str, count: int = 5) -> tuple[str, ...]:
    """The names of checks that are close to a misspelt one, best first."""
    names = catalogue.names()
    stems = {known.partition("/")[2]: known for known in names}
    close = (*closest(name, names, count), *(stems[stem] for stem in closest(name, stems, count)))
    inside = [known for known in names if len(folded(name)) > 2 and folded(name) in folded(known)]
    return tuple(dict.fromkeys((*close, *inside)))[:count]


def _page(name: str) -> CheckPage:
    """The page of a check: of its archive form, its form for one object, or both. No other check is imported."""
    archive, single = forms(name)
    check = cast("Check | ObjectCheck", archive or single)
    attributes = dictionary.by_keyword()
    return CheckPage(
        name=check.name,
        title=check.title,
        severity=check.severity,
        confidence=check.confidence,
        basis=check.basis,
        level=archive.level if archive else Level.INSTANCE,
        relation=archive.relation if archive else None,
        since=check.since,
        aliases=check.aliases,
        sections=check.sections(),
        attributes=tuple(attributes[keyword] for keyword in check.reads),
        settings=archive.settings if archive else {},
        fires=archive.fires if archive else (),
        silent=archive.silent if archive else (),
        references=check.references,
        sources=check.sources,
        sql=standalone(archive) if archive else "",
        tables=tables(archive) if archive else (),
        runs_in=tuple(command for command, form in (("audit", archive), ("check", single)) if form),
        looks_at=_looks_at(single) if single else "",
        object_fires=single.fires if single else (),
        object_silent=single.silent if single else (),
        is_repaired=single is not None and single.repair is not None,
        dialects=tuple(DialectOfPage(one.name, one.title, one.status(name)) for one in DIALECTS) if archive else (),
    )


def in_dialect(page: CheckPage, dialect: str) -> CheckPage:
    """The page with its SQL in another dialect, "" where that lacks what the statement uses.

    >>> "LIMIT" in in_dialect(check_page("identity/uid-missing"), "tsql").sql
    False

    Raises:
        UnknownName: There is no such dialect.
    """
    archive, _ = forms(page.name)
    found = dialects.named(dialect)
    return page if archive is None else replace(page, dialect=found.name, sql=dialects.in_dialect(archive, found.name))


def _looks_at(check: ObjectCheck) -> str:
    """What the check is called with, in words."""
    if check.target == "values":
        return f"values of VR {', '.join(check.vrs)}" if check.vrs else "the attributes below"
    return {
        "tags": "tag and VR of every element",
        "elements": "every element",
        "data sets": "the elements of each data set and item together",
        "object": "the object as a whole",
        "problems": "what the parser meets",
    }[check.target]
