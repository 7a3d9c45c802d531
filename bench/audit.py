"""Seconds, processor time and peak memory of an audit by number of rows, and the checks that take most of it.

Usage: python bench/audit.py [--rows 10000 1000000] [--index FILE] [--top 15] [--memory-limit 2GB]

The rows are those of `bench/rows.py`: a synthetic hospital with faults. Processor time is user and system
time of the process; on a machine that others use, half of it is what two free processors would need at least. A count
of distinct SOP Instance UIDs by DuckDB on the same index stands beside each audit: no such job costs less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rows import make

_AUDIT = """
import json, resource, sys
from tagwise.auditing import audit
from tagwise.settings import AuditSettings
settings = AuditSettings(**({"memory_limit": sys.argv[2]} if sys.argv[2] else {}))
result = audit(sys.argv[1], settings=settings)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "rows": result.counts.instances + result.counts.unreadable, "seconds": result.seconds,
    "processor": used.ru_utime + used.ru_stime, "kib": used.ru_maxrss, "findings": sum(result.total.values()),
    "crashed": result.crashed, "checks": [[run.check, run.seconds, run.findings] for run in result.runs],
}))
"""

_COUNT = """
import duckdb, json, resource, sys
db = duckdb.connect(sys.argv[1], read_only=True)
db.execute("SET enable_progress_bar = false")
db.execute("SELECT COUNT(DISTINCT SOPInstanceUID) FROM instances").fetchall()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"processor": used.ru_utime + used.ru_stime}))
"""


def run(code: str, *arguments: str) -> dict[str, Any]:
    """What a process of its own prints as JSON."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, check=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def measure(index: Path, memory_limit: str) -> dict[str, Any]:
    """Audit one index and print a line for it."""
    audit, least = run(_AUDIT, str(index), memory_limit), run(_COUNT, str(index))
    print(
        f"{audit['rows']:>12,}{len(audit['checks']):>8}{audit['seconds']:>9.1f}{audit['processor']:>9.1f}"
        f"{audit['kib'] / 1024:>7.0f}{audit['findings']:>10,}{least['processor']:>9.2f}"
        f"{index.stat().st_size / 2**20:>8.0f}",
        flush=True,
    )
    if audit["crashed"]:
        raise SystemExit(f"these checks crashed: {', '.join(audit['crashed'])}")
    return audit


def main() -> None:
    """Measure each size and print a line for it, then the slowest checks of the largest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--index", type=Path, help="audit this index instead of made ones")
    parser.add_argument("--top", type=int, default=15, help="how many checks are listed")
    parser.add_argument("--memory-limit", default="", help="what DuckDB may use, as 2GB")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}, others may use them: compare processor seconds")
    print(f"{'rows':>12}{'checks':>8}{'wall s':>9}{'proc. s':>9}{'MiB':>7}{'findings':>10}{'count s':>9}{'file':>8}")
    if options.index:
        last = measure(options.index, options.memory_limit)
    for rows in [] if options.index else options.rows:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / "index.duckdb"
            make(index, rows)
            last = measure(index, options.memory_limit)
    print("\n  wall s  findings  check")
    for check, seconds, findings in sorted(last["checks"], key=lambda one: -one[1])[: options.top]:
        print(f"{seconds:>8.2f}{findings:>10,}  {check}")


if __name__ == "__main__":
    main()
