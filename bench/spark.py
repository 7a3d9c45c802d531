"""Scan and audit on Spark in local mode beside the same without Spark: seconds, processor time, and equal findings.

Usage: python bench/spark.py [--files 2000 12000] [--cores 1 2]

Each step is a process of its own; its processor time includes Java and all readers that it starts. Starting Spark takes
a while whatever the number of files, so two numbers are measured and the difference says what one file costs more. The
files are those of `bench/archive.py`: headers of several vendors, in the cache of the system.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

import archive
from tagwise.errors import EngineMissing
from tagwise.scanning.spark.session import require_java

_ADOPT = 36
"""PR_SET_CHILD_SUBREAPER of Linux: who outlives its parent becomes a child of this process."""


class Spent(NamedTuple):
    """What a command took, and what it printed."""

    wall: float
    processor: float
    printed: bytes


def run(*arguments: str) -> Spent:
    """Run `tagwise` and measure it with all of its children.

    Raises:
        subprocess.CalledProcessError: It ended with another status than 0 (done) or 1 (findings).
    """
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "tagwise", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)  # Java outlives the process that started it; its time counts only once it has ended
    if done.returncode not in (0, 1):
        raise subprocess.CalledProcessError(done.returncode, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.monotonic() - begun, processor, done.stdout)


def findings(printed: bytes) -> list[object]:
    """The findings of an audit as JSON, in one order."""
    return sorted(msgspec.json.decode(printed)["findings"], key=repr)


def measure(source: Path, place: Path, cores: list[int]) -> None:
    """Print a line for each engine."""
    index = place / "index.duckdb"
    scanned = run("scan", str(source), "--index", str(index), "--no-containers")
    audited = run("audit", str(index), "--format", "json", "--limit", "1000000")
    expected = findings(audited.printed)
    files = sum(1 for path in source.rglob("*") if path.is_file())
    show(files, "without Spark", scanned, audited)
    for number in cores:
        folder = place / f"folder{number}"
        spark = ["--engine", "spark", "--master", f"local[{number}]"]
        scanned = run("scan", str(source), "--index", str(folder), *spark)
        audited = run("audit", str(folder), "--format", "json", "--limit", "1000000", *spark)
        if findings(audited.printed) != expected:
            raise SystemExit(f"an audit on local[{number}] finds something else than one without Spark")
        show(files, f"local[{number}]", scanned, audited)


def show(files: int, engine: str, scanned: Spent, audited: Spent) -> None:
    """Print one line."""
    print(
        f"{files:>9,}  {engine:<14}{scanned.wall:>9.1f}{scanned.processor:>11.1f}"
        f"{audited.wall:>10.1f}{audited.processor:>12.1f}",
        flush=True,
    )


def main() -> None:
    """Measure each number of files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, nargs="+", default=[2_000, 12_000])
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    try:
        require_java()
    except EngineMissing as missing:
        print(f"not measured: {missing}")
        return
    print(f"{os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}, others may use them: compare processor seconds")
    print(f"{'files':>9}  {'engine':<14}{'scan s':>9}{'processor':>11}{'audit s':>10}{'processor':>12}")
    for number in options.files:
        with tempfile.TemporaryDirectory() as place:
            source = Path(place) / "archive"
            archive.make(source, number)
            measure(source, Path(place), options.cores)


if __name__ == "__main__":
    main()
