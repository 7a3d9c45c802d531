"""Which checks read an attribute, without importing the checks.

The table is made from the registry by tools/make_catalogue.py, and a test compares the two: importing a hundred check
files only to name a few of them would take longer than a look-up may.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tagwise.errors import StandardDataError

_TABLE = "catalogue.tsv"
_WORST_FIRST = ("high", "medium", "low")


class ReadingCheck(NamedTuple):
    """A check that reads the attribute; `severity` is `high`, `medium` or `low`.

    `about` has the attributes that the check is about: it reads others to group or to compare. `diagnosis` is the first
    sentence of what it finds, `first_step` that of how to fix it, both in the words of the check's page.
    """

    name: str
    title: str
    severity: str
    about: frozenset[str]
    diagnosis: str
    first_step: str


class _Entry(NamedTuple):
    check: ReadingCheck
    reads: frozenset[str]
    vrs: frozenset[str]
    aliases: tuple[str, ...]


@cache
def _entries() -> tuple[_Entry, ...]:
    try:
        # As in standard.tables: the loader reads from folders and zip files alike and needs no import.
        content: bytes = __loader__.get_data(__file__.removesuffix("catalogue.py") + _TABLE)  # type: ignore[name-defined]
        rows = [line.split("\t") for line in content.decode().splitlines() if not line.startswith("#")][1:]
        return tuple(
            _Entry(
                ReadingCheck(name, title, severity, frozenset(about.split()), diagnosis, first_step),
                frozenset(reads.split()),
                frozenset(vrs.split()),
                tuple(aliases.split()),
            )
            for name, severity, _, reads, about, vrs, aliases, title, diagnosis, first_step in rows
        )
    except (OSError, ValueError) as error:
        raise StandardDataError(f"the table {_TABLE} of checks cannot be used: {error}") from error


def names() -> tuple[str, ...]:
    """The names of all checks, in alphabetical order.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return tuple(entry.check.name for entry in _entries())


def checks() -> tuple[ReadingCheck, ...]:
    """All checks, in the order of names.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return tuple(entry.check for entry in _entries())


def read_by_checks() -> frozenset[str]:
    """Every attribute that some check reads.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    return frozenset(keyword for entry in _entries() for keyword in entry.reads)


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def find(name: str) -> ReadingCheck | None:
    """The check with this name, former name, or last part of one of these; None where there is none or more than one.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    wanted = _plain(name)
    for entry in _entries():
        if wanted in (entry.check.name, *entry.aliases):
            return entry.check
    ending = [
        entry.check
        for entry in _entries()
        if any(wanted == known.partition("/")[2] for known in (entry.check.name, *entry.aliases))
    ]
    return ending[0] if len(ending) == 1 else None


def reading(keyword: str) -> tuple[ReadingCheck, ...]:
    """The checks that read an attribute: those about it first, of these the worst first, then by name.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    found = [entry for entry in _entries() if keyword in entry.reads]
    found.sort(key=lambda e: (keyword not in e.check.about, _WORST_FIRST.index(e.check.severity), e.check.name))
    return tuple(entry.check for entry in found)


def of_vr(vr: str) -> tuple[ReadingCheck, ...]:
    """The checks of one object that look at every value of a VR, the worst first, then by name.

    >>> "value/date-impossible" in [check.name for check in of_vr("DA")]
    True

    Args:
        vr: As the dictionary has it; of `US or SS` either counts.

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    wanted = set(vr.split(" or "))
    found = [entry.check for entry in _entries() if wanted & entry.vrs]
    return tuple(sorted(found, key=lambda check: (_WORST_FIRST.index(check.severity), check.name)))
