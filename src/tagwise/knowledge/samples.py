"""Values that real files hold: up to three for an attribute, out of the test files of a pinned package.

tools/make_samples.py makes the table and says which files are not read, and why.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tagwise.knowledge import tables

_TABLE = "samples.tsv"
_COLUMNS = ("keyword", "value", "length", "vr", "file", "modality", "path", "note", "files")


class Sample(NamedTuple):
    """A value as it stands in one file.

    Several values are separated by a backslash; bytes are hexadecimal; of a sequence, `value` has the keywords in its
    items. `length` is the whole length where `value` is cut, and the number of items of a sequence: `1,024 bytes`,
    `2 items`. `path` has the keywords of the sequences around the attribute, outermost first. `note` says what is wrong
    with it. `files` is how many of all files have the attribute.
    """

    keyword: str
    value: str
    length: str
    vr: str
    file: str
    modality: str
    path: tuple[str, ...]
    note: str
    files: int


def _sample(row: list[str]) -> Sample:
    keyword, value, length, vr, file, modality, path, note, files = row
    if not files.isdecimal():
        raise tables.damaged(_TABLE, f"{keyword} is in {files!r} files")
    return Sample(
        *(keyword, value, length, vr, file, modality, tuple(path.split(" > ")) if path else (), note, int(files)),
    )


def samples(keyword: str) -> tuple[Sample, ...]:
    """The values of an attribute, none where no file that may be shown has it.

    >>> [sample.value for sample in samples("PatientName")][0]
    'CompressedSamples^CT1'

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(_sample(row) for row in tables.rows_of(_TABLE, _COLUMNS, keyword))


@cache
def all_samples() -> tuple[Sample, ...]:
    """Every value, in the order of tags.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(_sample(row) for row in tables.rows(_TABLE, _COLUMNS))


def files() -> int:
    """How many files the values are from.

    Raises:
        KnowledgeDataError: The table is missing or its head does not say so.
    """
    count = tables.facts(_TABLE).get("files", "")
    if not count.isdecimal():
        raise tables.damaged(_TABLE, "its head does not say how many files were read")
    return int(count)


def source() -> str:
    """Which files the values are from.

    Raises:
        KnowledgeDataError: The table is missing or its head does not say so.
    """
    return tables.facts(_TABLE)["sources"]


def edition() -> str:
    """The package with the files, and its version.

    Raises:
        KnowledgeDataError: The table is missing or its head does not say so.
    """
    return tables.facts(_TABLE)["edition"]
