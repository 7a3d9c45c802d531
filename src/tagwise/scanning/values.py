"""The text of a value: as it stands in the object, without the one character that makes its length even."""

from __future__ import annotations

import struct

from tagwise.standard import vrs
from tagwise.standard.charset import decode

NUMBER_CODES = {vr.encode(): code for vr, code in vrs.NUMBER_CODES.items()}
"""Binary VRs and the `struct` code of one number; a tag is two."""


_SIZES = {vr: struct.calcsize("=" + code) for vr, code in NUMBER_CODES.items()}

DEFAULT_TEXT_VRS = frozenset(b"AE AS CS DA DS DT IS TM UI UR".split())
"""Text VRs that Specific Character Set does not concern (PS3.5 6.1.2.2)."""

TEXT_VRS = frozenset(vr.encode() for vr in vrs.UNDER_CHARACTER_SET)
"""Text VRs under Specific Character Set."""

PADS = {**dict.fromkeys(DEFAULT_TEXT_VRS | TEXT_VRS, " "), b"UI": "\0"}
"""Text VR to the one character that may make its length even (PS3.5 6.2)."""

COLUMN_VRS = frozenset(PADS) | frozenset(NUMBER_CODES)
"""The VRs that a column can have."""


def value_text(raw: str, vr: bytes, own_vr: bytes, *, terms: str, sign: str) -> str | None:
    """The text of one value.

    The VR in the object decides. Where there is none (implicit VR), or it is unknown, UN (PS3.5 6.2.2) or a binary
    one without numbers, that of the dictionary does.

    Args:
        raw: The bytes of the value as Latin-1.
        vr: The VR in the object, empty in implicit VR.
        own_vr: The VR in the dictionary, one of COLUMN_VRS.
        terms: The value of Specific Character Set that holds for the object.
        sign: Byte order for `struct`.

    Returns:
        None where the length does not suit the VR, or the value is a sequence.
    """
    if vr == b"SQ":
        return None
    if vr not in COLUMN_VRS:
        vr = own_vr
    if vr in NUMBER_CODES:
        return number_text(raw.encode("latin-1"), vr, sign)
    if raw[-1:] == PADS[vr] and len(raw) % 2 == 0:
        raw = raw[:-1]
    if vr in TEXT_VRS and not (raw.isascii() and "\x1b" not in raw):
        return storable(decode(raw.encode("latin-1"), terms))
    return raw


def number_text(value: bytes, vr: bytes, sign: str) -> str | None:
    r"""Numbers in decimal, joined with a backslash; None where the length is no multiple of that of one number.

    A tag becomes one number, group first.

    >>> number_text(bytes([0, 2, 0, 1]), b"US", "<")
    '512\\256'
    """
    code = NUMBER_CODES[vr]
    count, rest = divmod(len(value), _SIZES[vr])
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
