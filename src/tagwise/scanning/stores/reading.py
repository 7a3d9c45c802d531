"""Reads headers of objects in stores, many at a time: nearly all of the time is waiting for answers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

from tagwise.errors import EmptyFile, FileUnavailable
from tagwise.scanning.reader import FileHeader
from tagwise.scanning.stores.addresses import parsed
from tagwise.scanning.stores.opening import client, opened
from tagwise.scanning.stores.window import ObjectWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagwise.errors import ReadError
    from tagwise.scanning.reader import HeaderReader
    from tagwise.scanning.stores.addresses import Bucket

UNLISTED = "the objects right below this prefix cannot be listed: a key holds '//', '..' or a control character"

_ATTEMPTS = 3
"""How often an object is read that is replaced while it is read."""


class ObjectReader:
    """Reads objects by their paths in the index. It keeps one client for each bucket.

    Args:
        in_flight: Objects that are read at the same time at most.
    """

    def __init__(self, reader: HeaderReader, in_flight: int) -> None:
        self._reader, self._client = reader, client()
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="tagwise-object")
        self._stores: dict[Bucket, Any] = {}
        self._guard = Lock()

    def read(self, paths: Sequence[tuple[int, str]], late: float, most: int) -> list[tuple[int, FileHeader]]:
        """The rows of objects with their places: of all, or of those that were begun in time.

        Args:
            late: When, by the monotonic clock, nothing more is begun.
            most: Characters after which nothing more is begun.
        """
        text = 0

        def one(numbered: tuple[int, tuple[int, str]]) -> tuple[int, FileHeader] | None:
            nonlocal text
            number, (place, path) = numbered
            if number and (text > most or time.monotonic() > late):
                return None
            row = self._object(path)
            text += sum(map(len, filter(None, row.values))) + 256 * len(row.references)
            return place, row

        return [row for row in self._threads.map(one, enumerate(paths)) if row]

    def _object(self, path: str) -> FileHeader:
        if path.endswith("/"):
            return self._without_values(FileUnavailable(UNLISTED))
        try:
            for _ in range(_ATTEMPTS):
                bucket, key = parsed(path)
                window = ObjectWindow(self._client, self._store(bucket), key)
                if not window.size:
                    return self._without_values(EmptyFile("the object has no bytes"), 0, window.modified)
                header = self._reader.read_window(window)
                if not window.replaced:
                    break
        except FileUnavailable as error:
            return self._without_values(error)
        return FileHeader(*header[:3], window.size, window.modified, header.references)

    def _without_values(self, error: ReadError, size: int | None = None, modified: int | None = None) -> FileHeader:
        return FileHeader(self._reader.nothing, None, str(error), size, modified)

    def _store(self, bucket: Bucket) -> Any:
        with self._guard:
            if bucket not in self._stores:
                self._stores[bucket] = opened(bucket)
            return self._stores[bucket]
