from __future__ import annotations

import pytest

from tagwise.checks.markdown import to_html
from tagwise.printable import MOST_CHARACTERS, encodable, escape_hidden_in_json, printable


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One\nsentence.", "<p>One sentence.</p>"),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("- a\n- b\n  goes on\n- c", "<ul><li>a</li><li>b goes on</li><li>c</li></ul>"),
        ("1. a\n2. b\n   goes on", "<ol><li>a</li><li>b goes on</li></ol>"),
        ("Do:\n- a", "<p>Do:</p>\n<ul><li>a</li></ul>"),
        ("- a\n\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\n  goes on", "<ul><li>a goes on</li></ul>"),
        ("- a\n\nAfter.", "<ul><li>a</li></ul>\n<p>After.</p>"),
        ("1. a\n\n- b", "<ol><li>a</li></ol>\n<ul><li>b</li></ul>"),
        ("It is from section\n12. Not a list.", "<p>It is from section 12. Not a list.</p>"),
        ("`a < b` & c", "<p><code>a &lt; b</code> &amp; c</p>"),
        ("a ` b", "<p>a ` b</p>"),
        ("- `x\n  y`", "<ul><li><code>x y</code></li></ul>"),
        ("<b>\"'</b>", "<p>&lt;b&gt;&#34;&#39;&lt;/b&gt;</p>"),
        ("{kind} {} %s", "<p>{kind} {} %s</p>"),
        ("a\u202eb\x1b", r"<p>a\u202eb\x1b</p>"),
    ],
)
def test_light_markdown_becomes_html(text: str, html: str) -> None:
    """Paragraphs, lists and code are marked up; all else is text."""
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, größer, 富士", "plain, größer, 富士"),
        ("\x00\x1b\x7f\x9b", r"\x00\x1b\x7f\x9b"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\u200b\u202e\u2069\ufeff", r"\u200b\u202e\u2069\ufeff"),
        ("caf\udce9", r"caf\xe9"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_hidden_characters_are_spelled_out(text: str, shown: str) -> None:
    """What a reader cannot see, or what would move what he sees, is named."""
    assert printable(text) == shown


def test_endless_text_is_shortened() -> None:
    """A value of megabytes does not fill a report, a path of 4,096 characters is whole."""
    assert len(printable("x" * 1_000_000)) == MOST_CHARACTERS
    assert printable("x" * 4096) == "x" * 4096


def test_only_surrogates_stop_utf8() -> None:
    """For JSON nothing else is touched."""
    assert encodable("\x00\u202e\udcff\udbff") == "\x00\u202e\\xff\\udbff"


def test_json_escapes_reach_beyond_the_basic_plane() -> None:
    """JSON spells tags as two UTF-16 units."""
    assert escape_hidden_in_json('"\U000e0041"\n') == '"\\udb40\\udc41"\n'
