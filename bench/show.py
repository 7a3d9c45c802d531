"""Wall time of `tagwise show SeriesInstanceUID`, beside pydicom's dictionary for the same tag, in the same run.

Python and click alone are measured too: no Python program that uses click can be faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

_PYDICOM = "from pydicom.datadict import dictionary_description as name; print(name(0x0020000E))"

PROGRAMS = {
    "tagwise show SeriesInstanceUID": ["-c", "from tagwise.cli import main; main(['show', 'SeriesInstanceUID'])"],
    "tagwise show … --format json": [
        "-c",
        "from tagwise.cli import main; main(['show', '0020000E', '--format', 'json'])",
    ],
    "tagwise show SeriesInstnceUID": ["-c", "from tagwise.cli import main; main(['show', 'SeriesInstnceUID'])"],
    "pydicom: the name of one tag": ["-c", _PYDICOM],
    "floor: python + click": ["-c", "import click"],
    "floor: python": ["-c", "pass"],
}


def milliseconds(arguments: list[str]) -> float:
    """The wall time of one process."""
    # Without compiled modules every run would compile them anew, which no installation does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False, env=environment)
    return (time.perf_counter() - start) * 1000


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


if __name__ == "__main__":
    main()
