"""Where things end: elements and items that were cut off, delimiters that are missing, fragments, the last bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.scanning.elements import ITEM, SEQUENCE_END
from tagwise.standard import tags
from tagwise.validation import wording
from tagwise.validation.footing import ENDLESS, KEPT, KEPT_TEXT, MAX_ELEMENTS, Footing
from tagwise.validation.objects import UNDEFINED, Element, Fragment

if TYPE_CHECKING:
    from tagwise.validation.footing import Frame


class Endings(Footing):
    """The part of a walk that meets an end."""

    def _cut(self, element: Element, there: int) -> None:
        """The object ends inside an element."""
        broken = self._window.broken
        if broken is not None:
            self._stop("deflate", f"{broken.detail}, inside {element.label}; the rest of the object is lost")
        else:
            self._stop("truncated", wording.cut(element, there), element)

    def _unclosed(self, frame: Frame, at: int) -> None:
        """An item or sequence of undefined length ends without its delimiter."""
        self._stack.pop()
        sequence = frame.element or (frame.data_set.sequence if frame.data_set else None)
        if sequence is not None:
            number = frame.data_set.number if frame.data_set is not None else 0
            self._tell("unclosed", wording.unclosed(sequence, number, at), sequence)

    def _zeros(self) -> None:
        """Zeros instead of an element: padding where they last to the end of the object, else a hole in it."""
        at = self._at
        position = self._window.ready(at, KEPT)
        zeros = self._window.data[position:]
        if len(zeros) < KEPT and not any(zeros):
            self._tell("trailing", f"{len(zeros):,} zero bytes follow the last element, from byte {at:,} on")
            self._stack.clear()
        else:
            self._stop("damaged", wording.zeros(at, None if self._end == ENDLESS else self._end - at))

    def _tail(self, left: int) -> None:
        """Fewer than eight bytes are left: no element has room there."""
        at = self._at
        window = self._window
        if window.broken is not None:
            self._stop("deflate", f"{window.broken.detail}; the rest of the object is lost")
        elif window.cut:
            self._stop("truncated", wording.shorter(window.where, at + left))
        elif left and len(self._stack) == 1 and self._is_data and not self._begins_next(left):
            self._tell("trailing", wording.left_over(left, at))
            self._stack.clear()
        elif left and self._is_data:
            self._stop("truncated", wording.cut_head(at + left, self._inside()))
        else:
            while len(self._stack) > 1:
                self._unclosed(self._stack[-1], at)
            self._stack.clear()

    def _begins_next(self, left: int) -> bool:
        """Whether the last bytes are a known tag that could follow: then an element was cut, and not filled up."""
        if left < 4:
            return False
        position = self._window.ready(self._at, left)
        data = self._window.data[position : position + left]
        group, number, _ = self._order.implicit(data.ljust(8, b"\0"), 0)
        elements = self._stack[0].data_set.elements if self._stack[0].data_set is not None else []
        tag = group << 16 | number
        known = self._tags[tag] is not tags.UNKNOWN and not group & 1
        return bool(known and elements and tag > elements[-1].tag)

    def _inside(self) -> str:
        """The innermost sequence that is open, for a sentence."""
        names = [frame.element.label for frame in self._stack if frame.element is not None]
        return f", inside {names[-1]}" if names else ""

    def _fragments(self, element: Element) -> None:
        """The fragments of encapsulated pixel data (PS3.5 A.4); the first item is the Basic Offset Table."""
        window, parsed = self._window, self._parsed
        fragments: list[Fragment] = []
        is_top = element.inside.sequence is None
        if is_top:
            parsed.fragments = fragments
        at = element.start
        for number in range(MAX_ELEMENTS):
            length = self._fragment_at(at, element)
            if length < 0:
                return
            stop = at + 8 + length
            if not number and is_top and length <= KEPT_TEXT:
                position = window.ready(at + 8, length)
                parsed.offset_table = window.data[position : position + length]
            there = window.reach(stop)
            if there < stop:
                self._at = at
                head = (element.tag, element.known, element.vr, element.written, at, at + 8, length, None)
                self._cut(Element(*head, element.inside), there - at - 8)
                return
            if number:
                fragments.append(Fragment(at, length))
            at = stop
        self._stop("limit", f"{element.label} has more than {MAX_ELEMENTS:,} fragments", element)

    def _fragment_at(self, at: int, element: Element) -> int:
        """The length of the fragment at this offset, -1 where there is none."""
        position = self._window.ready(at, 8)
        data = self._window.data[position : position + 8]
        self._at = at
        group, number, length = self._order.implicit(data, 0) if len(data) == 8 else (0, 0, 0)
        tag = group << 16 | number
        if tag == ITEM and length != UNDEFINED:
            return length
        if tag == SEQUENCE_END:
            self._at = at + 8
            return -1
        self._tell("unclosed", wording.unclosed(element, 0, at), element)
        if not self._could_begin(at):
            self._stop("truncated", wording.cut_fragments(element, at), element)
        return -1
