"""Text of the character sets of Specific Character Set (0008,0005), PS3.5 6.1.2 and PS3.3 C.12.1.1.2.

The tables and the rules are those of `pydicom.charset`, and tests hold the two equal. They are repeated here because
pydicom reports odd text through warnings, and catching warnings changes the state of the whole process.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

DEFAULT_CODEC = "iso8859"
"""Reads every byte, so that text outside the default repertoire is kept where no character set is declared."""

TERM_CODECS = {
    "": DEFAULT_CODEC,
    "ISO_IR 6": DEFAULT_CODEC,
    "ISO_IR 13": "shift_jis",
    "ISO_IR 100": "latin_1",
    "ISO_IR 101": "iso8859_2",
    "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4",
    "ISO_IR 126": "iso_ir_126",
    "ISO_IR 127": "iso_ir_127",
    "ISO_IR 138": "iso_ir_138",
    "ISO_IR 144": "iso_ir_144",
    "ISO_IR 148": "iso_ir_148",
    "ISO_IR 166": "iso_ir_166",
    "ISO 2022 IR 6": DEFAULT_CODEC,
    "ISO 2022 IR 13": "shift_jis",
    "ISO 2022 IR 87": "iso2022_jp",
    "ISO 2022 IR 100": "latin_1",
    "ISO 2022 IR 101": "iso8859_2",
    "ISO 2022 IR 109": "iso8859_3",
    "ISO 2022 IR 110": "iso8859_4",
    "ISO 2022 IR 126": "iso_ir_126",
    "ISO 2022 IR 127": "iso_ir_127",
    "ISO 2022 IR 138": "iso_ir_138",
    "ISO 2022 IR 144": "iso_ir_144",
    "ISO 2022 IR 148": "iso_ir_148",
    "ISO 2022 IR 149": "euc_kr",
    "ISO 2022 IR 159": "iso2022_jp_2",
    "ISO 2022 IR 166": "iso_ir_166",
    "ISO 2022 IR 58": "iso_ir_58",
    "ISO_IR 192": "UTF8",
    "GB18030": "GB18030",
    "ISO 2022 GBK": "GBK",
    "ISO 2022 58": "GB2312",
    "GBK": "GBK",
}
"""Defined term to Python codec."""

_YOUNGER_THAN_PYDICOM = {"ISO_IR 203", "ISO 2022 IR 203"}  # Latin alphabet No. 9, which pydicom 3.0 cannot read

DEFINED_TERMS = (frozenset(TERM_CODECS) | _YOUNGER_THAN_PYDICOM) - {"", "ISO 2022 GBK", "ISO 2022 58"}
"""The terms of PS3.3 C.12.1.1.2; two others in the table of codecs are common mistakes that readers understand."""

STAND_ALONE_TERMS = frozenset({"ISO_IR 192", "GBK", "GB18030"})
"""Terms that may not be combined with others (PS3.5 6.1.2.5.4)."""

ESCAPE_CODECS = {
    b"\x1b(B": DEFAULT_CODEC,
    b"\x1b-A": "latin_1",
    b"\x1b)I": "shift_jis",
    b"\x1b(J": "shift_jis",
    b"\x1b$B": "iso2022_jp",
    b"\x1b-B": "iso8859_2",
    b"\x1b-C": "iso8859_3",
    b"\x1b-D": "iso8859_4",
    b"\x1b-F": "iso_ir_126",
    b"\x1b-G": "iso_ir_127",
    b"\x1b-H": "iso_ir_138",
    b"\x1b-L": "iso_ir_144",
    b"\x1b-M": "iso_ir_148",
    b"\x1b-T": "iso_ir_166",
    b"\x1b$)C": "euc_kr",
    b"\x1b$(D": "iso2022_jp_2",
    b"\x1b$)A": "iso_ir_58",
}
"""Escape sequence to Python codec (PS3.3 tables C.12-3 and C.12-4)."""

_CODECS_WITH_ESCAPES = frozenset({"iso2022_jp", "iso2022_jp_2", "iso_ir_58"})
_FRAGMENT = re.compile(rb"^[^\x1b]+|\x1b[^\x1b]*")
_RESET = re.compile(rb"[\t\n\f\r]")
_SPELLED_SINGLE = re.compile(r"ISO[^_]IR")
_SPELLED_EXTENDED = re.compile(r"(?=ISO.2022.IR.)(?!ISO 2022 IR )")
_PYTHON_NAMES = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp12\d\d|cp(437|850|852|866|874|932|949|950)|koi8-[rtu]|mac-\w+"
    r"|shift_jis|euc[_-](jp|kr)|gb2312|gbk|gb18030|big5|iso2022_jp(_2)?"
)
"""Codecs that are accepted by their Python name: one text per byte sequence, ASCII stays ASCII, no surrogates."""


@lru_cache(maxsize=256)
def term_codecs(terms: str) -> tuple[str, ...]:
    """The Python codecs of a value of Specific Character Set, the one that text starts with first.

    Common misspellings are understood; a term that nobody knows counts as the default repertoire. Of terms that may
    not be combined the first alone is used, the others are left out.
    """
    names = [term.strip(" \0") for term in terms.split("\\")]
    found = [_codec(name) for name in names]
    if names[0] in STAND_ALONE_TERMS:
        return (found[0],)
    return (
        found[0],
        *(codec for name, codec in zip(names[1:], found[1:], strict=True) if name not in STAND_ALONE_TERMS),
    )


def _codec(term: str) -> str:
    known = TERM_CODECS.get(term)
    if known is not None:
        return known
    if _SPELLED_SINGLE.match(term):
        return TERM_CODECS.get("ISO_IR" + term[6:], DEFAULT_CODEC)
    if _SPELLED_EXTENDED.match(term):
        return TERM_CODECS.get("ISO 2022 IR " + term[12:], DEFAULT_CODEC)
    try:
        name = codecs.lookup(term).name
    except (LookupError, ValueError):  # ValueError: a NUL or a character that no codec name has
        return DEFAULT_CODEC
    return term if _PYTHON_NAMES.fullmatch(name) else DEFAULT_CODEC


def decode(value: bytes, terms: str) -> str:
    """The text of `value` under a value of Specific Character Set; what cannot be decoded becomes U+FFFD."""
    names = term_codecs(terms)
    if b"\x1b" not in value:
        return value.decode(names[0], "replace")
    return "".join([_decode_fragment(fragment, names) for fragment in _FRAGMENT.findall(value)])


def _decode_fragment(fragment: bytes, names: tuple[str, ...]) -> str:
    """Decode what lies between two escape sequences, the first of them included."""
    try:
        return _decode_escaped(fragment, names) if fragment[:1] == b"\x1b" else fragment.decode(names[0])
    except UnicodeError:
        return fragment.decode(names[0], "replace")


def _decode_escaped(fragment: bytes, names: tuple[str, ...]) -> str:
    length = 4 if fragment.startswith((b"\x1b$(", b"\x1b$)")) else 3
    codec = ESCAPE_CODECS.get(fragment[:length])
    if codec is None or (codec not in names and codec != DEFAULT_CODEC):
        return fragment.decode(names[0], "replace")  # not announced in (0008,0005)
    if codec in _CODECS_WITH_ESCAPES:
        return fragment.decode(codec)
    text = fragment[length:]
    reset = _RESET.search(text)  # a line end goes back to the first character set (PS3.5 6.1.2.5.3)
    if reset is None:
        return text.decode(codec)
    return text[: reset.start()].decode(codec) + text[reset.start() :].decode(names[0])
