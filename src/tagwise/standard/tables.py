"""Reading the tables of `data/`: comment lines with facts, one line of column names, tab-separated rows.

Each file is read once, when something of it is first needed. Nothing here imports more than the package loader.
The rows of the tables become named tuples: a frozen dataclass takes seven times as long to define, and `tagwise show`
defines a dozen.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.errors import StandardDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = 2000  # characters; the comment lines of a table are far shorter
_HINT = "Install tagwise again: its files are incomplete or were changed"


@cache
def text(name: str) -> str:
    """The text of a data file.

    Raises:
        StandardDataError: The file is missing or is not UTF-8.
    """
    try:
        # The loader reads from folders and zip files alike, and is much cheaper to import than importlib.resources.
        content: bytes = __loader__.get_data(__file__.removesuffix("tables.py") + "data/" + name)  # type: ignore[name-defined]
        return content.replace(b"\r\n", b"\n").decode("utf-8")  # a checkout may have changed the line ends
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(name, str(error)) from error


def damaged(name: str, problem: str) -> StandardDataError:
    """The error to raise for a data file that cannot be used."""
    return StandardDataError(f"the table {name} of the standard cannot be used: {problem}", hint=_HINT)


@cache
def facts(name: str) -> Mapping[str, str]:
    """What the head of a table says about it: `edition`, `sources`, `note`.

    Raises:
        StandardDataError: The file is missing or does not name its edition.
    """
    found = {}
    for line in text(name)[:_HEAD].splitlines():
        if not line.startswith("# "):
            break
        key, _, value = line[2:].partition(": ")
        found[key] = value
    if "edition" not in found:
        raise damaged(name, "its head does not name an edition")
    return found


@cache
def lines(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The rows of a table as they stand, after checking that it has these columns and that no cell is missing.

    Raises:
        StandardDataError: The table is missing, has other columns, no rows, or a row with too few or too many cells.
    """
    content = text(name)
    head = "\t".join(columns) + "\n"
    start = content.find("\n" + head) + 1
    if not start or not content.endswith("\n"):
        raise damaged(name, f"it has no columns {', '.join(columns)}, or its end is missing")
    body = content[start + len(head) :]
    found = tuple(body.splitlines())
    if not found or body.count("\t") != len(found) * (len(columns) - 1):
        raise damaged(name, f"it is empty, or a row does not have {len(columns)} cells")
    return found


def rows(name: str, columns: tuple[str, ...]) -> list[list[str]]:
    """The rows of a table as lists of cells.

    Raises:
        StandardDataError: As for `lines`.
    """
    cells = [line.split("\t") for line in lines(name, columns)]
    if set(map(len, cells)) != {len(columns)}:
        raise damaged(name, f"a row does not have {len(columns)} cells")
    return cells
