"""Make `dictionary.tsv`: every attribute of PS3.6 and PS3.7, from pydicom's dictionary united with DCMTK's newer one.

Where the two disagree, the newer edition is taken and the column `older` tells what the older one says. DCMTK's file
has keywords but no names, so the name of an attribute that only DCMTK knows is its keyword, split into words.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

from data_files import finish, parser, table
from pinned import SourceMismatch, dicom_dic, pin, python_package

COLUMNS = ("tag", "keyword", "name", "vr", "vm", "retired", "owner", "source", "older")

# DCMTK's internal codes for what PS3.6 writes as a choice. `lt` stands for two different choices; pydicom tells which.
_VRS = {"xs": "US or SS", "ox": "OB or OW", "px": "OB or OW", "up": "UL", "na": "NONE", "lt": "US or SS or OW"}
_COARSE = "lt"

_ENTRY = re.compile(r"^#?\((?P<group>[0-9A-FX-]+),(?P<element>[0-9A-FX-]+)\)\t")
_PLAIN = re.compile(r"[0-9A-F]{4}")
_OWNERS = {"DICOM": "DICOM", "DICOM/retired": "DICOM", "DICOM/DICONDE": "DICONDE", "DICOM/DICOS": "DICOS"}
_HAND_WRITTEN = "# Retired data elements from previous editions"

_WORD = re.compile(r"DateTime|IDs|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SMALL = {"and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute as one dictionary has it."""

    keyword: str
    vr: str
    vm: str
    retired: bool
    name: str = ""
    owner: str = "DICOM"


def words(keyword: str) -> str:
    """The keyword as words: the name of an attribute whose name no source has.

    >>> words("PersonNamesToUseSequence")
    'Person Names to Use Sequence'
    """
    parts = _WORD.findall(keyword)
    return " ".join(part.lower() if index and part.lower() in _SMALL else part for index, part in enumerate(parts))


def tag_text(digits: str) -> str:
    """Eight digits, `x` where a repeater varies, as the standard writes a tag.

    >>> tag_text("60xx3000")
    '(60xx,3000)'
    """
    upper = digits.upper().replace("X", "x")
    return f"({upper[:4]},{upper[4:]})"


def from_pydicom() -> dict[str, Entry]:
    """The dictionary of pydicom by tag, repeaters included."""
    plain = {f"{tag:08X}": row for tag, row in DicomDictionary.items()}
    return {
        tag_text(digits): Entry(keyword, vr, vm, bool(retired), name)
        for digits, (vr, vm, name, retired, keyword) in {**plain, **RepeatersDictionary}.items()
    }


def from_dcmtk(text: str) -> dict[str, Entry]:
    """DCMTK's dictionary: plain entries by tag, repeaters by keyword, because DCMTK writes their tags as ranges.

    The entries for private and illegal groups, for group lengths, and the section of hand-written approximations of
    retired repeaters are left out: they are not in PS3.6. The repeaters that DCMTK cannot express are comments in its
    file and are read from there.
    """
    found: dict[str, Entry] = {}
    generated, _, _ = text.partition(_HAND_WRITTEN)
    for line in generated.splitlines():
        matched = _ENTRY.match(line)
        if not matched:
            continue
        _, vr, name, vm, version = line.lstrip("#").split("\t")
        if version not in _OWNERS:
            continue
        keyword = name.removeprefix("RETIRED_")
        plain = _PLAIN.fullmatch(matched["group"]) and _PLAIN.fullmatch(matched["element"])
        key = f"({matched['group']},{matched['element']})" if plain else keyword
        found[key] = Entry(keyword, vr, vm, "retired" in version, owner=_OWNERS[version])
    return found


def edition_of(text: str) -> str:
    """The edition that the header of `dicom.dic` names."""
    named = re.search(r"DICOM PS 3\.6-(\d{4}[a-z])", text)
    return named[1] if named else "unknown"


def row(tag: str, old: Entry | None, new: Entry | None) -> tuple[str, ...]:
    """One row of the table, from what the two dictionaries say about a tag.

    Raises:
        ValueError: Neither has the tag.
    """
    taken = new or old
    if taken is None:
        raise ValueError(f"neither dictionary has {tag}")
    vr = old.vr if old and new and new.vr == _COARSE else _VRS.get(taken.vr, taken.vr)
    known = old and (old.keyword == taken.keyword or old.name.replace(" ", "") == taken.keyword)
    name = old.name if old and known else words(taken.keyword)
    source = "both" if old and new else "dcmtk" if new else "pydicom"
    retired = "retired" if taken.retired else ""
    return (tag, taken.keyword, name, vr, taken.vm, retired, taken.owner, source, _older(old, new, vr))


def _older(old: Entry | None, new: Entry | None, vr: str) -> str:
    """What the older dictionary says where it disagrees: `keyword=AnalogFilterType`."""
    if not (old and new):
        return ""
    pairs = {
        "keyword": (old.keyword, new.keyword),
        "vr": (old.vr, vr),
        "vm": (old.vm, new.vm),
        "retired": ("yes" if old.retired else "no", "yes" if new.retired else "no"),
    }
    return " ".join(f"{fact}={before}" for fact, (before, after) in pairs.items() if before != after)


def union(older: dict[str, Entry], newer: dict[str, Entry]) -> list[tuple[str, ...]]:
    """Every attribute of either dictionary, in the order of tags."""
    rows = []
    used = set()
    for tag, entry in older.items():
        key = tag if tag in newer else entry.keyword if "x" in tag else tag
        used.add(key)
        rows.append(row(tag, entry, newer.get(key)))
    rows.extend(row(key, None, entry) for key, entry in newer.items() if key not in used)
    return sorted(rows)


def main() -> int:
    """Make or check the table."""
    options = parser(str(__doc__).partition("\n")[0])
    options.add_argument("--dicom-dic", type=Path, metavar="FILE", help="DCMTK's dicom.dic instead of Debian's package")
    chosen = options.parse_args()
    pydicom, dcmtk = python_package("pydicom"), pin("dcmtk")
    text = dicom_dic(chosen.dicom_dic)
    if edition_of(text) != dcmtk["edition"]:
        raise SourceMismatch(f"dicom.dic is edition {edition_of(text)}, tools/pins.toml says {dcmtk['edition']}")
    facts = {
        "edition": dcmtk["edition"],
        "older edition": pydicom["edition"],
        "sources": f"dcmtk {dcmtk['version']} dicom.dic, pydicom {pydicom['version']}",
        "note": "names of rows with source dcmtk are their keywords split into words",
    }
    rows = union(from_pydicom(), from_dcmtk(text))
    return finish({"dictionary.tsv": table("make_dictionary.py", facts, COLUMNS, rows)}, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
