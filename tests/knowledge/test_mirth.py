"""The examples for Mirth Connect: each runs in Rhino, with E4X, as Mirth would run it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from tests.knowledge.rhino import hl7_tree
from tests.knowledge.rhino.runner import LANGUAGES, Run, results

from tagwise.knowledge import mirth, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(tables.__file__).parent / "data" / "mirth"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
CASES = [(name, number) for name in NAMES for number in range(len(mirth.example(name).cases))]


def case_run(name: str, number: int, language: int) -> Run:
    example = mirth.example(name)
    case = example.cases[number]
    return Run(
        code=example.code,
        message=case.message,
        filter=example.step.endswith("filter"),
        template=example.template,
        maps=case.given,
        destinations=example.destinations,
        language=language,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int, int], dict[str, Any]]:
    """Every case, in every language version that Mirth may be set to."""
    every = [(name, number, language) for language in LANGUAGES for name, number in CASES]
    made = results([case_run(*one) for one in every], tmp_path_factory.mktemp("rhino"))
    return dict(zip(every, made, strict=True))


def elements(xml: str) -> list[tuple[str, str | None, str]]:
    """Path, VR and text of every element: `len` and `off` are not read when Mirth writes an object."""

    def walk(element: ET.Element, path: str) -> Iterator[tuple[str, str | None, str]]:
        for number, child in enumerate(element):
            here = f"{path}/{child.tag if child.tag != 'item' else number}"
            assert child.tag == "item" or child.get("tag") == child.tag.removeprefix("tag"), f"{here} would be lost"
            yield here, child.get("vr"), "" if len(child) else (child.text or "")
            yield from walk(child, here)

    return list(walk(ET.fromstring(xml), ""))  # noqa: S314 - the harness or the loader made it


def compared(kind: str, text: str) -> object:
    """A message in a form in which two that mean the same are equal."""
    if kind == "JSON":
        return json.loads(text)
    if kind == "DICOM":
        return elements(re.sub(r">\s+<", "><", text))
    return hl7_tree.to_text(text if text.startswith("<") else hl7_tree.to_xml(text)).splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_an_example_does_what_it_says(name: str, number: int, language: int, ran: dict[Any, dict[str, Any]]) -> None:
    """Result, maps, destinations, log and messages: what a case lists, and nothing else."""
    example, result = mirth.example(name), ran[name, number, language]
    case = example.cases[number]
    assert (result["error"] or "") == case.error
    assert not result["leaked"], "a variable without var reaches every other script"
    assert result["log"] == list(case.log)
    assert result["returns"] == case.returns
    given = case.given.get("channelMap", {})
    assert {key: value for key, value in result["channelMap"].items() if given.get(key) != value} == case.channel_map
    assert result["removed"] == list(case.removed)
    kind, before = case.message.kind, case.message.text
    if example.template is None:
        assert compared(kind, result["msg"]) == compared(kind, case.out.text if case.out else before)
        return
    assert compared(kind, result["msg"]) == compared(kind, before)
    out = case.out or example.template
    assert out.kind == example.template.kind
    assert compared(out.kind, result["tmp"]) == compared(out.kind, out.text)
