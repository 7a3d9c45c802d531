"""Make `uids.tsv`: the UIDs of PS3.6 annex A, from pydicom, and the SOP classes that only highdicom's map knows."""

from __future__ import annotations

import json
import sys
from importlib.resources import files

from pydicom._uid_dict import UID_dictionary

from data_files import finish, parser, table
from pinned import python_package

COLUMNS = ("uid", "keyword", "name", "kind", "retired", "source", "note")

# highdicom has the UIDs, not their names. Names and keywords compared with pynetdicom 3.0.4 on 2026-11-23.
_NEWER = {
    "1.2.840.10008.5.1.4.1.1.9.100.1": "Waveform Presentation State Storage",
    "1.2.840.10008.5.1.4.1.1.9.100.2": "Waveform Acquisition Presentation State Storage",
    "1.2.840.10008.5.1.4.1.1.66.7": "Label Map Segmentation Storage",
    "1.2.840.10008.5.1.4.1.1.66.8": "Height Map Segmentation Storage",
}


def pydicom_rows() -> list[tuple[str, ...]]:
    """Every UID of pydicom's dictionary."""
    return [
        (uid, keyword, name, kind, "retired" if retired else "", "pydicom", note)
        for uid, (name, kind, note, retired, keyword) in UID_dictionary.items()
    ]


def newer_rows() -> list[tuple[str, ...]]:
    """The storage SOP classes of highdicom's map that pydicom does not have.

    Raises:
        ValueError: There is one that has no name here yet.
    """
    content = (files("highdicom") / "_standard" / "sop_class_iod_map.json").read_text(encoding="utf-8")
    unknown = set(json.loads(content)) - set(UID_dictionary)
    if unknown != set(_NEWER):
        raise ValueError(f"SOP classes to be named by hand: {sorted(unknown ^ set(_NEWER))}")
    return [(uid, name.replace(" ", ""), name, "SOP Class", "", "highdicom", "") for uid, name in _NEWER.items()]


def main() -> int:
    """Make or check the table."""
    chosen = parser(str(__doc__).partition("\n")[0]).parse_args()
    pydicom, highdicom = python_package("pydicom"), python_package("highdicom")
    facts = {
        "edition": pydicom["edition"],
        "newer edition": highdicom["edition"],
        "sources": f"pydicom {pydicom['version']}, highdicom {highdicom['version']}",
        "note": "rows with source highdicom are from the newer edition; other UIDs newer than pydicom's are missing",
    }
    rows = sorted([*pydicom_rows(), *newer_rows()], key=lambda row: [int(part) for part in row[0].split(".")])
    return finish({"uids.tsv": table("make_uids.py", facts, COLUMNS, rows)}, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
