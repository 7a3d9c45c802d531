"""What `s3://bucket/key` means, and how keys are written in the index."""

from __future__ import annotations

from typing import NamedTuple

from tagwise.errors import SourceMissing


class Bucket(NamedTuple):
    """A bucket of a store; what Azure calls a container is one too."""

    scheme: str
    name: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.name}"

    def path(self, key: str) -> str:
        """The text of an object in the index: its key as it is, nothing is escaped."""
        return f"{self}/{key}"


def parsed(path: str) -> tuple[Bucket, str]:
    """Bucket and key of an address, the key without slashes at its ends.

    A key may hold any character, so `?`, `#` and `%` mean themselves.

    Raises:
        SourceMissing: There is no bucket in it, or a key that the client cannot ask for.

    >>> parsed("s3://archive/2024/")
    (Bucket(scheme='s3', name='archive'), '2024')
    """
    scheme, _, rest = path.partition("://")
    name, _, key = rest.partition("/")
    if not name:
        raise SourceMissing(f"{path!r} names no bucket", hint=f"Write it as {scheme}://BUCKET/PREFIX.")
    key = key.removesuffix("/")
    if key and not all(part not in ("", ".", "..") for part in key.split("/")):
        hint = "Prefixes with '//', '.' or '..' cannot be asked for; scan the one above."
        raise SourceMissing(f"{path!r} cannot be scanned: the client of stores does not know such keys", hint=hint)
    return Bucket(scheme, name), key
