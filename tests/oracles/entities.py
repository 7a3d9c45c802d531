"""Compares `scan` and `audit` with dcentvfy on an archive with damage across files.

dcentvfy compares objects that claim the same patient, study, series or instance, attribute by attribute. Each case of
tests/mutations/archives.py is a folder of its own for it, and one of many folders of one archive for tagwise.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import warnings
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.auditing.test_clean_archive import Archive
from tests.mutations.archives import ARCHIVE, make, write
from tests.oracles import dciodvfy

import tagwise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.mutations.archives import Case

CHANGED = {
    "PatientSex": "F",
    "StudyTime": "235900",
    "StudyID": "other",
    "ReferringPhysicianName": "Other^Ann",
    "AccessionNumber": "OTHER",
    "StudyDescription": "other",
    "StudyInstanceUID": "1.2.826.0.1.3680043.10.1777.999",
    "PatientID": "OTHER",
    "SeriesDescription": "other",
    "SeriesDate": "20010101",
    "SeriesTime": "235900",
    "PatientPosition": "FFP",
    "ProtocolName": "other",
    "BodyPartExamined": "HEAD",
    "OperatorsName": "Other^Ann",
    "PositionReferenceIndicator": "other",
    "Manufacturer": "other",
    "ManufacturerModelName": "other",
    "StationName": "other",
    "DeviceSerialNumber": "other",
    "SoftwareVersions": "other",
    "InstitutionName": "other",
}
"""Attributes of the entities that one object of a series says otherwise, beside the mutations."""

_ELEMENT = re.compile(r"Element=<(\w+)> IE=<(\w+)>")


class Told(NamedTuple):
    """What dcentvfy calls an error in some cases: its sentence and attribute, and what tagwise says of each case."""

    kind: str
    cases: Mapping[str, frozenset[str]]

    @property
    def missed(self) -> list[str]:
        """The cases of which tagwise says nothing."""
        return [case for case, checks in self.cases.items() if not checks]


def errors(folder: Path) -> set[str]:
    """The kinds of errors that dcentvfy finds among all files below a folder."""
    files = [str(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    done = subprocess.run([dciodvfy.program("dcentvfy"), *files], capture_output=True, check=False, timeout=120)
    lines = (done.stderr + done.stdout).decode("latin-1").splitlines()
    return {_kind(line.removeprefix("Error - ")) for line in lines if line.startswith("Error - ")}


def _kind(line: str) -> str:
    sentence = re.split(r" - | for ", line)[0]
    element = _ELEMENT.search(line)
    return f"{sentence}: {element[1]} of the {element[2]}" if element else sentence


def _damages() -> Iterator[tuple[str, Callable[[Case], None]]]:
    for mutation in ARCHIVE:
        yield mutation.name, mutation.damage
    for keyword, value in CHANGED.items():
        yield f"another {keyword} in one object", lambda case, one=(keyword, value): _change(case, *one)  # type: ignore[misc] # a default value binds the pair


def _change(case: Case, keyword: str, value: str) -> None:
    for one in case.first:
        if keyword not in one:
            setattr(one, keyword, "as all")
    setattr(case.first[3], keyword, value)


@cache
def compared() -> tuple[Told, ...]:
    """Each kind of error with its cases, in the order of their names."""
    found: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's, about values that are wrong on purpose
        root = Path(name)
        archive = Archive(root)
        theirs, names = {}, {}
        for number, (title, damage) in enumerate(_damages()):
            folder = root / f"case {number}"
            folder.mkdir()
            case = make(archive, folder, number)
            before = case.names()
            damage(case)
            write(case, folder)
            theirs[title], names[title] = errors(folder), before | case.names()
        findings = tagwise.audit(root).findings
    for case_name, kinds in theirs.items():
        mine = frozenset(
            one.check
            for one in findings
            if not names[case_name].isdisjoint({*one.subject.values(), *map(str, one.evidence.values())})
        )
        for kind in kinds:
            found[kind][case_name] = mine
    return tuple(Told(kind, found[kind]) for kind in sorted(found))
