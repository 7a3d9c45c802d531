"""The text of a value: as it stands in the object, without the one character that makes its length even."""

from __future__ import annotations

import struct
from enum import IntEnum

from tagwise.scanning.charset import decode

NUMBER_CODES = {
    b"AT": "H",
    b"FD": "d",
    b"FL": "f",
    b"SL": "l",
    b"SS": "h",
    b"SV": "q",
    b"UL": "L",
    b"US": "H",
    b"UV": "Q",
}
"""Binary VRs and the `struct` code of one number; a tag is two."""


class Kind(IntEnum):
    """How the value of a VR becomes text."""

    DEFAULT_TEXT = 0
    TEXT = 1
    UID = 2
    NUMBER = 3
    NONE = 4


KINDS = {
    **dict.fromkeys((b"AE", b"AS", b"CS", b"DA", b"DS", b"DT", b"IS", b"TM", b"UR"), Kind.DEFAULT_TEXT),
    **dict.fromkeys((b"LO", b"LT", b"PN", b"SH", b"ST", b"UC", b"UT"), Kind.TEXT),
    b"UI": Kind.UID,
    **dict.fromkeys(NUMBER_CODES, Kind.NUMBER),
    b"SQ": Kind.NONE,
}
"""Every VR that has a text; under any other the VR of the dictionary decides (UN, as PS3.5 6.2.2, and OB, OW, …)."""


def value_text(raw: str, vr: bytes, *, terms: str, sign: str) -> str | None:
    """The text of one value.

    Args:
        raw: The bytes of the value as Latin-1.
        vr: One of KINDS.
        terms: The value of Specific Character Set that holds for the object.
        sign: Byte order for `struct`.

    Returns:
        None where the length does not suit the VR, or the VR has no text.
    """
    kind = KINDS[vr]
    if kind == Kind.NUMBER:
        return number_text(raw.encode("latin-1"), vr, sign)
    if kind == Kind.NONE:
        return None
    if len(raw) % 2 == 0 and raw[-1:] == ("\0" if kind == Kind.UID else " "):
        raw = raw[:-1]
    if kind == Kind.TEXT and not (raw.isascii() and "\x1b" not in raw):
        return storable(decode(raw.encode("latin-1"), terms))
    return raw


def number_text(value: bytes, vr: bytes, sign: str) -> str | None:
    r"""Numbers in decimal, joined with a backslash; None where the length is no multiple of that of one number.

    A tag becomes one number, group first.

    >>> number_text(bytes([0, 2, 0, 1]), b"US", "<")
    '512\\256'
    """
    code = NUMBER_CODES[vr]
    size = struct.calcsize("=" + code)
    count, rest = divmod(len(value), size)
    if rest:
        return None
    numbers = struct.unpack(f"{sign}{count}{code}", value)
    if vr == b"AT":
        if count % 2:
            return None
        numbers = tuple(group << 16 | element for group, element in zip(numbers[::2], numbers[1::2], strict=True))
    return "\\".join([repr(number) for number in numbers])


def storable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
