"""HL7 v2 between its text and the tree that Mirth Connect makes of it, as its parser does with standard settings."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_ESCAPED = re.compile(r"\\([FSTRE])\\")
_CHARACTERS = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"}


def to_xml(text: str) -> str:
    """The tree: segments, then fields, components and, where a component has several, subcomponents.

    Repetitions are elements of the same name. A field that is empty is an empty element; one that is not has at least
    its first component. Escape sequences stay as they are: Mirth's parser leaves them to the script.
    """
    root = ET.Element("HL7Message")
    for line in text.splitlines():
        name, *fields = line.split("|")
        segment = ET.SubElement(root, name)
        if name == "MSH":
            ET.SubElement(segment, "MSH.1").text = "|"
            ET.SubElement(segment, "MSH.2").text = fields.pop(0)
        for number, field in enumerate(fields, 3 if name == "MSH" else 1):
            for repetition in field.split("~"):
                _field(segment, f"{name}.{number}", repetition)
    return ET.tostring(root, encoding="unicode")


def _field(segment: ET.Element, path: str, text: str) -> None:
    field = ET.SubElement(segment, path)
    if not text:
        return
    for number, component in enumerate(text.split("^"), 1):
        parts = component.split("&")
        made = ET.SubElement(field, f"{path}.{number}")
        if len(parts) == 1:
            made.text = component
            continue
        for place, part in enumerate(parts, 1):
            ET.SubElement(made, f"{path}.{number}.{place}").text = part


def to_text(xml: str) -> str:
    """The message, one segment in a line, every element at the place that its number says; no trailing separators."""
    return "\n".join(_segment(segment) for segment in ET.fromstring(xml))  # noqa: S314 - the tests made it


def _segment(segment: ET.Element) -> str:
    fields: dict[int, list[str]] = {}
    for field in segment:
        fields.setdefault(_number(field), []).append(_joined(field, "^"))
    first = 3 if segment.tag == "MSH" else 1
    texts = ["~".join(fields.get(number, [])) for number in range(first, max(fields, default=0) + 1)]
    if segment.tag == "MSH":
        texts.insert(0, segment.findtext("MSH.2", ""))
    return "|".join([segment.tag, *texts]).rstrip("|")


def _joined(element: ET.Element, separator: str) -> str:
    if not len(element):
        return element.text or ""
    parts = {_number(child): _joined(child, "&") for child in element}
    return separator.join(parts.get(number, "") for number in range(1, max(parts) + 1)).rstrip(separator)


def _number(element: ET.Element) -> int:
    return int(element.tag.rpartition(".")[2])


def unescaped(text: str) -> str:
    """A value with its escape sequences of delimiters taken back."""
    return _ESCAPED.sub(lambda found: _CHARACTERS[found[1]], text)
