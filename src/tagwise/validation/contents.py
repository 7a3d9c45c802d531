"""What a file that is no DICOM object is instead, by its first bytes: people look for the object in the wrong place."""

from __future__ import annotations

_MARKS = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "perhaps a Windows bitmap"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 codestream"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"RIFF", "a RIFF file (WAV, AVI or WebP)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "perhaps a Windows program"),
    (b"NRRD", "an NRRD volume"),
    (b"\x5c\x01\x00\x00", "a NIfTI volume"),
    (b"MSH|", "an HL7 v2 message"),
    (b"<?xml", "an XML document"),
    (b"<!DOCTYPE html", "a web page, perhaps the error page of a server"),
    (b"<html", "a web page, perhaps the error page of a server"),
    (b"HTTP/1.", "an HTTP response with its headers"),
    (b"--", "perhaps a multipart message: take the object out of it"),
    (b"{", "perhaps JSON"),
    (b"[", "perhaps JSON"),
)

_WRAPPERS = (b"HTTP/1.", b"--")
"""What stands around one object: it is read in there. Other files with marks may hold several, or only quote one."""


def is_container(head: bytes) -> bool:
    r"""Whether this is a file of another format, in which an object would be one of its contents.

    >>> is_container(b"PK\x03\x04"), is_container(b"HTTP/1.1 200 OK")
    (True, False)
    """
    return any(head.startswith(mark) for mark, _ in _MARKS if mark not in _WRAPPERS)


def described(head: bytes) -> str:
    """What the bytes are in a few words, "" where that cannot be told.

    >>> described(b"%PDF-1.7")
    'a PDF document'
    """
    if not any(head):
        return f"{'zeros only' if len(head) < 256 else 'zeros'}: the file was never filled, or the storage lost it"
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    for mark, words in _MARKS:
        if head.startswith(mark) or (len(mark) > 1 and text.startswith(mark)):
            return words
    if len(head) > 15 and all(byte in b"\t\n\r" or 31 < byte < 127 for byte in head[:256]):
        return "text"
    return ""
