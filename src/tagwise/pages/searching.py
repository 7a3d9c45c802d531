"""Search over everything that has a name: attributes, modules, IODs, UIDs, VRs and checks, best first.

Tiers, best first: the whole name; a tag or UID that starts so; all words, the first in front; all words; words that
start so, the first in front; words that start so; a part of the name. Only where these find nothing, words with typing
errors. Within a tier current ones come before retired ones, short names before long ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from tagwise.pages.word_index import index, words_of
from tagwise.standard import dictionary
from tagwise.standard.nearness import folded, likeness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tagwise.pages.naming import Kind
    from tagwise.pages.word_index import Index

How = Literal["exact", "tag", "uid", "words", "prefix", "part", "near"]
"""Why something was found: its whole name, the start of its tag or UID, words, starts of words, a part, a near word."""

_WORDS: How = "words"
_PREFIX: How = "prefix"
_LONGEST = 200
_MOST_WORDS = 8
_SHORTEST_PART = 3
_COMPARED = 5
_ENOUGH = 0.6
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_TAG = re.compile(
    r"\(?(?:0x)?([0-9a-fx]{1,4})(?:\s*[,\s]\s*(?:0x)?([0-9a-fx]{0,4}))?\)?|(?:0x)?([0-9a-fx]{5,8})", re.IGNORECASE
)
_UID = re.compile(r"[0-9]+\.[0-9.]*")


class Hit(NamedTuple):
    """One thing that was found.

    `show` is what `tagwise.show` takes. `label` is the tag of an attribute, the number of a UID, the slug of a module
    or IOD, the letters of a VR, the name of a check; `name` the name or title. `how` says why it was found.
    """

    kind: Kind
    show: str
    label: str
    name: str
    retired: bool
    how: How


def search(query: str, *, limit: int = 20, kinds: Collection[Kind] = ()) -> tuple[Hit, ...]:
    """What a query can mean, best first; empty where nothing is even near, whatever the query holds.

    >>> [hit.show for hit in search("series uid", limit=2)]
    ['SeriesInstanceUID', 'identity/series-uid-reused']

    Args:
        query: Words in any order and case, starts of words, a keyword, a tag or UID or the start of one.
        limit: The most hits.
        kinds: Only these kinds; all but private elements where none is given.

    Raises:
        StandardDataError: A table of the standard is missing or damaged.
    """
    if len(query) > _LONGEST or limit < 1:
        return ()
    found: dict[int, How] = {}
    entries = index().entries
    for how, numbers in _tiers(index(), query):
        if how == "near" and found:
            break  # before the numbers are worked out: looking for typing errors is what takes longest
        for number in numbers:
            if number not in found and (not kinds or entries[number].kind in kinds):
                found[number] = how
                if len(found) == limit:
                    return _hits(found)
    return _hits(found)


def _hits(found: dict[int, How]) -> tuple[Hit, ...]:
    entries = index().entries
    return tuple(Hit(*entries[number], how) for number, how in found.items())


def _tiers(known: Index, query: str) -> Iterator[tuple[How, Iterable[int]]]:
    spelling = folded(query)
    if spelling:
        yield "exact", known.by_spelling.get(spelling, ())
    yield "tag", _by_tag(known, query.strip())
    if _UID.fullmatch(query.strip()):
        yield "uid", known.uids_starting(query.strip())
    words = _words(known, query)
    if words:
        whole, started = [[word] for word in words], [known.starting(word) for word in words]
        for how, groups in ((_WORDS, whole), (_PREFIX, started)):
            matching = _all(known, groups)
            first = {number for word in groups[0] for number in known.by_first_word.get(word, ())} & matching
            yield how, sorted(first)
            yield how, sorted(matching - first)
    if len(spelling) >= _SHORTEST_PART:
        yield "part", known.containing(spelling)
    if words:
        yield "near", _misspelt(known, words)
    yield "near", _alike(known, spelling)


def _by_tag(known: Index, query: str) -> Iterator[int]:
    """The attribute with this tag, also out of a repeating group, then those whose tags start so."""
    matched = _TAG.fullmatch(query)
    if not matched or not any(letter.isdigit() for letter in query):
        return
    group, element, digits = matched.groups(default="")
    start = digits or (group + element if len(group) == 4 else "" if element else group)
    if len(start) < 3 and "," not in query:
        return
    if len(start) == 8:
        attribute = dictionary.lookup(query)
        if attribute:
            yield from known.by_spelling.get(folded(attribute.keyword or attribute.tag), ())
    if start:
        yield from known.tags_starting(start.upper().replace("X", "x"))


def _words(known: Index, query: str) -> list[str]:
    """The words of a query. One that nothing starts with is taken apart where it has humps: seriesUID is two words."""
    words: list[str] = []
    for word in words_of(query)[:_MOST_WORDS]:
        words.extend([word] if known.starting(word) else [])
    if len(words) == len(words_of(query)):
        return words
    return [part for word in _CAMEL.findall(query)[:_MOST_WORDS] for part in words_of(word)]


def _all(known: Index, groups: list[list[str]]) -> set[int]:
    """The entries that have a word out of every group."""
    found: set[int] | None = None
    for group in groups:
        numbers = set().union(*(known.by_word.get(word, ()) for word in group))
        found = numbers if found is None else found & numbers
        if not found:
            return set()
    return found or set()


def _misspelt(known: Index, words: list[str]) -> Iterator[int]:
    """The entries that have all words, when those that nothing starts with may have one typing error each."""
    yield from sorted(_all(known, [known.starting(word) or known.misspelt(word) for word in words]))


def _alike(known: Index, spelling: str) -> Iterator[int]:
    """The entries whose whole spelling is like this one, the most alike first."""
    if len(spelling) < _SHORTEST_PART:
        return
    close = known.sharing_pieces(spelling, _COMPARED)
    scored = [(likeness(spelling, known.spelling(number)), -number) for number in close]
    yield from (-number for score, number in sorted(scored, reverse=True) if score >= _ENOUGH)
