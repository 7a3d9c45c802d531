"""The DICOM JSON model (PS3.18 F.2) as rows: text as it stands, several values split by backslash."""

from __future__ import annotations

from functools import cache
from typing import Any

from tagwise.scanning.columns import scan_columns
from tagwise.scanning.values import storable

_FILE_META = 0x00030000
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


@cache
def columns() -> dict[str, str]:
    """Keys of the model to the keywords of columns; without the file meta information, which no answer has."""
    return {f"{column.tag:08X}": column.keyword for column in scan_columns() if column.tag >= _FILE_META}


def row(dataset: dict[str, Any]) -> dict[str, str | None]:
    r"""The attributes of one object that are columns; those that it does not have are left out.

    >>> row({"00080008": {"vr": "CS", "Value": ["ORIGINAL", "PRIMARY"]}, "00280010": {"vr": "US", "Value": [512]}})
    {'ImageType': 'ORIGINAL\\PRIMARY', 'Rows': '512'}
    """
    found = {}
    for key, keyword in columns().items():
        element = dataset.get(key)
        if isinstance(element, dict):
            found[keyword] = text(element)
    return found


def text(element: dict[str, Any]) -> str | None:
    r"""The values of an element; None where it is empty, or elsewhere (BulkDataURI), or no text (InlineBinary).

    >>> text({"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}]})
    'Yamada^Tarou=山田^太郎'
    >>> text({"vr": "DS", "Value": [0.5, 2.0, None, "1e3"]})
    '0.5\\2\\\\1e3'
    """
    values = element.get("Value")
    if values is None:
        return None
    if not isinstance(values, list):
        values = [values]
    return storable("\\".join(map(_one, values))) or None


def _one(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    return _name(value) if isinstance(value, dict) else ""


def _name(groups: dict[str, Any]) -> str:
    """A name in its groups (PS3.5 6.2.1), without delimiters at its end."""
    return "=".join(str(groups.get(group) or "") for group in _GROUPS).rstrip("=")
