"""One member of a container: its name as text, its content or why it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagwise.errors import ReadError
    from tagwise.scanning.containers.content import Content

INSIDE = "!/"
"""Stands in a path between a container and the name of its member. `shown_path` keeps it out of all other paths."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container. Either `content` or `error` is there; with the name "" the error is the container's."""

    name: str
    size: int | None
    content: Content | None
    error: ReadError | None = None


def name_text(name: bytes) -> str:
    r"""A name as text, on one level: what is not UTF-8, and what would read as a member of a member, in percent signs.

    Names are never paths here: nothing is opened or written by them, so `../../etc/passwd` is as good as any.

    >>> name_text(b"CT/IM\xff1"), name_text(b"a!/b")
    ('CT/IM%FF1', 'a%21/b')
    """
    if not name.isascii() or b"\0" in name:
        text = name.decode(errors="surrogateescape")
        text = "".join(f"%{ord(one) - 0xDC00:02X}" if 0xDC80 <= ord(one) <= 0xDCFF else one for one in text)
        text = text.replace("\0", "%00")
    else:
        text = name.decode()
    return text.replace(INSIDE, "%21/")
