"""Make the tables of conditions: when an attribute of type 1C or 2C, or a module of usage C, is required.

PS3.3 states conditions in sentences. dicom-validator's grammar turns those that speak of the data set alone into
logic; what it cannot parse has no row, and a check then cannot tell. Sentences are read from dicom-standard (2020a)
and are not kept. Our tree is of a newer edition: a condition is `exact` where its sentence stands at the same path of
the same module, `parent` where all sentences for this attribute inside a sequence of this name agree, `attribute`
where all sentences for the attribute anywhere agree.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections import defaultdict
from importlib.metadata import files
from pathlib import Path
from typing import Any

from data_files import DATA, finish, parser, table
from pinned import python_package

_CONDITIONAL = frozenset({"1C", "2C"})
_OPERATORS = {
    "+": "present", "++": "filled", "-": "absent", "=": "in", "!=": "not in", ">": ">", "<": "<", "=>": "points to",
    "!0": "nonzero",
}  # fmt: skip
_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
_LISTED = re.compile(r"(?s)Required if:\s*</p>\s*<div>\s*<ul>(.*?)</ul>.*?May be present otherwise")
_HOW = ("exact", "parent", "attribute")

Logic = list[Any]
Path_ = tuple[str, ...]


def text_of(fragment: str) -> str:
    """The words of an HTML fragment in one line, without those of lists and notes, which are no conditions."""
    fragment = re.sub(r"(?s)<(dl|ol|ul|table)\b.*?</\1>", " ", fragment)
    words = html.unescape(re.sub(r"<[^>]+>", " ", fragment)).replace("\xa0", " ")
    words = re.sub(r"\s+", " ", words).strip()
    return re.sub(r" ([.,;:)])", r"\1", words)


def _rows(name: str) -> dict[str, tuple[str, ...]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return {str(number): tuple(line.split("\t")) for number, line in enumerate(lines) if not line.startswith("#")}


def _table(name: str) -> list[dict[str, str]]:
    head, *rows = _rows(name).values()
    return [dict(zip(head, row, strict=True)) for row in rows]


class Tree:
    """Our modules as lists of attributes, walked with every path to every list."""

    def __init__(self) -> None:
        self.items: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in _table("module_items.tsv"):
            self.items[row["list"]].append(row)
        self.places: dict[tuple[str, str], list[tuple[str, Path_]]] = defaultdict(list)
        for row in _table("modules.tsv"):
            self._walk(row["module"], row["list"], ())

    def _walk(self, module: str, name: str, path: Path_) -> None:
        for item in self.items.get(name, ()):
            here = (*path, item["keyword"])
            if item["type"] in _CONDITIONAL:
                self.places[name, item["keyword"]].append((module, here))
            if item["items"] != "-":
                self._walk(module, item["items"], here)


class Sentences:
    """The conditions of dicom-standard by module and path, as logic."""

    def __init__(self, keywords: dict[str, str]) -> None:
        from dicom_validator.spec_reader.condition_parser import ConditionParser  # noqa: PLC0415 - only makers have it

        self._keywords = keywords
        names = {row["tag"]: {"name": row["name"]} for row in _table("dictionary.tsv") if row["name"]}
        self._parser = ConditionParser(names)
        self._parsed: dict[str, str] = {}
        self.exact: dict[tuple[str, Path_], set[str]] = defaultdict(set)
        self.by_parent: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.by_attribute: dict[str, set[str]] = defaultdict(set)
        for row in _source("module_to_attributes.json"):
            if row["type"] in _CONDITIONAL:
                module, *tags = row["path"].split(":")
                self._add(module, tags, self.logic(text_of(row["description"])))
        self._add_groups()

    def _add_groups(self) -> None:
        """Add the macros of functional groups, which the modules of dicom-standard do not hold, at their two places."""
        holders = _holders_of_groups()
        uses: dict[str, list[str]] = defaultdict(list)
        for row in _source("ciod_to_fg_macros.json"):
            uses[row["macroId"]] += holders.get(row["ciodId"], ())
        for row in _source("macro_to_attributes.json"):
            macro, *tags = row["path"].split(":")
            if macro not in uses or len(tags) < 2 or row["type"] not in _CONDITIONAL:
                continue
            logic = self._of_list(row["description"]) or self.logic(text_of(row["description"]))
            path = tuple(self._keywords.get(tag.upper(), tag) for tag in tags)
            self.by_parent[path[-2], path[-1]].add(logic)
            for module in uses[macro]:
                for place in _GROUPS:
                    self.exact[module, (place, *path)].add(logic)

    def _add(self, module: str, tags: list[str], logic: str) -> None:
        path = tuple(self._keywords.get(tag.upper(), tag) for tag in tags)
        self.exact[module, path].add(logic)
        self.by_parent[path[-2] if len(path) > 1 else "", path[-1]].add(logic)
        self.by_attribute[path[-1]].add(logic)

    def logic(self, sentence: str) -> str:
        """The condition of a sentence as JSON, "" where it cannot be parsed."""
        if sentence not in self._parsed:
            self._parsed[sentence] = self._as_json(self._parser.parse(sentence).result_dict())
        return self._parsed[sentence]

    def _of_list(self, fragment: str) -> str:
        """The condition of "required if" before a list of which one item is enough; "" where there is no such list."""
        found = _LISTED.search(fragment)
        if not found:
            return ""
        parts = [self.logic(_sentence(item)) for item in re.findall(r"(?s)<li>(.*?)</li>", found[1])]
        if "" in parts:
            return ""
        when = ["or", *(json.loads(part)[1] for part in parts)]
        return json.dumps(["required", when, "free"], ensure_ascii=False, separators=(",", ":"))

    def _as_json(self, found: dict[str, Any]) -> str:
        kind = found["type"].value
        when = self._tree(found)
        if kind not in ("MN", "MU", "MC", "NU") or when is None:
            return ""
        otherwise: object = {"MN": "forbidden", "MU": "free", "NU": "free", "MC": None}[kind]
        if kind == "MC":
            otherwise = self._tree(found["other_cond"]) if "other_cond" in found else None
            otherwise = otherwise or "free"
        required = "forbidden" if kind == "NU" else "required"
        return json.dumps([required, when, otherwise], ensure_ascii=False, separators=(",", ":"))

    def _tree(self, found: dict[str, Any]) -> Logic | None:
        """The logic below a node; None where a part of it is missing, because half a condition is another condition."""
        for word in ("and", "or"):
            if word in found:
                parts = [self._tree(part) for part in found[word]]
                return None if None in parts or not parts else [word, *parts]
        if "op" not in found or "tag" not in found:
            return None
        operator = _OPERATORS[found["op"].value]
        keyword = self._keywords.get(re.sub(r"[(),]", "", found["tag"]).upper())
        values = [str(value) for value in found.get("values", ())]
        if operator == "points to":
            values = [self._keywords[f"{int(value):08X}"] for value in values]
        if keyword is None or (operator in ("in", "not in", ">", "<", "points to") and not values):
            return None
        node: Logic = [operator, keyword]
        return [*node, int(found.get("index", 0)), values] if values else node


def _sentence(item: str) -> str:
    """An item of a list as a sentence that the grammar knows: it wants tags, and UIDs without their names."""
    words = re.sub(r",? or$|\.$", "", text_of(item))
    words = re.sub(r'SOP Class UID is [^("]*\("([0-9.]+)"\)', r'SOP Class UID (0008,0016) equals "\1"', words)
    return f"Required if {words}. May be present otherwise."


def _holders_of_groups() -> dict[str, list[str]]:
    """The modules with functional groups, by IOD."""
    lists = {row["list"] for row in _table("module_items.tsv") if row["keyword"] == _GROUPS[0]}
    modules = {row["module"] for row in _table("modules.tsv") if row["list"] in lists}
    found: dict[str, list[str]] = defaultdict(list)
    for row in _table("iod_modules.tsv"):
        if row["module"] in modules:
            found[row["iod"]].append(row["module"])
    return found


def _source(name: str) -> Any:
    found = next(file for file in files("dicom-standard") or () if Path(str(file)).name == name)
    return json.loads(Path(str(found.locate())).read_text(encoding="utf-8"))


def _agreed(found: set[str]) -> str:
    """The one condition that all sentences say; "" where they differ, or one of them cannot be parsed."""
    return next(iter(found)) if len(found) == 1 else ""


def _condition(sentences: Sentences, keyword: str, places: list[tuple[str, Path_]]) -> tuple[str, str]:
    """The condition of an attribute in a list, and how it was found."""
    exact: set[str] = set()
    for place in places:
        exact |= sentences.exact.get(place, set())
    if exact:
        return _agreed(exact), _HOW[0]
    parents = {path[-2] if len(path) > 1 else "" for _, path in places}
    near: set[str] = set()
    for parent in parents:
        near |= sentences.by_parent.get((parent, keyword), set())
    if near:
        return _agreed(near), _HOW[1]
    return _agreed(sentences.by_attribute.get(keyword, set())), _HOW[2]


def main() -> int:
    """Make or check the tables."""
    chosen = parser(str(__doc__).partition("\n")[0]).parse_args()
    standard, validator = python_package("dicom-standard"), python_package("dicom-validator")
    keywords = {
        re.sub(r"[(),]", "", row["tag"]).upper(): row["keyword"] for row in _table("dictionary.tsv") if row["keyword"]
    }
    sentences = Sentences(keywords)
    names: dict[str, str] = {}
    rows: list[tuple[str, ...]] = []
    for (name, keyword), places in sorted(Tree().places.items()):
        logic, how = _condition(sentences, keyword, places)
        if logic:
            rows.append((name, keyword, names.setdefault(logic, f"c{len(names) + 1}"), how))
    usages = _module_usages(sentences, names)
    facts = {
        "edition": standard["edition"],
        "sources": f"dicom-standard {standard['version']}, dicom-validator {validator['version']}",
        "note": "how: exact, or inferred from the same attribute in a sequence of the same name (parent) or anywhere",
    }
    conditions = [
        (id_, *(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in json.loads(logic)))
        for logic, id_ in names.items()
    ]
    return finish(
        {
            "conditions.tsv": table(
                "make_conditions.py", facts, ("condition", "then", "when", "otherwise"), conditions
            ),
            "condition_places.tsv": table("make_conditions.py", facts, ("list", "keyword", "condition", "how"), rows),
            "condition_modules.tsv": table("make_conditions.py", facts, ("iod", "module", "condition"), usages),
        },
        check=chosen.check,
    )


def _module_usages(sentences: Sentences, names: dict[str, str]) -> list[tuple[str, ...]]:
    """The conditions of modules of usage C, for IODs and modules that our tables have with this usage."""
    wanted = {(row["iod"], row["module"]) for row in _table("iod_modules.tsv") if row["usage"] == "C"}
    found: list[tuple[str, ...]] = []
    for row in _source("ciod_to_modules.json"):
        if (row["ciodId"], row["moduleId"]) in wanted and row["conditionalStatement"]:
            logic = sentences.logic(text_of(row["conditionalStatement"]))
            if logic:
                found.append((row["ciodId"], row["moduleId"], names.setdefault(logic, f"c{len(names) + 1}")))
    return sorted(set(found))


if __name__ == "__main__":
    sys.exit(main())
