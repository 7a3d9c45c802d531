"""What PS3.15 annex E asks of a de-identifier for each attribute: table E.1-1, with its options."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tagwise.errors import UnknownName
from tagwise.standard import dictionary, tables

FILE = "deidentification.tsv"
PRIVATE = "private"

OPTIONS = {
    "retain_safe_private": "Retain Safe Private",
    "retain_uids": "Retain UIDs",
    "retain_device_identity": "Retain Device Identity",
    "retain_institution_identity": "Retain Institution Identity",
    "retain_patient_characteristics": "Retain Patient Characteristics",
    "retain_longitudinal_full_dates": "Retain Longitudinal Temporal Information, Full Dates",
    "retain_longitudinal_modified_dates": "Retain Longitudinal Temporal Information, Modified Dates",
    "clean_descriptors": "Clean Descriptors",
    "clean_structured_content": "Clean Structured Content",
    "clean_graphics": "Clean Graphics",
}
"""The options of the profile that change rows of the table, as its columns are called here and in the standard."""

MEANINGS = {
    "D": "replace it by a dummy value that is not empty and fits the VR",
    "Z": "empty it, or replace it by a dummy value that fits the VR",
    "X": "remove it",
    "K": "keep it; of a sequence, treat the items attribute by attribute",
    "C": "clean it: put values of similar meaning in place that identify nobody",
    "U": "replace it by another UID, the same one wherever the old one stands in the set",
    "X/Z": "remove it; where the object must have it (type 2), empty it",
    "X/D": "remove it; where the object must have a value (type 1), replace it by a dummy value",
    "Z/D": "empty it; where the object must have a value (type 1), replace it by a dummy value",
    "X/Z/D": "remove it; where the object must have it, empty it (type 2) or replace it by a dummy value (type 1)",
    "X/Z/U*": "remove it; where the object must have it, empty it (type 2) or replace the UIDs in it (type 1)",
}
"""What the action codes ask, in our own words."""

_NOT_PRIVATE = frozenset({"0001", "0003", "0005", "0007", "FFFF"})  # PS3.5 7.8.1: these groups shall not be used
_COLUMNS = ("tag", "keyword", "basic", *OPTIONS)


class Option(NamedTuple):
    """An option of the profile that treats an attribute otherwise than the basic profile; `action` is `K` or `C`."""

    key: str
    action: str

    @property
    def name(self) -> str:
        """The option as the standard calls it."""
        return OPTIONS[self.key]


class Actions(NamedTuple):
    """One row of the table. `tag` may be a pattern, as (60xx,3000), or `private` for all private attributes."""

    tag: str
    keyword: str
    basic: str
    options: tuple[Option, ...]

    @property
    def meaning(self) -> str:
        """What the basic profile asks, in words."""
        return MEANINGS[self.basic]


def edition() -> str:
    """The edition of the table."""
    return tables.facts(FILE)["edition"]


def _actions(line: str) -> Actions:
    tag, keyword, basic, *options = line.split("\t")
    found = tuple(Option(key, action) for key, action in zip(OPTIONS, options, strict=True) if action)
    if basic not in MEANINGS or not {option.action for option in found} <= set(MEANINGS):
        raise tables.damaged(FILE, f"{tag} has an action that PS3.15 does not know")
    return Actions(tag, keyword, basic, found)


def actions(name: str) -> Actions | None:
    """What to do with the attribute of this keyword, name or tag; None if the table does not name it.

    >>> actions("PatientName").basic, actions("0020,000e").basic, actions("(6002,3000)").tag
    ('Z', 'U', '(60xx,3000)')
    >>> [(option.name, option.action) for option in actions("StudyInstanceUID").options]
    [('Retain UIDs', 'K')]
    >>> actions("0009,1001").tag, actions("Modality")
    ('private', None)

    Raises:
        UnknownName: There is no such attribute.
        StandardDataError: The table is missing or damaged.
    """
    digits = dictionary.tag_digits(name)
    if digits and digits[3] in "13579BDF" and digits[:4] not in _NOT_PRIVATE:
        return next(_actions(line) for line in _patterns() if line.startswith(PRIVATE))
    try:
        return of_tag(dictionary.find(name).tag)
    except UnknownName:
        newer = of_tag(f"({digits[:4]},{digits[4:]})") if digits else None  # PS3.15 is newer than the dictionary
        if newer is None:
            raise
        return newer


def of_tag(tag: str) -> Actions | None:
    """The row for a tag as the dictionary writes it.

    >>> of_tag("(0010,0010)").meaning
    'empty it, or replace it by a dummy value that fits the VR'

    Raises:
        StandardDataError: The table is missing or damaged.
    """
    _lines()
    text = tables.text(FILE)
    start = text.find(f"\n{tag}\t") + 1
    if start:
        return _actions(text[start : text.index("\n", start)])
    return next((_actions(line) for line in _patterns() if _matches(line.partition("\t")[0], tag)), None)


def _matches(pattern: str, tag: str) -> bool:
    """Whether a tag is one of those that a pattern stands for; only even groups repeat."""
    return len(pattern) == len(tag) and all(one in {"x", other} for one, other in zip(pattern, tag, strict=True))


def _lines() -> tuple[str, ...]:
    return tables.lines(FILE, _COLUMNS)


@cache
def _patterns() -> tuple[str, ...]:
    """The rows that stand for more than one tag."""
    return tuple(line for line in _lines() if not line.startswith("(") or "x" in line.partition("\t")[0])


@cache
def all_actions() -> tuple[Actions, ...]:
    """Every row of the table, in the order of tags, private attributes last."""
    return tuple(_actions(line) for line in _lines())
