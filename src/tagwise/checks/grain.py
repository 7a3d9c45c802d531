"""For what the values that a check reads must be true, so that a source that keeps one per series is not an all-clear.

A PACS database keeps one Modality for a series: that of its first object, or of its last. Whether the objects agree
cannot be told from it. So every check has a grain for each attribute that it reads. It follows from the SQL: an
attribute that is compared between objects must be true below the subject; one whose value is judged by itself, at the
level where the standard has it (PS3.3 A.1.2). A check file may say otherwise.

So a check that answers has seen every value that it compares. Of a value that is judged by itself it has seen the one
that the source keeps; that the objects have no other one is what the checks that compare would tell.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tagwise.findings import Level
from tagwise.standard import dictionary, modules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlglot.expressions import Expr

    from tagwise.checks import Check

FINENESS = (Level.PATIENT, Level.STUDY, Level.SERIES, Level.INSTANCE)
"""The levels at which a value can be true, the coarsest first."""

_BELOW = {
    Level.PATIENT: Level.STUDY,
    Level.DEVICE: Level.PATIENT,
    Level.ARCHIVE: Level.PATIENT,
}
"""Where values must be true that are compared inside a subject. Whether the objects of one study agree is for checks
of studies and series to tell, and they need every object; a check of patients compares studies, and what is counted
over devices or an archive is as true as the values."""

_ENTITIES = {
    "Patient": Level.PATIENT,
    "Study": Level.STUDY,
    "Series": Level.SERIES,
    "Equipment": Level.SERIES,
    "Frame of Reference": Level.SERIES,
}
"""The level of an information entity of PS3.3 A.1.2; all others describe an object."""


_EVIDENCE = re.compile(r"(its|first|last|example)_[A-Z]")


def finer(one: Level, other: Level) -> bool:
    """Whether the first level is finer than the second.

    >>> finer(Level.INSTANCE, Level.SERIES), finer(Level.STUDY, Level.SERIES)
    (True, False)
    """
    return FINENESS.index(one) > FINENESS.index(other)


@lru_cache(maxsize=512)
def home(keyword: str) -> Level:
    """The level at which the standard has one value of an attribute: that of the entity most IODs have it in.

    >>> home("PatientName").value, home("Modality").value, home("ImageType").value
    ('patient', 'series', 'instance')
    """
    if keyword not in dictionary.by_keyword():
        return Level.INSTANCE
    counted = Counter(
        _ENTITIES.get(usage.ie, Level.INSTANCE)
        for place in modules.places(keyword)
        if not place.path
        for usage in modules.usages(place.module)
    )
    return counted.most_common(1)[0][0] if counted else Level.INSTANCE


@cache
def _compared(sql: str) -> frozenset[str]:
    """The names, in lower case, of what a statement counts, or compares with another column, whatever it calls it."""
    import sqlglot  # noqa: PLC0415 - only where a source keeps less than objects
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    statement = sqlglot.parse_one(sql, read="duckdb")
    found: set[str] = set()
    # What the last SELECT only quotes as evidence (`MIN(Modality) AS its_Modality`) is compared with nothing.
    quoted = [alias for alias in statement.expressions if isinstance(alias, exp.Alias) and _EVIDENCE.match(alias.alias)]
    for alias in quoted:
        alias.pop()
    for node in statement.walk():
        if isinstance(node, exp.AggFunc | exp.Window):
            found |= _columns(node)
        elif isinstance(
            node, exp.EQ | exp.NEQ | exp.LT | exp.GT | exp.LTE | exp.GTE | exp.NullSafeEQ | exp.NullSafeNEQ
        ):
            sides = [_columns(side) for side in (node.left, node.right)]
            if all(sides):
                found |= sides[0] | sides[1]
    made_of: dict[str, set[str]] = {}
    for alias in statement.find_all(exp.Alias):
        made_of.setdefault(alias.alias.lower(), set()).update(_columns(alias.this))
    waiting = list(found)
    while waiting:
        for column in made_of.pop(waiting.pop(), set()) - found:
            found.add(column)
            waiting.append(column)
    return frozenset(found)


def _columns(node: Expr) -> set[str]:
    from sqlglot import expressions as exp  # noqa: PLC0415 - as above

    return {column.name.lower() for column in node.find_all(exp.Column)}


def needed(check: Check) -> Mapping[str, Level]:
    """The coarsest level at which each attribute that a check reads may be true for its answer to be whole.

    >>> from tagwise.checks import named
    >>> needed(named("identity/series-uid-reused"))["Modality"].value
    'instance'
    """
    compared = _compared(check.sql)
    inside = _BELOW.get(check.level, Level.INSTANCE)
    return {
        keyword: check.grain.get(keyword)
        or (max(inside, home(keyword), key=FINENESS.index) if keyword.lower() in compared else home(keyword))
        for keyword in check.reads
    }


def missing(check: Check, source: Mapping[str, Level], among: Collection[str] | None = None) -> str:
    """What a check needs finer than a source has it, in words for a report; "" where the source is fine enough.

    Args:
        source: The columns of the source, and for what each is true.
        among: Only these attributes; None for all but those that the check spares.
    """
    if set(source.values()) <= {Level.INSTANCE}:
        return ""
    asked = set(check.reads) - set(check.spares) if among is None else set(among)
    coarse = {
        keyword: level
        for keyword, level in needed(check).items()
        if keyword in asked and keyword in source and finer(level, source[keyword])
    }
    if not coarse:
        return ""
    wanted: dict[tuple[Level, Level], list[str]] = {}
    for keyword, level in coarse.items():
        wanted.setdefault((level, source[keyword]), []).append(keyword)
    said = [f"{', '.join(keywords)} per {level}, kept once per {kept}" for (level, kept), keywords in wanted.items()]
    return f"needs {'; '.join(said)}"
