"""Reading any attribute in a script of Mirth Connect or Open Integration Engine: code that fits its tag, VR and VM.

Rules are those of the XML that `mirth_xml` describes. Tests run the code in Rhino for every VR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tagwise.knowledge import mirth_xml

if TYPE_CHECKING:
    from tagwise.standard.dictionary import Attribute
    from tagwise.standard.private import PrivateElement

_NUMBERS = ("DS", "FD", "FL", "IS", "SL", "SS", "UL", "US")
_LONG_TEXT = ("LT", "ST", "UT")
_BYTES = {
    "OB": "bytes, two hexadecimal digits each",
    "OF": "numbers of 32 bits",
    "OW": "words of 16 bits, as decimal numbers",
}
_UN = "printable characters as they are, other bytes as \\ and two hexadecimal digits, \\ itself twice"


class Accessor(NamedTuple):
    """Code that puts the value into a variable, and what may surprise about it; `code` is "" where there is none."""

    code: str
    notes: tuple[str, ...]


_NOT_THERE = {
    "0000": "Command elements belong to the DIMSE message; Mirth's listener does not pass them on. What it knows of "
    "the association is in sourceMap: remoteApplicationEntityTitle, localApplicationEntityTitle, remoteAddress.",
    "FFFE": "Delimiters are not elements of the XML: items are <item> inside the element of their sequence.",
}


def accessor(found: Attribute) -> Accessor:
    """Code to read an attribute, with what to know about it.

    >>> from tagwise.standard import dictionary
    >>> print(accessor(dictionary.find("Modality")).code)
    // '' where it is absent or empty
    var modality = msg['tag00080060'].toString();
    """
    group = found.tag[1:5]
    if group in _NOT_THERE:
        return Accessor("", (_NOT_THERE[group],))
    name = _variable(found.keyword)
    notes = list(_notes(found))
    if found.repeats:
        return Accessor(_repeating(found, name), tuple(notes))
    return Accessor(_reading(name, f"msg['tag{found.digits}']", found.first_vr, found.vm), tuple(notes))


def private_accessor(element: PrivateElement) -> Accessor:
    """Code to read an element of a private block: the block is where the creator stands (PS3.5 7.8.1)."""
    group, last = element.tag[1:5], element.tag[8:10].replace("x", "0")
    creator = element.creator.replace("\\", "\\\\").replace("'", "\\'")
    reading = _reading("value", f"msg['tag{group}' + block + '{last}']", element.vr.partition(" ")[0], element.vm)
    code = [
        "for (var number = 0x10; number <= 0xFF; number++) {",
        "  var block = number.toString(16).toUpperCase();",
        f"  if (msg['tag{group}00' + block].toString() == '{creator}') {{",
        *(f"    {line}" for line in reading.splitlines()),
        "    channelMap.put('value', String(value));" if element.vr != "SQ" else "",
        "  }",
        "}",
    ]
    return Accessor("\n".join(line for line in code if line), ())


def _variable(keyword: str) -> str:
    """A variable named after a keyword: `seriesInstanceUID`, `sopClassUID`."""
    capitals = len(keyword) - len(keyword.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    start = max(1, capitals - 1) if capitals < len(keyword) else capitals
    return (keyword[:start].lower() + keyword[start:]) or "value"


def _reading(name: str, element: str, vr: str, vm: str) -> str:
    shown = mirth_xml.shown_vr(vr)
    if shown == "SQ":
        inside = "  // item['tagGGGGEEEE'].toString() reads an attribute."
        return f"for each (var item in {element}['item']) {{\n{inside}\n}}"
    text = f"{element}.toString()"
    if shown == "PN" and vm == "1":
        return (
            f"// alphabetic, ideographic, phonetic\nvar {name} = {text}.split('=');\n"
            f"// family, given, middle, prefix, suffix\nvar components = {name}[0].split('^');"
        )
    if shown in _BYTES:
        return f"// {_BYTES[shown]}; [''] where it is absent\nvar {name} = {text}.split('\\\\');"
    if vm == "1" or shown in _LONG_TEXT or shown == "UN":
        return _one_value(name, text, shown)
    numbers = ".map(Number)" if shown in _NUMBERS else ""
    return f"var text = {text};\nvar {name} = text == '' ? [] : text.split('\\\\'){numbers};"


def _one_value(name: str, text: str, vr: str) -> str:
    if vr in _NUMBERS:
        return f"var text = {text};\n// Number('') would be 0.\nvar {name} = text == '' ? null : Number(text);"
    return f"// '' where it is absent or empty\nvar {name} = {text};"


def _repeating(found: Attribute, name: str) -> str:
    pattern = "".join("[0-9A-F]" if digit == "x" else digit for digit in found.digits)
    reading = _reading(name, "element", found.first_vr, found.vm)
    code = [
        "for each (var element in msg.children()) {",
        f"  if (/^tag{pattern}$/.test(element.localName())) {{",
        *(f"    {line}" for line in reading.splitlines()),
        "  }",
        "}",
    ]
    return "\n".join(code)


def _notes(found: Attribute) -> list[str]:
    notes = []
    if found.repeats:
        notes.append(f"The tag stands for a range: any hexadecimal digit in place of x in {found.tag}.")
    if found.first_vr in mirth_xml.SHOWN_AS_UN:
        notes.append(
            f"dcm4che 2, which Mirth reads with, is older than {found.first_vr} and takes the element for UN: {_UN}."
        )
    elif found.vr == "UN":
        notes.append(f"The text has {_UN}.")
    elif found.vr == "OB or OW":
        notes.append("vr says which it is: OB has bytes in hexadecimal, OW words of 16 bits as decimal numbers.")
    elif found.first_vr == "AT":
        notes.append("A tag is eight hexadecimal digits without parentheses and comma.")
    if found.first_vr in _LONG_TEXT:
        notes.append("A backslash is part of the text: it has one value only.")
    if found.keyword == "PixelData":
        notes.append(
            "Where the attachment handler of the channel is set to DICOM, the element is not in msg but in an "
            "attachment: DICOMUtil.getDICOMRawData(connectorMessage) gives the whole object."
        )
    return notes
