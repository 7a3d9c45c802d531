"""Where a walk over elements stands: what is open, what can be seen ahead, and how a problem is told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from tagwise.scanning.elements import ITEM, ITEM_END, LONG_VRS, SEQUENCE_END, SHORT_VRS
from tagwise.scanning.window import InflatedWindow
from tagwise.standard import tags, vrs
from tagwise.validation import wording
from tagwise.validation.objects import UNDEFINED, DataSet, Element, ParsedObject, ParseProblem

if TYPE_CHECKING:
    from tagwise.scanning.elements import ByteOrder
    from tagwise.scanning.window import Window
    from tagwise.standard.tags import KnownTag

FORMS = {
    **{vr: (vr.decode(), False) for vr in SHORT_VRS},
    **{vr: (vr.decode(), True) for vr in LONG_VRS},
}
"""The two bytes of a VR to its name, and whether its length has 32 bits."""

MAX_DEPTH = 64
"""Sequences inside sequences. The deepest reports have about twenty."""

MAX_ELEMENTS = 1_000_000
"""Elements of one object: an enhanced image of 10,000 frames has about 600,000."""

MAX_PROBLEMS = 100
"""Problems of one object that are kept: what is broken a hundred times is broken the same way."""

KEPT = 64 * 1024
"""Bytes of a value that is kept whatever its VR; a longer one is bulk data, unless it is text."""

KEPT_TEXT = 4 * 1024 * 1024
"""Bytes of a text that is kept."""

ENDLESS = 1 << 62
"""The end of an object whose size nobody knows before its end: an inflated data set."""

PIXEL_DATA = 0x7FE00010

DATA_SET_LAST = 0xFFFDFFFF  # above it are the tags of items and delimiters, and group FFFF, which is none
TEXT = frozenset(vr for vr, rule in vrs.by_vr().items() if rule.kind == "text")
ITEM_TAGS = frozenset({ITEM, ITEM_END, SEQUENCE_END})


class Frame:
    """One open item or sequence. `end` is where it must end; `defined` says whether its own length told so."""

    __slots__ = ("data_set", "defined", "element", "end", "guesses", "implicit", "number")

    def __init__(self, end: int, *, defined: bool, implicit: bool) -> None:
        self.end = end
        self.defined = defined
        self.implicit = implicit
        self.data_set: DataSet | None = None
        self.element: Element | None = None
        self.guesses = False
        self.number = 0


class Head(NamedTuple):
    """What stands before a value."""

    tag: int
    known: KnownTag
    vr: str
    written: str
    start: int
    length: int


Short = tuple[int, "KnownTag", str, str, int]
"""Tag, what is known of it, VR, VR as written and length: what eight bytes before a value say."""

MAX_HEADS = 8_192
"""Heads that are remembered, of each encoding."""

_HEADS: defaultdict[tuple[object, ...], dict[bytes, Short]] = defaultdict(dict)


def remember(heads: dict[bytes, Short], data: bytes, head: Short) -> None:
    """Keep what the eight bytes of a head say: most objects have the heads of others."""
    if len(heads) >= MAX_HEADS:
        heads.clear()
    heads[data] = head


class Footing:
    """What every part of a walk needs."""

    def __init__(
        self,
        window: Window,
        parsed: ParsedObject,
        data_set: DataSet,
        order: ByteOrder,
        *,
        implicit: bool,
        first: int = 1,
        last: int = DATA_SET_LAST,
    ) -> None:
        self._window = window
        self._parsed = parsed
        self._order = order
        self._first, self._last = first, last
        self._is_data = last == DATA_SET_LAST
        self._end = getattr(window, "size", ENDLESS)
        self._tags = tags.by_number()
        # By whether VRs are missing; a head is in it if it may stand in this part of an object.
        self._heads = tuple(_HEADS[order.sign, first, last, one] for one in (False, True))
        root = Frame(self._end, defined=True, implicit=implicit)
        root.data_set = data_set
        self._stack = [root]
        self._told: set[tuple[str, int]] = set()
        self._at = 0
        self.stopped = False

    def _is_root(self, frame: Frame) -> bool:
        return frame is self._stack[0]

    def _add(self, element: Element) -> None:
        element.inside.elements.append(element)
        self._parsed.elements.append(element)

    def _stretch(self, stop: int) -> None:
        """Let everything that is open last at least to `stop`."""
        for frame in self._stack[1:]:
            frame.end = max(frame.end, stop)

    def _head(self, frame: Frame, inside: DataSet, data: bytes) -> Head | None:
        """The head of an element, by whatever reading fits; None where none does."""
        plain = self._read(data, implicit=frame.implicit)
        code = data[4:6]
        if frame.implicit:
            other = self._read(data, implicit=False) if code in FORMS else None
            if plain is not None and not (other and self._fits(other) and not self._fits(plain)):
                return plain
            self._tell_once(inside, "mixed-vr", other, "is in explicit VR, but the data set around it in implicit VR")
            return other
        if plain is not None:
            return plain
        if len(data) < 12 and code in LONG_VRS:
            self._stop("truncated", wording.cut_head(self._at + len(data), ""))
            return None
        other = self._read(data, implicit=True)
        if other is not None and self._fits(other) and not _is_letters(code):
            self._tell_once(inside, "mixed-vr", other, "is in implicit VR, but the data set around it in explicit VR")
            return other
        return self._unknown_vr(inside, data)

    def _unknown_vr(self, inside: DataSet, data: bytes) -> Head | None:
        """An element whose VR nobody knows: new ones have 32 bits of length (PS3.5 7.1.2), typing errors 16."""
        group, number, code, short = self._order.explicit(data, 0)
        tag = group << 16 | number
        known = self._tags[tag]
        heads = [Head(tag, known, "UN", code.decode("latin-1"), self._at + 8, short)]
        if len(data) == 12 and not short:
            heads.insert(0, heads[0]._replace(start=self._at + 12, length=self._order.length(data, 8)[0]))
        for head in heads:
            if self._fits(head):
                shown = code.decode("ascii") if _is_letters(code) else f"{code.hex(' ').upper()} (hexadecimal)"
                self._tell_once(inside, "unknown-vr", head, f"has the VR {shown}, which the standard does not know")
                return head
        self._stop("damaged", wording.no_head(known, tag, self._at))
        return None

    def _read(self, data: bytes, *, implicit: bool) -> Head | None:
        """The head as it stands, None where it cannot be one."""
        at = self._at
        if implicit:
            group, number, length = self._order.implicit(data, 0)
            tag = group << 16 | number
            known = self._tags[tag]
            return Head(tag, known, known.vr, "", at + 8, length)
        group, number, code, length = self._order.explicit(data, 0)
        form = FORMS.get(code)
        if form is None or (form[1] and len(data) < 12):
            return None
        tag = group << 16 | number
        start = at + 8
        if form[1]:
            start, length = at + 12, self._order.length(data, 8)[0]
        return Head(tag, self._tags[tag], form[0], form[0], start, length)

    def _fits(self, head: Head) -> bool:
        """Whether an element like this would end where another could begin."""
        if head.length == UNDEFINED:
            return self._tag_at(head.start) in (ITEM, SEQUENCE_END)
        return self._could_begin(head.start + head.length)

    def _could_begin(self, at: int) -> bool:
        """Whether an element, an item or the end of the object may be at this offset."""
        if at >= self._end:
            return at == self._end
        data = self._peek(at)
        if len(data) < 8:
            return False
        group, number, length = self._order.implicit(data, 0)
        tag = group << 16 | number
        if tag in ITEM_TAGS:
            return True
        if not self._stack[0].implicit:
            return tag != 0 and data[4:6] in FORMS
        known = self._tags[tag]
        return known is not tags.UNKNOWN and (length == UNDEFINED or at + 8 + length <= self._end)

    def _tag_at(self, at: int) -> int:
        data = self._peek(at)
        if len(data) < 8:
            return 0
        group, number, _ = self._order.implicit(data, 0)
        return group << 16 | number

    def _peek(self, at: int) -> bytes:
        """Eight bytes ahead, without moving: nothing where they are not at hand."""
        window = self._window
        position = at - window.base
        if position >= 0 and position + 8 <= len(window.data):
            return window.data[position : position + 8]
        return b"" if isinstance(window, InflatedWindow) else window.load(at, 8)

    def _tell_once(self, inside: DataSet, kind: str, head: Head | None, what: str) -> None:
        """A problem that concerns every element of a data set alike is told for the first."""
        if head is None or (kind, id(inside)) in self._told:
            return
        self._told.add((kind, id(inside)))
        element = Element(head.tag, head.known, head.vr, head.written, self._at, head.start, head.length, None, inside)
        self._tell(kind, f"{element.label} at byte {self._at:,} {what}", element)

    def _tell(self, kind: str, message: str, element: Element | None = None) -> None:
        if len(self._parsed.problems) < MAX_PROBLEMS:
            self._parsed.problems.append(ParseProblem(kind, message, self._at, element))

    def _stop(self, kind: str, message: str, element: Element | None = None) -> None:
        self._parsed.problems.append(ParseProblem(kind, message, self._at, element))
        self.stopped = True


def _is_letters(code: bytes) -> bool:
    return len(code) == 2 and 0x40 < code[0] < 0x5B and 0x40 < code[1] < 0x5B
