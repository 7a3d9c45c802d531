"""A scan of storage that answers slowly: 5 ms for each open and each read, with one file at a time and with many.

Usage: python bench/slow_storage.py [--files 2000] [--folder bench/archive]

Needs gcc, which makes the delay from slow_storage.c. A file takes 10 ms then, so that one after the other 100 a second
can be read by a process, whatever the processor does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from archive import make

SCAN = """
import sys
from tagwise.scanning.run import scan
from tagwise.settings import ScanSettings
summary = scan(sys.argv[1], index=sys.argv[2], settings=ScanSettings(jobs=2, in_flight=int(sys.argv[3])))
print(summary.files, summary.seconds)
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "archive")
    options = parser.parse_args()
    folder = make(options.folder / str(options.files), options.files).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        shim = Path(scratch) / "slow_storage.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", source, "-o", shim, "-ldl"], check=True)
        environment = {**os.environ, "LD_PRELOAD": str(shim), "SLOW_FOLDER": str(folder)}
        print("files at a time   files/s   times")
        first = 0.0
        for in_flight in (2, 16, 64, 256):
            index = str(Path(scratch) / f"{in_flight}.duckdb")
            command = [sys.executable, "-c", SCAN, str(folder), index, str(in_flight)]
            output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
            files, seconds = map(float, output.split())
            first = first or files / seconds
            print(f"{in_flight:15} {files / seconds:>9,.0f} {files / seconds / first:>7.1f}")


if __name__ == "__main__":
    main()
