"""A reading process: gets lists of paths on its standard input, answers with rows on its standard output.

It is a plain child process, not one of `multiprocessing`: it neither forks a process that has threads nor imports the
caller's main module again, and it ends by itself when its parent is gone.
"""

from __future__ import annotations

import struct
import sys
import time
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from tagwise.scanning.columns import Column
from tagwise.scanning.reader import HeaderReader
from tagwise.scanning.references import Reference  # noqa: TC001 - msgspec reads the type at run time
from tagwise.scanning.walk import real_path, storable_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LENGTH = struct.Struct("<Q")

_MOST_TEXT = 16 * 1024 * 1024
"""Characters after which an answer is sent: files full of huge values must not fill the memory."""

LONGEST = 2.0
"""Seconds after which an answer is sent: on slow storage rows come steadily, and only a file that hangs is late."""


class Rows(msgspec.Struct, array_like=True):
    """Rows by column: what a reading process answers. All lists have one entry per path, in the order asked.

    There may be fewer rows than paths were asked, but at least one; the rest is to be asked again.
    """

    sizes: list[int | None]
    modified: list[int | None]
    digests: list[str | None]
    errors: list[str | None]
    values: list[list[str | None]]
    references: list[tuple[int, Reference]] = []
    """Number of the row, and what its object refers to."""


def read_rows(reader: HeaderReader, paths: Sequence[str], width: int) -> Rows:
    """Read the headers of the files at these paths (as `shown_path` wrote them)."""
    files = []
    text, late = 0, time.monotonic() + LONGEST
    for path in paths:
        file = reader.read_file(real_path(path))
        files.append(file)
        text += sum(map(len, filter(None, file.values))) + 256 * len(file.references)
        if text > _MOST_TEXT or time.monotonic() > late:
            break
    return Rows(
        [file.file_size for file in files],
        [None if file.modified is None else storable_time(file.modified) for file in files],
        [file.header_digest for file in files],
        [file.read_error for file in files],
        [[file.values[place] for file in files] for place in range(width)],
        [(row, reference) for row, file in enumerate(files) for reference in file.references],
    )


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
    """The first message holds the columns, each further one a list of paths."""
    columns = [Column(*column) for column in msgspec.msgpack.decode(first, type=list[tuple[str, int, str]])]
    reader, width = HeaderReader(columns), len(columns)
    encode, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[str])
    return lambda request: encode(read_rows(reader, decoder.decode(request), width))


def main() -> None:
    """Read headers until standard input ends."""
    serve(_begin)
