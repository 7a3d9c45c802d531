"""The walk over every element of an object (PS3.5 chapter 7): what does not fit becomes a problem, and it goes on.

The header reader of `scanning` stops at the first thing that is wrong; this walk looks for the reading that fits best
and says what it had to assume. It never raises for bad data, and its work is bounded: nesting, elements and bytes.
"""

from __future__ import annotations

from tagwise.errors import LimitExceeded, ReadError
from tagwise.scanning.elements import ITEM, ITEM_END, SEQUENCE_END, is_implicit
from tagwise.validation import wording
from tagwise.validation.endings import Endings
from tagwise.validation.footing import (
    ENDLESS,
    FORMS,
    ITEM_TAGS,
    KEPT,
    KEPT_TEXT,
    MAX_DEPTH,
    MAX_ELEMENTS,
    PIXEL_DATA,
    TEXT,
    Frame,
    Head,
    remember,
)
from tagwise.validation.objects import UNDEFINED, DataSet, Element


class Walk(Endings):
    """One pass over the elements from `at` on, while their tags are `first` to `last`, or to the end of the object.

    `run` returns where it ended. `stopped` says that nothing behind that place can be read.
    """

    def run(self, at: int) -> int:
        """Walk from the offset `at` on."""
        self._at = at
        try:
            stack = self._stack
            while stack and not self.stopped:
                frame = stack[-1]
                if frame.data_set is not None:
                    self._in_item(frame, frame.data_set)
                elif frame.element is not None:
                    self._in_sequence(frame, frame.element)
        except LimitExceeded as error:
            self._stop("limit", f"{error.detail}; what follows was not looked at")
        except ReadError as error:
            self._stop("unavailable", f"the file cannot be read on from byte {self._at:,}: {error.detail}")
        return self._at

    def _in_item(self, frame: Frame, inside: DataSet) -> None:  # noqa: C901, PLR0912, PLR0915 -- the hot loop: a call per element would double its time
        """Elements until the item ends, a sequence opens, or something does not fit."""
        window, parsed, known_tags, forms = self._window, self._parsed, self._tags, FORMS
        first, last = self._first, self._last
        _, unpack, unpack_implicit, unpack_length = self._order
        implicit, end = frame.implicit, frame.end
        heads = self._heads[implicit]
        flat, own = parsed.elements, inside.elements
        data, base = window.data, window.base
        limit = len(data)
        at = self._at
        is_over = False
        while True:
            if at >= end:
                self._at = at
                if at == end and frame.defined:
                    self._stack.pop()
                else:
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
            seen = heads.get(data[position : position + 8])
            if seen is not None:
                tag, known, vr, written, length = seen
                start = at + 8
                stop = start + length
                if stop <= end and stop - base <= limit:
                    raw = data[position + 8 : stop - base]
                    element = Element(tag, known, vr, written, at, start, length, raw, inside)
                    own.append(element)
                    flat.append(element)
                    at = stop
                    continue
            if implicit:
                group, number, length = unpack_implicit(data, position)
                tag = group << 16 | number
                if not first <= tag <= last:
                    is_over = tag == ITEM_END and not frame.defined
                    break
                known = known_tags[tag]
                vr, written, start = known.vr, "", at + 8
                if length > KEPT and length != UNDEFINED:
                    break
            else:
                group, number, code, length = unpack(data, position)
                tag = group << 16 | number
                if not first <= tag <= last:
                    is_over = tag == ITEM_END and not frame.defined
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
                if (length == UNDEFINED or stop <= end) and not (
                    implicit and data[position + 4 : position + 6] in forms
                ):
                    self._at = at
                    self._open(frame, inside, Head(tag, known, vr, written, start, length))
                    return
                break
            if stop - base <= limit:
                if start == at + 8:
                    remember(heads, data[position : start - base], (tag, known, vr, written, length))
                raw = data[start - base : stop - base]
                element = Element(tag, known, vr, written, at, start, length, raw, inside)
                own.append(element)
                flat.append(element)
                at = stop
                continue
            self._at = at
            if not self._value(Head(tag, known, vr, written, start, length), inside):
                return
            at = self._at
            data, base = window.data, window.base
            limit = len(data)
        self._at = at
        if is_over:
            self._at = at + 8
            self._stack.pop()
        else:
            self._special(frame, inside)

    def _value(self, head: Head, inside: DataSet) -> bool:
        """Take an element whose value is not in the window; False where the object ends inside it."""
        window, at = self._window, self._at
        stop = head.start + head.length
        element = Element(head.tag, head.known, head.vr, head.written, at, head.start, head.length, None, inside)
        self._add(element)
        if head.length <= KEPT or (head.vr in TEXT and head.length <= KEPT_TEXT):
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

    def _special(self, frame: Frame, inside: DataSet) -> None:
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

    def _overrun(self, frame: Frame, inside: DataSet, head: Head) -> None:
        """An element that ends behind its item, or behind the object."""
        stop = head.start + head.length
        element = Element(head.tag, head.known, head.vr, head.written, self._at, head.start, head.length, None, inside)
        if stop > self._end:
            self._add(element)
            self._cut(element, max(self._end - head.start, 0))
            return
        told = wording.overrun(element, frame.end)
        if self._could_begin(stop) and not self._could_begin(frame.end):
            self._tell("overrun", f"{told}: the length of the item or of the sequence is too small", element)
            self._stretch(stop)
            return
        self._add(element)
        self._tell("overrun", f"{told}: its length is wrong, and the rest of the item was left out", element)
        self._at = frame.end

    def _open(self, frame: Frame, inside: DataSet, head: Head) -> None:
        """Open a sequence, or read fragments."""
        element = Element(head.tag, head.known, head.vr, head.written, self._at, head.start, head.length, None, inside)
        defined = head.length != UNDEFINED
        self._add(element)
        self._at = head.start
        if not defined and head.vr not in ("SQ", "UN") and not self._opens_undefined(element):
            return
        if len(self._stack) >= 2 * MAX_DEPTH:
            told = f"sequences are nested more than {MAX_DEPTH} deep; what follows was not looked at"
            self._stop("limit", told, element)
            return
        element.items = []
        self._parsed.sequences.append(element)
        opened = Frame(head.start + head.length if defined else frame.end, defined=defined, implicit=frame.implicit)
        opened.element = element
        opened.guesses = head.vr == "UN" and not frame.implicit
        self._stack.append(opened)

    def _opens_undefined(self, element: Element) -> bool:
        """Whether an element of undefined length, which is no sequence, can be read as one."""
        has_items = self._tag_at(element.start) in (ITEM, SEQUENCE_END)
        if element.tag == PIXEL_DATA and has_items:
            self._fragments(element)
            return False
        told = f"{element.label} at byte {element.offset:,} has VR {element.vr} and undefined length"
        self._tell("undefined-length", told, element)
        if not has_items:
            self._stop("damaged", wording.no_end(element), element)
        return has_items

    def _in_sequence(self, frame: Frame, sequence: Element) -> None:
        """One item, or the end of the sequence."""
        at = self._at
        if at >= frame.end:
            if at == frame.end and frame.defined:
                self._stack.pop()
            else:
                self._at_end(frame)
            return
        window = self._window
        position = window.ready(at, 8)
        left = len(window.data) - position
        if left < 8:
            self._tail(left)
            return
        group, number, length = self._order.implicit(window.data, position)
        tag = group << 16 | number
        if tag == ITEM:
            self._item(frame, sequence, length)
        elif tag == SEQUENCE_END:
            self._at = at + 8
            self._stack.pop()
            if frame.defined:
                told = f"{sequence.label} has a length, and a sequence delimiter at byte {at:,} all the same"
                self._tell("delimiter", told, sequence)
        elif tag == ITEM_END:
            self._at = at + 8
            self._tell(
                "delimiter", f"{sequence.label} has an item delimiter at byte {at:,} between its items", sequence
            )
        elif frame.defined:
            self._tell("not-an-item", wording.no_item(sequence, tag, at), sequence)
            self._at = frame.end
        else:
            self._unclosed(frame, at)

    def _item(self, frame: Frame, sequence: Element, length: int) -> None:
        """Open an item."""
        start = self._at + 8
        frame.number += 1
        data_set = DataSet(start, sequence, frame.number, big_endian=self._parsed.big_endian)
        if sequence.items is not None:
            sequence.items.append(data_set)
        implicit = frame.implicit
        if frame.guesses and length:  # UN: in implicit VR by rule (PS3.5 6.2.2), in explicit VR by mistake
            position = self._window.ready(start, 8)
            implicit = is_implicit(self._window.data, position)
        end = frame.end if length == UNDEFINED else start + length
        if end > frame.end:
            end = self._item_end(frame, sequence, end)
        opened = Frame(end, defined=length != UNDEFINED, implicit=implicit)
        opened.data_set = data_set
        self._stack.append(opened)
        self._at = start

    def _item_end(self, frame: Frame, sequence: Element, end: int) -> int:
        """Where an item ends that claims to end behind its sequence."""
        at = self._at
        if end > self._end:
            if self._window.broken is None:
                there, claimed = max(self._end - at - 8, 0), end - at - 8
                self._tell("truncated", wording.cut_item(sequence, frame.number, at, claimed, there), sequence)
            return self._end
        self._tell("overrun", wording.overrun_item(sequence, frame.number, at, end, frame.end), sequence)
        if not self._could_begin(end):
            return frame.end
        self._stretch(end)
        return end

    def _at_end(self, frame: Frame) -> None:
        """The end of an item, a sequence or the object, by its length."""
        self._at = max(self._at, frame.end) if frame.end != ENDLESS else self._at
        if frame.defined:
            self._stack.pop()
        else:
            self._unclosed(frame, self._at)

    def _beyond(self, frame: Frame, tag: int, length: int) -> None:
        """A delimiter inside an item; or the first element that does not belong to the part that is read."""
        at = self._at
        if tag not in ITEM_TAGS:
            if self._is_data:
                self._stop("damaged", wording.no_tag(tag, at))
            self._stack.clear()
        elif tag == ITEM_END and not frame.defined:
            self._at = at + 8
            self._stack.pop()
        elif frame.defined:
            words = {ITEM: "an item", ITEM_END: "an item delimiter", SEQUENCE_END: "a sequence delimiter"}[tag]
            self._tell("delimiter", f"{words} at byte {at:,} stands where an element should begin")
            skipped = length if tag == ITEM and length != UNDEFINED and at + 8 + length <= frame.end else 0
            self._at = at + 8 + skipped
        else:  # the next item, or the end of the sequence: this item has no delimiter
            self._unclosed(frame, at)
