"""Wall time of `tagwise show`, `search` and `list`, beside pydicom's dictionary for the same tag, in the same run.

Python and click alone are measured too: no Python program that uses click can be faster. Searches in process follow,
warm: the index is built once before.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

_PYDICOM = "from pydicom.datadict import dictionary_description as name; print(name(0x0020000E))"


def _tagwise(*arguments: str) -> list[str]:
    return ["-c", f"from tagwise.cli import main; main({list(arguments)!r})"]


PROGRAMS = {
    "tagwise show SeriesInstanceUID": _tagwise("show", "SeriesInstanceUID"),
    "tagwise show … --format json": _tagwise("show", "0020000E", "--format", "json"),
    "tagwise show SeriesInstnceUID": _tagwise("show", "SeriesInstnceUID"),
    "tagwise show module:patient": _tagwise("show", "module:patient"),
    "tagwise show CT Image Storage": _tagwise("show", "CT Image Storage"),
    "tagwise show UI": _tagwise("show", "UI"),
    "tagwise search series uid": _tagwise("search", "series", "uid"),
    "tagwise search SeriesInstnceUID": _tagwise("search", "SeriesInstnceUID"),
    "tagwise list attributes": _tagwise("list", "attributes"),
    "pydicom: the name of one tag": ["-c", _PYDICOM],
    "floor: python + click": ["-c", "import click"],
    "floor: python": ["-c", "pass"],
}

QUERIES = (
    *("series uid", "pat nam", "patient", "0020,00", "1.2.840.10008.1.2.4", "jpeg lossless", "sequence", "s"),
    *("instanceuid", "Modaltiy", "SeriesInstnceUID", "referncedseriessequense", "zzzzqqq", "x" * 1_000_000),
)


def milliseconds(arguments: list[str]) -> float:
    """The wall time of one process."""
    # Without compiled modules every run would compile them anew, which no installation does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False, env=environment)
    return (time.perf_counter() - start) * 1000


def measure_searches(runs: int) -> None:
    """Searches in this process, each as often as asked for."""
    import tagwise

    start = time.perf_counter()
    tagwise.search("series uid")
    print(f"\nfirst search, with imports and index: {(time.perf_counter() - start) * 1000:.0f} ms")
    print(f"{'search, warm':32} median     best   hits ({runs} runs, ms)")
    for query in QUERIES:
        tagwise.search(query)
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            hits = tagwise.search(query)
            times.append((time.perf_counter() - start) * 1000)
        shown = query if len(query) < 30 else f"{len(query):,} characters"
        print(f"{shown:32} {statistics.median(times):6.2f}   {min(times):6.2f}   {len(hits):4}")


def main() -> None:
    """Measure the programs in turn, so that a slow moment of the machine hits all of them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=15)
    runs = options.parse_args().runs
    for arguments in PROGRAMS.values():
        milliseconds(arguments)
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        for name, arguments in PROGRAMS.items():
            times[name].append(milliseconds(arguments))
    print(f"{'':32} median     best   ({runs} runs, ms)")
    for name, measured in times.items():
        print(f"{name:32} {statistics.median(measured):6.0f}   {min(measured):6.0f}")
    measure_searches(10 * runs)


if __name__ == "__main__":
    main()
