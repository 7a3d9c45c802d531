"""Reading the tables of `data/`: comment lines with facts, a line of column names, tab-separated rows.

As `tagwise.standard.tables`, with one difference: the rows of one attribute are found by searching the text for its
keyword, so that the page of an attribute costs microseconds and not the reading of every table.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.errors import KnowledgeDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HINT = "Install tagwise again: its files are incomplete or were changed"


@cache
def text(name: str) -> str:
    """The text of a data file.

    Raises:
        KnowledgeDataError: The file is missing or is not UTF-8.
    """
    try:
        # The loader reads from folders and zip files alike, and is much cheaper to import than importlib.resources.
        content: bytes = __loader__.get_data(__file__.removesuffix("tables.py") + "data/" + name)  # type: ignore[name-defined]
        return content.replace(b"\r\n", b"\n").decode("utf-8")  # a checkout may have changed the line ends
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(name, str(error)) from error


def damaged(name: str, problem: str) -> KnowledgeDataError:
    """The error to raise for a data file that cannot be used."""
    return KnowledgeDataError(f"the table {name} cannot be used: {problem}", hint=_HINT)


@cache
def facts(name: str) -> Mapping[str, str]:
    """What the head of a table says about it: `edition` and `sources`.

    Raises:
        KnowledgeDataError: The file is missing or does not name its edition.
    """
    head = [line[2:].partition(": ") for line in text(name)[:1000].splitlines() if line.startswith("# ")]
    found = {key: value for key, _, value in head}
    if "edition" not in found:
        raise damaged(name, "its head does not name an edition")
    return found


@cache
def _body(name: str, columns: tuple[str, ...]) -> int:
    """Where the line of column names ends."""
    content = text(name)
    head = "\n" + "\t".join(columns) + "\n"
    start = content.find(head)
    if start < 0 or not content.endswith("\n"):
        raise damaged(name, f"it has no columns {', '.join(columns)}, or its end is missing")
    return start + len(head) - 1


def rows(name: str, columns: tuple[str, ...]) -> list[list[str]]:
    """All rows of a table.

    Raises:
        KnowledgeDataError: The table is missing, has other columns, no rows, or a row with too few or too many cells.
    """
    found = text(name)[_body(name, columns) + 1 :].splitlines()
    if not found:
        raise damaged(name, "it has no rows")
    return [_cells(name, line, len(columns)) for line in found]


def rows_of(name: str, columns: tuple[str, ...], keyword: str) -> list[list[str]]:
    """The rows whose first cell is this keyword. They stand one after the other, as tests make sure.

    Raises:
        KnowledgeDataError: The table is missing, has other columns, or one of these rows is damaged.
    """
    content, start = text(name), _body(name, columns)
    start = content.find(f"\n{keyword}\t", start) + 1 if keyword else 0
    found = []
    while start and content.startswith(keyword + "\t", start):
        end = content.index("\n", start)
        found.append(_cells(name, content[start:end], len(columns)))
        start = end + 1
    return found


def _cells(name: str, line: str, count: int) -> list[str]:
    cells = line.split("\t")
    if len(cells) != count:
        raise damaged(name, f"a row does not have {count} cells")
    return cells
