"""Work on many things in a few threads, with as many results waiting as there is room for and no more."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

A = TypeVar("A")
R = TypeVar("R")

_TICK = 0.2


class Crew(Generic[A, R]):
    """Threads that take things and give results in the order in which these are ready.

    Args:
        things: What to work on; it is run through in a thread of its own, as far as there is room.
        work: Gives the results of one thing.
        stop: Is called where somebody stops in the middle, to end what threads wait for.
    """

    def __init__(
        self, things: Iterable[A], work: Callable[[A], Iterable[R]], threads: int, stop: Callable[[], None]
    ) -> None:
        self._things, self._work, self._threads, self._stop = things, work, threads, stop
        self._todo: queue.Queue[A | None] = queue.Queue(threads)
        self._done: queue.Queue[R | BaseException | None] = queue.Queue(2 * threads)
        self._ended = threading.Event()

    def __iter__(self) -> Iterator[R]:
        """The results; an exception of a thread is raised here, and ends the others."""
        # Daemons: a thread that waits for a server must not keep a program alive that has said why it ends.
        for run in (self._feed, *[self._labour] * self._threads):
            threading.Thread(target=run, daemon=True).start()
        running = self._threads
        try:
            while running:
                found = self._done.get()
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    running -= 1
                else:
                    yield found
        finally:
            self._ended.set()
            if running:
                self._stop()

    def _feed(self) -> None:
        try:
            for thing in self._things:
                if not self._put(self._todo, thing):
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised where the results are read
            self._put(self._done, error)
        for _ in range(self._threads):
            self._put(self._todo, None)

    def _labour(self) -> None:
        try:
            while (thing := self._take()) is not None:
                for found in self._work(thing):
                    if not self._put(self._done, found):
                        return
        except BaseException as error:  # noqa: BLE001 - as above
            self._put(self._done, error)
        self._put(self._done, None)

    def _take(self) -> A | None:
        while not self._ended.is_set():
            try:
                return self._todo.get(timeout=_TICK)
            except queue.Empty:
                continue
        return None

    def _put(self, to: queue.Queue[Any], what: object) -> bool:
        """Wait for room; False where nobody wants it any more."""
        while not self._ended.is_set():
            try:
                to.put(what, timeout=_TICK)
            except queue.Full:
                continue
            return True
        return False
