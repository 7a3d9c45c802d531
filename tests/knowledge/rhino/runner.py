"""Running scripts in Rhino: one process for all, since starting Java takes longer than the scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.knowledge.rhino import hl7_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagwise.knowledge.mirth import Message

HARNESS = Path(__file__).parent / "harness.js"
LANGUAGES = (0, 200)
"""What Mirth may be set to: the default of Rhino, and ES6 (`rhino.languageversion`)."""

_BETWEEN_TAGS = re.compile(r">\s+<")
_TIMEOUT = 110


class Run(NamedTuple):
    """One script with one message."""

    code: str
    message: Message
    filter: bool = False
    template: Message | None = None
    maps: Mapping[str, Mapping[str, str]] = {}
    destinations: Sequence[str] = ()
    language: int = 0


def needed() -> None:
    """Skip where Rhino is not installed, but fail where its absence would hide that examples are wrong."""
    if shutil.which("rhino"):
        return
    sentence = "rhino is not installed: apt-get install rhino. The examples for Mirth Connect run in it"
    if os.environ.get("CI") or os.environ.get("TAGWISE_NEED_RHINO"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def results(runs: Sequence[Run], folder: Path) -> list[dict[str, Any]]:
    """What each run left behind, in their order."""
    needed()
    path = folder / "runs.json"
    path.write_text(json.dumps([_document(one) for one in runs]), encoding="ascii")
    ran = subprocess.run(
        ["rhino", "-opt", "-1", str(HARNESS), str(path)], capture_output=True, text=True, check=False, timeout=_TIMEOUT
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(lines) == len(runs), ran.stderr + ran.stdout[-2000:]
    return lines


def _document(run: Run) -> dict[str, Any]:
    template = run.template
    return {
        "code": run.code,
        "kind": run.message.kind,
        "message": tree(run.message),
        "filter": run.filter,
        "templateKind": template.kind if template else "",
        "template": tree(template) if template else "",
        "maps": {name: dict(entries) for name, entries in run.maps.items()},
        "destinations": list(run.destinations),
        "language": run.language,
    }


def tree(message: Message) -> str:
    """A message as scripts see it: XML without blanks between elements, or JSON."""
    if message.kind == "HL7 v2.x":
        return hl7_tree.to_xml(message.text)
    return message.text if message.kind == "JSON" else _BETWEEN_TAGS.sub("><", message.text)
