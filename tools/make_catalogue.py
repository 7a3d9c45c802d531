"""Make `catalogue.tsv`: which check reads which attributes, so that a page can name checks without importing them."""

from __future__ import annotations

import sys
from pathlib import Path

from data_files import finish, parser, table
from tagwise.checks import registry

FOLDER = Path(__file__).parent.parent / "src" / "tagwise" / "pages"
COLUMNS = ("name", "severity", "subject", "reads", "aliases", "title")


def main() -> int:
    """Write the table, or compare it."""
    rows = [
        (
            *(check.name, check.severity.value),
            *(" ".join(words) for words in (check.subject, check.reads, check.aliases)),
            check.title,
        )
        for check in registry().values()
    ]
    made = table("make_catalogue.py", {"sources": "the registry of checks"}, COLUMNS, rows)
    return finish({"catalogue.tsv": made}, check=parser(__doc__ or "").parse_args().check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
