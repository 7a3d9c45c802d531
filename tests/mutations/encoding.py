"""Damage to the bytes of an object: file meta information, lengths, delimiters, order, transfer syntax."""

from __future__ import annotations

import zlib
from struct import pack

from tests.mutations.kinds import IMAGES, Mutations
from tests.mutations.sound import Sound

from tagwise.checks.writing import (
    BIG_ENDIAN,
    EXPLICIT,
    IMPLICIT,
    ITEM,
    SEQUENCE_END,
    UNDEFINED,
    Given,
    data_set,
    element,
    header,
    tag,
)

ENCODING = Mutations()
DEFLATED = "1.2.840.10008.1.2.1.99"
RLE = "1.2.840.10008.1.2.5"
UNREADABLE = "encoding/unreadable-object"
INCOMPLETE = "encoding/pixel-data-incomplete"
NESTED = ("SR", "SEG", "RTSTRUCT", "RTPLAN", "enhanced CT", "PT", "MG")
"""Objects with sequences that have items."""


def head(syntax: str, sound: Sound) -> bytes:
    """Preamble, prefix and file meta information that declares a transfer syntax."""
    return sound.declared(syntax).head


def sequence(sound: Sound) -> Given:
    """The first sequence that has an item with elements."""
    return next(one for one in sound.elements if one.vr == "SQ" and one.items and one.items[0])


def around(sound: Sound, name: str) -> tuple[bytes, bytes]:
    """What stands before an element, and what after it."""
    place = [one.name for one in sound.elements].index(name)
    return sound.head + data_set(sound.elements[:place]), data_set(sound.elements[place + 1 :])


def replaced(sound: Sound, name: str, content: bytes) -> bytes:
    """The file with these bytes in the place of an element."""
    before, after = around(sound, name)
    return before + content + after


# File meta information, preamble.


@ENCODING.add("no preamble, the prefix first", "encoding/preamble-missing")
def _(sound: Sound) -> bytes:
    return sound.content()[128:]


@ENCODING.add("no preamble and no prefix", "encoding/preamble-missing")
def _(sound: Sound) -> bytes:
    return sound.content()[132:]


@ENCODING.add("a preamble of another length", "encoding/preamble-missing")
def _(sound: Sound) -> bytes:
    return sound.content()[28:]


@ENCODING.add("bytes of a message in front of the file", "encoding/preamble-missing")
def _(sound: Sound) -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + sound.content()


@ENCODING.add("file meta group length too small", "encoding/meta-length-wrong")
def _(sound: Sound) -> bytes:
    return _meta_length(sound, -20)


@ENCODING.add("file meta group length too large", "encoding/meta-length-wrong")
def _(sound: Sound) -> bytes:
    return _meta_length(sound, 40)


def _meta_length(sound: Sound, wrong_by: int) -> bytes:
    content = sound.content()
    length = int.from_bytes(content[140:144], "little") + wrong_by
    return content[:140] + pack("<L", length) + content[144:]


@ENCODING.add("no file meta group length", "encoding/meta-length-wrong")
def _(sound: Sound) -> bytes:
    return sound.content()[:132] + sound.content()[144:]


@ENCODING.add("no transfer syntax declared", "encoding/meta-attribute-missing")
def _(sound: Sound) -> Sound:
    return sound.without("TransferSyntaxUID")


@ENCODING.add("file meta information in implicit VR", "encoding/meta-encoding-wrong")
def _(sound: Sound) -> bytes:
    content = data_set(sound.meta, IMPLICIT)
    length = element(Given("FileMetaInformationGroupLength", "UL", len(content)), IMPLICIT)
    return bytes(128) + b"DICM" + length + content + data_set(sound.elements)


@ENCODING.add("no Media Storage SOP Instance UID", "encoding/meta-attribute-missing")
def _(sound: Sound) -> Sound:
    return sound.without("MediaStorageSOPInstanceUID")


@ENCODING.add("Media Storage SOP Instance UID of another object", "encoding/meta-dataset-mismatch")
def _(sound: Sound) -> Sound:
    return sound.value("MediaStorageSOPInstanceUID", "1.2.826.0.1.3680043.10.1777.9999")


@ENCODING.add("Media Storage SOP Class UID of another class", "encoding/meta-dataset-mismatch")
def _(sound: Sound) -> Sound:
    return sound.value("MediaStorageSOPClassUID", "1.2.840.10008.5.1.4.1.1.20")


# The transfer syntax against the bytes.


@ENCODING.add("implicit VR where explicit is declared", "encoding/vr-encoding-mismatch")
def _(sound: Sound) -> bytes:
    return sound.content(IMPLICIT)


@ENCODING.add("explicit VR where implicit is declared", "encoding/vr-encoding-mismatch")
def _(sound: Sound) -> bytes:
    return sound.declared(IMPLICIT).content(EXPLICIT)


@ENCODING.add("big endian where little is declared", "encoding/byte-order-mismatch")
def _(sound: Sound) -> bytes:
    return swapped(sound).content(BIG_ENDIAN)


@ENCODING.add("little endian where big is declared", "encoding/byte-order-mismatch")
def _(sound: Sound) -> bytes:
    return sound.declared(BIG_ENDIAN).content(EXPLICIT)


SIZES = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4, "FD": 8, "OD": 8}


def swapped(sound: Sound) -> Sound:
    """With the bytes of binary values in the other order; names and lengths are swapped by writing."""
    return Sound(sound.name, sound.meta, tuple(_swapped(one) for one in sound.elements))


def _swapped(given: Given) -> Given:
    if given.vr == "SQ":
        return given._replace(items=tuple(tuple(_swapped(one) for one in item) for item in given.items))
    size, value = SIZES.get(given.vr, 1), given.value
    if size == 1 or not isinstance(value, bytes):
        return given
    return given._replace(value=b"".join(value[at : at + size][::-1] for at in range(0, len(value), size)))


@ENCODING.add("one element in implicit VR", "encoding/vr-encoding-mixed")
def _(sound: Sound) -> bytes:
    return replaced(sound, "PatientID", element(sound["PatientID"], IMPLICIT))


@ENCODING.add("a transfer syntax that does not exist", "encoding/transfer-syntax-unknown")
def _(sound: Sound) -> Sound:
    return sound.declared("1.2.840.10008.1.2.999")


def deflated(sound: Sound) -> bytes:
    """The data set as a deflated stream."""
    packer = zlib.compressobj(wbits=-15)
    stream = packer.compress(data_set(sound.elements)) + packer.flush()
    return stream + bytes(len(stream) % 2)


@ENCODING.add("a deflated data set that is damaged in the middle", "encoding/deflate-damaged", brings=(INCOMPLETE,))
def _(sound: Sound) -> bytes:
    content = data_set(sound.elements)
    half = len(content) // 2
    packer = zlib.compressobj(wbits=-15)
    whole = packer.compress(content[:half]) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(content[half:]) + packer.flush()
    return head(DEFLATED, sound) + whole + b"\xff" * 40 + rest[40:]


@ENCODING.add("a deflated data set that is cut", UNREADABLE, brings=(INCOMPLETE,))
def _(sound: Sound) -> bytes:
    stream = deflated(sound)
    return head(DEFLATED, sound) + stream[: len(stream) // 2]


@ENCODING.add("not deflated although declared", "encoding/deflate-damaged")
def _(sound: Sound) -> bytes:
    return head(DEFLATED, sound) + data_set(sound.elements)


# Truncation and lengths.


@ENCODING.add("the file ends in its last value", UNREADABLE, brings=(INCOMPLETE,))
def _(sound: Sound) -> bytes:
    return sound.content()[:-1]


@ENCODING.add("the file ends in the middle of a text", UNREADABLE)
def _(sound: Sound) -> bytes:
    before, _after = around(sound, "PatientID")
    return before + element(sound["PatientID"])[:-2]


@ENCODING.add("the file ends in the head of an element", UNREADABLE)
def _(sound: Sound) -> bytes:
    before, _after = around(sound, "PatientID")
    return before + element(sound["PatientID"])[:6]


@ENCODING.add("the file ends in its file meta information", UNREADABLE, brings=("encoding/meta-length-wrong",))
def _(sound: Sound) -> bytes:
    return sound.head[:-20]


@ENCODING.add("the file ends behind its file meta information", UNREADABLE)
def _(sound: Sound) -> bytes:
    return sound.head


@ENCODING.add("the file ends in a sequence", UNREADABLE, of=NESTED)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    before, _after = around(sound, one.name)
    return before + element(one)[:-3]


@ENCODING.add("an empty file", UNREADABLE)
def _(_sound: Sound) -> bytes:
    return b""


@ENCODING.add("a file of zeros", UNREADABLE)
def _(sound: Sound) -> bytes:
    return bytes(len(sound.content()))


@ENCODING.add("a value longer than the file", UNREADABLE, brings=(INCOMPLETE,))
def _(sound: Sound) -> bytes:
    last = sound.elements[-1]
    return replaced(sound, last.name, header(last.number, "UN", 100_000_000) + b"abcd")


@ENCODING.add("an odd length", "encoding/odd-length")
def _(sound: Sound) -> Sound:
    return sound.value("PatientID", b"12345")


@ENCODING.add("an odd UID", "encoding/odd-length", brings=("identity/uid-used-at-two-levels",))
def _(sound: Sound) -> Sound:
    return sound.value("StudyInstanceUID", b"1.2.826.0.1.3680043.10.1777.5"[:29])


@ENCODING.add("a text of undefined length", "encoding/undefined-length-wrong", brings=(UNREADABLE,), undecided="no end")
def _(sound: Sound) -> bytes:
    raw = header(0x00100020, "UT", UNDEFINED) + b"4711" + tag(SEQUENCE_END) + bytes(4)
    return replaced(sound, "PatientID", raw)


@ENCODING.add("an item longer than its sequence", "encoding/length-overruns-item", of=NESTED)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    content = data_set(one.items[0])
    raw = tag(ITEM) + pack("<L", len(content) + 4) + content
    return replaced(sound, one.name, header(one.number, "SQ", len(raw)) + raw)


@ENCODING.add(
    "an element longer than its item",
    "encoding/length-overruns-item",
    of=NESTED,
    brings=("iod/attribute-missing", "iod/code-incomplete"),
)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    content = header(0x00081150, "UI", 40) + b"1.2.840.10"
    raw = tag(ITEM) + pack("<L", len(content)) + content
    return replaced(sound, one.name, header(one.number, "SQ", len(raw)) + raw)


@ENCODING.add("a sequence without its delimiter", "encoding/sequence-unclosed", of=NESTED)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    return replaced(sound, one.name, element(one._replace(undefined=True))[:-8])


@ENCODING.add("an item without its delimiter", "encoding/sequence-unclosed", of=NESTED)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    whole = element(one._replace(undefined=True, items=one.items[:1]))
    return replaced(sound, one.name, whole[:-16] + whole[-8:])


@ENCODING.add("a delimiter where none belongs", "encoding/delimiter-misplaced")
def _(sound: Sound) -> bytes:
    return replaced(sound, "PatientID", element(sound["PatientID"]) + tag(SEQUENCE_END) + bytes(4))


@ENCODING.add(
    "no item in front of the elements of a sequence",
    "encoding/delimiter-misplaced",
    of=NESTED,
    brings=("iod/attribute-empty",),
    undecided="what the items were is a guess",
)
def _(sound: Sound) -> bytes:
    one = sequence(sound)
    content = data_set(one.items[0])
    return replaced(sound, one.name, header(one.number, "SQ", len(content)) + content)


@ENCODING.add("a group length that counts wrong", "encoding/group-length-wrong")
def _(sound: Sound) -> Sound:
    return sound.put(Given("00100000", "UL", 7))


@ENCODING.add("bytes behind the last element", "encoding/trailing-bytes")
def _(sound: Sound) -> bytes:
    return sound.content() + b"\r\n\r\n"


# Order and names.


@ENCODING.add("two elements swapped", "encoding/elements-unordered")
def _(sound: Sound) -> Sound:
    first, second, *rest = sound.elements
    return Sound(sound.name, sound.meta, (second, first, *rest))


@ENCODING.add("a group behind a later one", "encoding/elements-unordered")
def _(sound: Sound) -> Sound:
    patient = [one for one in sound.elements if one.number >> 16 == 0x0010]
    others = [one for one in sound.elements if one.number >> 16 != 0x0010]
    places = [place for place, one in enumerate(others) if one.number >> 16 in (0x0020, 0x3006, 0x300A)]
    at = places[-1] + 1
    return Sound(sound.name, sound.meta, (*others[:at], *patient, *others[at:]))


@ENCODING.add("items in disorder", "encoding/elements-unordered", of=("SR", "SEG", "RTSTRUCT", "RTPLAN"))
def _(sound: Sound) -> Sound:
    one = next(one for one in sound.elements if one.vr == "SQ" and one.items and len(one.items[0]) > 1)
    return sound.inside(one.name, lambda item: item[::-1])


@ENCODING.add("an element twice, with other values", "encoding/element-duplicate")
def _(sound: Sound) -> bytes:
    one = sound["PatientID"]
    return replaced(sound, "PatientID", element(one) + element(one._replace(value="OTHER1")))


@ENCODING.add("an element twice, with the same value", "encoding/element-duplicate")
def _(sound: Sound) -> bytes:
    return replaced(sound, "PatientID", element(sound["PatientID"]) * 2)


@ENCODING.add("an element of a group that is never valid", "encoding/group-not-allowed")
def _(sound: Sound) -> Sound:
    return sound.put(Given("00030010", "LO", "ACME"))


@ENCODING.add("a VR that does not exist", "encoding/vr-unknown", brings=("dictionary/vr-differs",))
def _(sound: Sound) -> bytes:
    return replaced(sound, "PatientID", header(0x00100020, "ZZ", 4) + b"4711")


# Pixel data.


@ENCODING.add("native pixel data too short", INCOMPLETE, of=IMAGES)
def _(sound: Sound) -> Sound:
    raw = sound["PixelData"].value
    assert isinstance(raw, bytes)
    return sound.value("PixelData", raw[: len(raw) // 4 * 2])


@ENCODING.add("native pixel data too long", "encoding/pixel-data-too-long", of=IMAGES)
def _(sound: Sound) -> Sound:
    raw = sound["PixelData"].value
    assert isinstance(raw, bytes)
    return sound.value("PixelData", raw + bytes(64))


@ENCODING.add("more rows than pixels", INCOMPLETE, of=IMAGES)
def _(sound: Sound) -> Sound:
    return sound.value("Rows", 4000)


def encapsulated(sound: Sound, fragments: tuple[bytes, ...], table: bytes = b"", end: bytes = b"") -> bytes:
    """The file with pixel data in fragments behind an offset table."""
    whole = b"".join(tag(ITEM) + pack("<L", len(one)) + one for one in (table, *fragments))
    raw = header(0x7FE00010, "OB", UNDEFINED) + whole + (end or tag(SEQUENCE_END) + bytes(4))
    return replaced(sound, "PixelData", raw)


JPEG = b"\xff\xd8\xff\xe0" + bytes(24) + b"\xff\xd9"
ENCAPSULATED = ("CR", "PT", "MR")
"""Images of one frame that could be lossy without more to say than their kind requires."""


@ENCODING.add(
    "encapsulated pixel data under a native syntax",
    "encoding/encapsulation-mismatch",
    of=IMAGES,
    brings=("encoding/fragments-missing",),
)
def _(sound: Sound) -> bytes:
    return encapsulated(sound, (JPEG,))


@ENCODING.add("native pixel data under an encapsulated syntax", "encoding/encapsulation-mismatch", of=IMAGES)
def _(sound: Sound) -> Sound:
    return sound.declared(RLE)


@ENCODING.add("an offset table that points between fragments", "encoding/offset-table-wrong", of=ENCAPSULATED)
def _(sound: Sound) -> bytes:
    return encapsulated(sound.declared(RLE), (bytes(64), bytes(64)), pack("<L", 12))


@ENCODING.add("an offset table of too many frames", "encoding/offset-table-wrong", of=ENCAPSULATED)
def _(sound: Sound) -> bytes:
    return encapsulated(sound.declared(RLE), (bytes(64), bytes(64)), pack("<LL", 0, 72))


@ENCODING.add("fewer fragments than frames", "encoding/fragments-missing", of=("enhanced CT",))
def _(sound: Sound) -> bytes:
    return encapsulated(sound.declared(RLE), (bytes(64),))


@ENCODING.add("fragments without a delimiter", "encoding/sequence-unclosed", of=("CR", "PT"))
def _(sound: Sound) -> bytes:
    content = encapsulated(sound.declared(RLE), (bytes(64),), end=b"\0")
    return content[:-1]


@ENCODING.add("fragments under the VR OW", "encoding/fragments-not-ob", of=ENCAPSULATED)
def _(sound: Sound) -> bytes:
    return encapsulated(sound.declared(RLE), (bytes(64),)).replace(b"\xe0\x7f\x10\0OB", b"\xe0\x7f\x10\0OW")
