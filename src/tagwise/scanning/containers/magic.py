"""What a file that is no DICOM is instead, by its first bytes."""

from __future__ import annotations

import re

ZIP, TAR, GZIP, JSON, XML = "a ZIP archive", "a TAR archive", "gzip data", "DICOM JSON", "DICOM XML"

LATER = "not looked into"
"""How the error of a row ends whose file may hold objects: until they are read, or where nobody wants them."""

_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[0-9A-Fa-f]{8}"\s*:')
"""PS3.18 F.2.1: an object whose keys are tags, or an array of them. Other JSON is not worth a second look."""

_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[^\0]*?<?NativeDicomModel\b", re.DOTALL)


def kind_of(start: bytes) -> str:
    r"""The kind of container that starts with these bytes, of which 512 are enough for most; "" for any other file.

    >>> kind_of(b"PK\x03\x04" + bytes(26)), kind_of(b"\x1f\x8b\x08\x00"), kind_of(b'[{"00080005": {')
    ('a ZIP archive', 'gzip data', 'DICOM JSON')
    """
    if start[:4] in (b"PK\3\4", b"PK\5\6"):  # PK 5 6: an archive without members
        return ZIP
    if start[:3] == b"\x1f\x8b\x08":
        return GZIP
    if start[257:262] == b"ustar":
        return TAR
    if _JSON.match(start):
        return JSON
    if b"NativeDicomModel" in start and _XML.match(start):
        return XML
    return ""


def not_dicom(start: bytes) -> str:
    """Why an object that starts like this is not DICOM, for its row."""
    kind = kind_of(start)
    if kind:
        return f"{kind}, {LATER}"
    return "there is no DICM prefix, and no element of group 0002, 0004 or 0008 at the start"
