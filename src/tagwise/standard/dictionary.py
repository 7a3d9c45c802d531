"""Every attribute of PS3.6 and PS3.7, found by keyword, name or tag in any spelling. Does not import pydicom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tagwise.errors import UnknownName
from tagwise.standard import tables
from tagwise.standard.nearness import closest, folded

FILE = "dictionary.tsv"
COLUMNS = ("tag", "keyword", "name", "vr", "vm", "retired", "owner", "source", "older")
_LONGEST = 200  # no keyword, name or tag is half as long

_HEX = frozenset("0123456789ABCDEFX")
_SEPARATORS = str.maketrans(dict.fromkeys("(),:;.-", " "))


def tag_text(number: int) -> str:
    """The tag as the standard writes it.

    >>> tag_text(0x0020000E)
    '(0020,000E)'
    """
    return f"({number >> 16:04X},{number & 0xFFFF:04X})"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the dictionary.

    `tag` is written as the standard does, with `x` where a repeater varies; `number` has 0 there.
    `owner` is DICOM, or the sister standard DICONDE or DICOS that PS3.6 lists. `edition` is the newest one that has the
    attribute. `added_after`, `retired_after` and `renamed_after` name the older edition in which it was not so yet.
    """

    tag: str
    number: int
    keyword: str
    name: str
    vr: str
    vm: str
    retired: bool
    owner: str
    edition: str
    source: str
    former_keyword: str | None = None
    added_after: str | None = None
    retired_after: str | None = None
    renamed_after: str | None = None

    @property
    def first_vr(self) -> str:
        """The VR, or the first one where the standard leaves a choice."""
        return self.vr.partition(" ")[0]

    @property
    def repeats(self) -> bool:
        """Whether the tag stands for a range, as (60xx,3000) does."""
        return "x" in self.tag

    @property
    def digits(self) -> str:
        """The eight digits of the tag, as DICOM JSON writes it; `x` where it varies.

        >>> find("SeriesInstanceUID").digits
        '0020000E'
        """
        return self.tag[1:5] + self.tag[6:10]

    @property
    def name_from_keyword(self) -> bool:
        """Whether the name is only the keyword split into words, because no source has the name itself."""
        return self.source == "dcmtk"


def _attribute(row: list[str]) -> Attribute:
    tag, keyword, name, vr, vm, retired, owner, source, _ = row
    edition, before = tables.facts(FILE)["edition"], tables.facts(FILE)["older edition"]
    differs = _differs(row)
    return Attribute(
        tag=tag,
        number=int(tag[1:5].replace("x", "0") + tag[6:10].replace("x", "0"), 16),
        keyword=keyword,
        name=name,
        vr=vr,
        vm=vm,
        retired=retired == "retired",
        owner=owner,
        edition=before if source == "pydicom" else edition,
        source=source,
        former_keyword=differs.get("keyword"),
        added_after=before if source == "dcmtk" else None,
        retired_after=before if differs.get("retired") == "no" else None,
        renamed_after=before if "keyword" in differs else None,
    )


def _differs(row: list[str]) -> dict[str, str]:
    """What the older edition says otherwise, by fact: `{"keyword": "AnalogFilterType"}`."""
    return dict(fact.split("=") for fact in row[8].split())


class _ByKeyword(Mapping[str, Attribute]):
    """Attributes by keyword. Each is built when it is asked for: 5,000 at once would take longer than a look-up may."""

    def __init__(self, rows: list[list[str]]) -> None:
        self._rows = {row[1]: row for row in rows if row[1]}
        self._built: dict[str, Attribute] = {}

    def __getitem__(self, keyword: str) -> Attribute:
        if keyword not in self._built:
            self._built[keyword] = _attribute(self._rows[keyword])
        return self._built[keyword]

    def __contains__(self, keyword: object) -> bool:
        return keyword in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def edition() -> str:
    """The newest edition that attributes are from."""
    return tables.facts(FILE)["edition"]


@cache
def _rows() -> list[list[str]]:
    return tables.rows(FILE, COLUMNS)


@cache
def by_keyword() -> Mapping[str, Attribute]:
    """Every attribute that has a keyword, by keyword, in the order of tags.

    >>> by_keyword()["SeriesInstanceUID"].tag
    '(0020,000E)'

    Raises:
        StandardDataError: The dictionary is missing or damaged.
    """
    return _ByKeyword(_rows())


@cache
def all_attributes() -> tuple[Attribute, ...]:
    """Every attribute in the order of tags, with the few retired ones that have no keyword."""
    return tuple(_attribute(row) for row in _rows())


def listed() -> Iterator[tuple[str, str, str, bool]]:
    """Tag, keyword, name and whether it is retired, for every attribute: all of them in a tenth of the time."""
    for row in _rows():
        yield row[0], row[1], row[2], row[5] == "retired"


def with_vr(vr: str) -> list[tuple[str, str, bool]]:
    """Keyword, VR and whether it is retired, for every attribute that may have this VR.

    >>> ("SmallestImagePixelValue", "US or SS", False) in with_vr("SS")
    True
    """
    return [(row[1], row[3], row[5] == "retired") for row in _rows() if vr in row[3].split(" or ")]


@cache
def _lower() -> str:
    return "\n" + tables.text(FILE).lower()


def _row_with_keyword(word: str) -> list[str] | None:
    """The row whose keyword in lower case is this. Searching is cheaper than an index for one look-up."""
    position = _lower().find(f"\t{word}\t") if word else -1
    while position >= 0:
        start = _lower().rfind("\n", 0, position)
        if "\t" not in _lower()[start:position]:
            return _row_at(start)
        position = _lower().find(f"\t{word}\t", position + 1)
    return None


def _row_with_tag(digits: str) -> list[str] | None:
    """The row with these eight digits, `X` where it varies."""
    start = _lower().find(f"\n({digits[:4]},{digits[4:]})\t".lower())
    return None if start < 0 else _row_at(start)


def _row_at(position: int) -> list[str]:
    text = tables.text(FILE)
    return text[position : text.index("\n", position)].split("\t")


@cache
def _row_by_name() -> Mapping[str, list[str]]:
    """Rows by folded name and by former keyword."""
    named = {folded(row[2]): row for row in _rows() if row[1]}
    return {**named, **{_differs(row)["keyword"].lower(): row for row in _rows() if "keyword=" in row[8]}}


@cache
def _repeaters() -> tuple[tuple[re.Pattern[str], list[str]], ...]:
    """A pattern of the eight digits for each row that stands for a range of tags."""
    repeating = [row for row in _rows() if "x" in row[0]]
    return tuple((re.compile(re.sub(r"[(),]", "", row[0]).replace("x", "[0-9A-FX]")), row) for row in repeating)


def tag_digits(spelling: str) -> str | None:
    """The eight digits of a tag in any usual spelling, upper case, `X` where it varies; None if it is not a tag.

    >>> tag_digits("0x0020,000e"), tag_digits("60xx,3000"), tag_digits("Modality")
    ('0020000E', '60XX3000', None)
    """
    if len(spelling) > _LONGEST:
        return None
    parts = spelling.strip().upper().removeprefix("TAG").translate(_SEPARATORS).split()
    bare = "".join(part[2:] if part.startswith("0X") and len(part) in {6, 10} else part for part in parts)
    digits = bare[1:] if bare.startswith("X") and len(bare) == 9 else bare
    return digits if len(digits) == 8 and len(parts) <= 2 and _HEX.issuperset(digits) else None


def find(spelling: str) -> Attribute:
    """The attribute with this keyword, name or tag; case, spaces and punctuation do not matter.

    >>> find("0020000e").keyword, find("series instance uid").tag, find("(6002,3000)").tag
    ('SeriesInstanceUID', '(0020,000E)', '(60xx,3000)')

    Raises:
        UnknownName: There is no such attribute; `.nearest` lists close ones.
        StandardDataError: The dictionary is missing or damaged.
    """
    found = lookup(spelling)
    if found is None:
        raise unknown(spelling)
    return found


def lookup(spelling: str) -> Attribute | None:
    """As `find`, but None where there is no such attribute: for names that may be something else.

    Raises:
        StandardDataError: The dictionary is missing or damaged.
    """
    row = _find_row(spelling)
    return None if row is None else _attribute(row)


def _find_row(spelling: str) -> list[str] | None:
    tables.lines(FILE, COLUMNS)
    if len(spelling) > _LONGEST:
        return None
    digits = tag_digits(spelling)
    if digits is None:
        word = folded(spelling)
        return _row_with_keyword(word) or _row_by_name().get(word)
    return _row_with_tag(digits) or in_range(digits)


def in_range(digits: str) -> list[str] | None:
    """The row of the repeater that these eight digits belong to, as 60023000 does to (60xx,3000)."""
    return next((row for pattern, row in _repeaters() if pattern.fullmatch(digits)), None)


def unknown(spelling: str) -> UnknownName:
    """The error for a name that is no attribute: what is close, and what can be said about a tag that is not listed."""
    error = UnknownName(spelling if len(spelling) <= _LONGEST else spelling[:_LONGEST] + "…", nearest(spelling))
    digits = tag_digits(spelling)
    if digits and digits[3] in "13579BDF":
        error.hint = _private(digits)
    elif digits and digits[4:] == "0000":
        error.hint = "Element 0000 is the group length, retired outside groups 0000 and 0002"
    return error


def _private(digits: str) -> str:
    """What can be said about an element of an odd group (PS3.5 7.8.1)."""
    group, block, last = digits[:4], digits[4:6], digits[6:]
    if block == "00":
        return (
            f"Odd groups are private: a private creator here names the owner of ({group},{last}xx) in the same object"
        )
    return (
        f"Odd groups are private: what it means is up to the private creator in ({group},00{block}) of the same object"
    )


def nearest(text: str, count: int = 5) -> tuple[str, ...]:
    """The keywords closest to a misspelt keyword or name, or the neighbours of a tag, best first.

    >>> nearest("SeriesInstnceUID", 1)
    ('SeriesInstanceUID',)
    """
    if len(text) > _LONGEST:
        return ()
    digits = tag_digits(text)
    return _neighbours(digits, count) if digits else closest(text, by_keyword(), count)


def _neighbours(digits: str, count: int) -> tuple[str, ...]:
    """Tags of the same group, by distance of the element number."""
    wanted = int(digits[4:].replace("X", "0"), 16)
    group = [row for row in _rows() if row[0][1:5].upper() == digits[:4] and row[1]]
    group.sort(key=lambda row: abs(int(row[0][6:10].replace("x", "0"), 16) - wanted))
    return tuple(f"{row[0]} {row[1]}" for row in group[:count])
