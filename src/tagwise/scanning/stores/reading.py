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

    from tagwise.scanning.reader import HeaderReader
    from tagwise.scanning.stores.addresses import Bucket

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
        try:
            if path.endswith("/"):
                raise FileUnavailable(
                    "the client cannot list the objects here: a key holds '//', a control character, or '..'"
                )
            bucket, key = parsed(path)
            store = self._store(bucket)
            for _ in range(_ATTEMPTS):
                window = ObjectWindow(self._client, store, key)
                if not window.size:
                    raise EmptyFile("the object has no bytes")
                header = self._reader.read_window(window)
                if not window.replaced:
                    break
        except EmptyFile as error:
            return FileHeader(self._reader.nothing, None, str(error), 0, window.modified)
        except FileUnavailable as error:
            return FileHeader(self._reader.nothing, None, str(error), None, None)
        return FileHeader(*header[:3], window.size, window.modified, header.references)

    def _store(self, bucket: Bucket) -> Any:
        with self._guard:
            if bucket not in self._stores:
                self._stores[bucket] = opened(bucket)
            return self._stores[bucket]
