"""Text from foreign objects made harmless to show: nothing in it can move a cursor, reorder a line or hide."""

from __future__ import annotations

import re

MOST_CHARACTERS = 4200
"""Longer texts are shortened in reports for people; the longest path that Linux knows (4,096) is still whole."""

# Controls (C0, DEL, C1), soft hyphen, zero-width and bidirectional controls (Trojan Source, CVE-2021-42574),
# line separators, tags, and surrogates: a path with bytes that are no UTF-8 arrives as U+DC80 to U+DCFF (PEP 383).
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def _escape(match: re.Match[str]) -> str:
    """Spell one character as Python would; a byte smuggled in by PEP 383 as that byte."""
    character = match.group()
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    if number < 0x100:
        return _SHORT.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def printable(text: str) -> str:
    r"""Return the text as one line in which every hidden character is spelled out.

    >>> printable("CT\x1b[2J\n")
    'CT\\x1b[2J\\n'
    """
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - 1] + "…"
    return _HIDDEN.sub(_escape, text)


def encodable(text: str) -> str:
    r"""Return the text with lone surrogates spelled out, so that UTF-8 and JSON can hold it.

    >>> encodable("caf\udce9")
    'caf\\xe9'
    """
    return _SURROGATE.sub(_escape, text)


def escape_hidden_in_json(document: str) -> str:
    r"""Return a JSON document with hidden characters as \uXXXX: the same data, safe to print on a terminal.

    >>> escape_hidden_in_json('"\x9b2J"')
    '"\\u009b2J"'
    """
    return _HIDDEN.sub(
        lambda match: match.group() if match.group() == "\n" else _json_escape(ord(match.group())), document
    )


def _json_escape(number: int) -> str:
    """Spell a character as JSON does: above U+FFFF as two UTF-16 units."""
    if number < 0x10000:
        return f"\\u{number:04x}"
    number -= 0x10000
    return f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}"
