"""What a scan lists: folders and files of this machine, and buckets of stores, in one call."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tagwise.scanning.containers.dicomdir import MediaWalk
from tagwise.scanning.stores import in_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagwise.scanning.stores.listing import StoreWalk
    from tagwise.scanning.walk import Entry


class Roots:
    """All that is below `paths`: iterate once, then ask `unlisted` for folders and prefixes that could not be listed.

    Raises:
        SourceMissing: As `Walk` and `StoreWalk`.
        SourceError: A bucket cannot be listed.
        UsageError: The client of stores is not installed.
    """

    def __init__(self, paths: tuple[str, ...], *, skip: frozenset[str] = frozenset()) -> None:
        stores = [path for path in paths if in_store(path)]
        files = tuple(path for path in paths if not in_store(path))
        self._walks: list[MediaWalk | StoreWalk] = []
        self.files = MediaWalk(files, skip=skip) if files or not stores else None
        if self.files:
            self._walks.append(self.files)
        if stores:
            from tagwise.scanning.stores.listing import StoreWalk  # noqa: PLC0415 - an extra, and few scans need it

            self._walks.append(StoreWalk(stores))
        self.roots = tuple(chain.from_iterable(walk.roots for walk in self._walks))

    @property
    def unlisted(self) -> list[str]:
        return [path for walk in self._walks for path in walk.unlisted]

    def __iter__(self) -> Iterator[Entry]:
        return chain.from_iterable(self._walks)
