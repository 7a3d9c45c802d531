"""Make `private.tsv`: private elements by creator, from pydicom's private dictionary, which GDCM collected."""

from __future__ import annotations

import sys

from pydicom._private_dict import private_dictionaries

from data_files import finish, parser, table
from pinned import python_package

COLUMNS = ("creator", "tag", "vr", "vm", "name")


def rows() -> list[tuple[str, ...]]:
    """Every element in the order of creators and tags; the creator stands only in the first row of its own."""
    made: list[tuple[str, ...]] = []
    for creator, elements in sorted(private_dictionaries.items()):
        named = creator
        for tag, (vr, vm, name, _) in sorted(elements.items()):
            made.append((named, tag.upper().replace("X", "x"), vr.replace("_", " or "), vm, name.strip()))
            named = ""
    return made


def main() -> int:
    """Make or check the table."""
    chosen = parser(str(__doc__)).parse_args()
    pydicom = python_package("pydicom")
    facts = {
        "edition": pydicom["edition"],
        "sources": f"pydicom {pydicom['version']} private dictionary, generated from GDCM's",
        "note": "no creator: the one of the row above; vendors do not publish most of these, people collected them",
    }
    return finish({"private.tsv": table("make_private.py", facts, COLUMNS, rows())}, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
