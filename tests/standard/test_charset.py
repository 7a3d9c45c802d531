"""Character sets: the tables and the decoding are pydicom's, without its warnings."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom import charset as theirs
from pydicom.valuerep import TEXT_VR_DELIMS

from tagwise.standard import charset as ours

TERMS = sorted(ours.TERM_CODECS)


def test_tables_are_those_of_pydicom() -> None:
    """A new version of pydicom with another table is seen here."""
    assert theirs.python_encoding == ours.TERM_CODECS
    assert ours.ESCAPE_CODECS == theirs.CODES_TO_ENCODINGS
    assert set(theirs.STAND_ALONE_ENCODINGS) == ours.STAND_ALONE_TERMS


@pytest.mark.parametrize(
    "terms",
    [
        "",
        "ISO_IR 100",
        "ISO_IR 100 ",
        "\\ISO 2022 IR 87",
        "ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
        "ISO-IR 101",
        "ISO IR 192",
        "ISO IR 999",
        "ISO_2022_IR_87",
        "ISO-2022-IR 999",
        "latin-1",
        "UTF-8",
        "cp1252",
        "no such thing",
        "GB18030\\ISO 2022 IR 87",
        "ISO_IR 192\\ISO_IR 100",
        "ISO 2022 IR 6\\ISO_IR 192\\ISO 2022 IR 87\\GBK",
        "\\\\",
    ],
)
def test_terms_become_the_codecs_that_pydicom_takes(terms: str) -> None:
    """Known, misspelled, unknown and forbidden combinations of terms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = terms.strip().split("\\")
        expected = theirs.convert_encodings(values if len(values) > 1 else values[0])
    assert list(ours.term_codecs(terms)) == expected


@pytest.mark.parametrize(
    "terms", ["utf-16", "utf-7", "unicode_escape", "hex", "punycode", "rot13", "a\0b", "\ud800", "undefined"]
)
def test_codecs_that_are_no_character_set_are_not_used(terms: str) -> None:
    """Python's transformations, and codecs that can make what UTF-8 cannot hold, count as unknown terms."""
    assert ours.term_codecs(terms) == (ours.DEFAULT_CODEC,)


@pytest.mark.parametrize(
    "codec", sorted({*ours.TERM_CODECS.values(), "cp1252", "koi8-r", "big5", "cp932", "iso2022_jp_2"})
)
def test_ascii_is_ascii_in_every_codec(codec: str) -> None:
    """The reader does not decode ASCII without escapes at all."""
    for number in range(128):
        if number != 0x1B:
            assert bytes([number]).decode(codec) == chr(number)


@pytest.mark.parametrize(
    ("terms", "value", "text"),
    [
        ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
        ("ISO_IR 192", "王^小東".encode(), "王^小東"),
        ("GB18030", "王^小东".encode("gb18030"), "王^小东"),
        ("ISO_IR 13", b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        ("\\ISO 2022 IR 149", b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", "Hong^Gildong=洪^吉洞"),
        ("\\ISO 2022 IR 87", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada^Tarou=山田^太郎"),
        ("ISO 2022 IR 6\\ISO 2022 IR 144", b"\x1b-L\xbb\xee\xda\n\xe9", "Люк\né"),
        ("", b"J\xe9r", "Jér"),
        ("ISO_IR 192", b"J\xe9r", "J\ufffdr"),
        ("ISO_IR 100", b"a\x1b$Bb", "a\x1b$Bb"),
    ],
)
def test_examples(terms: str, value: bytes, text: str) -> None:
    """Names of PS3.5 annexes H to K, an escape that a line end takes back, and bytes that no character set explains."""
    assert ours.decode(value, terms) == text


_PIECES = st.lists(
    st.one_of(st.binary(max_size=6), st.sampled_from([*ours.ESCAPE_CODECS, b"\x1b", b"\n", b"^", b"\\"])), max_size=8
)


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=3), _PIECES.map(b"".join))
@example(["ISO_IR 192"], b"\xed\xa0\x80")
@example(["GB18030"], b"\x82\x35\x8f\x33")
def test_any_bytes_are_what_pydicom_makes_of_them(terms: list[str], value: bytes) -> None:
    """Whatever escapes and bytes: the same text, no warning, and storable as UTF-8."""
    text = ours.decode(value, "\\".join(terms))
    text.encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codecs = theirs.convert_encodings(list(terms) if len(terms) > 1 else terms[0])
        assert text == theirs.decode_bytes(value, codecs, TEXT_VR_DELIMS)
