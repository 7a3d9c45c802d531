"""What the tests of the header reader share: columns, elements written by hand, damaged objects, pydicom's answer."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
from hypothesis import strategies as st
from pydicom import config, datadict
from pydicom.charset import convert_encodings
from pydicom.dataelem import RawDataElement
from pydicom.filereader import read_partial

from tagwise.scanning.columns import IDENTIFICATION, Column
from tagwise.scanning.elements import LONG_VRS, SHORT_VRS, UNDEFINED
from tagwise.scanning.reader import HeaderReader
from tagwise.scanning.values import COLUMN_VRS, NUMBER_CODES, TEXT_VRS
from tagwise.standard.charset import term_codecs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydicom.dataset import FileDataset

DATA = Path(pydicom.__file__).parent / "data"
LAST_GROUP = 0x0040
BLANKS = "\0 \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0"


def column(keyword: str) -> Column:
    """A column as pydicom's dictionary describes the attribute."""
    tag = datadict.tag_for_keyword(keyword)
    assert tag is not None
    return Column(keyword, int(tag), datadict.dictionary_VR(tag))


@cache
def identification() -> tuple[Column, ...]:
    """The columns of every scan."""
    return tuple(column(keyword) for keyword in IDENTIFICATION)


@cache
def wide() -> tuple[Column, ...]:
    """Every attribute with text or numbers up to group 0040, about 1,700 of 25 VRs."""
    tags = [
        tag
        for tag, (vr, *_) in datadict.DicomDictionary.items()
        if 0x00020000 <= tag < (LAST_GROUP + 1) << 16 and vr.encode() in COLUMN_VRS
    ]
    return tuple(
        Column(datadict.keyword_for_tag(tag) or f"Tag{tag:08X}", tag, datadict.dictionary_VR(tag)) for tag in tags
    )


@cache
def some() -> tuple[Column, ...]:
    """A hundred attributes: those of every scan, and some more of each VR."""
    by_vr: dict[str, list[Column]] = {}
    for one in wide():
        by_vr.setdefault(one.vr, []).append(one)
    more = [one for group in by_vr.values() for one in group[:5]]
    return tuple(dict.fromkeys((*identification(), *more)))


@cache
def shipped() -> dict[str, bytes]:
    """Every file of pydicom's test data, by its path below the data folder."""
    folders = ("test_files", "charset_files", "palettes")
    paths = [path for folder in folders for path in (DATA / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(DATA)): path.read_bytes() for path in sorted(paths)}


NOT_DICOM = re.compile(r".*(\.(txt|md|json|icc|dump|gz)|/README|/no_meta\.dcm)$")
"""The files that are no DICOM; `no_meta.dcm` starts with a stray byte, and pydicom finds no element it knows in it."""


def dicom_files() -> dict[str, bytes]:
    """The DICOM files of pydicom's test data."""
    return {name: data for name, data in shipped().items() if not NOT_DICOM.match(name)}


# ------------------------------------------------------------------------------------------- pydicom's answer


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pydicom's warnings and its log to itself; a property test would collect thousands."""
    config.logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        config.logger.disabled = False


def pydicom_header(data: bytes, last: int) -> FileDataset:
    """The object as pydicom reads it up to the tag `last`."""
    with _quiet():
        return read_partial(io.BytesIO(data), stop_when=lambda tag, _vr, _length: tag > last, force=True)


def pydicom_text(dataset: FileDataset, wanted: Column) -> str | None:
    """What pydicom has for a column, in our form but for blanks at the ends of each value.

    Raises:
        LookupError: pydicom has no text for it: it raises, returns bytes or a sequence, or knows a character set that
            we do not.
    """
    source = dataset.file_meta if wanted.tag >> 16 == 2 else dataset
    if wanted.tag not in source:
        return None
    try:
        with _quiet():
            raw = source.get_item(wanted.tag)
            element = source[wanted.tag]
            terms = dataset.get("SpecificCharacterSet") or ""
            codecs = convert_encodings(terms if isinstance(terms, str) else list(terms))
    except Exception as error:  # pydicom raises many kinds for damaged values
        raise LookupError(str(error)) from error
    vr = str(raw.VR or wanted.vr).encode()
    if isinstance(raw, RawDataElement) and raw.value is not None:
        vr = wanted.vr.encode() if vr == b"UN" else vr
        if vr in {b"IS", b"DS"} and not raw.value.isascii():
            raise LookupError("it is no number, and pydicom decodes it by another VR and its character set")
        if vr in NUMBER_CODES and len(raw.value) % struct.calcsize("=" + NUMBER_CODES[vr]):
            raise LookupError("the length does not suit the VR")
    if str(element.VR).encode() in TEXT_VRS and tuple(codecs) != term_codecs(
        terms if isinstance(terms, str) else "\\".join(terms)
    ):
        raise LookupError("another character set")
    value = element.value
    if isinstance(value, bytes) or element.VR == "SQ":
        raise LookupError("no text")
    if value is None:
        return ""
    values = value if isinstance(value, pydicom.multival.MultiValue | list) else [value]
    return "\\".join(_one_text(one) for one in values)


def _one_text(value: object) -> str:
    # An IS that is no whole number, as .1, becomes a float of a class of its own, which keeps what the object has.
    if isinstance(value, pydicom.valuerep.DSfloat | pydicom.valuerep.IS | pydicom.valuerep.ISfloat):
        return str(getattr(value, "original_string", None) or str(value))
    if isinstance(value, pydicom.valuerep.PersonName):
        return str(value)
    return repr(value) if isinstance(value, float) else str(int(value)) if isinstance(value, int) else str(value)


def trimmed(text: str | None) -> str | None:
    """The text without blanks at both ends of each value and without empty component groups, which pydicom drops."""
    if text is None:
        return None
    return "\\".join(value.strip(BLANKS).rstrip("=").strip(BLANKS) for value in text.split("\\"))


def differences(
    data: bytes, values: Iterable[str | None], columns: Iterable[Column], dataset: FileDataset
) -> list[str]:
    """Where our values are not pydicom's."""
    found = []
    for wanted, value in zip(columns, values, strict=True):
        try:
            expected = trimmed(pydicom_text(dataset, wanted))
        except LookupError:
            continue
        got = trimmed(value)
        if expected != got:
            found.append(f"{wanted.keyword}: pydicom {expected!r}, we {value!r}")
    return found


# ---------------------------------------------------------------------------------- objects written by hand


def element(
    tag: int, vr: str, value: bytes, *, implicit: bool = False, sign: str = "<", length: int | None = None
) -> bytes:
    """One element, with another length than its own where that is asked."""
    size = len(value) if length is None else length
    head = struct.pack(sign + "HH", tag >> 16, tag & 0xFFFF)
    if implicit or not vr:
        return head + struct.pack(sign + "L", size) + value
    if vr.encode() in LONG_VRS:
        return head + vr.encode() + b"\0\0" + struct.pack(sign + "L", size) + value
    return head + vr.encode() + struct.pack(sign + "H", size) + value


def mark(tag: int, length: int = 0, *, sign: str = "<") -> bytes:
    """An item or a delimitation item."""
    return struct.pack(sign + "HHL", tag >> 16, tag & 0xFFFF, length)


ITEM_OPEN = mark(0xFFFEE000, UNDEFINED)
ITEM_CLOSE = mark(0xFFFEE00D)
SEQUENCE_CLOSE = mark(0xFFFEE0DD)


def part10(data_set: bytes, syntax: str = "1.2.840.10008.1.2.1", *, meta_length: int | None = None) -> bytes:
    """A Part 10 object around an encoded data set."""
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = element(0x00020010, "UI", uid)
    length = len(meta) if meta_length is None else meta_length
    return bytes(128) + b"DICM" + element(0x00020000, "UL", struct.pack("<L", length)) + meta + data_set


UID = element(0x00080018, "UI", b"1.2.3.4\0")
PATIENT = element(0x00100020, "LO", b"P1")
SEQUENCE = element(0x00081140, "SQ", b"", length=UNDEFINED)


def deflated(data_set: bytes, syntax: str = "1.2.840.10008.1.2.1.99") -> bytes:
    """A Part 10 object around a data set that is deflated here."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return part10(packer.compress(data_set) + packer.flush(), syntax)


def read(data: bytes, *keywords: str, window: int = 8192) -> tuple[dict[str, str | None], str | None, str | None]:
    """Values by keyword, digest and error of an object."""
    header = HeaderReader([column(keyword) for keyword in keywords], window=window).read_bytes(data)
    return dict(zip(keywords, header.values, strict=True)), header.header_digest, header.read_error


# ------------------------------------------------------------------------------------------ damaged objects


def _mutate(data: bytes, seed: tuple[tuple[str, int, int, bytes], ...]) -> bytes:
    body = bytearray(data)
    for action, where, amount, piece in seed:
        at = where % (len(body) + 1)
        if action == "flip" and body:
            body[at % len(body)] ^= 1 << (amount % 8)
        elif action == "set":
            body[at : at + len(piece)] = piece
        elif action == "insert":
            body[at:at] = piece
        elif action == "cut":
            del body[at:]
        elif action == "drop":
            del body[at : at + amount]
        else:
            body[at:at] = body[at : at + amount]
    return bytes(body)


_PIECES = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.sampled_from([b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff", bytes(16)]),
    st.sampled_from([ITEM_OPEN, ITEM_CLOSE, SEQUENCE_CLOSE, b"SQ\0\0\xff\xff\xff\xff", b"UN\0\0\xff\xff\xff\xff"]),
    st.sampled_from([b"\\", b"\x1b$B", b"OW\0\0\0\0\0\x7f"]),
)


def damage(near: int) -> st.SearchStrategy[tuple[tuple[str, int, int, bytes], ...]]:
    """Up to four changes, all within the first `near` bytes of an object."""
    actions = st.sampled_from(["flip", "set", "insert", "cut", "drop", "double"])
    change = st.tuples(actions, st.integers(0, near), st.integers(1, 200), _PIECES)
    return st.lists(change, min_size=1, max_size=4).map(tuple)


@st.composite
def damaged(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[str, bytes]:
    """A file of pydicom's with some bytes changed, and its name."""
    name = draw(st.sampled_from(names))
    data = shipped()[name]
    return name, _mutate(data, draw(damage(min(len(data), 3000))))


def known_vr(vr: bytes) -> bool:
    """Tell whether a VR is in PS3.5."""
    return vr in SHORT_VRS or vr in LONG_VRS
