"""Make `catalogue.tsv`: which check reads which attributes, so that a page can name checks without importing them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from data_files import finish, parser, table
from tagwise.checks import about, registry
from tagwise.checks.objects import object_registry

if TYPE_CHECKING:
    from tagwise.checks import Check
    from tagwise.checks.objects import ObjectCheck

FOLDER = Path(__file__).parent.parent / "src" / "tagwise" / "pages"
COLUMNS = ("name", "severity", "subject", "reads", "about", "vrs", "aliases", "title", "diagnosis", "first_step")


def sentence(text: str) -> str:
    """The first sentence of a text in one line.

    One that a list ends takes its items along; one that announces a list with a colon is closed with a full stop.
    """
    paragraph, *following = re.split(r"\n\s*\n", text.strip())
    one_line = " ".join(paragraph.split())
    if following and not one_line.endswith((".", ":")) and following[0].startswith("- "):
        listed = re.split(r"^- ", following[0], flags=re.MULTILINE)[1:]
        items = [" ".join(item.split()).removeprefix("or ") for item in listed]
        return f"{one_line} {'; or '.join(re.split(r'[;.](?= |$)', item)[0] for item in items)}."
    first = re.split(r"(?<=[.:])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.) (?=[A-Z`\d-])", one_line)[0]
    return f"{first.removesuffix(':')}." if first.endswith(":") else first


def first_step(text: str) -> str:
    """The first sentence of the first step of a text, be the steps a list or not."""
    return sentence(re.split(r"\n(?=(?:\d+\.|[-*]) )", re.sub(r"^(?:\d+\.|[-*]) +", "", text.strip()))[0])


def _subject(check: Check | ObjectCheck) -> tuple[str, ...]:
    """The columns that name what a finding is about; a check of one object has none."""
    return getattr(check, "subject", ())


def _about(check: Check | ObjectCheck) -> tuple[str, ...]:
    return getattr(check, "about", ()) or about.attributes(check.title, check.reads, _subject(check))


def _vrs(name: str) -> tuple[str, ...]:
    """The VRs whose every value a check of one object looks at."""
    form = object_registry().get(name)
    return form.vrs if form else ()


def main() -> int:
    """Write the table, or compare it."""
    checks = {**object_registry(), **registry()}  # where a check has two forms, the archive form has the subject
    rows = [
        (
            *(check.name, check.severity.value),
            *(
                " ".join(words)
                for words in (_subject(check), check.reads, _about(check), _vrs(check.name), check.aliases)
            ),
            *(check.title, sentence(check.sections()["What it finds"]), first_step(check.sections()["How to fix"])),
        )
        for _, check in sorted(checks.items())
    ]
    made = table("make_catalogue.py", {"sources": "the registry of checks"}, COLUMNS, rows)
    return finish({"catalogue.tsv": made}, check=parser(__doc__ or "").parse_args().check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
