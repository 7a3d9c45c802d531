"""A checking process: gets lists of paths on its standard input, answers with results on its standard output."""

from __future__ import annotations

import os
import sys
import time

import msgspec

from tagwise.scanning.worker import receive, send
from tagwise.validation import judged, wire

_LONGEST = 2.0
"""Seconds after which an answer is sent: on slow storage results come steadily, and only a file that hangs is late."""


def main() -> None:
    """Serve until standard input ends. The first message says what is looked for; its answer is empty."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    first = receive(source)
    if first is None:
        return
    told = msgspec.msgpack.decode(first, type=wire.Hello)
    selection = wire.selection_of(told)
    encode, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[bytes])
    try:
        send(answers, b"")
        while (request := receive(source)) is not None:
            late = time.monotonic() + _LONGEST
            done = []
            for path in decoder.decode(request):
                result = judged(os.fsdecode(path), selection, show_values=told.show_values, listed=True)
                done.append(wire.sent(result))
                if time.monotonic() > late:
                    break
            send(answers, encode(done))
    except BrokenPipeError:
        # The parent was killed while this process was checking: there is nobody left to tell.
        sys.stderr.close()
