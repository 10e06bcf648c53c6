"""One lock and one signal, for waiting from any thread and any event loop."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes every thread and event loop that waits for a change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._condition = threading.Condition(self.lock)
        self._futures: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def notify(self) -> None:
        """Wake all that wait."""
        with self.lock:
            self._condition.notify_all()
            futures, self._futures = self._futures, []
        for loop, future in futures:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(_wake, future)

    async def wait_for(self, look: Callable[[], T | None], timeout: float | None = None) -> T:
        """Return what `look` returns as soon as it is not None."""
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        while True:
            with self.lock:
                found = look()
                if found is not None:
                    return found
                future = loop.create_future()
                self._futures.append((loop, future))
            left = None if deadline is None else deadline - loop.time()
            try:
                await asyncio.wait_for(future, left)
            finally:
                with self.lock:
                    self._futures = [entry for entry in self._futures if entry[1] is not future]

    def wait_for_sync(self, look: Callable[[], T | None], timeout: float) -> T:
        """Do what `wait_for` does, without an event loop."""
        deadline = time.monotonic() + timeout
        with self.lock:
            while True:
                found = look()
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self._condition.wait(left)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
