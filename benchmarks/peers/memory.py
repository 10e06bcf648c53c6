"""How much memory this process holds, and those that it starts."""

import resource
import sys
import threading
from types import TracebackType
from typing import Self

import psutil

_EVERY = 0.1
"""Seconds between two looks at the other processes."""


class Others:
    """Watches, from a thread, how much the processes hold that this one has started."""

    def __init__(self) -> None:
        self.peak = 0
        """The most bytes that they held together."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        this = psutil.Process()
        while not self._ended.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_held, this.children(recursive=True))))


def held() -> int:
    """Return the resident bytes of this process."""
    return _held(psutil.Process())


def peak() -> int:
    """Return the most resident bytes that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return 0
