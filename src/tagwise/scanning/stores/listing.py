"""Lists objects below prefixes, a page at a time: what is listed is never in memory as a whole."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from tagwise.errors import SourceMissing
from tagwise.scanning.stores.addresses import parsed
from tagwise.scanning.stores.failures import broke_off, explained
from tagwise.scanning.stores.opening import client, opened
from tagwise.scanning.walk import Entry, storable_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagwise.scanning.stores.addresses import Bucket

_PAGE = 1000
"""Objects that stores give in one answer at most."""

_ATTEMPTS = 5
"""How often a page is asked for whose answer breaks off in the middle."""

_PAUSE = 0.5


def modified_of(meta: Mapping[str, Any]) -> int:
    """When an object changed, in nanoseconds: the second in which it did, and a number made of its entity tag.

    Listings tell parts of seconds that answers with contents do not. In their place the tag tells apart what was
    written twice within a second, or copied back with an old time.
    """
    seconds = int(meta["last_modified"].timestamp())
    tag = (meta["e_tag"] or "").removeprefix("W/").strip('"')
    part = int.from_bytes(hashlib.blake2b(tag.encode(), digest_size=8).digest()) % 10**9 if tag else 0
    return storable_time(seconds * 10**9 + part)


class _Prefix(NamedTuple):
    """What is listed: a prefix of a bucket, without a slash at its end."""

    bucket: Bucket
    key: str
    store: Any

    @property
    def root(self) -> str:
        return self.bucket.path(self.key) if self.key else str(self.bucket)

    def entry(self, meta: Mapping[str, Any]) -> Entry:
        return Entry(self.bucket.path(meta["path"]), meta["size"], modified_of(meta))


class StoreWalk:
    """The objects below `paths`: iterate once, then ask `unlisted` for prefixes that could not be listed.

    Raises:
        UsageError: The client is not installed, or a setting is wrong.
        SourceMissing: A path names no bucket, or nothing is below it.
        SourceError: A bucket cannot be listed.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.unlisted: list[str] = []
        self._client = client()
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="tagwise-head")
        wanted = sorted({parsed(path) for path in paths})
        self._prefixes = [
            _Prefix(bucket, key, opened(bucket))
            for bucket, key in wanted
            # Outermost only, so that nothing is listed twice.
            if not any(
                bucket == other and key != above and (not above or key.startswith(above + "/"))
                for other, above in wanted
            )
        ]
        self.roots = tuple(prefix.root for prefix in self._prefixes)
        self._first = [self._peeked(prefix) for prefix in self._prefixes]

    def __iter__(self) -> Iterator[Entry]:
        for first, rest in self._first:
            yield from first
            yield from rest

    def _peeked(self, prefix: _Prefix) -> tuple[list[Entry], Iterator[Entry]]:
        """The first entry and the rest, so that a prefix that cannot be listed is known before the index is touched."""
        entries = self._below(prefix, "")
        if first := next(entries, None):
            return [first], entries
        if not prefix.key:
            return [], entries
        try:
            return [prefix.entry(self._client.head(prefix.store, prefix.key))], entries
        except FileNotFoundError as error:
            hint = "A prefix ends where a folder would: s3://bucket/2024 is not the beginning of s3://bucket/2024-01."
            raise SourceMissing(f"there is nothing at {prefix.root}", hint=hint) from error
        except Exception as error:
            raise explained(prefix.bucket, error) from error

    def _below(self, prefix: _Prefix, after: str) -> Iterator[Entry]:
        """The objects below a prefix whose keys come after the key `after`."""
        attempt = 0
        while True:
            try:
                for page in self._client.list(prefix.store, prefix.key or None, offset=after or None, chunk_size=_PAGE):
                    yield from self._entries(prefix, page)
                    after, attempt = page[-1]["path"], 0
            except self._client.exceptions.InvalidPathError:
                yield from self._by_level(prefix, after)
            except Exception as error:
                attempt += 1
                if not broke_off(error) or attempt == _ATTEMPTS:
                    raise explained(prefix.bucket, error) from error
                time.sleep(_PAUSE * attempt)
                continue
            return

    def _by_level(self, prefix: _Prefix, after: str) -> Iterator[Entry]:
        """As `_below` where the client stumbles over a key, as one with `//`: level by level, all but its own level."""
        try:
            level = self._client.list_with_delimiter(prefix.store, prefix.key or None)
        except self._client.exceptions.InvalidPathError:
            self.unlisted.append(prefix.root)
            yield Entry(prefix.root + "/", None, None)
            return
        except Exception as error:
            raise explained(prefix.bucket, error) from error
        yield from self._entries(prefix, [meta for meta in level["objects"] if meta["path"] > after])
        for key in level["common_prefixes"]:
            yield from self._below(prefix._replace(key=key), after)

    def _entries(self, prefix: _Prefix, page: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
        """The objects of a page, without folders of consoles: objects of no bytes whose key ends in a slash."""
        empty = [meta["path"] for meta in page if not meta["size"]]
        there = self._threads.map(lambda key: self._is_there(prefix, key), empty)
        folders = {key for key, is_there in zip(empty, there, strict=True) if not is_there}
        for meta in page:
            if meta["path"] not in folders or meta["size"]:
                yield prefix.entry(meta)

    def _is_there(self, prefix: _Prefix, key: str) -> bool:
        try:
            self._client.head(prefix.store, key)
        except FileNotFoundError:
            return False
        except Exception:  # noqa: BLE001 - the reader will say what is wrong with it
            return True
        return True
