"""Reading the tables of `data/`: comment lines with facts, one line of column names, tab-separated rows.

Each file is read once, when something of it is first needed. Nothing here imports more than the package loader.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagwise.errors import StandardDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        return content.decode("utf-8").replace("\r\n", "\n")
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
    for line in text(name).splitlines():
        if not line.startswith("#"):
            break
        key, _, value = line.removeprefix("# ").partition(": ")
        found[key] = value
    if "edition" not in found:
        raise damaged(name, "its head does not name an edition")
    return found


def rows(name: str, columns: tuple[str, ...]) -> list[list[str]]:
    """The rows of a table, after checking that it has these columns and that no row is cut.

    Raises:
        StandardDataError: The table is missing, has other columns, no rows, or a row with too few or too many cells.
    """
    content = text(name)
    start = content.find("\t".join(columns) + "\n")
    if start < 0 or not content.endswith("\n"):
        raise damaged(name, f"it has no columns {', '.join(columns)}, or its end is missing")
    body = content[start:].splitlines()[1:]
    cells = [line.split("\t") for line in body]
    if not cells or any(len(row) != len(columns) for row in cells):
        raise damaged(name, f"a row does not have {len(columns)} cells")
    return cells
