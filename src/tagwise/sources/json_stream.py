"""The elements of a JSON array one at a time, from chunks of bytes: an answer is never held as a whole."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPACE = re.compile(r"[ \t\r\n]+")
_DECODER = json.JSONDecoder()


class JsonDamaged(ValueError):
    """The text is no JSON array of objects, or it ends in the middle."""


def elements(chunks: Iterable[bytes], *, most: int) -> Iterator[dict[str, Any]]:
    """The objects of an array; none where there is no text at all, as in an answer 204.

    Args:
        most: The largest element, in characters.

    Raises:
        JsonDamaged: See there; elements before the damage have been given.

    >>> list(elements([b'[{"a": 1}, {"a"', b": 2}]"], most=100))
    [{'a': 1}, {'a': 2}]
    """
    text = _Text(chunks)
    if not text.skip():
        return
    text.take("[")
    if text.peek() == "]":
        text.take("]")
    else:
        yield text.element(most)
        while text.peek() == ",":
            text.take(",")
            yield text.element(most)
        text.take("]")
    if text.skip():
        raise JsonDamaged("there is more after its end")


class _Text:
    """What has come and is not used yet: `_held` from `_at` on."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._decoder = iter(chunks), codecs.getincrementaldecoder("utf-8-sig")()
        self._held, self._at = "", 0

    def skip(self) -> bool:
        """Skip white space; whether anything follows."""
        while True:
            space = _SPACE.match(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held):
                return True
            if not self._more():
                return False

    def peek(self) -> str:
        if not self.skip():
            raise JsonDamaged("it ends in the middle")
        return self._held[self._at]

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise JsonDamaged(f"{sign!r} is missing")
        self._at += 1

    def element(self, most: int) -> dict[str, Any]:
        """The next value. Text is doubled before it is tried again, so that a large value costs no square."""
        if self.peek() != "{":
            raise JsonDamaged("an object is missing")
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._held, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._held) - self._at > most:
                    raise JsonDamaged(f"an element is larger than {most:,} characters") from error
                if isinstance(error, RecursionError) or not self._double():
                    raise JsonDamaged("it ends in the middle, or is no JSON") from error
            else:
                found: dict[str, Any] = value
                return found

    def _double(self) -> bool:
        """Get as much again as is not used yet; whether there was more."""
        wanted, any_more = 2 * (len(self._held) - self._at), False
        while len(self._held) - self._at < wanted and self._more():
            any_more = True
        return any_more

    def _more(self) -> bool:
        try:
            chunk = next(self._chunks, None)
            come = self._decoder.decode(b"", final=True) if chunk is None else self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise JsonDamaged("it is not UTF-8") from error
        self._held, self._at = self._held[self._at :] + come, 0
        return chunk is not None
