"""Turns a pydicom Dataset into bytes that the parser reads. The only module of this room that imports pydicom.

It is written element by element by us, not by `dcmwrite`: one value that cannot be encoded would end that with an
exception, while here it is a problem and the rest is checked. Values that pydicom has not looked at yet are taken byte
by byte, so that their faults stay. The Dataset is not changed, and no setting of pydicom either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import DataElement, RawDataElement, convert_raw_data_element
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from tagwise.checks.writing import SEQUENCE_END, UNDEFINED, header, tag
from tagwise.standard import tags
from tagwise.standard.dictionary import tag_text
from tagwise.validation import parsing
from tagwise.validation.objects import ParseProblem

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from tagwise.validation.objects import ParsedObject

_MAX_DEPTH = 64
_WIDTHS = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4} | dict.fromkeys(
    ("FD", "OD", "OV", "SV", "UV"), 8
)
"""Bytes of one number, for values that pydicom read in big endian and has not decoded."""


def parse(dataset: Dataset) -> ParsedObject:
    """Parse what a Dataset holds, its file meta information included if it has some."""
    writer = _Writer()
    meta = getattr(dataset, "file_meta", None)
    head = writer.data_set(meta, 0) if meta is not None else b""
    syntax = str(meta.get("TransferSyntaxUID", "")) if meta is not None else ""
    parsed = parsing.parse_data_set(head + writer.data_set(dataset, 0), syntax=syntax, meta_length=len(head))
    parsed.problems += writer.problems
    return parsed


class _Writer:
    """Writes elements in Explicit VR Little Endian and notes those that cannot be written."""

    def __init__(self) -> None:
        self.problems: list[ParseProblem] = []

    def data_set(self, dataset: Any, depth: int) -> bytes:
        """The bytes of the elements, in the order of their tags."""
        encodings = _encodings(dataset)
        return b"".join([self._element(dataset, number, encodings, depth) for number in sorted(dataset.keys())])

    def _element(self, dataset: Any, number: Any, encodings: list[str], depth: int) -> bytes:
        try:
            element = dataset.get_item(number)
            if isinstance(element, RawDataElement):
                if element.VR == "SQ" or element.value is None:
                    element = convert_raw_data_element(element, encoding=encodings, ds=dataset)
                else:
                    return _raw(element)
            if element.VR == "SQ":
                return self._sequence(element, depth)
            return _encoded(element, encodings)
        except Exception as error:  # noqa: BLE001 - whatever pydicom raises for a value is a fault of that value
            known = tags.by_number()[int(number)]
            name = f"{known.keyword or 'the element'} {tag_text(int(number))}"
            message = f"{name} cannot be written: pydicom stops with {type(error).__name__}"
            self.problems.append(ParseProblem("unwritable", message, 0))
            return b""

    def _sequence(self, element: Any, depth: int) -> bytes:
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        items = []
        for item in element.value or ():
            content = self.data_set(item, depth + 1)
            items.append(tag(0xFFFEE000) + len(content).to_bytes(4, "little") + content)
        content = b"".join(items)
        return header(int(element.tag), "SQ", len(content)) + content


def _encodings(dataset: Any) -> list[str]:
    try:
        declared = dataset.get("SpecificCharacterSet", None) or getattr(dataset, "_character_set", None)
        return convert_encodings(declared) if declared else [default_encoding]
    except Exception:  # noqa: BLE001 - a character set that pydicom cannot use is found by its own check
        return [default_encoding]


def _raw(element: RawDataElement) -> bytes:
    """A value as pydicom read it, before it looked at it."""
    number = int(element.tag)
    vr = element.VR or tags.by_number()[number].vr
    value = element.value or b""
    if not element.is_little_endian and vr in _WIDTHS:
        width = _WIDTHS[vr]
        value = b"".join(value[at : at + width][::-1] for at in range(0, len(value), width))
    if element.length == UNDEFINED:
        return header(number, vr, UNDEFINED) + value + tag(SEQUENCE_END) + bytes(4)
    if len(value) > 0xFFFF and len(header(number, vr, 0)) == 8:
        vr = "UN"
    return header(number, vr, len(value)) + value


def _encoded(element: DataElement, encodings: list[str]) -> bytes:
    """A value that pydicom, or the caller, made."""
    vr = str(element.VR)
    if " or " in vr:  # the choice depends on other elements; it does not change what is checked
        vr = tags.by_number()[int(element.tag)].vr
        numbers = element.value if isinstance(element.value, list | tuple) else [element.value]
        if vr == "US" and any(isinstance(one, int) and one < 0 for one in numbers):
            vr = "SS"
        if vr == "OW" and not isinstance(element.value, bytes):
            vr = "US"
        copy = DataElement(element.tag, vr, element.value, already_converted=True)
        copy.is_undefined_length = element.is_undefined_length
        element = copy
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_data_element(stream, element, encodings)
    return bytes(stream.getvalue())
