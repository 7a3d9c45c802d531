"""An index of everything that has a name, for `searching`: words, tags, UIDs and three-letter pieces.

Entries are numbered from the most to the least likely to be meant, so that sorting numbers is ranking. It is built
once, when something is searched for; what only misspelt words need is built when one comes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from tagwise.pages import catalogue
from tagwise.pages.naming import kind_of_uid
from tagwise.standard import dictionary, modules, uids, vrs
from tagwise.standard.nearness import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tagwise.pages.naming import Kind

_BLANKS = {code: " " for code in (*range(128), 0x2013, 0x2014, 0x2019) if not chr(code).isalnum()}
_BLANKS.pop(ord("\n"))
_NOTHING = dict.fromkeys(_BLANKS)
_KINDS: tuple[Kind, ...] = ("attribute", "sop-class", "module", "iod", "transfer-syntax", "vr", "check", "uid")
_AFTER_ALL = "\U0010ffff"
_PIECE = 3
_COMMON = 700  # a piece of so many names, as seq and uen, tells nothing and costs most of the time


class Entry(NamedTuple):
    """Something that can be found. `words` is what `tagwise show` takes; `label` a tag, UID, slug or letters."""

    kind: Kind
    words: str
    label: str
    name: str
    retired: bool


def words_of(text: str) -> list[str]:
    """The words of a name in lower case, without possessive endings and punctuation.

    >>> words_of("Referring Physician's Name")
    ['referring', 'physician', 'name']
    """
    return text.lower().replace("'s", "").replace("\n", " ").translate(_BLANKS).split()


def _together(texts: Iterable[str], table: Mapping[int, str | None]) -> list[str]:
    """The texts in lower case with punctuation replaced: as one text, because six thousand calls take longer."""
    return "\n".join(texts).lower().translate(table).split("\n")


def _attributes() -> Iterator[Entry]:
    for tag, keyword, name, retired in dictionary.listed():
        yield Entry("attribute", keyword or tag, tag, name or keyword, retired)


def _others() -> Iterator[Entry]:
    for module, name in modules.names().items():
        yield Entry("module", f"module:{module}", module, name, retired=False)
    for iod, name in modules.iod_names().items():
        yield Entry("iod", f"iod:{iod}", iod, name, retired=False)
    for uid in uids.by_uid().values():
        kind = kind_of_uid(uid)
        yield Entry(kind, f"{kind}:{uid.uid}", uid.uid, uid.name, uid.retired)
    for vr, rule in vrs.by_vr().items():
        yield Entry("vr", f"vr:{vr}", vr, rule.name, retired=False)
    for check in catalogue.checks():
        yield Entry("check", check.name, check.name, check.title, retired=False)


class Index:
    """Numbers of entries by everything that a query can hold."""

    def __init__(self, entries: Iterable[Entry], placed: Mapping[str, int]) -> None:
        order = {kind: number for number, kind in enumerate(_KINDS)}
        listed = list(entries)
        named = [
            f"{entry.label} {entry.name}" if entry.kind == "check" else entry.name.replace("'s", "") for entry in listed
        ]
        split = [(entry, line.split()) for entry, line in zip(listed, _together(named, _BLANKS), strict=True)]
        # Current before retired, short names before long ones, much used attributes before rare ones.
        split.sort(key=lambda pair: (pair[0].retired, len(pair[1]), order[pair[0].kind], -placed.get(pair[0].words, 0)))
        self.entries = [entry for entry, _ in split]
        self.by_word: dict[str, list[int]] = {}
        self.by_first_word: dict[str, list[int]] = {}
        for number, (_, words) in enumerate(split):
            for word in set(words):
                self.by_word.setdefault(word, []).append(number)
            if words:
                self.by_first_word.setdefault(words[0], []).append(number)
        self.vocabulary = sorted(self.by_word)

    @cached_property
    def by_spelling(self) -> Mapping[str, list[int]]:
        """Entries by their folded keyword, name, slug, UID or letters."""
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            spellings = {self._names[number]}
            if entry.kind == "attribute":
                spellings.add(entry.words.lower())
            else:
                spellings.add(folded(entry.label))
                spellings.add(folded(entry.label.partition("/")[2]))
            for spelling in spellings:
                found.setdefault(spelling, []).append(number)
        return found

    @cached_property
    def _names(self) -> list[str]:
        """The folded name of every entry."""
        return _together([entry.name for entry in self.entries], _NOTHING)

    @cached_property
    def _tags(self) -> list[tuple[str, int]]:
        labels = ((entry.label, number) for number, entry in enumerate(self.entries) if entry.kind == "attribute")
        return sorted((label[1:5] + label[6:10], number) for label, number in labels)

    @cached_property
    def _uids(self) -> list[tuple[str, int]]:
        return sorted((one.label, number) for number, one in enumerate(self.entries) if one.label[:2] == "1.")

    @cached_property
    def _text(self) -> tuple[str, list[int]]:
        """The folded words of all entries as one text, and where each entry starts."""
        parts = [f"{entry.words.lower()} {name}\n" for entry, name in zip(self.entries, self._names, strict=True)]
        starts, position = [], 0
        for part in parts:
            starts.append(position)
            position += len(part)
        return "".join(parts), starts

    @cached_property
    def _one_letter_less(self) -> Mapping[str, list[str]]:
        """Words by what is left of them without one letter: two words with a common rest are one typing error apart."""
        found: dict[str, list[str]] = {}
        for word in self.vocabulary:
            for rest in _shortened(word):
                found.setdefault(rest, []).append(word)
        return found

    @cached_property
    def _pieces(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in range(len(self.entries)):
            for piece in _pieces_of(self.spelling(number)):
                found.setdefault(piece, []).append(number)
        return found

    def spelling(self, number: int) -> str:
        """How an entry is written without blanks and punctuation: its keyword or its folded name."""
        entry = self.entries[number]
        return entry.words.lower() if entry.kind == "attribute" else self._names[number]

    def starting(self, prefix: str) -> list[str]:
        """The words of the vocabulary that start so."""
        start = bisect_left(self.vocabulary, prefix)
        return self.vocabulary[start : bisect_right(self.vocabulary, prefix + _AFTER_ALL, lo=start)]

    def tags_starting(self, digits: str) -> Iterator[int]:
        """The attributes whose tag starts so, in the order of tags."""
        start = bisect_left(self._tags, (digits,))
        while start < len(self._tags) and self._tags[start][0].startswith(digits):
            yield self._tags[start][1]
            start += 1

    def uids_starting(self, number: str) -> Iterator[int]:
        """The UIDs that start so, in alphabetical order."""
        start = bisect_left(self._uids, (number,))
        while start < len(self._uids) and self._uids[start][0].startswith(number):
            yield self._uids[start][1]
            start += 1

    def containing(self, part: str) -> Iterator[int]:
        """The entries with this part inside their words, best first."""
        text, starts = self._text
        position = text.find(part)
        while position >= 0:
            number = bisect_right(starts, position) - 1
            yield number
            position = text.find(part, starts[number + 1]) if number + 1 < len(starts) else -1

    def misspelt(self, word: str) -> list[str]:
        """The words of the vocabulary that are one typing error away."""
        rests = [word, *_shortened(word)]
        near = dict.fromkeys(near for rest in rests for near in self._one_letter_less.get(rest, ()))
        return [*near, *(rest for rest in rests[1:] if rest in self.by_word)]

    def sharing_pieces(self, spelling: str, count: int) -> list[int]:
        """The entries that share most three-letter pieces with a spelling."""
        pieces = _pieces_of(spelling)
        shared: Counter[int] = Counter()
        for piece in pieces:
            having = self._pieces.get(piece, ())
            if len(having) < _COMMON:
                shared.update(having)
        least = max(2, len(pieces) // 3)
        likely = [(number, together) for number, together in shared.items() if together >= least]
        likely.sort(key=lambda pair: (-pair[1] / (len(pieces) + len(self.entries[pair[0]].words)), pair[0]))
        return [number for number, _ in likely[:count]]


def _shortened(word: str) -> list[str]:
    return [word[:position] + word[position + 1 :] for position in range(len(word))] if len(word) > _PIECE else []


def _pieces_of(spelling: str) -> set[str]:
    return {spelling[start : start + _PIECE] for start in range(max(1, len(spelling) - _PIECE + 1))}


@cache
def index() -> Index:
    """The index of everything that has a page, private elements aside.

    Raises:
        StandardDataError: A table is missing or damaged.
    """
    return Index([*_attributes(), *_others()], Counter(modules.placed_keywords()))
