"""A DICOM object as the XML that Mirth Connect and Open Integration Engine make of it.

The form is that of dcm4che 2.0.29 (`SAXWriter`, `VR`), whose `attr` elements Mirth's `DICOMSerializer` renames. An
attribute is written as `"Keyword": "text"` or `"GGGGEEEE VR": "text"`, a sequence as a list of such tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.errors import UnknownName
from tagwise.standard import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHOWN_AS_UN = ("OD", "OL", "OV", "SV", "UC", "UR", "UV")
"""VRs that are newer than dcm4che 2.0.29: it takes their elements for UN unless its dictionary says otherwise."""

_INDENT = "  "
_NUMBER_SIZE = {"AT": 4, "FD": 8, "FL": 4, "OF": 4, "OW": 2, "SL": 4, "SS": 2, "UL": 4, "US": 2}
_SPACES = " \0"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def dicom_xml(attributes: Mapping[str, Any]) -> str:
    """The XML of an object, one element in a line. Mirth writes it without line ends and indents.

    >>> print(dicom_xml({"SeriesInstanceUID": "1.2.3"}))
    <dicom>
      <tag0020000E len="6" tag="0020000E" vr="UI">1.2.3</tag0020000E>
    </dicom>

    Args:
        attributes: Text values as they stand in the object, padding included; `len` counts it, the text has lost it.

    Raises:
        UnknownName: There is no such keyword.
    """
    return "\n".join(["<dicom>", *_elements(attributes, _INDENT), "</dicom>"])


def _elements(attributes: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in attributes.items():
        digits, vr = identified(name)
        if isinstance(value, list):
            yield f'{indent}<tag{digits} len="-1" tag="{digits}" vr="SQ">'
            for item in value:
                yield f'{indent}{_INDENT}<item len="-1" off="0">'
                yield from _elements(item, indent + _INDENT * 2)
                yield f"{indent}{_INDENT}</item>"
            yield f"{indent}</tag{digits}>"
            continue
        start = f'{indent}<tag{digits} len="{_length(vr, value)}" tag="{digits}" vr="{vr}"'
        text = escaped(value if vr == "UN" else value.strip(_SPACES))
        yield f"{start}>{text}</tag{digits}>" if text else f"{start}/>"


def identified(name: str) -> tuple[str, str]:
    """The eight digits and the VR that Mirth shows, of a keyword or of `GGGGEEEE VR`.

    >>> identified("SelectorUCValue"), identified("00091001 LO")
    (('0072006F', 'UN'), ('00091001', 'LO'))

    Raises:
        UnknownName: There is no such keyword.
    """
    digits, _, given = name.partition(" ")
    if given:
        return digits, given
    found = dictionary.lookup(name)
    if found is None or found.keyword != name:
        raise UnknownName(name, dictionary.nearest(name))
    return found.digits, shown_vr(found.first_vr)


def shown_vr(vr: str) -> str:
    """The VR that Mirth shows for a VR of the standard."""
    return "UN" if vr in SHOWN_AS_UN else vr


def escaped(text: str) -> str:
    """A value as XML text."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def _length(vr: str, text: str) -> int:
    """The bytes of a value, as the element says it: always even."""
    if not text:
        return 0
    if vr in _NUMBER_SIZE:
        return _NUMBER_SIZE[vr] * (text.count("\\") + 1)
    size = text.count("\\") + 1 if vr == "OB" else len(text.encode())
    return size + size % 2
