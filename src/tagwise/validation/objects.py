"""One parsed object: its elements as they stand in the bytes, and what broke while they were parsed.

Nothing here judges. An element knows where it stands, so that a finding can name the place by path and by byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tagwise.standard import charset, tags
from tagwise.standard.dictionary import tag_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tagwise.standard.tags import KnownTag
    from tagwise.standard.transfer_syntaxes import Encoding

Answer = TypeVar("Answer")

UNDEFINED = 0xFFFFFFFF
NOWHERE = -1
"""The offset of an attribute that is not there."""

CHARACTER_SET = 0x00080005


class Element:
    """One element as it stands in the object.

    `vr` is the VR that its value is read by; `written` the one in the object, "" in implicit VR. `offset` is where its
    tag stands and `start` where its value does, in bytes from the beginning of the file, or of the inflated data set.
    `length` is the one in the object, UNDEFINED included. `raw` is the value; None for sequences, for pixel data in
    fragments and for bulk data, which is never loaded. `inside` is the data set it belongs to, `items` are the data
    sets of a sequence, None where it is none.
    """

    __slots__ = ("inside", "items", "known", "length", "offset", "raw", "start", "tag", "vr", "written")

    def __init__(  # noqa: PLR0917 - by position: keywords would cost a third of the time, a million times
        self,
        tag: int,
        known: KnownTag,
        vr: str,
        written: str,
        offset: int,
        start: int,
        length: int,
        raw: bytes | None,
        inside: DataSet,
    ) -> None:
        self.tag = tag
        self.known = known
        self.vr = vr
        self.written = written
        self.offset = offset
        self.start = start
        self.length = length
        self.raw = raw
        self.inside = inside
        self.items: list[DataSet] | None = None

    def __repr__(self) -> str:
        return f"<{self.path} {self.vr} at {self.offset}, {self.length} bytes>"

    @property
    def is_private(self) -> bool:
        """Whether its group is odd."""
        return bool(self.tag & 0x10000)

    @property
    def name(self) -> str:
        """Its keyword, or its tag where it has none."""
        return self.known.keyword or tag_text(self.tag)

    @property
    def path(self) -> str:
        """Where it is: `RequestAttributesSequence[1].ScheduledProcedureStepID`, items counted from 1 as in PS3.5."""
        parts = [self.name]
        inside = self.inside
        while inside.sequence is not None:
            parts.append(f"{inside.sequence.name}[{inside.number}]")
            inside = inside.sequence.inside
        return ".".join(reversed(parts))

    @property
    def label(self) -> str:
        """Keyword and tag, for a sentence."""
        return f"{self.known.keyword} {tag_text(self.tag)}" if self.known.keyword else tag_text(self.tag)

    def stripped(self) -> str:
        """The value as Latin-1 without padding at either end; "" where there is none."""
        return "" if self.raw is None else self.raw.decode("latin-1").strip(" \0")

    def strings(self) -> list[str]:
        """The values as Latin-1, split at backslashes, without blanks and NULs at either end."""
        if not self.raw:
            return []
        return [value.strip(" \0") for value in self.raw.decode("latin-1").split("\\")]

    def text(self) -> str:
        """The whole value under the character set that holds for it, without padding at its end."""
        return self.inside.decode(self.raw or b"").rstrip(" \0")

    def number(self) -> int | None:
        """The first value as a whole number, of US, UL, SS, SL and IS; None where it is none."""
        raw = self.raw
        if not raw:
            return None
        if self.vr in ("US", "UL", "SS", "SL"):
            size = 4 if self.vr[1] == "L" else 2
            if len(raw) < size:
                return None
            order = "big" if self.inside.big_endian else "little"
            return int.from_bytes(raw[:size], order, signed=self.vr[0] == "S")  # type: ignore[arg-type] # one of two words
        text = raw.partition(b"\\")[0].strip(b" \0")
        return int(text) if text.isdigit() and len(text) < 12 else None


MAX_SHAPES = 1_024
"""Shapes of data sets that are remembered, each of as many elements at most."""

MAX_ANSWERS = 256
"""Answers that a shape remembers."""


class Shape:
    """The tags of a data set in the order of its bytes, which it has in common with most others of its kind."""

    __slots__ = ("_answers", "tags")

    def __init__(self, tags: tuple[int, ...]) -> None:
        self.tags = tags
        self._answers: dict[object, Any] = {}

    def ask(self, question: Callable[[tuple[int, ...]], Answer]) -> Answer:
        """What a function says of the tags alone; it is called once."""
        try:
            return self._answers[question]  # type: ignore[no-any-return] # stored below
        except KeyError:
            if len(self._answers) >= MAX_ANSWERS:
                self._answers.clear()
            answer = self._answers[question] = question(self.tags)
            return answer


_SHAPES: dict[tuple[int, ...], Shape] = {}


def _shape(tags: tuple[int, ...]) -> Shape:
    found = _SHAPES.get(tags)
    if found is None:
        found = Shape(tags)
        if len(tags) <= MAX_SHAPES:
            if len(_SHAPES) >= MAX_SHAPES:
                _SHAPES.clear()
            _SHAPES[tags] = found
    return found


class DataSet:
    """The elements of the file meta information, of a command set, of the object itself or of one item, in order.

    `sequence` and `number` say which item it is, counted from 1; None and 0 for the others. `start` is where its first
    element stands, `part` what it belongs to: `meta`, `command` or `data`.
    """

    __slots__ = ("_codecs", "_shape", "_tags", "big_endian", "elements", "number", "part", "sequence", "start")

    def __init__(
        self,
        start: int,
        sequence: Element | None = None,
        number: int = 0,
        part: str = "data",
        *,
        big_endian: bool = False,
    ) -> None:
        self.start = start
        self.sequence = sequence
        self.number = number
        self.part = part
        self.big_endian = big_endian
        self.elements: list[Element] = []
        self._tags: dict[int, Element] | None = None
        self._shape: Shape | None = None
        self._codecs: str | None = None

    def get(self, tag: int) -> Element | None:
        """The element with this tag, the last one where it occurs twice, None where it is absent."""
        if self._tags is None:
            self._tags = {element.tag: element for element in self.elements}
        return self._tags.get(tag)

    def absent(self, tag: int) -> Element:
        """An element that is not there, so that a finding can name the place where it is missed."""
        known = tags.by_number()[tag]
        return Element(tag, known, known.vr, "", NOWHERE, NOWHERE, 0, None, self)

    @property
    def tags(self) -> Mapping[int, Element]:
        """The elements by tag, the last one where one occurs twice."""
        if self._tags is None:
            self._tags = {element.tag: element for element in self.elements}
        return self._tags

    @property
    def shape(self) -> Shape:
        """The tags of the elements in order, one that occurs twice twice."""
        if self._shape is None:
            self._shape = _shape(tuple([element.tag for element in self.elements]))
        return self._shape

    def has_value(self, tag: int) -> bool:
        """Whether the element is there and has more than padding; one that is not in memory counts as having."""
        element = self.get(tag)
        return element is not None and (element.raw is None or bool(element.raw.strip(b" \0")) or element.vr[0] == "O")

    def text(self, tag: int) -> str | None:
        """The stripped value of an element, None where it is absent."""
        element = self.get(tag)
        return None if element is None else element.stripped()

    def number_of(self, tag: int) -> int | None:
        """The whole number of an element, None where it is absent or no number."""
        element = self.get(tag)
        return None if element is None else element.number()

    @property
    def character_set(self) -> str:
        """The value of Specific Character Set that holds here: its own, or that around it (PS3.5 7.5.3)."""
        if self._codecs is None:
            own = self.get(CHARACTER_SET)
            if own is not None and own.raw is not None:
                self._codecs = own.raw.decode("latin-1").strip(" \0")
            elif self.sequence is not None:
                self._codecs = self.sequence.inside.character_set
            else:
                self._codecs = ""
        return self._codecs

    def decode(self, raw: bytes) -> str:
        """The text of a value under the character set that holds here; U+FFFD where it cannot be decoded."""
        if raw.isascii() and b"\x1b" not in raw:
            return raw.decode("ascii")
        return charset.decode(raw, self.character_set)


class Fragment(NamedTuple):
    """One item of encapsulated pixel data: where its tag stands and how many bytes follow its length."""

    offset: int
    length: int


class ParseProblem(NamedTuple):
    """What broke at one place.

    `kind` is the word by which a check asks for it, `message` one sentence without patient values: what, where, and
    what probably caused it.
    """

    kind: str
    message: str
    offset: int
    element: Element | None = None


class ParsedObject:
    """Everything that was found in one object.

    `elements` holds all elements in the order of their bytes, those of the file meta information first, `sequences`
    those of them that have items. `syntax` is the
    declared transfer syntax, None where there is none, and `declared` its encoding where tagwise knows it; `explicit`
    and `big_endian` are what the data set really is. `is_part10` is False where no file meta information is expected.
    `pixels_end` is where encapsulated pixel data ended. `complete` says that parsing reached the end of the object.
    `conclusions` is for checks: what one of them worked out and others of its folder use, by the name of the folder.
    `undecided` counts conditions that checks could not decide.
    """

    __slots__ = (
        "big_endian",
        "command",
        "complete",
        "conclusions",
        "data_start",
        "declared",
        "elements",
        "explicit",
        "fragments",
        "has_prefix",
        "is_part10",
        "meta",
        "meta_end",
        "meta_start",
        "offset_table",
        "problems",
        "root",
        "sequences",
        "size",
        "syntax",
        "undecided",
    )

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.sequences: list[Element] = []
        self.meta = DataSet(0, part="meta")
        self.command = DataSet(0, part="command")
        self.root = DataSet(0)
        self.problems: list[ParseProblem] = []
        self.size = 0
        self.syntax: str | None = None
        self.declared: Encoding | None = None
        self.explicit = True
        self.big_endian = False
        self.is_part10 = True
        self.has_prefix = False
        self.meta_start = 0
        self.meta_end = 0
        self.data_start = 0
        self.fragments: list[Fragment] | None = None
        self.offset_table: bytes = b""
        self.complete = False
        self.conclusions: dict[str, object] = {}
        self.undecided = 0

    def data_sets(self) -> Iterator[DataSet]:
        """The object itself, then every item, in the order of their bytes."""
        yield self.root
        for sequence in self.sequences:
            yield from sequence.items or ()

    @property
    def sop_instance_uid(self) -> str | None:
        """Its SOP Instance UID, or the one of the file meta information; None where there is none."""
        return self.root.text(0x00080018) or self.meta.text(0x00020003) or None
