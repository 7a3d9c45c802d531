"""Several processes that read containers: one that dies or hangs costs the rest of its container, and nothing else."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Self

import msgspec

from tagwise.errors import DamagedEncoding, FileUnavailable, TagwiseError
from tagwise.scanning.containers.reading import ContainerReader, MemberRows
from tagwise.scanning.pool import Child, ReaderLost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagwise.scanning.columns import Column
    from tagwise.settings import ScanSettings

_WORKER = "tagwise.scanning.containers.worker"

Part = tuple[str, MemberRows]
"""The path of a container, and some of its rows."""


class InProcess:
    """Reads containers in the calling process: for few and small ones."""

    def __init__(self, columns: Sequence[Column], _settings: ScanSettings) -> None:
        self._reader = ContainerReader(columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def read(self, paths: Iterable[str]) -> Iterator[Part]:
        """The rows of each container, in parts."""
        for path in paths:
            self._reader.begin(path)
            while True:
                rows = self._reader.more()
                yield path, rows
                if rows.finished:
                    break


class ContainerPool:
    """Reads containers in `settings.jobs` processes, each of them one at a time. Leaving it ends the processes."""

    def __init__(self, columns: Sequence[Column], settings: ScanSettings) -> None:
        self._hello = msgspec.msgpack.encode([(one.keyword, one.tag, one.vr) for one in columns])
        self._width, self._settings = len(columns), settings
        self._closed = threading.Event()
        self._children: list[Child] = []
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # Of few places: a process waits with its next answer until the last ones are written.
        self._answers: queue.Queue[Part | Exception | None] = queue.Queue(2 * settings.jobs)
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        for _thread in self._threads:
            self._wanted.put(None)
        for child in tuple(self._children):
            child.stop()
        while any(thread.is_alive() for thread in self._threads):
            self._drain()
        for child in self._children:  # one that a thread had just started
            child.stop()

    def _drain(self) -> None:
        """Let threads end that wait for a place in the queue."""
        try:
            self._answers.get(timeout=0.05)
        except queue.Empty:
            return

    def read(self, paths: Iterable[str]) -> Iterator[Part]:
        """The rows of each container in parts; those of several containers come mixed.

        Raises:
            ReadersNotStarted: No process can be started.
        """
        source = iter(paths)
        self._threads = [
            threading.Thread(target=self._work, name="tagwise-containers", daemon=True)
            for _ in range(self._settings.jobs)
        ]
        for thread in self._threads:
            thread.start()
        under_way, working = 0, len(self._threads)
        while working:
            # Paths come from the index, whose connection belongs to this thread.
            while under_way < 2 * self._settings.jobs:
                self._wanted.put(next(source, None))
                under_way += 1
            answer = self._answers.get()
            if isinstance(answer, Exception):
                raise answer
            if answer is None:
                working -= 1
                continue
            yield answer
            under_way -= answer[1].finished

    def _work(self) -> None:
        child: Child | None = None
        try:
            while (path := self._wanted.get()) is not None and not self._closed.is_set():
                child = self._container(child, path)
        except TagwiseError as error:
            self._answers.put(error)
        finally:
            self._answers.put(None)

    def _container(self, child: Child | None, path: str) -> Child | None:
        """Read one container to its end, and return the process for the next one; None where it was lost."""
        if child is None:
            child = Child(_WORKER, self._hello, self._settings.stall_seconds)
            self._children.append(child)
        request: str | None = path
        try:
            while not self._closed.is_set():
                answer = child.ask(msgspec.msgpack.encode(request), self._settings.stall_seconds)
                rows = msgspec.msgpack.decode(answer, type=MemberRows)
                self._answers.put((path, rows))
                if rows.finished:
                    return child
                request = None
        except ReaderLost as lost:
            child.stop()
            self._children.remove(child)
            if not self._closed.is_set():
                self._answers.put((path, self._given_up(lost)))
        return None

    def _given_up(self, lost: ReaderLost) -> MemberRows:
        error = (
            FileUnavailable(f"no answer within {self._settings.stall_seconds:g} seconds")
            if lost.stalled
            else DamagedEncoding("the reading process ended on this container; please report it")
        )
        nothing: list[list[str | None]] = [[None] for _ in range(self._width)]
        return MemberRows(None, None, [""], [None], [None], [str(error)], nothing, [], finished=True, settled=False)
