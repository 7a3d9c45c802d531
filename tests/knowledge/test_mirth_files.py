"""The files of the examples for Mirth Connect: complete, in older JavaScript, and of the kind of step that they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.sr import codes

from tagwise.errors import KnowledgeDataError, UnknownName
from tagwise.knowledge import hl7v2, mirth, mirth_xml, tables
from tagwise.standard import dictionary

FOLDER = Path(tables.__file__).parent / "data" / "mirth"
EXAMPLES = [mirth.example(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
TOOLS = Path(__file__).parents[2] / "tools"
by_name = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)


def test_there_are_as_many_as_promised() -> None:
    """Sixty attributes with a useful example; every goal has some."""
    listed = mirth.listed()
    assert len({one.keyword for one in listed}) >= 100
    assert {one.goal for one in listed} == set(mirth.Goal.__args__)  # type: ignore[attr-defined]
    assert {one.name for one in listed} == {one.name for one in EXAMPLES}


def test_the_index_is_up_to_date() -> None:
    """What the maker makes of the files is committed."""
    ran = subprocess.run(
        [sys.executable, "make_mirth_index.py", "--check"], cwd=TOOLS, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@by_name
def test_an_example_is_complete(example: mirth.Example) -> None:
    """Keywords of the dictionary, which its code or messages have; two cases at least that differ in result."""
    assert example.title
    assert not example.title.endswith(".")
    assert example.purpose.endswith(".")
    assert all(re.match(r"PS3\.\d+ |HL7 |FHIR |IHE ", one) for one in example.references), example.references
    everything = example.code + "".join(
        case.message.text + (case.out.text if case.out else "") for case in example.cases
    )
    for keyword in example.keywords:
        found = dictionary.find(keyword)
        assert found.keyword == keyword
        group, element = found.digits[:4], found.digits[4:]
        assert found.digits in everything or keyword in everything or hl7_carries(keyword, everything), (group, element)
    assert len(example.cases) >= 2
    results = {(c.returns, str(c.channel_map), c.removed, c.log, c.out, c.error) for c in example.cases}
    assert len(results) >= 2, "a case where it goes well and one where it does not"


def hl7_carries(keyword: str, text: str) -> bool:
    return any(found.field.split(".")[0].replace("-", ".") in text for found in hl7v2.fields(keyword))


@by_name
def test_the_code_fits_older_versions(example: mirth.Example) -> None:
    """Nothing that the Rhino of Mirth 3 does not know, and no line longer than a page is wide."""
    code = re.sub(r"(?<!:)//[^\n]*", "", example.code)
    assert not re.search(r"\b(let|const|class|yield|async)\s|=>|`|\.\.\.", code)
    assert not re.search(r"\.(includes|startsWith|endsWith|padStart|padEnd|find|repeat|assign|values)\(", code)
    assert all(len(line) <= 100 for line in example.code.splitlines())


@by_name
def test_a_step_keeps_to_its_kind(example: mirth.Example) -> None:
    """A filter returns true or false, a transformer nothing; destinations are taken off in the source only."""
    outside = re.sub(
        r"function \w*\([^)]*\) \{.*?\n\}(?=\W)|function \([^)]*\) \{.*?\}", "", example.code, flags=re.DOTALL
    )
    if example.step.endswith("filter"):
        assert re.search(r"^return ", outside, re.MULTILINE)
        assert all(case.returns is not None for case in example.cases)
    else:
        assert not re.search(r"^(?:  )?(?:  )?return\b", outside, re.MULTILINE), outside
        assert all(case.returns is None for case in example.cases)
    assert ("destinationSet" in example.code) == bool(example.destinations)
    assert not example.destinations or example.step == "source transformer"


@by_name
def test_logs_have_no_patient_data(example: mirth.Example) -> None:
    """Names, birth dates and IDs of patients do not go into the server log."""
    for case in example.cases:
        for line in (*case.log, case.error):
            assert not re.search(r"Doe|Jane|Adams|4711|19701231", line), line


def test_codes_of_body_parts_are_those_of_the_standard() -> None:
    """The SNOMED CT codes of the example, against the context groups that pydicom has."""
    code = mirth.example("fhir-laterality-codes").code
    pairs = re.findall(r"\['(\d+)', '(\w+)'\]", code)
    assert len(pairs) == 7
    for value, meaning in pairs:
        assert getattr(codes.SCT, meaning).value == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = 1", "KeyError"),
        ("title", "TOMLDecodeError"),
        ('step = "kitchen"\ngoal = "routing"', "no step"),
        (
            'step="source filter"\ngoal="routing"\ntitle="x"\nkeywords=[]\npurpose=""\ncode=""\ncase=[{result=1}]',
            "result",
        ),
    ],
)
def test_a_damaged_example_says_so(text: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the file and the reason, not as a traceback of the parser."""
    monkeypatch.setattr(tables, "text", lambda _: text)
    with pytest.raises(KnowledgeDataError, match=says) as raised:
        mirth.example.__wrapped__("made-up")
    assert "mirth/made-up.toml" in str(raised.value)


def test_a_missing_example_says_so() -> None:
    with pytest.raises(KnowledgeDataError, match=r"mirth/nowhere\.toml"):
        mirth.example("nowhere")


def test_an_unknown_keyword_says_so() -> None:
    with pytest.raises(UnknownName, match="SeriesInstnceUID"):
        mirth_xml.dicom_xml({"SeriesInstnceUID": "1"})


def test_most_attributes_have_no_example() -> None:
    assert mirth.examples("EchoTime") == ()
