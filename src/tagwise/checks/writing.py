"""Writes small objects exactly as they are given, malformed on purpose too: the examples of checks are made with it."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, NamedTuple

from tagwise.quantities import quantity
from tagwise.standard import dictionary, vrs

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"

ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
UNDEFINED = 0xFFFFFFFF

_BINARY = frozenset(["OB", "OW", "UN", "OD", "OF", "OL", "OV", "UI"])


class Given(NamedTuple):
    """One element to write: keyword or eight digits of its tag, VR, value, and a length where it is to be a wrong one.

    Text is padded to an even length, with the character of its VR; bytes are written as they are. `items` are those of
    a sequence. `undefined` writes sequence and items with undefined length.
    """

    name: str
    vr: str
    value: str | bytes | float | tuple[int, ...] = ""
    items: Sequence[Sequence[Given]] = ()
    length: int | None = None
    undefined: bool = False

    @property
    def number(self) -> int:
        """Its tag as a number."""
        attribute = dictionary.by_keyword().get(self.name)
        return int(self.name, 16) if attribute is None else attribute.number

    @property
    def label(self) -> str:
        """Its name for a reader: the keyword, or the tag."""
        return self.name if self.name in dictionary.by_keyword() else dictionary.tag_text(self.number)

    @property
    def shown(self) -> str:
        """Its value for a reader: quoted where blanks or control characters would not be seen, bytes in hexadecimal."""
        if self.vr == "SQ":
            return quantity(len(self.items), "item")
        if isinstance(self.value, bytes):
            return _shown_bytes(self.value)
        text = "\\".join(map(str, self.value)) if isinstance(self.value, tuple) else str(self.value)
        return text if text and text == text.strip() and text.isprintable() and len(text) < 100 else repr(text[:100])

    def content(self, order: str) -> bytes:
        """The bytes of its value, sequences excepted."""
        value = self.value
        if isinstance(value, bytes):
            return value
        if isinstance(value, str):
            raw = value.encode("latin-1")
            return raw if len(raw) % 2 == 0 else raw + (b"\0" if self.vr in _BINARY else b" ")
        numbers = value if isinstance(value, tuple) else (value,)
        if self.vr == "AT":
            return b"".join(pack(order + "HH", int(number) >> 16, int(number) & 0xFFFF) for number in numbers)
        return pack(order + vrs.NUMBER_CODES[self.vr] * len(numbers), *numbers)


def _shown_bytes(value: bytes) -> str:
    if value.isascii() and sum(31 < byte < 127 for byte in value) * 2 > len(value):
        return repr(value[:100].decode("ascii"))
    return f"{value[:24].hex(' ').upper()}{' ...' if len(value) > 24 else ''}".strip() or "(empty)"


def element(given: Given, syntax: str = EXPLICIT) -> bytes:
    """The bytes of one element."""
    order = ">" if syntax == BIG_ENDIAN else "<"
    if given.vr == "SQ":
        content = b"".join(_item(item, given, syntax) for item in given.items)
        if given.undefined:
            content += tag(SEQUENCE_END, order) + bytes(4)
    else:
        content = given.content(order)
    length = UNDEFINED if given.undefined else len(content)
    if given.length is not None:
        length = given.length
    return header(given.number, given.vr, length, syntax) + content


def header(number: int, vr: str, length: int, syntax: str = EXPLICIT) -> bytes:
    """Tag, VR and length."""
    order = ">" if syntax == BIG_ENDIAN else "<"
    if syntax == IMPLICIT:
        return tag(number, order) + pack(order + "L", length)
    if vr in vrs.LONG:
        return tag(number, order) + vr.encode() + bytes(2) + pack(order + "L", length)
    return tag(number, order) + vr.encode() + pack(order + "H", length & 0xFFFF)


def tag(number: int, order: str = "<") -> bytes:
    """The four bytes of a tag."""
    return pack(order + "HH", number >> 16, number & 0xFFFF)


def _item(item: Sequence[Given], sequence: Given, syntax: str) -> bytes:
    order = ">" if syntax == BIG_ENDIAN else "<"
    content = data_set(item, syntax)
    if sequence.undefined:
        return tag(ITEM, order) + pack(order + "L", UNDEFINED) + content + tag(ITEM_END, order) + bytes(4)
    return tag(ITEM, order) + pack(order + "L", len(content)) + content


def data_set(elements: Sequence[Given], syntax: str = EXPLICIT) -> bytes:
    """The bytes of several elements, in the order given."""
    return b"".join(element(one, syntax) for one in elements)


def meta(
    syntax: str = EXPLICIT, *, sop_class: str = "1.2.840.10008.5.1.4.1.1.7", instance: str = "1.2.826.0.1.1"
) -> bytes:
    """Sound file meta information (PS3.10 7.1)."""
    elements = (
        Given("FileMetaInformationVersion", "OB", b"\0\1"),
        Given("MediaStorageSOPClassUID", "UI", sop_class),
        Given("MediaStorageSOPInstanceUID", "UI", instance),
        Given("TransferSyntaxUID", "UI", syntax),
        Given("ImplementationClassUID", "UI", "1.2.826.0.1"),
    )
    return with_group_length(data_set(elements))


def with_group_length(content: bytes) -> bytes:
    """File meta elements with the group length in front."""
    return element(Given("FileMetaInformationGroupLength", "UL", len(content))) + content


def part10(elements: Sequence[Given] | bytes, syntax: str = EXPLICIT) -> bytes:
    """A whole file: preamble, prefix, sound file meta information, and the elements."""
    encoded = syntax if syntax in (IMPLICIT, BIG_ENDIAN) else EXPLICIT
    content = elements if isinstance(elements, bytes) else data_set(elements, encoded)
    return bytes(128) + b"DICM" + meta(syntax) + content
