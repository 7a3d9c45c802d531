"""Make `catalogue.tsv`: which check reads which attributes, so that a page can name checks without importing them."""

from __future__ import annotations

import sys
from pathlib import Path

from data_files import finish, parser, table
from tagwise.checks import registry
from tagwise.checks.objects import object_registry

FOLDER = Path(__file__).parent.parent / "src" / "tagwise" / "pages"
COLUMNS = ("name", "severity", "subject", "reads", "aliases", "title")


def main() -> int:
    """Write the table, or compare it."""
    checks = {**object_registry(), **registry()}  # where a check has two forms, the archive form has the subject
    rows = [
        (
            *(check.name, check.severity.value),
            *(" ".join(words) for words in (getattr(check, "subject", ()), check.reads, check.aliases)),
            check.title,
        )
        for _, check in sorted(checks.items())
    ]
    made = table("make_catalogue.py", {"sources": "the registry of checks"}, COLUMNS, rows)
    return finish({"catalogue.tsv": made}, check=parser(__doc__ or "").parse_args().check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
