"""What a kind of source can tell: its columns by grain, and which checks it answers."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.checks import grain, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.checks import Check, Relation
    from tagwise.findings import Level
    from tagwise.sources import Kind


IN_PART = "answered in part: "
"""How a reason begins where a check runs: what it finds is true, and there may be more."""


class Answer(NamedTuple):
    """A check, and why a source cannot answer it, or only in part; "" where it can."""

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
    spared = {*check.spares, *(_DEVICE & set(check.subject))}
    absent = [name for name in (*check.reads, *_file_facts(check.sql)) if name not in columns and name not in spared]
    if absent:
        return f"needs {', '.join(absent)}, which this source lacks"
    return blind.get(check.name, "") or lacks.get(check.relation, "") or grain.missing(check, columns)


def in_part(check: Check, columns: Mapping[str, Level]) -> str:
    """What a check that can be answered does not see in a source, in words for a report; "" where it sees all."""
    absent = [name for name in check.spares if name not in columns]
    said = [f"needs {', '.join(absent)}, which this source lacks"] if absent else []
    coarse = grain.missing(check, columns, among=check.spares)
    said += [coarse] if coarse else []
    return f"{IN_PART}{'; '.join(said)}" if said else ""


_DEVICE = {"Manufacturer", "ManufacturerModelName", "StationName", "DeviceSerialNumber", "SoftwareVersions"}
"""What names a device that is a subject: without one of them the others name it, and it is found all the same."""


def _file_facts(sql: str) -> list[str]:
    """What a statement reads besides attributes; a source that has none of it would have equal files everywhere."""
    return sorted(set(re.findall(r"\b(?:file_path|file_size|header_digest)\b", sql)))


def answers(kind: Kind) -> tuple[Answer, ...]:
    """Every check with what it lacks in a source of this kind; nothing where the columns are known only there."""
    if not kind.grain:
        return ()
    return tuple(
        Answer(one.name, one.title, lacking(one, kind.grain, kind.lacks, kind.blind) or in_part(one, kind.grain))
        for one in registry().values()
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
