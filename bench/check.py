"""Objects per second of `tagwise.check` and its parser, beside pydicom's dcmread and dciodvfy, on the same files.

Usage: python bench/check.py [--files 500] [--rounds 3] [--folder bench/archive]

Readers in Python run in this process, in turn, so that a slow moment of the machine hits all of them. dciodvfy is a
program: it is started once for each file, and measured only where it is installed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom

import tagwise
from archive import make
from tagwise.validation import parsing

if TYPE_CHECKING:
    from collections.abc import Callable


def _touch_all(path: Path) -> None:
    for element in pydicom.dcmread(path, stop_before_pixels=True).iterall():
        element.value  # noqa: B018 - decoding is what is measured


READERS: dict[str, Callable[[Path], object]] = {
    "tagwise.check, all checks": tagwise.check,
    "tagwise, parser alone": parsing.parse_file,
    "pydicom dcmread, no values": lambda path: pydicom.dcmread(path, stop_before_pixels=True),
    "pydicom dcmread, every value": _touch_all,
}


def measure(reader: Callable[[Path], object], paths: list[Path]) -> float:
    """Objects per second."""
    start = time.perf_counter()
    for path in paths:
        reader(path)
    return len(paths) / (time.perf_counter() - start)


def _dciodvfy(path: Path) -> None:
    subprocess.run(["dciodvfy", str(path)], capture_output=True, check=False)


def main() -> None:
    """Warm up, measure in turn, print medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "archive")
    chosen = options.parse_args()
    folder = make(chosen.folder)
    every = sorted(folder.rglob("IM*"))[:: max(1, 10_000 // chosen.files)]
    paths = [path for path in every if tagwise.check(path).complete][: chosen.files]  # some are damaged on purpose
    readers = dict(READERS)
    if shutil.which("dciodvfy"):
        readers["dciodvfy, a process for each file"] = _dciodvfy
    times: dict[str, list[float]] = {name: [] for name in readers}
    for reader in READERS.values():
        measure(reader, paths[:20])
    for _ in range(chosen.rounds):
        for name, reader in readers.items():
            times[name].append(measure(reader, paths))
    elements = statistics.mean(tagwise.check(path).elements for path in paths)
    print(f"{len(paths)} objects, {elements:.0f} elements each, medians of {chosen.rounds} rounds\n")
    print(f"{'':36} objects/s   ms each")
    for name, measured in times.items():
        rate = statistics.median(measured)
        print(f"{name:36} {rate:9,.0f} {1000 / rate:9.2f}")


if __name__ == "__main__":
    main()
