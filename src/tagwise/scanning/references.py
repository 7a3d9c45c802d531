"""Which objects an object refers to: the UIDs inside the sequences of reports, presentation states, segmentations, RT.

Only classes that are made of references are looked into, so the scan of images pays nothing. Sequences nest, and their
lengths lie: depth and number are bounded, nothing is called recursively, and what is damaged ends the search.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tagwise.errors import ReadError
from tagwise.scanning.elements import ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, Found, Walk

if TYPE_CHECKING:
    from tagwise.scanning.elements import ByteOrder, _Head
    from tagwise.scanning.window import Window

_ROOT = "1.2.840.10008.5.1.4.1.1."

REFERRING = tuple(
    _ROOT + start
    for start in (
        "11.",  # presentation states
        "30",  # Parametric Map
        "66",  # Segmentation, Registration, Fiducials
        "67",  # Real World Value Mapping
        "88.",  # structured reports, key objects
        "481.",  # RT
    )
)
"""How the UIDs of the classes begin that refer to other objects."""

TOP_LEVEL = {
    0x00081115: "ReferencedSeriesSequence",
    0x00081140: "ReferencedImageSequence",
    0x0008114A: "ReferencedInstanceSequence",
    0x00081200: "StudiesContainingOtherReferencedInstancesSequence",
    0x00082112: "SourceImageSequence",
    0x00409094: "ReferencedImageRealWorldValueMappingSequence",
    0x0040A375: "CurrentRequestedProcedureEvidenceSequence",
    0x0040A385: "PertinentOtherEvidenceSequence",
    0x00640002: "DeformableRegistrationSequence",
    0x00700308: "RegistrationSequence",
    0x0070031C: "FiducialSetSequence",
    0x30060010: "ReferencedFrameOfReferenceSequence",
    0x300C0002: "ReferencedRTPlanSequence",
    0x300C0060: "ReferencedStructureSetSequence",
    0x300C0080: "ReferencedDoseSequence",
}
"""Sequences of a data set that name what it was made from or is about; others name steps, requests and versions."""

_WITHIN = frozenset(TOP_LEVEL) | {
    0x00081199,  # Referenced SOP Sequence
    0x30060012,  # RT Referenced Study Sequence
    0x30060014,  # RT Referenced Series Sequence
    0x30060016,  # Contour Image Sequence
}
"""Sequences that are looked into. The list replaces a dictionary: in implicit VR nothing says what is a sequence."""

SOP_CLASS, SOP_INSTANCE = 0x00081150, 0x00081155
STUDY, SERIES, FRAME_OF_REFERENCE = 0x0020000D, 0x0020000E, 0x00200052

_LAST = 0x300C0080
_AFTER_EVIDENCE = 0x0040A385
"""In reports the content tree follows: it repeats the evidence, and may be megabytes long."""

_MOST_DEPTH = 16
MOST_REFERENCES = 20_000
"""Objects that one object may refer to; a whole-body dynamic study has fewer images. More are left out."""

_LONGEST_UID = 128


class Reference(NamedTuple):
    """One object that is referred to: where, and what is said about it; None where the object does not say."""

    sequence: str
    sop_class: str | None
    sop_instance: str
    series: str | None
    study: str | None
    frame_of_reference: str | None


@dataclass(slots=True)
class _Mention:
    """A reference that is not complete yet: what is around it may come later in the object."""

    sequence: str
    sop_instance: str
    sop_class: str = ""
    series: str = ""
    study: str = ""
    frame_of_reference: str = ""

    def add(self, sop_class: str, series: str, study: str, frame_of_reference: str) -> None:
        """Take what is not known yet."""
        self.sop_class = self.sop_class or sop_class
        self.series = self.series or series
        self.study = self.study or study
        self.frame_of_reference = self.frame_of_reference or frame_of_reference


@dataclass(slots=True)
class _Item:
    """The UIDs of an open item, and how many references were known when it began."""

    first: int
    uids: dict[int, str] = field(default_factory=dict)


def refers(sop_class: str | None) -> bool:
    """Whether objects of this class are looked into.

    >>> refers("1.2.840.10008.5.1.4.1.1.88.59"), refers("1.2.840.10008.5.1.4.1.1.2")
    (True, False)
    """
    return sop_class is not None and sop_class.startswith(REFERRING)


def references(window: Window, start: int, order: ByteOrder, *, implicit: bool, report: bool) -> tuple[Reference, ...]:
    """The objects that a data set refers to, each once, in the order of their first mention.

    What follows damage is left out: that the object is damaged is said by the reader of its header.

    Args:
        start: Offset of the data set in the window.
        report: Whether the object is a structured report, whose content tree is not looked into.
    """
    walk = _ReferenceWalk(
        window, order, implicit, {}, {}, Found([], []), after=0, last=_AFTER_EVIDENCE if report else _LAST
    )
    with contextlib.suppress(ReadError):
        walk.collect(start)
    return walk.merged()


@dataclass(slots=True)
class _ReferenceWalk(Walk):
    """A walk that goes into sequences."""

    _known: list[_Mention] = field(default_factory=list)
    _items: list[_Item] = field(default_factory=list)

    def collect(self, at: int) -> None:
        """Look through the elements of the data set from the offset `at` on."""
        while len(self._known) < MOST_REFERENCES:
            position = self.window.ready(at, 12)
            if len(self.window.data) - position < 8:
                return
            head = self._head(at, implicit=self.implicit)
            if head.tag > self.last:
                return
            at = self._look_into(head) if head.tag in TOP_LEVEL else self._passed(at, head)

    def _passed(self, at: int, head: _Head) -> int:
        return self._after_items(head.start) if head.size == UNDEFINED else self._after_value(at, head)

    def _look_into(self, outer: _Head) -> int:
        """The offset after a sequence whose items are looked through.

        `opened` holds what is open, the innermost last: where it ends (None: at its delimiter), and whether it is an
        item.
        """
        sequence = TOP_LEVEL[outer.tag]
        opened: list[tuple[int | None, bool]] = [(_end(outer), False)]
        at = outer.start
        while opened and len(self._known) < MOST_REFERENCES:
            end, in_item = opened[-1]
            if end is not None and at >= end:
                opened.pop()
                if in_item:
                    self._close(sequence)
                continue
            head = self._head(at, implicit=self.implicit or not in_item)
            if head.tag in (ITEM_END, SEQUENCE_END):
                if (head.tag == ITEM_END) is not in_item:
                    raise self._misplaced(at, head.tag)
                opened.pop()
                if in_item:
                    self._close(sequence)
                at = head.start
            elif not in_item:
                if head.tag != ITEM:
                    raise self._misplaced(at, head.tag)
                opened.append((_end(head), True))
                self._items.append(_Item(len(self._known)))
                at = head.start
            elif head.tag in _WITHIN and len(opened) < _MOST_DEPTH:
                opened.append((_end(head), False))
                at = head.start
            else:
                at = self._element(at, head)
        return at

    def _element(self, at: int, head: _Head) -> int:
        if head.tag in (SOP_CLASS, SOP_INSTANCE, STUDY, SERIES, FRAME_OF_REFERENCE) and head.size <= _LONGEST_UID:
            self._items[-1].uids[head.tag] = self._value(at, head).strip("\0 ")
        return self._passed(at, head)

    def _close(self, sequence: str) -> None:
        """What an item says about series, study and frame holds for all references inside it."""
        item = self._items.pop()
        get = item.uids.get
        instance = get(SOP_INSTANCE)
        if instance and _is_object(get(SOP_CLASS, "")):
            self._known.append(_Mention(sequence, instance, get(SOP_CLASS, "")))
        around = get(SERIES, ""), get(STUDY, ""), get(FRAME_OF_REFERENCE, "")
        if any(around):
            for mention in self._known[item.first :]:
                mention.add("", *around)

    def merged(self) -> tuple[Reference, ...]:
        """Each object once: a second mention adds what the first one did not say."""
        found: dict[str, _Mention] = {}
        for mention in self._known:
            first = found.setdefault(mention.sop_instance, mention)
            first.add(mention.sop_class, mention.series, mention.study, mention.frame_of_reference)
        return tuple(
            Reference(
                mention.sequence,
                mention.sop_class or None,
                mention.sop_instance,
                mention.series or None,
                mention.study or None,
                mention.frame_of_reference or None,
            )
            for mention in found.values()
        )


def _end(head: _Head) -> int | None:
    return None if head.size == UNDEFINED else head.start + head.size


def _is_object(sop_class: str) -> bool:
    """Whether a referenced class is stored; RT names studies and steps in the same attributes (PS3.3 C.8.8.5)."""
    return not sop_class or sop_class.startswith("1.2.840.10008.5.1.4.") or not sop_class.startswith("1.2.840.10008.")
