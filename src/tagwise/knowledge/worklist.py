"""Which attributes a Modality Worklist query may match and has to return (PS3.4 K.6, in one edition)."""

from __future__ import annotations

from typing import NamedTuple

from tagwise.knowledge import tables

FILE = "worklist.tsv"
_COLUMNS = ("keyword", "tag", "inside", "module", "matching", "return", "how", "url", "checked")


class WorklistKey(NamedTuple):
    """One key of a worklist query.

    `inside` are the sequences around it, outermost first. `matching` is R (the SCP has to match it), O (it may) or
    empty; `how` says by what. `return_type` is the type it has in the answer.
    """

    keyword: str
    tag: str
    inside: tuple[str, ...]
    module: str
    matching: str
    return_type: str
    how: str
    url: str
    checked: str


def keys(keyword: str) -> tuple[WorklistKey, ...]:
    """The places of an attribute in a worklist query; none where the table does not list it.

    >>> [(key.inside, key.matching, key.return_type) for key in keys("Modality")]
    [(('ScheduledProcedureStepSequence',), 'R', '1')]

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(_key(row) for row in tables.rows_of(FILE, _COLUMNS, keyword))


def all_keys() -> tuple[WorklistKey, ...]:
    """Every key, in the order of tags.

    Raises:
        KnowledgeDataError: The table is missing or damaged.
    """
    return tuple(_key(row) for row in tables.rows(FILE, _COLUMNS))


def _key(row: list[str]) -> WorklistKey:
    keyword, tag, inside, module, matching, return_type, how, url, checked = row
    return WorklistKey(keyword, tag, tuple(inside.split()), module, matching, return_type, how, url, checked)


def edition() -> str:
    """The edition of PS3.4 that the keys are from.

    Raises:
        KnowledgeDataError: The table is missing or does not say.
    """
    return tables.facts(FILE)["edition"]


def source() -> str:
    """What was read.

    Raises:
        KnowledgeDataError: The table is missing or does not say.
    """
    return tables.facts(FILE)["sources"]
