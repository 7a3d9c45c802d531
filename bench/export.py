"""Time, size and memory of `tagwise site`, beside plain Jinja pages of the same number and a copy of it, in one run.

The Jinja line renders one small page (a table of 20 rows) as often as the site has pages, and writes each: what a
template engine and a file system take at least. The copy writes the same files again without making them.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

_ROWS = 20
_PAGE = """<!DOCTYPE html><html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><table>
{% for row in rows %}<tr><th scope="row"><a href="{{ row }}.html">{{ title }}</a></th><td>{{ row }}</td></tr>
{% endfor %}</table></body></html>
"""
_JINJA = f"""
import sys
from pathlib import Path
from jinja2 import Environment
template = Environment(autoescape=True).from_string({_PAGE!r})
folder = Path(sys.argv[1])
folder.mkdir()
for number in range(int(sys.argv[2])):
    text = template.render(title=f"Page {{number}}", rows=range(number, number + {_ROWS}))
    (folder / f"{{number}}.html").write_text(text)
"""


class Measured(NamedTuple):
    """A program that ran: its wall time in seconds, and what it printed."""

    seconds: float
    printed: str


def run(*words: str) -> Measured:
    """Run Python with these words."""
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    return Measured(time.perf_counter() - start, ran.stdout)


def main() -> None:
    """Measure, one program after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    jobs = options.parse_args().jobs
    print(f"{'':44} seconds   pages/s     MB   files")
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        pages = 0
        for number in jobs:
            took, printed = run("-m", "tagwise", "site", str(site), "--jobs", str(number), "--format", "json")
            said = json.loads(printed)
            pages = said["pages"]
            line(
                f"tagwise site, {number} process{'es' if number > 1 else ''}", took, pages, said["bytes"], said["files"]
            )
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        took, printed = run("-m", "tagwise", "site", str(site), "--no-json", "--format", "json")
        said = json.loads(printed)
        line("tagwise site --no-json", took, pages, said["bytes"], said["files"])
        took = run("-c", _JINJA, str(Path(folder) / "jinja"), str(pages)).seconds
        made = [path.stat().st_size for path in (Path(folder) / "jinja").iterdir()]
        line(f"Jinja alone, one page of {_ROWS} rows each, 1 process", took, pages, sum(made), len(made))
        start = time.perf_counter()
        shutil.copytree(site, Path(folder) / "copy")
        line("copying that site", time.perf_counter() - start, pages, said["bytes"], said["files"])
    print(f"\nlargest process of an export: {memory:.0f} MiB")


def line(name: str, seconds: float, pages: int, size: int, files: int) -> None:
    """Print one measurement."""
    print(f"{name:44} {seconds:7.1f}   {pages / seconds:7.0f}   {size / 1e6:4.0f}   {files:5}")


if __name__ == "__main__":
    main()
