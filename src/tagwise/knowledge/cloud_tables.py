"""Reading the tables about services in `data/`: comment lines, one line of column names, tab-separated facts.

A table is searched as text: to answer for one attribute, only its own lines are taken apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import KnowledgeDataError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINT = "Install tagwise again: its files are incomplete or were changed"
_SOURCES = "cloud_sources.tsv"
_SOURCE_COLUMNS = ("source", "url", "dated", "taken")


class Source(NamedTuple):
    """A page that a fact is from.

    `dated` is the date that the text bears, "" where it has none. `taken` is the day its facts came into the table.
    """

    key: str
    url: str
    dated: str
    taken: str

    @property
    def when(self) -> str:
        """Both dates in words.

        >>> Source("k", "https://example.org", "2024-01-18", "2026-11-23").when
        'text of 2024-01-18, taken over 2026-11-23'
        """
        return f"text of {self.dated}, taken over {self.taken}" if self.dated else f"undated, taken over {self.taken}"


def damaged(name: str, problem: str) -> KnowledgeDataError:
    """The error to raise for a table that cannot be used."""
    return KnowledgeDataError(f"the table {name} of services cannot be used: {problem}", hint=_HINT)


@cache
def text(name: str) -> str:
    """The text of a table.

    Raises:
        KnowledgeDataError: The file is missing or is not UTF-8.
    """
    try:
        # As in standard.tables: the loader reads from folders and zip files alike and needs no import.
        place = __file__.removesuffix("cloud_tables.py") + "data/" + name
        content: bytes = __loader__.get_data(place)  # type: ignore[name-defined]
        return content.replace(b"\r\n", b"\n").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(name, str(error)) from error


@cache
def _body(name: str, columns: tuple[str, ...]) -> str:
    r"""The rows as text that starts with the line end of the column names, after a check of both ends."""
    content = text(name)
    start = content.find("\n" + "\t".join(columns) + "\n")
    if start < 0 or not content.endswith("\n"):
        raise damaged(name, f"it has no columns {', '.join(columns)}, or its end is missing")
    body = content[content.index("\n", start + 1) :]
    if len(body) == 1:
        raise damaged(name, "it has no rows")
    return body


def _cells(name: str, columns: tuple[str, ...], line: str) -> list[str]:
    cells = line.split("\t")
    if len(cells) != len(columns):
        raise damaged(name, f"a row does not have {len(columns)} cells: {line[:60]!r}")
    return cells


def rows(name: str, columns: tuple[str, ...]) -> list[list[str]]:
    """Every row of a table as a list of cells.

    Raises:
        KnowledgeDataError: The table is missing, has other columns, no rows, or a row with too few or too many cells.
    """
    return [_cells(name, columns, line) for line in _body(name, columns)[1:-1].split("\n")]


def rows_of(name: str, columns: tuple[str, ...], first: str) -> Iterator[list[str]]:
    """The rows whose first cell is this; they stand together.

    Raises:
        KnowledgeDataError: As for `rows`, but only the rows that are given are looked at.
    """
    body = _body(name, columns)
    start = body.find(f"\n{first}\t") + 1
    while start and body.startswith(f"{first}\t", start):
        end = body.index("\n", start)
        yield _cells(name, columns, body[start:end])
        start = end + 1


@cache
def _source(key: str) -> Source:
    for row in rows_of(_SOURCES, _SOURCE_COLUMNS, key):
        return Source(*row)
    raise damaged(_SOURCES, f"it has no source {key!r}")


def sources(keys: str) -> tuple[Source, ...]:
    """The pages that the keys in a cell stand for, the main one first.

    Raises:
        KnowledgeDataError: A key stands for nothing, or the table of pages is damaged.
    """
    return tuple(_source(key) for key in keys.split())


@cache
def all_sources() -> tuple[Source, ...]:
    """Every page that a fact is from, by key."""
    return tuple(Source(*row) for row in rows(_SOURCES, _SOURCE_COLUMNS))
