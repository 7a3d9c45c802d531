"""Start the file of a new check: headings, facts to fill in, and one example that fires.

Usage: python tools/new_check.py consistency/laterality-differs
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHECKS = Path(__file__).resolve().parent.parent / "src" / "tagwise" / "checks"

TEMPLATE = '''"""Say in one sentence what is wrong.

## What it finds
The pattern, in words.

## Why it matters
What breaks, and for whom.

## How to confirm
What to look at to be sure.

## How to fix
What to do, and who does it.

## Not a problem when
The cases that look like it and are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks import Example, check
from tagwise.findings import Basis, Confidence, Level, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagwise.findings import EvidenceValue

_SERIES = {{"SeriesInstanceUID": "1.2.826.0.1.1.1", "Modality": "CT"}}


@check(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    basis=Basis.PRACTICE,
    level=Level.SERIES,
    relation="facets",
    subject=("SeriesInstanceUID",),
    reads=("SeriesInstanceUID", "Modality"),
    sql="""
SELECT SeriesInstanceUID, COUNT(DISTINCT Modality) AS modalities, SUM(instances) AS instances
FROM facets
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
HAVING MIN(Modality) <> MAX(Modality)
ORDER BY SeriesInstanceUID
""",
    references=("PS3.3 C.7.3.1",),
    sources=(),
    since="{version}",
    fires=(
        Example(
            "what goes wrong",
            [_SERIES, {{**_SERIES, "Modality": "MR"}}],
            [{{"SeriesInstanceUID": "1.2.826.0.1.1.1"}}],
        ),
    ),
    silent=(Example("what looks like it and is right", [_SERIES, _SERIES]),),
)
def {stem}(row: Mapping[str, EvidenceValue]) -> str:
    """Name what differs."""
    return f"{{row['modalities']}} modalities in one series"
'''


def main(name: str) -> int:
    """Write the file; refuse a name that is no `folder/wrong-pattern` or exists."""
    if not re.fullmatch(r"[a-z]+/[a-z]+(-[a-z]+)*", name):
        print(f"{name!r} is no name of a check: write folder/wrong-pattern in small letters, without numbers")
        return 2
    folder, _, stem = name.replace("-", "_").partition("/")
    path = CHECKS / folder / f"{stem}.py"
    if not path.parent.is_dir():
        print(f"there is no folder {folder!r}; there are {sorted(p.name for p in CHECKS.iterdir() if p.is_dir())}")
        return 2
    if path.exists():
        print(f"{name!r} exists already: {path}")
        return 2
    version = re.search(r'__version__ = "(.+)"', (CHECKS.parent / "__init__.py").read_text(encoding="utf-8"))
    path.write_text(TEMPLATE.format(stem=stem, version=version[1] if version else ""), encoding="utf-8")
    print(f"wrote {path}; now write its page, its SQL and its examples (CONTRIBUTING.md)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else main(""))
