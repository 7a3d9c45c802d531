"""Lists of HL7 v2 fields and components for the tests of the knowledge tables, from the Python package hl7apy.

A line is a field (`PID-3`) or a component of a data type (`CX.4`) with its data type and name. hl7apy must be installed
where this runs; it is not a requirement of the project.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from data_files import finish, parser, table
from pinned import python_package

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "tests" / "knowledge" / "data"
VERSIONS = ("2.3.1", "2.5.1")
SEGMENTS = ("IPC", "MRG", "MSH", "NTE", "OBR", "OBX", "ORC", "PID", "PV1", "PV2", "TQ1")
COLUMNS = ("place", "type", "name")


def _rows(version: str) -> Iterator[tuple[str, str, str]]:
    library = f"hl7apy.v{version.replace('.', '_')}"
    fields = import_module(f"{library}.fields").FIELDS
    components = import_module(f"{library}.datatypes").DATATYPES
    for separator, entries in (("-", fields), (".", components)):
        for name, entry in entries.items():
            owner, _, number = name.rpartition("_")
            if separator == "." or owner in SEGMENTS:
                yield f"{owner}{separator}{number}", entry[2] or "", entry[3] or ""


def _order(row: tuple[str, str, str]) -> tuple[bool, str, int]:
    owner, number = row[0].replace(".", "-").split("-")
    return "." in row[0], owner, int(number)


def main() -> int:
    """Write or compare the lists."""
    given = parser(__doc__ or "").parse_args()
    source = f"hl7apy {python_package('hl7apy')['version']}"
    texts = {
        f"hl7v2_fields_{version.replace('.', '')}.txt": table(
            "make_hl7v2_fields.py",
            {"edition": f"HL7 {version}", "sources": source},
            COLUMNS,
            sorted(_rows(version), key=_order),
        )
        for version in VERSIONS
    }
    return finish(texts, check=given.check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
