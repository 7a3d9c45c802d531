"""Counts what every check finds in real files, and compares with the counts that are stored.

A change of a check shows its effect here before it shows in somebody's archive: each difference is a line of the diff.

Usage: python tools/ecosystem.py [FOLDER --table FILE] [--check]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import pydicom

import tagwise
from data_files import finish, table
from tagwise.errors import SourceMissing

STORED = Path(__file__).resolve().parent.parent / "tests" / "ecosystem"
PYDICOM = Path(pydicom.__file__).parent / "data"
_CODE = (".py", ".pyc", ".json")


def counted(folder: Path, facts: dict[str, str]) -> str:
    """The table of one folder: for each command and check its findings, and the objects or subjects that have them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in _CODE)
    found: Counter[tuple[str, str, str]] = Counter()
    subjects: dict[tuple[str, str, str], set[str]] = {}
    for path in files:
        for finding in tagwise.check(path).findings:
            key = ("check", finding.check, finding.severity.value)
            found[key] += 1
            subjects.setdefault(key, set()).add(str(path))
    for finding in tagwise.audit(str(folder)).findings:
        key = ("audit", finding.check, finding.severity.value)
        found[key] += 1
        subjects.setdefault(key, set()).add(str(sorted(finding.subject.items())))
    rows = [[*key, str(number), str(len(subjects[key]))] for key, number in sorted(found.items())]
    columns = ("command", "check", "severity", "findings", "subjects")
    return table("ecosystem.py", {**facts, "files": f"{len(files):,}"}, columns, rows)


def main(arguments: list[str]) -> int:
    """Write the counts, or with --check compare them; 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="files to count in; default: those that pydicom ships")
    parser.add_argument("--table", type=Path, help="where the counts of FOLDER are kept")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the stored counts are different")
    wanted = parser.parse_args(arguments)
    if (wanted.folder is None) != (wanted.table is None):
        parser.error("FOLDER and --table belong together")
    facts = {}
    if wanted.folder is None:
        facts = {"pydicom": pydicom.__version__}
        wanted.folder, wanted.table = PYDICOM, STORED / "pydicom.tsv"
    if not wanted.folder.is_dir():
        raise SourceMissing(f"there is no folder {str(wanted.folder)!r}")
    return finish({wanted.table.name: counted(wanted.folder, facts)}, check=wanted.check, folder=wanted.table.parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
