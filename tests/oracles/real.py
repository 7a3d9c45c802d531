"""Compares tagwise with dciodvfy on real files as they are: every error is found, said once, or has a class."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pydicom
from tests.oracles import comparing, dciodvfy
from tests.oracles.comparing import Alone

import tagwise
from tagwise.standard import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = Path(pydicom.__file__).parent / "data" / "test_files"
_SAME = re.compile(r"has same value as (\w+)")
_LEVELS = "identity/uid-used-at-two-levels"
_META = "encoding/meta-dataset-mismatch"
_BROKEN = frozenset(
    (
        "encoding/unreadable-object",
        "encoding/vr-encoding-mismatch",
        "encoding/vr-encoding-mixed",
        "encoding/group-not-allowed",
        "encoding/length-overruns-item",
        "encoding/meta-attribute-missing",
    )
)
"""What says of a whole object why it cannot be read as it is declared."""
_READING = re.compile(
    "Tag read failed|Illegal zero bytes|Tags out of order|.*read failed|Seek failed|Metaheader present|Bad Explicit"
)
_NO_CLASS = re.compile("Information Object Not|.*missing SOP")
"""What dciodvfy says at another place, or at none, where the object has no SOP Class UID."""


class Real(NamedTuple):
    """All files together: errors of dciodvfy, those that tagwise reports at the same place or with a module, and rest.

    `once` are errors in reading, of objects of which tagwise says once why they cannot be read.
    """

    files: int
    same: int
    module: int
    once: int
    alone: Counter[Alone]

    @property
    def errors(self) -> int:
        """All errors of dciodvfy."""
        return self.same + self.module + self.once + self.alone.total()


def files() -> Iterator[Path]:
    """Those of pydicom's test files that are DICOM files."""
    for path in sorted(FILES.rglob("*")):
        if path.is_file() and (path.suffix == ".dcm" or _has_prefix(path)):
            yield path


def _has_prefix(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(132)[128:] == b"DICM"


@cache
def compared() -> Real:
    """The comparison, made once."""
    counts: Counter[str] = Counter()
    alone: Counter[Alone] = Counter()
    every = list(files())
    for path in every:
        found = tagwise.check(path).findings
        for error in dciodvfy.errors(path):
            way = _way(error, found)
            counts[way] += 1
            if not way:
                alone[Alone(error.kind, error.attribute, path.name)] += 1
    return Real(len(every), counts["same"], counts["module"], counts["once"], alone)


def _way(error: dciodvfy.Error, found: tuple[tagwise.Finding, ...]) -> str:
    """How tagwise reports an error, "" where it does not."""
    checks = {one.check for one in found}
    path = comparing.without_numbers(error.path)
    if path and path in {comparing.without_numbers(one.place.attribute) for one in found if one.place}:
        return "same"
    if (_SAME.search(error.kind) and _LEVELS in checks) or ("different from SOP" in error.kind and _META in checks):
        return "same"
    if _NO_CLASS.match(error.kind) and "identity/uid-missing" in checks:
        return "same"
    if path.partition(".")[0] in of_missing_modules(found):
        return "module"
    return "once" if checks & _BROKEN and _READING.match(error.text) else ""


def of_missing_modules(found: tuple[tagwise.Finding, ...]) -> set[str]:
    """The attributes of all modules that are reported as missing as a whole."""
    slugs = {name: slug for slug, name in modules.names().items()}
    told = (re.match(r"the module (.*?) is ", one.message) for one in found if one.check == "iod/module-missing")
    return {item.keyword for one in told if one for item in modules.items(slugs[one[1]])}
