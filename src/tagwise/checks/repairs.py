"""What a check can do about what it finds, where that needs no guess: changes to an object, as data.

A repair stands beside the check it belongs to, is called as the check is, and only where the check found something. It
changes nothing itself: `tagwise.validation.fixing` applies what it returns to a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.standard import vrs

if TYPE_CHECKING:
    from tagwise.validation.objects import DataSet, Element

BINARY_PADDED = frozenset({"OB", "UN"})


class NewValue(NamedTuple):
    """Another value for an element; `was` and `now` say what changes, without the value."""

    element: Element
    raw: bytes
    was: str
    now: str


class Padded(NamedTuple):
    """A pad character behind the value of an element, whose bytes stay; the parser need not hold them."""

    element: Element
    pad: bytes
    was: str
    now: str


class NewVr(NamedTuple):
    """Another VR for an element in explicit VR. The value stays, and must be sound under the new VR."""

    element: Element
    vr: str


class Removed(NamedTuple):
    """An element that is left out."""

    element: Element
    was: str


class Added(NamedTuple):
    """An element that is missing in a data set, or in the file meta information."""

    data_set: DataSet
    tag: int
    vr: str
    raw: bytes
    now: str


class Sorted(NamedTuple):
    """The elements of a data set in the order of their tags; equal tags stay in the order they have."""

    data_set: DataSet
    was: str


class Rewritten(NamedTuple):
    """What becomes right by writing the object anew from its elements: delimiters, preamble, file meta information."""

    part: str
    was: str
    now: str
    element: Element | None = None


Repair = NewValue | Padded | NewVr | Removed | Added | Sorted | Rewritten


def padded(raw: bytes, vr: str) -> bytes:
    r"""The value with an even length: text padded with a blank, UIDs and bytes with 00H (PS3.5 6.2).

    >>> padded(b"1.2", "UI"), padded(b"CT", "CS")
    (b'1.2\x00', b'CT')
    """
    if len(raw) % 2 == 0:
        return raw
    return raw + (b" " if vr != "UI" and vrs.by_vr()[vr].kind == "text" else b"\0")
