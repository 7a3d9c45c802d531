"""Make `mirth/index.tsv`: which attributes the examples for Mirth Connect are about."""

from __future__ import annotations

import sys
from pathlib import Path

from data_files import finish, parser, table
from tagwise.knowledge import mirth
from tagwise.standard import dictionary

FOLDER = Path(__file__).parent.parent / "src" / "tagwise" / "knowledge" / "data" / "mirth"


def index() -> str:
    """The table, by tag and name of the example.

    Raises:
        KnowledgeDataError: An example is damaged.
        UnknownName: An example names a keyword that is not in the dictionary.
    """
    every = [mirth.example(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    rows = [(keyword, one.name, one.goal, one.step, one.title) for one in every for keyword in one.keywords]
    rows.sort(key=lambda row: (dictionary.find(row[0]).number, row[1]))
    facts = {"edition": "every example that is committed", "sources": "*.toml beside it"}
    return table("make_mirth_index.py", facts, mirth.INDEX_COLUMNS, rows)


def main() -> int:
    """Write the table, or compare it."""
    return finish({"index.tsv": index()}, check=parser(__doc__ or "").parse_args().check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
