"""Processor time per member of a ZIP archive: tagwise, and zipfile with pydicom, on the same archive in the same run.

Usage: python bench/containers.py [--members 4000] [--rounds 3]

Both read the same attributes of every member. The best of several rounds is printed: time of the processor, which a
machine that is busy with other work disturbs least.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
from pydicom.data import get_testdata_file

from tagwise.scanning.columns import scan_columns
from tagwise.scanning.containers.reading import ContainerReader

if TYPE_CHECKING:
    from collections.abc import Callable


def make(path: Path, members: int) -> None:
    """A compressed archive of copies of a CT and an MR image of pydicom."""
    images = [Path(str(get_testdata_file(name))).read_bytes() for name in ("CT_small.dcm", "MR_small.dcm")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(members):
            archive.writestr(f"IM{number:06}", images[number % 2])


def by_tagwise(path: Path) -> int:
    """Read all members; how many there were."""
    reader = ContainerReader(scan_columns())
    reader.begin(str(path))
    count, finished = 0, False
    while not finished:
        rows = reader.more()
        count, finished = count + len(rows.names), rows.finished
    return count


def by_pydicom(path: Path) -> int:
    """The same with zipfile and pydicom."""
    tags = [column.tag for column in scan_columns()]
    count = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                dataset = pydicom.dcmread(member, specific_tags=list(tags), stop_before_pixels=True)
            for tag in tags:
                if tag in dataset:
                    _ = dataset[tag].value
            count += 1
    return count


def best(read: Callable[[Path], int], path: Path, rounds: int) -> float:
    """Members per second of processor time, in the best round."""
    rates = []
    for _ in range(rounds):
        started = time.process_time()
        count = read(path)
        rates.append(count / (time.process_time() - started))
    return max(rates)


def main() -> None:
    """Make the archive, read it by both, print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.zip"
        make(path, args.members)
        ours, theirs = (best(read, path, args.rounds) for read in (by_tagwise, by_pydicom))
    print(f"tagwise             {ours:10,.0f} members/s")
    print(f"zipfile + pydicom   {theirs:10,.0f} members/s   tagwise is {ours / theirs:.0f} times as fast")


if __name__ == "__main__":
    main()
