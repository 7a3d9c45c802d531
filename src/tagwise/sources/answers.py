"""What a kind of source can tell: its columns by grain, and which checks it answers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.checks import grain, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.checks import Check, Relation
    from tagwise.findings import Level
    from tagwise.sources import Kind


class Answer(NamedTuple):
    """A check, and why a source cannot answer it; "" where it can."""

    check: str
    title: str
    reason: str


def lacking(
    check: Check,
    columns: Mapping[str, Level],
    lacks: Mapping[Relation, str],
    blind: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """What a source lacks that a check needs, in words for a report; "" where it has all.

    Args:
        columns: The columns of the source, and for what each is true.
        lacks: The relations that cannot be made from it, and why.
        blind: Checks that it cannot answer for another reason, by name.
    """
    absent = [keyword for keyword in check.reads if keyword not in columns]
    if absent:
        return f"needs {', '.join(absent)}, which this source lacks"
    return blind.get(check.name, "") or lacks.get(check.relation, "") or grain.missing(check, columns)


def answers(kind: Kind) -> tuple[Answer, ...]:
    """Every check with what it lacks in a source of this kind; nothing where the columns are known only there."""
    if not kind.grain:
        return ()
    return tuple(
        Answer(one.name, one.title, lacking(one, kind.grain, kind.lacks, kind.blind)) for one in registry().values()
    )


def document(kind: Kind) -> dict[str, Any]:
    """A kind as JSON."""
    return {
        "kind": "source",
        "name": kind.name,
        "title": kind.title,
        "spelled": list(kind.spelled),
        "tells": list(kind.tells),
        "tried": kind.tried,
        "columns": {keyword: level.value for keyword, level in kind.grain.items()},
        "lacks": dict(kind.lacks),
        "query": kind.query,
        "checks": [answer._asdict() for answer in answers(kind)],
        "facts": [{"url": url, "checked": checked} for url, checked in kind.facts],
    }
