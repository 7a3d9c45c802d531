"""Checks many files in several processes; results come in the order of the files, and few are under way at a time.

A file that ends or blocks its process costs one finding: its neighbours are checked again, one by one.
"""

from __future__ import annotations

import math
import os
import queue
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING, Self

import msgspec

from tagwise.findings import Basis, Confidence, Finding, Level, Severity
from tagwise.scanning.containers.whole import is_container
from tagwise.scanning.pool import Child, ReaderLost
from tagwise.settings import ScanSettings
from tagwise.validation import judged, wire, within
from tagwise.validation.result import CRASHED, CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagwise.control.selection import Selection

_WORKER = "tagwise.validation.worker"
_FEW = 24
"""Files that are checked in the calling process: starting others would take longer."""

_CHUNK = 16
"""Files that a process gets at a time: their results wait in memory until it is their turn."""

_AHEAD = 3
"""Chunks for each process that are under way or wait for their turn."""


def check_files(
    paths: Iterable[str], selection: Selection, *, show_values: bool = False, jobs: int | None = None
) -> Iterator[CheckResult]:
    """The result of every file, in the order of the paths. A file that vanished meanwhile is a finding.

    Args:
        jobs: Processes; 1 checks in this one. None means as many as there are processors.

    Raises:
        ReadersNotStarted: No process can be started.
    """
    settings = ScanSettings() if jobs is None else ScanSettings(jobs=jobs)
    source = iter(paths)
    first = list(islice(source, _FEW)) if jobs is None else []
    more = next(source, None) if jobs is None else None
    if settings.jobs == 1 or (jobs is None and more is None):
        for path in chain(first, [] if more is None else [more], source):
            yield checked(path, selection, show_values=show_values)
        return
    with _Checkers(selection, settings, show_values=show_values) as checkers:
        yield from checkers.check(chain(first, [] if more is None else [more], source))


def check_folder(
    folder: str, selection: Selection, *, show_values: bool = False, jobs: int | None = None
) -> Iterator[CheckResult]:
    """The result of every file in a folder and below it, in the order of names; of a container, those of its members.

    Members are checked in this process when their turn comes, files meanwhile by others, as `check_files` says.

    Raises:
        ReadersNotStarted: No process can be started.
    """
    containers: deque[tuple[int, str]] = deque()  # each with the number of files before it

    def files() -> Iterator[str]:
        number = 0
        for path in within.files(folder):
            if is_container(path):
                containers.append((number, path))
            else:
                yield path
                number += 1

    def due(number: float) -> Iterator[CheckResult]:
        while containers and containers[0][0] <= number:
            for held in within.objects_of(containers.popleft()[1]):
                yield judged(held.content, selection, show_values=show_values, path=held.path)

    for number, result in enumerate(check_files(files(), selection, show_values=show_values, jobs=jobs)):
        yield from due(number)
        yield result
    yield from due(math.inf)


def checked(path: str, selection: Selection, *, show_values: bool) -> CheckResult:
    """The result of one file that was there when the folder was listed."""
    return judged(path, selection, show_values=show_values, listed=True)


class _Checkers:
    """Processes that check; leaving the block ends them."""

    def __init__(self, selection: Selection, settings: ScanSettings, *, show_values: bool) -> None:
        self._settings = settings
        self._hello = wire.hello(selection, show_values=show_values)
        self._idle: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        self._all: list[Child] = []
        self._threads = ThreadPoolExecutor(settings.jobs, thread_name_prefix="tagwise-checker")
        for _ in range(settings.jobs):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes; what is under way is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in list(self._all):
            child.stop()
        self._threads.shutdown()

    def check(self, paths: Iterable[str]) -> Iterator[CheckResult]:
        """Results in order."""
        waiting: deque[Future[list[CheckResult]]] = deque()
        source = iter(paths)
        while True:
            while len(waiting) < _AHEAD * self._settings.jobs and (chunk := list(islice(source, _CHUNK))):
                waiting.append(self._threads.submit(self._several, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()

    def _several(self, paths: list[str]) -> list[CheckResult]:
        done: list[CheckResult] = []
        while len(done) < len(paths):
            left = paths[len(done) :]
            try:
                done += self._ask(left)
            except ReaderLost:
                done += chain.from_iterable(self._one(path) for path in left)
        return done

    def _one(self, path: str) -> list[CheckResult]:
        try:
            return self._ask([path])
        except ReaderLost as lost:
            return [self._given_up(path, lost)]

    def _ask(self, paths: list[str]) -> list[CheckResult]:
        """Results of the first of these files at least."""
        child = self._idle.get()
        try:
            if child is None:
                child = Child(_WORKER, self._hello, self._settings.stall_seconds)
                self._all.append(child)
            message = msgspec.msgpack.encode([os.fsencode(path) for path in paths])
            return wire.results(child.ask(message, self._settings.stall_seconds), paths)
        except ReaderLost:
            if child is not None:
                child.stop()
                self._all.remove(child)
                child = None
            raise
        finally:
            self._idle.put(child)

    def _given_up(self, path: str, lost: ReaderLost) -> CheckResult:
        seconds = self._settings.stall_seconds
        what = f"gave no answer within {seconds:g} seconds" if lost.stalled else "ended"
        message = f"the process that checked this file {what}; nothing is known about the object. Please report it"
        finding = Finding(
            *(CRASHED, "A check could not finish", Severity.HIGH, Confidence.HIGH, Basis.PRACTICE, Level.FILE),
            *({"file_path": path}, message),
        )
        return CheckResult(path, (finding,), complete=False, elements=0)
