"""Start the file of a new check: headings, facts to fill in, and examples.

Usage: python tools/new_check.py consistency/laterality-differs [archive | value | element | dataset | object]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHECKS = Path(__file__).resolve().parent.parent / "src" / "tagwise" / "checks"

PAGE = '''"""Say in one sentence what is wrong.

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
'''

ARCHIVE = '''
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

OBJECT = '''
from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import Fault, ObjectExample, object_check
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity

if TYPE_CHECKING:
    from tagwise.validation.objects import {types}


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="{target}",{looked_at}
    references=("PS3.5 6.2",),
    since="{version}",
    fires=(ObjectExample("what goes wrong", [Given("StudyDate", "DA", "20261301")], ["{path}"]),),
    silent=(ObjectExample("what looks like it and is right", [Given("StudyDate", "DA", "20261201")]),),
)
def {stem}({parameters}) -> Fault | None:
    """Say what is wrong, without patient values; None where all is well."""
{body}
'''

FORMS = {
    "value": {
        "target": "values",
        "looked_at": '\n    vrs=("DA",),',
        "types": "Element",
        "parameters": "element: Element",
        "path": "StudyDate",
        "body": '    if element.raw:\n        return None\n    return Fault(f"{element.name} is wrong", element)',
    },
    "element": {
        "target": "elements",
        "looked_at": "",
        "types": "Element",
        "parameters": "element: Element",
        "path": "StudyDate",
        "body": '    if element.vr:\n        return None\n    return Fault(f"{element.name} is wrong", element)',
    },
    "dataset": {
        "target": "data sets",
        "looked_at": '\n    reads=("StudyDate",),',
        "types": "DataSet, ParsedObject",
        "parameters": "data_set: DataSet, _parsed: ParsedObject",
        "path": "StudyDate",
        "body": "    element = data_set.get(0x00080020)\n    if element is None or element.raw:\n        return None\n"
        '    return Fault(f"{element.name} is wrong", element)',
    },
    "object": {
        "target": "object",
        "looked_at": '\n    reads=("StudyDate",),',
        "types": "ParsedObject",
        "parameters": "parsed: ParsedObject",
        "path": "",
        "body": '    if parsed.complete:\n        return None\n    return Fault("the object is wrong")',
    },
}


def main(name: str, kind: str = "archive") -> int:
    """Write the file; refuse a name that is no `folder/wrong-pattern` or exists, and an unknown kind."""
    if kind not in ("archive", *FORMS):
        print(f"{kind!r} is no kind of check; there are {['archive', *FORMS]}")
        return 2
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
    made = PAGE + (ARCHIVE if kind == "archive" else OBJECT)
    facts = {"stem": stem, "version": version[1] if version else ""} | FORMS.get(kind, {})
    path.write_text(made.format(**facts), encoding="utf-8")
    what = "SQL" if kind == "archive" else "function (its example fails until then)"
    print(f"wrote {path}; now write its page, its {what} and its examples: CONTRIBUTING.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) in (2, 3) else main(""))
