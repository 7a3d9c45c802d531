"""An element has an odd length.

## What it finds
Elements, and fragments of pixel data, whose length in the object is an odd number. PS3.5 section 7.1.1 has even
lengths only: values are padded. At most ten elements of a kind are worth reading; the finding counts the rest.

## Why it matters
Strict readers refuse the object at the first odd length. Tolerant ones read it, and write it anew with another
length, so that copies of one object differ. Old networks and media formats move words of 16 bits and lose the last
byte.

## How to confirm
`dcmdump FILE` warns at the offset that the finding names.

## How to fix
1. Ask the maker of the writing program to pad: text with a blank, UIDs with a NUL, bytes with 00H.
2. Files at hand are padded by most toolkits when they write them anew.

## Not a problem when
- The object stays among readers that take odd lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagwise.checks.objects import ObjectExample, object_check
from tagwise.checks.repairs import BINARY_PADDED, Padded
from tagwise.checks.writing import Given
from tagwise.findings import Basis, Confidence, Severity
from tagwise.standard import vrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.checks.repairs import Repair
    from tagwise.validation.objects import Element

_UNDEFINED = 0xFFFFFFFF
_PIXEL_DATA, _BITS_ALLOCATED = 0x7FE00010, 0x00280100


def _repair(element: Element) -> Iterator[Repair]:
    """Pad what can be padded, however long it is: the value need not be at hand."""
    is_text = element.vr == "UI" or vrs.by_vr()[element.vr].kind == "text"
    # A length of 16 bits has no even number above FFFEH.
    fits = element.length < (0xFFFE if element.written and element.vr not in vrs.LONG else _UNDEFINED - 1)
    if element.items is None and fits and (is_text or element.vr in BINARY_PADDED or _has_whole_samples(element)):
        blank = is_text and element.vr != "UI"
        now = f"{element.length + 1:,} bytes, the last is {'a blank' if blank else '00H'}"
        yield Padded(element, b" " if blank else b"\0", f"{element.length:,} bytes", now)


def _has_whole_samples(element: Element) -> bool:
    """Whether these are pixels of one byte each: of longer words an odd length lacks a part of the last one."""
    bits = element.inside.get(_BITS_ALLOCATED) if element.tag == _PIXEL_DATA else None
    return bits is not None and bits.number() == 8


@object_check(
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    basis=Basis.STANDARD,
    target="elements",
    references=("PS3.5 7.1.1", "PS3.5 6.2"),
    since="0.1.0",
    repair=_repair,
    fires=(
        ObjectExample("a text that is not padded", [Given("PatientID", "LO", b"123")], ["PatientID"]),
        ObjectExample(
            "a UID that is not padded, in an item",
            [Given("ReferencedImageSequence", "SQ", items=[[Given("ReferencedSOPInstanceUID", "UI", b"1.2.3")]])],
            ["ReferencedImageSequence", "ReferencedImageSequence[1].ReferencedSOPInstanceUID"],
        ),
    ),
    silent=(
        ObjectExample("a padded text", [Given("PatientID", "LO", "123")]),
        ObjectExample("an empty element", [Given("PatientID", "LO", "")]),
        ObjectExample(
            "a sequence of undefined length", [Given("ReferencedImageSequence", "SQ", items=[[]], undefined=True)]
        ),
    ),
)
def odd_length(element: Element) -> str | None:
    """Give the length."""
    if element.length & 1 and element.length != _UNDEFINED:
        return f"{element.name} has an odd length of {element.length:,} bytes"
    return None
