"""Several reading processes, and what happens when one of them dies or hangs: no file is lost, none ends the scan."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import subprocess
import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import msgspec

from tagwise.errors import DamagedEncoding, FileUnavailable, ReadersNotStarted
from tagwise.scanning.batch import Answer, BatchReader, Rows
from tagwise.scanning.worker import receive, send

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.scanning.columns import Column
    from tagwise.settings import ScanSettings


_WORKER = "tagwise.scanning.worker"
_START = "import sys; sys.path += sys.argv[2:]; from importlib import import_module; import_module(sys.argv[1]).main()"


class ReaderLost(Exception):
    """The reading process died (`stalled` False) or did not answer in time (`stalled` True)."""

    def __init__(self, *, stalled: bool) -> None:
        super().__init__(stalled)
        self.stalled = stalled


class Child:
    """One child process and its two pipes, for whatever module serves on them.

    Args:
        module: Its `main` answers messages, the first one, `hello`, with an empty answer.
        seconds: How long to wait for that.

    Raises:
        ReadersNotStarted: It did not start, or not in time.
    """

    def __init__(self, module: str, hello: bytes, seconds: float) -> None:
        # -P: a file of the folder one happens to stand in must not shadow a module. The caller may have found tagwise
        # on a path of its own; behind all others it shadows nothing.
        own = [path for path in sys.path if os.path.isabs(path)]  # noqa: PTH117 - text in, text out
        try:
            self._child = subprocess.Popen(  # noqa: S603 - this interpreter, this package
                [sys.executable, "-P", "-c", _START, module, *own],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C goes to the foreground group: the parent decides what it means, readers just lose their pipe.
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(error.strerror or str(error)) from error
        try:
            send(self._stdin, hello)
            self._answer(seconds)
        except (OSError, ReaderLost) as error:
            self.stop()
            raise _not_started("it ended at once, or did not answer") from error

    @property
    def _stdin(self) -> BinaryIO:
        return cast("BinaryIO", self._child.stdin)

    @property
    def _stdout(self) -> BinaryIO:
        return cast("BinaryIO", self._child.stdout)

    def ask(self, message: bytes, seconds: float) -> bytes:
        """Send a message; wait at most so long for the answer to begin.

        Raises:
            ReaderLost: The process died or did not answer.
        """
        try:
            send(self._stdin, message)
            return self._answer(seconds)
        except OSError as error:
            raise ReaderLost(stalled=False) from error

    def _answer(self, seconds: float) -> bytes:
        poll = select.poll()  # unlike select() it knows descriptors above 1023
        poll.register(self._stdout, select.POLLIN)
        if not poll.poll(seconds * 1000):
            raise ReaderLost(stalled=True)
        answer = receive(self._stdout)
        if answer is None:
            raise ReaderLost(stalled=False)
        return answer

    def stop(self) -> None:
        """End the process; one that hangs inside the operating system is left to end by itself."""
        self._child.kill()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=2)


def _not_started(why: str) -> ReadersNotStarted:
    return ReadersNotStarted(
        f"a reading process cannot be started: {why}",
        hint="With one job (--jobs 1) files are read without further processes.",
    )


class ReaderPool:
    """Reads files in `settings.jobs` processes. Use it as a context manager; leaving it ends the processes."""

    def __init__(self, columns: Sequence[Column], settings: ScanSettings) -> None:
        self._columns = tuple(columns)
        in_flight = max(1, settings.in_flight // settings.jobs)
        self._hello = msgspec.msgpack.encode((in_flight, [(c.keyword, c.tag, c.vr) for c in columns]))
        self._settings = settings
        self._idle: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        self._all: list[Child] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(settings.jobs, thread_name_prefix="tagwise-reader")
        for _ in range(settings.jobs):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        for process in tuple(self._all):
            process.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._all:  # one that a thread had just started
            process.stop()

    def read(self, chunks: Iterable[list[tuple[str, bool]]]) -> Iterator[tuple[list[tuple[str, bool]], Answer]]:
        """Rows of each chunk as they come, in any order and in parts; only a few chunks are under way at a time.

        What an answer has no row for comes in another one.

        Raises:
            ReadersNotStarted: No process can be started.
        """
        waiting: dict[Future[Answer | None], list[tuple[str, bool]]] = {}
        again: deque[list[tuple[str, bool]]] = deque()
        source = iter(chunks)
        while True:
            while len(waiting) < 2 * self._settings.jobs:
                chunk = again.popleft() if again else next(source, None)
                if chunk is None:
                    break
                waiting[self._threads.submit(self._read, [path for path, _ in chunk])] = chunk
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                chunk, answer = waiting.pop(future), future.result()
                if answer is None:
                    # One of these files kills or blocks a reader: one at a time, only that one is lost.
                    again.extend([file] for file in chunk)
                    continue
                if left := _left(chunk, answer):
                    again.append(left)
                yield chunk, answer

    def _read(self, paths: list[str]) -> Answer | None:
        """Rows of the first of these files at least, None where their reader was lost."""
        try:
            return self._ask(paths)
        except ReaderLost as lost:
            if self._closed:
                raise
            return self._given_up(lost) if len(paths) == 1 else None

    def _ask(self, paths: list[str]) -> Answer:
        process = self._idle.get()
        try:
            if process is None:
                process = Child(_WORKER, self._hello, self._settings.stall_seconds)
                self._all.append(process)
            answer = process.ask(msgspec.msgpack.encode(paths), self._settings.stall_seconds)
            return msgspec.msgpack.decode(answer, type=Answer)
        except ReaderLost:
            if process is not None:
                process.stop()
                self._all.remove(process)
                process = None
            raise
        finally:
            self._idle.put(process)

    def _given_up(self, lost: ReaderLost) -> Answer:
        error = (
            FileUnavailable(f"no answer within {self._settings.stall_seconds:g} seconds")
            if lost.stalled
            else DamagedEncoding("the reading process ended on this file; please report it")
        )
        return Answer([], Rows([0], [None], [None], [None], [str(error)], [[None] for _ in self._columns]))


def _left(chunk: list[tuple[str, bool]], answer: Answer) -> list[tuple[str, bool]]:
    """The files that an answer has no row for."""
    places = set(answer.places())
    return [file for place, file in enumerate(chunk) if place not in places] if len(places) < len(chunk) else []


class InProcess:
    """Reads files in the calling process: for few files, where starting processes would take longer than reading."""

    def __init__(self, columns: Sequence[Column], settings: ScanSettings) -> None:
        self._reader = BatchReader(columns, settings.in_flight)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def read(self, chunks: Iterable[list[tuple[str, bool]]]) -> Iterator[tuple[list[tuple[str, bool]], Answer]]:
        """Rows of each chunk, in parts."""
        for chunk in chunks:
            left = chunk
            while left:
                answer = self._reader.read([path for path, _ in left])
                yield left, answer
                left = _left(left, answer)
