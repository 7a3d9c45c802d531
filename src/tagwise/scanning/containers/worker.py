"""A process that reads containers: gets a path, or nothing for further rows of the same one, and answers with rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tagwise.scanning.columns import Column
from tagwise.scanning.containers.reading import ContainerReader
from tagwise.scanning.worker import serve

if TYPE_CHECKING:
    from collections.abc import Callable


def _begin(first: bytes) -> Callable[[bytes], bytes]:
    columns = msgspec.msgpack.decode(first, type=list[tuple[str, int, str]])
    reader = ContainerReader([Column(*column) for column in columns])
    encode, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(str | None)

    def answer(request: bytes) -> bytes:
        path = decoder.decode(request)
        if path is not None:
            reader.begin(path)
        return encode(reader.more())

    return answer


def main() -> None:
    """Read containers until standard input ends."""
    serve(_begin)
