"""Sample values stand in the files they name, and nothing in them is of a person that may exist."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from pydicom.tag import BaseTag, Tag

from tagwise import pages
from tagwise.errors import KnowledgeDataError
from tagwise.knowledge import samples, tables
from tagwise.pages import as_json, text
from tagwise.standard import deidentification, dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from tagwise.knowledge.samples import Sample

ROOT = Path(__file__).resolve().parents[2]
PYDICOM = Path(pydicom.__file__).parent / "data"
SHOWN_AT_ONCE = 60

INVENTED_PERSONS = re.compile(
    r"CompressedSamples\^\w+|Doe\^\w+|Citizen\^Jan|Lestrade\^G|Moriarty\^James|Last( ?Name)?\^First( ?Name)?.*|Test\^.*"
    r"|Yamada\^Tarou=.*|ﾔﾏﾀﾞ\^ﾀﾛｳ=.*|やまだ\^たろう.*|Buc\^Jérôme.*|Lastname\^Firstname|Anonymized|Doctor\^Who\^\^MD"
    r"|Observer\^Verifying|Enter text|operator|[-^]*"
)
"""The names of persons in the table, each evidently invented or a charset example."""


def _numbers(keywords: tuple[str, ...]) -> tuple[BaseTag, ...]:
    """Tags, because keywords of this pydicom may be older than ours; 60xx is 6000."""
    attributes = dictionary.by_keyword()
    return tuple(Tag(re.sub(r"\W", "", attributes[keyword].tag.replace("xx", "00"))) for keyword in keywords)


def _inside(dataset: Dataset, path: tuple[BaseTag, ...]) -> Iterator[Dataset]:
    """Every item at this path."""
    if not path:
        yield dataset
        return
    for item in dataset[path[0]].value if path[0] in dataset else ():
        yield from _inside(item, path[1:])


def _opened(sample: Sample) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(PYDICOM / sample.file, force=True)
        return dataset.file_meta if dictionary.by_keyword()[sample.keyword].tag.startswith("(0002") else dataset


def _texts(element: pydicom.DataElement) -> str:
    """What an element holds, said in another way than the maker does."""
    if element.VR == "SQ":
        return str(len(element.value))
    if isinstance(element.value, bytes):
        return element.value[:12].hex()
    values = element.value if element.VM > 1 else [element.value]
    return "\\".join("" if value is None else str(value) for value in values)


def _says(sample: Sample) -> str:
    if sample.vr == "SQ":
        return sample.length.split()[0]
    if sample.length.endswith("bytes") or sample.vr in ("OB", "OW", "UN", "OF", "OD", "OL"):
        return re.sub(r"[ …]", "", sample.value).lower()
    return sample.value.removesuffix(" …")


@pytest.mark.parametrize("seed", range(3))
def test_a_random_part_of_the_samples_stands_in_its_files(seed: int) -> None:
    """At the path, in the file and with the value that the table has."""
    for sample in random.Random(seed).sample(samples.all_samples(), SHOWN_AT_ONCE):  # noqa: S311 - not for security
        pictured = {chr(0x2400 + code): chr(code) for code in range(32)}
        wanted = "".join(pictured.get(letter, letter) for letter in _says(sample))
        places = list(_inside(_opened(sample), _numbers(sample.path)))
        (number,) = _numbers((sample.keyword,))
        found = [_texts(item[number]) for item in places if number in item]
        assert any(one.startswith(wanted) if sample.length else one == wanted for one in found), (sample, found)


@pytest.mark.slow
def test_the_maker_makes_the_committed_table() -> None:
    """Out of the pinned pydicom that the tests run with."""
    command = [sys.executable, str(ROOT / "tools" / "make_samples.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT / "tools")
    assert ran.returncode == 0, ran.stdout


def test_attributes_are_those_of_the_dictionary_in_the_order_of_tags() -> None:
    """Rows of one attribute stand together: the loader relies on it."""
    order = {known.keyword: place for place, known in enumerate(dictionary.all_attributes())}
    places = [order[sample.keyword] for sample in samples.all_samples()]
    assert places == sorted(places)
    for sample in samples.all_samples():
        assert sample.vr in dictionary.by_keyword()[sample.keyword].vr or sample.vr in ("UN", "OB", "OW")
        assert (PYDICOM / sample.file).is_file()


def test_an_attribute_has_at_most_three_different_values() -> None:
    by_keyword: dict[str, list[Sample]] = {}
    for sample in samples.all_samples():
        by_keyword.setdefault(sample.keyword, []).append(sample)
    for found in by_keyword.values():
        assert len(found) <= 3
        assert len({(one.value, one.length) for one in found}) == len(found)
        assert all(1 <= one.files <= samples.files() for one in found)
    assert len(by_keyword) > 450


def test_persons_are_invented() -> None:
    """A new name in the table has to be looked at before it passes."""
    names = {sample.value for sample in samples.all_samples() if sample.vr == "PN"}
    assert names
    assert [name for name in names if not INVENTED_PERSONS.fullmatch(name)] == []


@pytest.mark.parametrize("place", ["waveform_ecg", "examples_", "693_J2KI", "J2K_pixelrep", "chrKorean", "liver_"])
def test_what_a_de_identifier_acts_on_is_not_taken_from_partly_cleaned_files(place: str) -> None:
    """They keep hospitals, dates or numbers."""
    taken = [sample for sample in samples.all_samples() if place in sample.file]
    tags = {sample.keyword: dictionary.by_keyword()[sample.keyword].tag for sample in taken}
    assert [keyword for keyword, tag in tags.items() if deidentification.of_tag(tag)] == []


def test_long_values_are_cut_and_say_how_long_they_are() -> None:
    (cut,) = [sample for sample in samples.samples("ImageComments") if sample.length]
    assert len(cut.value) <= 80
    assert cut.length == "267 characters"
    assert samples.samples("PixelData")[0].length == "32,768 bytes"


@pytest.mark.parametrize("name", ["PatientName", "CodeValue", "PixelData", "BeamSequence", "ImageComments"])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_section_shows_every_value_with_its_file(name: str, width: int) -> None:
    """In text and in JSON, within the width."""
    page = pages.attribute(name)
    shown = text.page(page, width=width, sections=["samples"])
    squeezed = "".join(shown.split())
    values = as_json.page(page, ["samples"])["samples"]["values"]
    assert len(values) == len(page.samples.samples) > 0
    for entry in values:
        assert "".join(entry["value"].split()) in squeezed
        assert entry["file"] in squeezed
    assert all(len(line) <= width for line in shown.split("\n"))


def test_an_attribute_without_samples_says_so_in_one_line() -> None:
    shown = text.page(pages.attribute("ErrorComment"), width=100, sections=["samples"])
    line = shown[shown.index("Sample values") :].split("\n")[1:]
    assert line == ["  None: of the 176 test files of pydicom 3.0.2 no file that may be shown has it."]


@pytest.mark.parametrize("old", ["\n# files: 176", "\tfiles\n", "\tCT\t\t\t164\n"])
def test_a_damaged_table_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch, old: str) -> None:
    real = tables.text("samples.tsv")
    assert old in real
    with monkeypatch.context() as patched:
        patched.setattr(tables, "text", lambda _: real.replace(old, "\n" if old.endswith("\n") else ""))
        tables.facts.cache_clear()
        tables._body.cache_clear()
        with pytest.raises(KnowledgeDataError, match=r"samples\.tsv"):
            _ = pages.attribute("PatientName").samples
    tables.facts.cache_clear()
    tables._body.cache_clear()
