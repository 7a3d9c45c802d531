"""Objects as metadata: the DICOM JSON model (PS3.18 F.2) and the Native DICOM Model in XML (PS3.19 A.1), as rows.

XML becomes the JSON model first, so that one place knows how its values become text. Nothing that a document refers to
is fetched, and no entity is expanded: a document type definition is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, cast
from xml.parsers import expat

from tagwise.errors import DamagedEncoding, LimitExceeded, NotDicom, NotSupported, Truncated
from tagwise.scanning import dicom_json
from tagwise.scanning.containers import magic
from tagwise.scanning.json_stream import JsonDamaged, elements
from tagwise.scanning.reader import IDENTIFYING, Header
from tagwise.scanning.values import storable, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.columns import Column
    from tagwise.scanning.containers.content import Content
    from tagwise.scanning.reader import HeaderReader

_MOST = 64 * 1024 * 1024
"""Characters of one object; larger ones have their pixels inside, which a server would have given apart."""

_PIECE = 64 * 1024
_DEEPEST = 64
_IDENTIFYING = tuple(f"{tag:08X}" for tag in IDENTIFYING)
_COMPONENTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")

Dataset = dict[str, Any]


def objects(kind: str, content: Content, last: int) -> Iterator[Dataset]:
    """The objects of a file in the JSON model, one after the other.

    Args:
        last: The greatest tag that matters; of XML, bulk behind it is not kept.

    Raises:
        ReadError: The text is damaged, cut off or too large, from there on.
    """
    if kind == magic.XML:
        yield _NativeModel(last).read(content)
        return
    try:
        yield from elements(_chunks(content), most=_MOST, single=True)
    except JsonDamaged as error:
        raise DamagedEncoding(f"the JSON text is damaged: {error}") from error


def _chunks(content: Content) -> Iterator[bytes]:
    at = 0
    while chunk := content.load(at, _PIECE):
        yield chunk
        at += len(chunk)
    if content.broken:
        raise content.broken
    if content.cut:
        raise Truncated(f"the member stops at byte {at}, earlier than it says itself", offset=at)


def header(dataset: Dataset, reader: HeaderReader) -> Header:
    """The row of one object, with the texts that its binary form would give, as far as the model keeps them.

    The digest is BLAKE2b with 16 bytes over the canonical JSON of the elements up to the last one that matters.
    """
    dataset = {key.upper(): value for key, value in dataset.items()}
    values = tuple(_value(dataset.get(f"{column.tag:08X}"), column) for column in reader.columns)
    if not any(key in dataset for key in _IDENTIFYING):
        error = NotDicom("it is a text with tags, but has no attribute that identifies an object")
        return Header(reader.nothing, None, str(error))
    end = f"{reader.last:08X}"
    canonical = json.dumps({key: dataset[key] for key in sorted(dataset) if key <= end}, sort_keys=True)
    return Header(values, hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest(), None)


def _value(element: object, column: Column) -> str | None:
    r"""The text of an element: "" where it has no value, None where its value is elsewhere.

    >>> from tagwise.scanning.columns import Column
    >>> _value({"vr": "AT", "Value": ["00281052"]}, Column("FrameIncrementPointer", 0x00280009, "AT"))
    '2625618'
    """
    if not isinstance(element, dict) or "BulkDataURI" in element:
        return None
    vr = str(element.get("vr", ""))
    if "InlineBinary" in element:
        return _inline(str(element["InlineBinary"]), vr, column)
    if vr == "SQ":
        return None
    if vr == "AT":
        numbers = [int(one, 16) for one in element.get("Value") or () if isinstance(one, str) and _is_tag(one)]
        return "\\".join(map(str, numbers))
    return dicom_json.text(element) or ""


def _is_tag(text: str) -> bool:
    return len(text) == 8 and all(one in "0123456789abcdefABCDEF" for one in text)


def _inline(text: str, vr: str, column: Column) -> str | None:
    """Bytes in base64, little endian (PS3.18 F.2.7), of an element whose VR is not known."""
    try:
        raw = base64.b64decode(text).decode("latin-1")
    except ValueError:
        return None
    found = value_text(raw, vr.encode(), column.vr.encode(), terms="ISO_IR 192", sign="<")
    return None if found is None else storable(found)


class _NativeModel:
    """Turns one document into the JSON model, piece by piece."""

    def __init__(self, last: int) -> None:
        self._end = f"{last:08X}"
        self._datasets: list[Dataset] = []
        self._open: list[tuple[str, Dataset]] = []
        self._name: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        self._text: list[str] | None = None
        self._held = 0
        self._number = 1
        self._done: Dataset | None = None

    def read(self, content: Content) -> Dataset:
        """The object of the document.

        Raises:
            ReadError: It is no document of this model, is damaged, or too large.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._ended
        parser.CharacterDataHandler = self._characters
        try:
            for chunk in _chunks(content):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat has no name for it
            parser.Parse(b"", True)  # noqa: FBT003 - as above
        except expat.ExpatError as error:
            raise DamagedEncoding(f"the XML text is damaged: {error}") from error
        except (IndexError, KeyError, ValueError) as error:
            raise DamagedEncoding(f"line {parser.CurrentLineNumber} does not fit the Native DICOM Model") from error
        if self._done is None:
            raise NotDicom("the XML text has no NativeDicomModel")
        return self._done

    def _refuse(self, *_: object) -> None:
        raise NotSupported("the XML text has a document type definition, which may hold entities; none is expanded")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in ("NativeDicomModel", "Item"):
            if len(self._datasets) >= _DEEPEST:
                raise LimitExceeded(f"sequences are nested more than {_DEEPEST} deep")
            self._datasets.append({})
        elif name == "DicomAttribute":
            self._open.append((attributes["tag"].upper(), {"vr": attributes.get("vr", "UN")}))
        elif name == "PersonName":
            self._name, self._number = {}, int(attributes.get("number", "1"))
        elif name in _GROUPS:
            self._parts = {}
        elif name == "Value" or name in _COMPONENTS or name == "InlineBinary":
            self._text = [] if self._matters() else None
            self._number = int(attributes.get("number", "1")) if name == "Value" else self._number
        elif name == "BulkData":
            self._open[-1][1]["BulkDataURI"] = attributes.get("uri") or attributes.get("uuid", "")

    def _matters(self) -> bool:
        return self._open[0][0] <= self._end

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._held += len(text)
            if self._held > _MOST:
                raise LimitExceeded(f"the object has more than {_MOST >> 20} MiB of text")
            self._text.append(text)

    def _ended(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "DicomAttribute":
            tag, element = self._open.pop()
            self._datasets[-1][tag] = element
        elif name == "NativeDicomModel":
            self._done = self._datasets.pop()
        elif name == "Item":
            self._values().append(self._datasets.pop())
        elif name == "PersonName":
            self._place(self._name)
        elif name in _GROUPS:
            self._name[name] = "^".join(self._parts.get(one, "") for one in _COMPONENTS).rstrip("^")
        elif self._text is not None:
            self._take(name, "".join(self._text))

    def _take(self, name: str, text: str) -> None:
        if name == "Value":
            self._place(text)
        elif name == "InlineBinary":
            self._open[-1][1]["InlineBinary"] = text
        elif name in _COMPONENTS:
            self._parts[name] = text
        self._text = None

    def _values(self) -> list[Any]:
        return cast("list[Any]", self._open[-1][1].setdefault("Value", []))

    def _place(self, value: object) -> None:
        """Put a value to its number; those that are left out are empty."""
        values = self._values()
        values += [None] * min(self._number - 1 - len(values), 65_535)
        values.append(value)
