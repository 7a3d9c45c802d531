"""The walk over every element of an object (PS3.5 chapter 7): what does not fit becomes a problem, and the walk goes on.

The header reader of `scanning` stops at the first thing that is wrong; this walk looks for the reading that fits best
and says what it had to assume. It never raises for bad data, and its work is bounded: nesting, elements and bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import LimitExceeded, ReadError
from tagwise.scanning.elements import ITEM, ITEM_END, LONG_VRS, SEQUENCE_END, SHORT_VRS, is_implicit
from tagwise.scanning.window import InflatedWindow
from tagwise.standard import tags
from tagwise.standard.tags import KnownTag
from tagwise.validation.objects import UNDEFINED, DataSet, Element, Fragment, ParsedObject, ParseProblem, tag_text

if TYPE_CHECKING:
    from tagwise.scanning.elements import ByteOrder
    from tagwise.scanning.window import Window

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

_DATA_SET_LAST = 0xFFFDFFFF  # above it are the tags of items and delimiters, and group FFFF, which is none
_TEXT = frozenset("AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split())
_ITEM_TAGS = frozenset({ITEM, ITEM_END, SEQUENCE_END})


class _Frame:
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


class _Head(NamedTuple):
    """What stands before a value."""

    tag: int
    known: KnownTag
    vr: str
    written: str
    start: int
    length: int


class Walk:
    """One pass over the elements from `at` on, as long as their tags are `first` to `last`, or to the end of the object.

    `run` returns where it ended. `stopped` says that nothing behind that place can be read.
    """

    def __init__(
        self,
        window: Window,
        parsed: ParsedObject,
        data_set: DataSet,
        order: ByteOrder,
        *,
        implicit: bool,
        first: int = 1,
        last: int = _DATA_SET_LAST,
    ) -> None:
        self._window = window
        self._parsed = parsed
        self._order = order
        self._first, self._last = first, last
        self._is_data = last == _DATA_SET_LAST
        self._end = getattr(window, "size", ENDLESS)
        self._tags = tags.by_number()
        root = _Frame(self._end, defined=True, implicit=implicit)
        root.data_set = data_set
        self._stack = [root]
        self._told: set[tuple[str, int]] = set()
        self._at = 0
        self.stopped = False

    def run(self, at: int) -> int:
        """Walk from the offset `at` on."""
        self._at = at
        try:
            while self._stack and not self.stopped:
                frame = self._stack[-1]
                if frame.data_set is not None:
                    self._in_item(frame, frame.data_set)
                else:
                    self._in_sequence(frame)
        except LimitExceeded as error:
            self._stop("limit", f"{error.detail}; what follows was not looked at")
        except ReadError as error:
            self._stop("unavailable", f"the file cannot be read on from byte {self._at:,}: {error.detail}")
        return self._at

    # -- elements

    def _in_item(self, frame: _Frame, inside: DataSet) -> None:  # noqa: C901, PLR0912, PLR0915 -- the hot loop: a call per element would double its time
        """Elements until the item ends, a sequence opens, or something does not fit."""
        window, parsed, known_tags, forms = self._window, self._parsed, self._tags, FORMS
        first, last = self._first, self._last
        _, unpack, unpack_implicit, unpack_length = self._order
        implicit, end = frame.implicit, frame.end
        flat, own = parsed.elements, inside.elements
        data, base = window.data, window.base
        limit = len(data)
        at = self._at
        while True:
            if at >= end:
                self._at = at
                self._at_end(frame)
                return
            position = at - base
            if position + 12 > limit or position < 0:
                position = window.ready(at, 12)
                data, base = window.data, window.base
                limit = len(data)
                if limit - position < 8:
                    self._at = at
                    self._tail(limit - position)
                    return
                if len(flat) > MAX_ELEMENTS:
                    self._at = at
                    self._stop("limit", f"more than {MAX_ELEMENTS:,} elements; what follows was not looked at")
                    return
            if implicit:
                group, number, length = unpack_implicit(data, position)
                tag = group << 16 | number
                if not first <= tag <= last:
                    break
                known = known_tags[tag]
                vr, written, start = known.vr, "", at + 8
                if length > KEPT and length != UNDEFINED:
                    break
            else:
                group, number, code, length = unpack(data, position)
                tag = group << 16 | number
                if not first <= tag <= last:
                    break
                form = forms.get(code)
                if form is None:
                    break
                known = known_tags[tag]
                vr, is_long = form
                written = vr
                if is_long:
                    if position + 12 > limit:
                        break
                    length = unpack_length(data, position + 8)[0]
                    start = at + 12
                else:
                    start = at + 8
            stop = start + length
            if length == UNDEFINED or vr == "SQ" or stop > end:
                break
            if stop - base <= limit:
                raw = data[start - base : stop - base]
                element = Element(tag, known, vr, written, at, start, length, raw, inside)
                own.append(element)
                flat.append(element)
                at = stop
                continue
            self._at = at
            if not self._value(_Head(tag, known, vr, written, start, length), inside):
                return
            at = self._at
            data, base = window.data, window.base
            limit = len(data)
        self._at = at
        self._special(frame, inside)

    def _value(self, head: _Head, inside: DataSet) -> bool:
        """Take an element whose value is not in the window; False where the object ends inside it."""
        window, at = self._window, self._at
        stop = head.start + head.length
        element = Element(head.tag, head.known, head.vr, head.written, at, head.start, head.length, None, inside)
        self._add(element)
        if head.length <= KEPT or (head.vr in _TEXT and head.length <= KEPT_TEXT):
            position = window.ready(head.start, head.length)
            raw = window.data[position : position + head.length]
            there = len(raw)
            if there == head.length:
                element.raw = raw
        else:
            there = window.reach(stop) - head.start
        if there < head.length:
            self._cut(element, max(there, 0))
            return False
        self._at = stop
        return True

    def _add(self, element: Element) -> None:
        element.inside.elements.append(element)
        self._parsed.elements.append(element)

    def _special(self, frame: _Frame, inside: DataSet) -> None:
        """One element, or delimiter, that the hot loop left alone."""
        window, at = self._window, self._at
        position = window.ready(at, 12)
        data = window.data[position : position + 12]
        group, number, length = self._order.implicit(data, 0)
        tag = group << 16 | number
        if tag > self._last or (tag < self._first and not self._is_data):
            self._beyond(frame, tag, length)
            return
        if not tag and not length and self._is_root(frame) and self._is_data:
            self._zeros()
            return
        head = self._head(frame, inside, data)
        if head is None:
            return
        stop = head.start + head.length
        if head.length == UNDEFINED or (head.vr == "SQ" and stop <= frame.end):
            self._open(frame, inside, head)
        elif stop > frame.end:
            self._overrun(frame, inside, head)
        else:
            self._value(head, inside)

    def _head(self, frame: _Frame, inside: DataSet, data: bytes) -> _Head | None:
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
            self._stop("truncated", f"the object ends at byte {self._at + len(data):,}, in the head of an element")
            return None
        other = self._read(data, implicit=True)
        if other is not None and self._fits(other) and not _is_letters(code):
            self._tell_once(inside, "mixed-vr", other, "is in implicit VR, but the data set around it in explicit VR")
            return other
        return self._unknown_vr(inside, data)

    def _unknown_vr(self, inside: DataSet, data: bytes) -> _Head | None:
        """An element whose VR nobody knows: VRs of the future have 32 bits of length (PS3.5 7.1.2), typing errors 16."""
        group, number, code, short = self._order.explicit(data, 0)
        tag = group << 16 | number
        known = self._tags[tag]
        heads = [_Head(tag, known, "UN", code.decode("latin-1"), self._at + 8, short)]
        if len(data) == 12 and not short:
            heads.insert(0, heads[0]._replace(start=self._at + 12, length=self._order.length(data, 8)[0]))
        for head in heads:
            if self._fits(head):
                shown = code.decode("ascii") if _is_letters(code) else f"{code.hex(' ').upper()} (hexadecimal)"
                self._tell_once(inside, "unknown-vr", head, f"has the VR {shown}, which the standard does not know")
                return head
        self._stop(
            "damaged",
            f"{_called(known, tag)} at byte {self._at:,} has neither a VR nor a length that fits, so nothing behind it can "
            "be read: a length before it is wrong, or bytes were lost or changed there",
        )
        return None

    def _read(self, data: bytes, *, implicit: bool) -> _Head | None:
        """The head as it stands, None where it cannot be one."""
        at = self._at
        if implicit:
            group, number, length = self._order.implicit(data, 0)
            tag = group << 16 | number
            known = self._tags[tag]
            return _Head(tag, known, known.vr, "", at + 8, length)
        group, number, code, length = self._order.explicit(data, 0)
        form = FORMS.get(code)
        if form is None or (form[1] and len(data) < 12):
            return None
        tag = group << 16 | number
        start = at + 8
        if form[1]:
            start, length = at + 12, self._order.length(data, 8)[0]
        return _Head(tag, self._tags[tag], form[0], form[0], start, length)

    def _fits(self, head: _Head) -> bool:
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
        if tag in _ITEM_TAGS:
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
        if 0 <= position and position + 8 <= len(window.data):
            return window.data[position : position + 8]
        return b"" if isinstance(window, InflatedWindow) else window.load(at, 8)

    # -- what is longer than its place

    def _overrun(self, frame: _Frame, inside: DataSet, head: _Head) -> None:
        """An element that ends behind its item, or behind the object."""
        stop = head.start + head.length
        element = Element(head.tag, head.known, head.vr, head.written, self._at, head.start, head.length, None, inside)
        if stop > self._end:
            self._add(element)
            self._cut(element, max(self._end - head.start, 0))
            return
        told = f"{element.label} at byte {self._at:,} claims {head.length:,} bytes, but its item ends at byte {frame.end:,}"
        if self._could_begin(stop) and not self._could_begin(frame.end):
            self._tell("overrun", f"{told}: the length of the item or of the sequence is too small", element)
            self._stretch(stop)
            return
        self._add(element)
        self._tell(
            "overrun", f"{told}: the length of the element is wrong, and the rest of the item was left out", element
        )
        self._at = frame.end

    def _stretch(self, stop: int) -> None:
        """Let everything that is open last at least to `stop`."""
        for frame in self._stack[1:]:
            frame.end = max(frame.end, stop)

    def _cut(self, element: Element, there: int) -> None:
        """The object ends inside an element."""
        broken = self._window.broken
        if broken is not None:
            self._stop("deflate", f"{broken.detail}, inside {element.label}; the rest of the object is lost")
            return
        claimed = "an undefined length" if element.length == UNDEFINED else f"{element.length:,} bytes"
        cause = (
            "that length is damaged, or the data set is in another transfer syntax than it says"
            if element.length > 0x7FFFFFFF and element.tag != PIXEL_DATA
            else "the object was cut off while it was written, sent or copied; fetch it again from where it came from"
        )
        where = "" if element.inside.sequence is None else f", inside {element.path.rpartition('.')[0]}"
        self._stop(
            "truncated",
            f"{element.label} at byte {element.offset:,}{where} claims {claimed}, {there:,} are there: {cause}",
            element,
        )

    # -- sequences

    def _open(self, frame: _Frame, inside: DataSet, head: _Head) -> None:
        """Open a sequence, or read fragments."""
        element = Element(head.tag, head.known, head.vr, head.written, self._at, head.start, head.length, None, inside)
        defined = head.length != UNDEFINED
        self._add(element)
        self._at = head.start
        if not defined and head.vr not in ("SQ", "UN"):
            following = self._tag_at(head.start)
            if head.tag == PIXEL_DATA and following in (ITEM, SEQUENCE_END):
                self._fragments(element)
                return
            self._tell(
                "undefined-length",
                f"{element.label} at byte {element.offset:,} has VR {head.vr} and undefined length",
                element,
            )
            if following not in (ITEM, SEQUENCE_END):
                self._stop(
                    "damaged",
                    f"{element.label} at byte {element.offset:,} has undefined length and no items, so its end cannot be found",
                    element,
                )
                return
        if len(self._stack) >= 2 * MAX_DEPTH:
            self._stop(
                "limit", f"sequences are nested more than {MAX_DEPTH} deep; what follows was not looked at", element
            )
            return
        element.items = []
        end = head.start + head.length if defined else frame.end
        opened = _Frame(end, defined=defined, implicit=frame.implicit)
        opened.element = element
        opened.guesses = head.vr == "UN" and not frame.implicit
        self._stack.append(opened)

    def _in_sequence(self, frame: _Frame) -> None:
        """One item, or the end of the sequence."""
        at, sequence = self._at, frame.element
        assert sequence is not None  # noqa: S101 - a frame is an item or has its sequence
        if at >= frame.end:
            self._at_end(frame)
            return
        position = self._window.ready(at, 8)
        data = self._window.data[position : position + 8]
        if len(data) < 8:
            self._tail(len(data))
            return
        group, number, length = self._order.implicit(data, 0)
        tag = group << 16 | number
        if tag == ITEM:
            self._item(frame, sequence, length)
        elif tag == SEQUENCE_END:
            self._at = at + 8
            self._stack.pop()
            if frame.defined:
                self._tell(
                    "delimiter",
                    f"a sequence delimiter at byte {at:,} ends {sequence.label}, whose length says where it ends",
                    sequence,
                )
        elif tag == ITEM_END:
            self._at = at + 8
            self._tell(
                "delimiter", f"an item delimiter at byte {at:,} stands between the items of {sequence.label}", sequence
            )
        elif frame.defined:
            self._tell(
                "not-an-item",
                f"{tag_text(tag)} at byte {at:,} stands where an item of {sequence.label} should begin; the rest of the sequence was left out",
                sequence,
            )
            self._at = frame.end
        else:
            self._unclosed(frame, at)

    def _item(self, frame: _Frame, sequence: Element, length: int) -> None:
        start = self._at + 8
        frame.number += 1
        data_set = DataSet(start, sequence, frame.number, big_endian=self._parsed.big_endian)
        if sequence.items is not None:
            sequence.items.append(data_set)
        implicit = frame.implicit
        if frame.guesses and length:
            position = self._window.ready(start, 8)
            implicit = is_implicit(self._window.data, position)
        end = frame.end if length == UNDEFINED else start + length
        if end > frame.end:
            if end > self._end:
                there = max(self._end - start, 0)
                if self._window.broken is None:
                    self._tell(
                        "truncated",
                        f"item {frame.number} of {sequence.label} at byte {self._at:,} claims {length:,} bytes, {there:,} are there: the object was cut off, or the length is damaged",
                        sequence,
                    )
                end = self._end
            else:
                told = f"item {frame.number} of {sequence.label} at byte {self._at:,} ends at byte {end:,}, behind its sequence, which ends at byte {frame.end:,}"
                self._tell("overrun", told, sequence)
                if self._could_begin(end):
                    self._stretch(end)
                else:
                    end = frame.end
        opened = _Frame(end, defined=length != UNDEFINED, implicit=implicit)
        opened.data_set = data_set
        self._stack.append(opened)
        self._at = start

    def _at_end(self, frame: _Frame) -> None:
        """The end of an item, a sequence or the object, by its length."""
        self._at = max(self._at, frame.end) if frame.end != ENDLESS else self._at
        if frame.defined:
            self._stack.pop()
        else:
            self._unclosed(frame, self._at)

    def _unclosed(self, frame: _Frame, at: int) -> None:
        """An item or sequence of undefined length ends without its delimiter."""
        self._stack.pop()
        sequence = frame.element or (frame.data_set.sequence if frame.data_set else None)
        if sequence is None:
            return
        what = "an item" if frame.data_set is not None else "the sequence"
        number = f" {frame.data_set.number}" if frame.data_set is not None else ""
        self._tell(
            "unclosed",
            f"{what.replace('an item', 'item')}{number} of {sequence.label} at byte {sequence.offset:,} has no delimiter before byte {at:,}".replace(
                "the sequence of", "the sequence"
            ),
            sequence,
        )

    def _beyond(self, frame: _Frame, tag: int, length: int) -> None:
        """A delimiter inside an item; or, in the file meta information, the first element of another group."""
        if not self._is_data and tag not in _ITEM_TAGS:
            self._stack.clear()
            return
        at = self._at
        if tag not in _ITEM_TAGS:
            self._stop(
                "damaged",
                f"{tag_text(tag)} at byte {at:,} is no tag of a data set: a length before it is wrong, or bytes were lost or changed there",
            )
        elif tag == ITEM_END and not frame.defined:
            self._at = at + 8
            self._stack.pop()
        elif frame.defined:
            self._at = at + 8
            words = {ITEM: "an item", ITEM_END: "an item delimiter", SEQUENCE_END: "a sequence delimiter"}[tag]
            self._tell("delimiter", f"{words} at byte {at:,} stands where an element should begin")
            if tag == ITEM and length != UNDEFINED and at + 8 + length <= frame.end:
                self._at = at + 8 + length
        else:  # the next item, or the end of the sequence: this item has no delimiter
            self._unclosed(frame, at)

    # -- encapsulated pixel data

    def _fragments(self, element: Element) -> None:
        """The fragments of encapsulated pixel data (PS3.5 A.4); the first item is the Basic Offset Table."""
        window, parsed = self._window, self._parsed
        fragments: list[Fragment] = []
        if element.inside.sequence is None:
            parsed.fragments = fragments
        at, number = element.start, 0
        while True:
            position = window.ready(at, 8)
            data = window.data[position : position + 8]
            group, item, length = self._order.implicit(data, 0) if len(data) == 8 else (0, 0, 0)
            tag = group << 16 | item
            stop = at + 8 + length
            if tag == SEQUENCE_END and len(data) == 8:
                self._at = at + 8
                return
            if tag != ITEM or len(data) < 8 or length == UNDEFINED:
                self._at = at
                self._tell(
                    "unclosed",
                    f"the fragments of {element.label} at byte {element.offset:,} have no delimiter at byte {at:,}",
                    element,
                )
                if not self._could_begin(at):
                    self._stop(
                        "truncated",
                        f"{element.label} ends at byte {at:,} in the middle of its fragments: the object was cut off, or the length of a fragment is wrong",
                        element,
                    )
                return
            if number == 0 and length <= KEPT_TEXT:
                position = window.ready(at + 8, length) if length else 0
                table = window.data[position : position + length]
                if element.inside.sequence is None:
                    parsed.offset_table = table
            if window.reach(stop) < stop:
                self._at = at
                self._cut(
                    Element(
                        element.tag,
                        element.known,
                        element.vr,
                        element.written,
                        at,
                        at + 8,
                        length,
                        None,
                        element.inside,
                    ),
                    window.reach(stop) - at - 8,
                )
                return
            if number:
                fragments.append(Fragment(at, length))
            number += 1
            if number > MAX_ELEMENTS:
                self._stop(
                    "limit",
                    f"{element.label} has more than {MAX_ELEMENTS:,} fragments; what follows was not looked at",
                    element,
                )
                return
            at = stop

    # -- the end of the object

    def _is_root(self, frame: _Frame) -> bool:
        return frame is self._stack[0]

    def _zeros(self) -> None:
        """Zeros instead of an element: padding where they last to the end of the object, else a hole in it."""
        at = self._at
        position = self._window.ready(at, KEPT)
        zeros = self._window.data[position:]
        rest = self._end - at
        if len(zeros) < KEPT and not any(zeros):
            self._tell("trailing", f"{len(zeros):,} zero bytes follow the last element, from byte {at:,} on")
            self._stack.clear()
            return
        self._stop(
            "damaged",
            f"zeros stand where an element should begin, from byte {at:,} on{'' if self._end == ENDLESS else f', {rest:,} bytes before the end'}: the file was not written to its end, or the storage lost that part",
        )

    def _tail(self, left: int) -> None:
        """Fewer than eight bytes are left: no element has room there."""
        at = self._at
        window = self._window
        if window.broken is not None:
            self._stop("deflate", f"{window.broken.detail}; the rest of the object is lost")
        elif window.cut:
            self._stop(
                "truncated",
                f"{window.where} stops at byte {at + left:,}, earlier than it says itself: it was cut off; fetch it again from where it came from",
            )
        elif left and len(self._stack) == 1 and self._is_data:
            self._tell(
                "trailing",
                f"{left} byte{'s' if left > 1 else ''} that can be no element follow{'' if left > 1 else 's'} the last one, at byte {at:,}",
            )
            self._stack.clear()
        elif left and self._is_data:
            self._stop(
                "truncated",
                f"the object ends at byte {at + left:,} in the head of an element, inside {self._open_name()}: it was cut off; fetch it again from where it came from",
            )
        else:
            for frame in reversed(self._stack[1:]):
                if not frame.defined or self._end == ENDLESS:
                    self._unclosed(frame, at)
            self._stack.clear()

    def _open_name(self) -> str:
        names = [frame.element.label for frame in self._stack if frame.element is not None]
        return names[-1] if names else "the data set"

    # -- telling

    def _tell_once(self, inside: DataSet, kind: str, head: _Head | None, what: str) -> None:
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


def _called(known: KnownTag, tag: int) -> str:
    return f"{known.keyword} {tag_text(tag)}" if known.keyword else tag_text(tag)
