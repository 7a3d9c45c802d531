"""A checking process: gets lists of paths on its standard input, answers with results on its standard output."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import msgspec

from tagwise.scanning.batch import LONGEST
from tagwise.scanning.worker import serve
from tagwise.validation import judged, wire

if TYPE_CHECKING:
    from collections.abc import Callable


def _begin(first: bytes) -> Callable[[bytes], bytes]:
    """The first message says what is looked for, each further one is a list of paths."""
    told = msgspec.msgpack.decode(first, type=wire.Hello)
    selection = wire.selection_of(told)
    encode, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[bytes])

    def answer(request: bytes) -> bytes:
        late = time.monotonic() + LONGEST
        done = []
        for path in decoder.decode(request):
            result = judged(os.fsdecode(path), selection, show_values=told.show_values, listed=True)
            done.append(wire.sent(result))
            if time.monotonic() > late:
                break
        return encode(done)

    return answer


def main() -> None:
    """Check files until standard input ends."""
    serve(_begin)
