"""Make `samples.tsv`: real values of attributes, out of the files that pydicom ships for its own tests.

The files are public and invented or de-identified. What a de-identifier would act on is still taken only from files in
which all of it is evidently invented; `PARTLY` and `WITHHELD` say from which files it is not. Nothing is downloaded.
"""

from __future__ import annotations

import re
import sys
import warnings
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pydicom
from pydicom.datadict import keyword_for_tag
from pydicom.sequence import Sequence as Items

from data_files import finish, parser, table
from pinned import python_package
from tagwise.standard import deidentification, dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

FOLDER = Path(__file__).parent.parent / "src" / "tagwise" / "knowledge" / "data"
COLUMNS = ("keyword", "value", "length", "vr", "file", "modality", "path", "note", "files")
FOLDERS = ("test_files", "charset_files")
SHOWN = 3
LONGEST = 80  # characters of a value
BYTES = 12

EXCLUDED = {
    "*.txt": "text about the files",
    "*.dump": "text made from a file that is here",
    "*.json": "not in the DICOM file format",
    "*/README": "text about the files",
    "*.icc": "a colour profile, not an object",
    "*.gz": "MR_small.dcm once more, packed",
    "*/no_meta.dcm": "cut before its first data element",
    "*/meta_missing_tsyntax.dcm": "file meta information and nothing else",
    "*/DICOMDIR-*": "DICOMDIR once more, in another encoding or damaged",
}
"""Files that are not read, and why."""

MALFORMED = (
    "*/badVR.dcm",
    "*/rtplan_truncated.dcm",
    "*/MR_truncated.dcm",
    "*/JPEG2000-embedded-sequence-delimiter.dcm",
    "*/reportsi_with_empty_number_tags.dcm",
    "*/chrSQEncoding1.dcm",
    "*/UN_sequence.dcm",
)
"""Files with a fault that pydicom tests: their values come last and are marked."""

PARTLY = (
    "*/693_J2KI.dcm",
    "*/J2K_pixelrep_mismatch.dcm",
    "*/GDCMJ2K_TextGBR.dcm",
    "*/chrKoreanMulti.dcm",
    "*/examples_*.dcm",
    "*/waveform_ecg.dcm",
    "*/liver*_1frame.dcm",
    "*/no_meta_group_length.dcm",
)
"""De-identified files that keep a date, a place or a number: nothing that PS3.15 E.1-1 names is taken from them."""

WITHHELD = {
    "*/CT_small.dcm": {"InstitutionName"},
    "*/JPEG*.dcm": {"InstitutionName"},
    "*/JPGExtended.dcm": {"InstitutionName"},
    "*/rtstruct.dcm": {"OperatorsName"},
    "*/test-SR.dcm": {"VerifyingObserverName"},
}
"""Names of places and persons that may exist, in files that are invented otherwise."""

FIRST = ("CT_small", "chrH31", "MR_small", "rtplan", "JPEG-lossy", "test-SR", "waveform_ecg")
"""Files whose values come before those of others: complete, and known to who uses pydicom."""

PURPOSE = "the file is malformed on purpose"
BREAKS = "breaks the rules of its VR"
FORMS = {
    "AS": r"\d{3}[DWMY]",
    "CS": r"[A-Z0-9 _]{0,16}",
    "DA": r"\d{8}",
    "DS": r"[-+0-9.eE ]{1,16}",
    "DT": r"\d{4,14}(\.\d{1,6})?([-+]\d{4})?",
    "IS": r"[-+0-9 ]{1,12}",
    "TM": r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?",
    "UI": r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*",
}
"""What one value of a VR looks like (PS3.5 6.2), for the note that a sample does not."""

_SEEN = str.maketrans({**{chr(code): chr(0x2400 + code) for code in range(32)}, "\x7f": "␡"})
"""Control characters as their pictures, which keep a row one line."""


class Found(NamedTuple):
    """One value as it stands in one file."""

    keyword: str
    value: str
    length: str
    vr: str
    file: str
    modality: str
    maker: str
    path: str
    note: str
    withheld: bool


def matches(file: str, patterns: tuple[str, ...] | dict[str, str]) -> bool:
    """Whether the name of a file, with its folder, fits one of these patterns."""
    return any(fnmatch(file, pattern) for pattern in patterns)


def files() -> list[tuple[str, Path]]:
    """The files that are read, by name below pydicom's `data`, in alphabetical order."""
    data = Path(pydicom.__file__).parent / "data"
    named = [(path.relative_to(data).as_posix(), path) for folder in FOLDERS for path in (data / folder).rglob("*")]
    return sorted((name, path) for name, path in named if path.is_file() and not matches(name, EXCLUDED))


def read(file: str, path: Path) -> list[Found]:
    """Every value of a standard attribute in a file, nested ones too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom warns of the faults that it tests
        dataset = pydicom.dcmread(path, force=True)
        about = (file, str(dataset.get("Modality") or ""), str(dataset.get("Manufacturer") or ""))
        meta = _values(dataset.file_meta, (), about) if hasattr(dataset, "file_meta") else ()
        return [*meta, *_values(dataset, (), about)]


def _values(dataset: Dataset, path: tuple[str, ...], about: tuple[str, str, str]) -> Iterator[Found]:
    file, modality, maker = about
    for tag in sorted(dataset.keys()):
        if tag.is_private or not keyword_for_tag(tag):
            continue
        element = dataset[tag]
        known = dictionary.find(f"{tag.group:04X}{tag.element:04X}")
        if not known.keyword:
            continue
        value, length = shown(element)
        yield Found(
            *(known.keyword, value, length, element.VR, file, modality, maker, " > ".join(path)),
            *(note(element, file), _is_withheld(known, file)),
        )
        if element.VR == "SQ":
            for item in element.value:
                yield from _values(item, (*path, known.keyword), about)


def _is_withheld(known: dictionary.Attribute, file: str) -> bool:
    if matches(file, PARTLY) and deidentification.of_tag(known.tag):
        return True
    return any(fnmatch(file, pattern) and known.keyword in keywords for pattern, keywords in WITHHELD.items())


def shown(element: DataElement) -> tuple[str, str]:
    """A value as text, cut where it is long, and its whole length where it is: `300 characters`, `12 items`."""
    value = element.value
    if isinstance(value, Items):
        keywords = list(dict.fromkeys(inner.keyword for item in value for inner in item if inner.keyword))
        return cut(" ".join(keywords), "characters")[0], f"{len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, bytes):
        whole = value.hex(" ").upper()
        return (whole, "") if len(value) <= BYTES else (value[:BYTES].hex(" ").upper() + " …", f"{len(value):,} bytes")
    several = element.VM > 1
    texts = [str(part) for part in value] if several else ["" if value is None else str(value)]
    if element.VR == "AT":
        texts = [str(part) for part in (value if several else [value]) if part is not None]
    return cut("\\".join(texts).translate(_SEEN), f"characters, {element.VM} values" if several else "characters")


def cut(text: str, unit: str) -> tuple[str, str]:
    """A text of at most `LONGEST` characters, and the whole length where something is missing."""
    if len(text) <= LONGEST:
        return text, ""
    return text[: LONGEST - 2].rstrip() + " …", f"{len(text):,} {unit}"


def note(element: DataElement, file: str) -> str:
    """What is wrong with a sample."""
    if matches(file, MALFORMED):
        return PURPOSE
    form = FORMS.get(element.VR)
    values = (element.value if element.VM > 1 else [element.value]) if form and element.value not in ("", None) else []
    return BREAKS if any(not re.fullmatch(str(form), str(value).strip()) for value in values) else ""


def chosen(found: list[Found]) -> list[Found]:
    """Up to three different values of one attribute, from as different files as there are.

    A sound value comes before a malformed one, one with content before an empty one, and one whose file has another
    modality and manufacturer than those already chosen before one that has not; then the best known file.
    """
    left = [one for one in found if not one.withheld]
    left = [one for one in left if one.value or one.length] or left[:1]
    picked: list[Found] = []
    while left and len(picked) < SHOWN:
        modalities, makers = {one.modality for one in picked}, {(one.modality, one.maker) for one in picked}
        best = min(
            left,
            key=lambda one: (
                *(bool(one.note), one.modality in modalities, (one.modality, one.maker) in makers),
                *(_rank(one.file), one.path.count(">") + bool(one.path), one.file, one.path, one.value),
            ),
        )
        picked.append(best)
        left = [one for one in left if (one.value, one.length) != (best.value, best.length)]
    return picked


def _rank(file: str) -> int:
    stem = Path(file).stem
    return FIRST.index(stem) if stem in FIRST else len(FIRST)


def rows() -> list[tuple[str, ...]]:
    """The rows of the table, in the order of tags."""
    by_keyword: dict[str, list[Found]] = {}
    for file, path in files():
        for one in read(file, path):
            by_keyword.setdefault(one.keyword, []).append(one)
    order = {known.keyword: place for place, known in enumerate(dictionary.all_attributes())}
    made = []
    for keyword in sorted(by_keyword, key=order.__getitem__):
        count = str(len({one.file for one in by_keyword[keyword]}))
        made += [
            (keyword, one.value, one.length, one.vr, one.file, one.modality, one.path, one.note, count)
            for one in chosen(by_keyword[keyword])
        ]
    return made


def main() -> int:
    """Write the table, or compare it."""
    check = parser(str(__doc__).partition("\n")[0]).parse_args().check
    package = python_package("pydicom")
    head = {
        "edition": f"pydicom {package['version']}",
        "files": str(len(files())),
        "sources": f"the DICOM files in pydicom/data/{{{','.join(FOLDERS)}}} of pydicom"
        f" {package['version']} (MIT licence; its README names where they come from)",
        "note": "persons are invented (charset examples, CompressedSamples, Doe, Test) or left out: what PS3.15 E.1-1"
        " names is not taken from files that were de-identified only in part; see tools/make_samples.py",
        "values": "␍ ␊ ␛ ␀ stand for control characters, \\ separates values, bytes are hexadecimal as they stand in"
        " the file; of a sequence, the attributes in its items; files: how many of all files have the attribute",
    }
    made = table("make_samples.py", head, COLUMNS, rows())
    return finish({"samples.tsv": made}, check=check, folder=FOLDER)


if __name__ == "__main__":
    sys.exit(main())
