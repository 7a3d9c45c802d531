"""The bytes of one object in a store, by ranges: its first window, then what the reader asks for beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagwise.errors import FileUnavailable
from tagwise.scanning.stores.failures import status, unreadable
from tagwise.scanning.stores.listing import modified_of
from tagwise.scanning.window import FileWindow

if TYPE_CHECKING:
    from types import ModuleType

FIRST = 32 * 1024
"""Bytes of the first request: the header of nearly every image, and less than a round trip is worth."""

_MOST = 1024 * 1024
"""Bytes of one further request at most, where an object is walked through from end to end."""


class ObjectWindow(FileWindow):
    """A window on an object of a store; what is skipped is never asked for. Its first bytes are asked for at once.

    `size` and `modified` are those of the answer. All further bytes are those of the same object: where it was replaced
    meanwhile, `replaced` is True and reading fails.

    Args:
        first: Another window on the same object, whose first bytes are taken instead.

    Raises:
        FileUnavailable: The store does not give the object.
    """

    __slots__ = (
        "_buffer",
        "_buffer_at",
        "_client",
        "_first",
        "_key",
        "_step",
        "_store",
        "_tag",
        "modified",
        "replaced",
    )

    where = "the object"

    def __init__(self, client: ModuleType, store: Any, key: str, first: ObjectWindow | None = None) -> None:
        super().__init__(-1, 0)
        self._client, self._store, self._key = client, store, key
        self._step = FIRST
        self._tag: str | None = None
        self.replaced = False
        self.modified = 0
        if first is None:
            self._first = self._asked(0, FIRST)
        else:
            self._first, self._tag = first._first, first._tag  # noqa: SLF001 - another object of this class
            self.size, self.modified = first.size, first.modified
        self._buffer, self._buffer_at = self._first, 0

    def load(self, at: int, count: int) -> bytes:
        count = min(count, self.size - at)
        if count <= 0:
            return b""
        position = at - self._buffer_at
        if position < 0 or position + count > len(self._buffer):
            is_next = 0 <= position <= len(self._buffer)
            self._step = min(2 * self._step, _MOST) if is_next else FIRST
            self._buffer, self._buffer_at = self._asked(at, max(count, min(self._step, self.size - at))), at
            position = 0
        return self._buffer[position : position + count]

    def again(self) -> ObjectWindow:
        return ObjectWindow(self._client, self._store, self._key, self)

    def _asked(self, at: int, count: int) -> bytes:
        """The bytes of a range, fewer only where the object ends."""
        options: dict[str, Any] = {"range": (at, at + count)}
        if self._tag:
            options["if_match"] = self._tag
        try:
            result = self._client.get(self._store, self._key, options=options)
            data = bytes(result.bytes())
        except self._client.exceptions.PreconditionError as error:
            self.replaced = True
            raise FileUnavailable("it was replaced while it was read") from error
        except Exception as error:
            if status(error) == 416 and not at:
                self._head()
                if not self.size:
                    return b""
            raise unreadable(error) from error
        self._facts(result.meta)
        if len(data) < min(count, self.size - at):
            self.size, self.cut = at + len(data), True
        return data

    def _head(self) -> None:
        try:
            self._facts(self._client.head(self._store, self._key))
        except Exception as error:
            raise unreadable(error) from error

    def _facts(self, meta: Any) -> None:
        self.size, self.modified, self._tag = meta["size"], modified_of(meta), meta["e_tag"]
