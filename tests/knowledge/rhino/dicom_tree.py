"""A real DICOM file as the XML that Mirth Connect makes of it: our own copy of what dcm4che 2.0.29 does, from bytes.

It shares no code with `tagwise.knowledge.mirth_xml`, which makes the messages of the examples: the two are compared.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pydicom
from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydicom.sequence import Sequence

PIXEL_DATA = 0x7FE00010
_KNOWN = set(pydicom.valuerep.VR) - {"OD", "OL", "OV", "SV", "UC", "UR", "UV"}
_FORMATS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "OW": "H", "OF": "f"}


def from_file(path: Path) -> str:
    """The message of a channel whose attachment handler took the pixels out."""
    dataset = pydicom.dcmread(path, force=True)
    return from_dataset(dataset)


def from_dataset(dataset: Dataset) -> str:
    """File meta information, then the data set, without blanks between elements."""
    meta = getattr(dataset, "file_meta", None)
    parts = [*(_elements(meta) if meta else ()), *_elements(dataset)]
    return f"<dicom>{''.join(parts)}</dicom>"


def _elements(dataset: Dataset) -> Iterator[str]:
    endian = "<" if getattr(dataset, "original_encoding", (None, True))[1] is not False else ">"
    encodings = convert_encodings(dataset.get("SpecificCharacterSet", "ISO_IR 6") or "ISO_IR 6")
    for tag in sorted(dataset.keys()):
        if tag == PIXEL_DATA:
            continue
        element = dataset.get_item(tag)
        digits, vr = f"{tag:08X}", _vr(dataset, element)
        if vr == "SQ":
            items = "".join(
                f'<item len="-1" off="0">{"".join(_elements(item))}</item>' for item in _items(dataset, element)
            )
            yield f'<tag{digits} len="-1" tag="{digits}" vr="SQ">{items}</tag{digits}>'
            continue
        raw = _raw(element)
        text = escape(_text(vr, raw, endian, encodings))
        yield f'<tag{digits} len="{len(raw)}" tag="{digits}" vr="{vr}">{text}</tag{digits}>'


def _vr(dataset: Dataset, element: DataElement | RawDataElement) -> str:
    """The VR of an explicit element, or that of the dictionary; UN for what dcm4che 2 does not know."""
    vr = element.VR
    if vr is None:
        private = element.tag.is_private and not element.tag.is_private_creator
        vr = "UN" if private else dataset[element.tag].VR
    vr = vr.partition(" or ")[0]
    return vr if vr in _KNOWN else "UN"


def _items(dataset: Dataset, element: DataElement | RawDataElement) -> Sequence:
    return dataset[element.tag].value


def _raw(element: DataElement | RawDataElement) -> bytes:
    if isinstance(element, DataElement):
        alone = Dataset()
        alone.add(element)
        element = reread(alone).get_item(element.tag)
    return element.value or b""


def reread(dataset: Dataset) -> Dataset:
    """The data set as it is when it was written and read again: values are bytes, with their padding."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, dataset)
    buffer.seek(0)
    return read_dataset(buffer, is_implicit_VR=False, is_little_endian=True)


def _text(vr: str, raw: bytes, endian: str, encodings: list[str]) -> str:
    if vr == "UN":
        return "".join(_un(byte) for byte in raw)
    if vr == "OB":
        return "\\".join(f"{byte:02X}" for byte in raw)
    if vr == "AT":
        words = struct.unpack(f"{endian}{len(raw) // 2}H", raw)
        return "\\".join(f"{words[i]:04X}{words[i + 1]:04X}" for i in range(0, len(words), 2))
    if vr in _FORMATS:
        size = struct.calcsize(_FORMATS[vr])
        values = struct.unpack(f"{endian}{len(raw) // size}{_FORMATS[vr]}", raw[: len(raw) // size * size])
        return "\\".join(java_number(value, vr) if vr in {"FL", "FD", "OF"} else str(value) for value in values)
    return raw.decode(encodings[0], "replace").strip(" \0\t\n\r")


def _un(byte: int) -> str:
    if not 32 <= byte <= 126:
        return f"\\{byte:02X}"
    return "\\\\" if byte == 0x5C else chr(byte)


def java_number(value: float, vr: str) -> str:
    """A number as Float.toString and Double.toString of Java write it.

    >>> java_number(0.1, "FL"), java_number(12, "FD"), java_number(1e-4, "FD"), java_number(1.5e10, "FD")
    ('0.1', '12.0', '1.0E-4', '1.5E10')
    """
    shortest = repr(float(value))
    if vr != "FD":
        shortest = next(
            text
            for digits in range(1, 10)
            if struct.pack("f", float(text := f"{value:.{digits}g}")) == struct.pack("f", value)
        )
    number = float(shortest)
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    mantissa, _, exponent = f"{number:.16e}".partition("e")
    digits = repr(float(f"{number:e}".partition("e")[0])) if float(f"{number:e}") == number else mantissa.rstrip("0")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"
