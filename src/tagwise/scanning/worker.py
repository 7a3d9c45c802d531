"""A reading process: gets lists of paths on its standard input, answers with rows on its standard output.

It is a plain child process, not one of `multiprocessing`: it neither forks a process that has threads nor imports the
caller's main module again, and it ends by itself when its parent is gone.
"""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from tagwise.scanning.batch import BatchReader
from tagwise.scanning.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH = struct.Struct("<Q")


def send(stream: BinaryIO, message: bytes) -> None:
    """Write one message: its length in 8 bytes, then itself.

    Raises:
        OSError: The other side is gone.
    """
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """The next message, or None where the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def serve(begin: Callable[[bytes], Callable[[bytes], bytes]]) -> None:
    """Answer messages until standard input ends.

    The first answer is empty: it says that this process has started.

    Args:
        begin: Gets the first message, and returns what answers each further one.
    """
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    first = receive(source)
    if first is None:
        return
    answer = begin(first)
    try:
        send(answers, b"")
        while (request := receive(source)) is not None:
            send(answers, answer(request))
    except BrokenPipeError:
        # The parent was killed while this process was working: there is nobody left to tell.
        sys.stderr.close()


def _begin(first: bytes) -> Callable[[bytes], bytes]:
    """The first message holds how many files to read at a time, and the columns; each further one a list of paths."""
    in_flight, columns = msgspec.msgpack.decode(first, type=tuple[int, list[tuple[str, int, str]]])
    reader = BatchReader([Column(*column) for column in columns], in_flight)
    encode, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[str])
    return lambda request: encode(reader.read(decoder.decode(request)))


def main() -> None:
    """Read headers until standard input ends."""
    serve(_begin)
