"""The closest of a few thousand names to a misspelt one, in a few milliseconds and without difflib."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RANKED = 25
_ENOUGH = 0.55
_LONGEST = 100

_PUNCTUATION = {code: None for code in (*range(128), 0x2013, 0x2014, 0x2019) if not chr(code).isalnum()}
_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"  # compiled when first needed: a look-up that finds does not pay for it


def folded(text: str) -> str:
    """The text in lower case without spaces and punctuation: what two spellings of one name share.

    >>> folded("Patient's Name")
    'patientsname'
    """
    return text.lower().translate(_PUNCTUATION)


def closest(text: str, names: Iterable[str], count: int) -> tuple[str, ...]:
    """Up to `count` names, best first; empty when nothing is near.

    Names that share many three-letter pieces with the text are compared letter by letter.
    """
    wanted = folded(text)
    if not wanted or len(wanted) > _LONGEST:
        return ()
    pieces = {wanted[start : start + 3] for start in range(max(1, len(wanted) - 2))}
    scored = []
    for name in names:
        candidate = name.lower()
        shared = sum([piece in candidate for piece in pieces])
        if shared:
            scored.append((shared / (len(pieces) + len(candidate)), name))
    scored.sort(reverse=True)
    words = [word.lower() for word in re.findall(_WORD, text)]
    ranked = [(likeness(wanted, folded(name), words), name) for _, name in scored[:_RANKED]]
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1]), pair[1]))
    return tuple(name for score, name in ranked if score >= _ENOUGH)[:count]


def likeness(one: str, other: str, words: Sequence[str] = ()) -> float:
    """1 for equal texts, 0 for unlike ones: one minus edits (swaps included) over the longer length.

    People shorten names, so a text whose words are all inside the other is at least 0.7 like it.

    >>> likeness("patientnme", "patientname") > likeness("patientnme", "patientcomments")
    True
    """
    score = 1 - _edits(one, other) / max(len(one), len(other), 1)
    if one in other or (words and all(word in other for word in words)):
        return max(score, 0.75 if other.startswith(one[:3]) else 0.7)
    return score


def _edits(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that turn one text into the other."""
    one, other = _differing(one, other)
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]


def _differing(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without their common start and end: most typing errors are one letter in twenty."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[: len(one) - end], other[: len(other) - end]
