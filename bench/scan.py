"""Headers per second and peak memory of tagwise and its peers, on the same files, in the same run, warm cache.

Usage: python bench/scan.py [--files 10000] [--rounds 3] [--folder bench/archive]

Every reader runs as a process of its own that reads all files once and reports its time; rounds go through all readers
in turn, so that a machine whose speed drifts treats them alike. Medians are printed. Peers that are not installed are
left out with a note.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive import make

KEYWORDS = "from tagwise.scanning.columns import scan_columns; columns = scan_columns()"

READERS = {
    "open+read+close": """
for path in paths:
    fd = os.open(path, os.O_RDONLY); os.read(fd, 8192); os.close(fd)
""",
    "tagwise reader": f"""
{KEYWORDS}
from tagwise.scanning.reader import HeaderReader
reader = HeaderReader(columns)
clock = time.perf_counter()
for path in paths: reader.read_file(path)
""",
    "tagwise reader, in batches": f"""
{KEYWORDS}
from tagwise.scanning.batch import BatchReader
reader = BatchReader(columns)
clock = time.perf_counter()
for start in range(0, len(paths), 256): reader.read(paths[start:start + 256])
""",
    "tagwise reader, Python": f"""
{KEYWORDS}
from tagwise.scanning.reader import HeaderReader
reader = HeaderReader(columns)
clock = time.perf_counter()
for path in paths: reader.explain_file(path)
""",
    "pydicom": f"""
{KEYWORDS}
import pydicom, warnings
warnings.simplefilter("ignore")
tags = [column.tag for column in columns]
clock = time.perf_counter()
for path in paths:
    try: dataset = pydicom.dcmread(path, specific_tags=tags, stop_before_pixels=True)
    except pydicom.errors.InvalidDicomError: continue
    for tag in tags:
        if tag in dataset: dataset[tag].value
""",
    "GDCM Scanner": f"""
{KEYWORDS}
import gdcm
scanner = gdcm.Scanner()
for column in columns: scanner.AddTag(gdcm.Tag(column.tag >> 16, column.tag & 0xFFFF))
clock = time.perf_counter()
scanner.Scan(paths)
""",
    "dcmdump": f"""
{KEYWORDS}
import subprocess
last = columns[-1].tag
wanted = ["+st", f"{{last >> 16:04x}},{{last & 0xFFFF:04x}}"]
wanted += [word for column in columns for word in ("+P", f"{{column.tag >> 16:04x}},{{column.tag & 0xFFFF:04x}}")]
for start in range(0, len(paths), 500):
    subprocess.run(["dcmdump", "-q", "-M", *wanted, *paths[start:start + 500]],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
""",
    "tagwise scan, 1 process": """
from tagwise.scanning.run import scan
from tagwise.settings import ScanSettings
clock = time.perf_counter()
scan(folder, index=index, settings=ScanSettings(jobs=1))
""",
    "tagwise scan": """
from tagwise.scanning.run import scan
clock = time.perf_counter()
scan(folder, index=index)
""",
    "tagwise scan, unchanged": """
from tagwise.scanning.run import scan
scan(folder, index=index)
clock = time.perf_counter()
scan(folder, index=index)
""",
}

HEAD = """
import json, os, sys, time
folder, index, listing = sys.argv[1:4]
paths = json.load(open(listing))
clock = time.perf_counter()
"""
TAIL = """
seconds = time.perf_counter() - clock
print(json.dumps(seconds))
"""


def missing() -> dict[str, str]:
    """Peers that this machine does not have, and how to get them."""
    gone = {}
    if subprocess.run([sys.executable, "-c", "import gdcm"], capture_output=True, check=False).returncode:
        gone["GDCM Scanner"] = "pip install python-gdcm"
    if shutil.which("dcmdump") is None:
        gone["dcmdump"] = "apt-get install dcmtk"
    return gone


def resident(process: int) -> int:
    """Bytes that a process and its descendants hold now; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{process}/task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGESIZE") + sum(resident(int(child)) for child in children)


def run(name: str, folder: Path, listing: Path) -> tuple[float, float]:
    """Seconds, and peak memory in MiB (the process and its children together), of one reader over all files."""
    with tempfile.TemporaryDirectory() as scratch:
        code = HEAD + READERS[name] + TAIL
        command = [sys.executable, "-c", code, str(folder), str(Path(scratch) / "index.duckdb"), str(listing)]
        peak = 0
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
            while reader.poll() is None:
                peak = max(peak, resident(reader.pid))
                time.sleep(0.02)
            output = reader.communicate()[0]
    if reader.returncode:
        raise SystemExit(f"{name} failed")
    return json.loads(output.splitlines()[-1]), peak / 2**20


def main() -> None:
    """Measure and print a table, and the ratios that the project promises."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "archive")
    options = parser.parse_args()
    folder = make(options.folder / str(options.files), options.files)
    paths = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    for path in paths:
        Path(path).read_bytes()
    gone = missing()
    names = [name for name in READERS if name not in gone]
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as listing:
        json.dump(paths, listing)
        listing.flush()
        for _ in range(options.rounds):
            for name in names:
                results[name].append(run(name, folder, Path(listing.name)))
    report(results, len(paths), gone)


def report(results: dict[str, list[tuple[float, float]]], files: int, gone: dict[str, str]) -> None:
    """Print medians, and each rate beside pydicom's."""
    rates = {name: files / statistics.median(seconds for seconds, _ in runs) for name, runs in results.items()}
    rounds = len(results["pydicom"])
    print(f"{files:,} files, {os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}, medians of {rounds}")
    print(f"{'':28}{'headers/s':>12}{'x pydicom':>11}{'peak MiB':>10}")
    for name, runs in results.items():
        peak = statistics.median(peak for _, peak in runs)
        print(f"{name:28}{rates[name]:>12,.0f}{rates[name] / rates['pydicom']:>11.1f}{peak:>10.0f}")
    for name, how in gone.items():
        print(f"{name:28} not here ({how})")


if __name__ == "__main__":
    main()
