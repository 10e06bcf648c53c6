"""How much memory this process uses, and those that it starts."""

import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_INTERVAL_S = 0.1


class ChildrenPeak:
    """Samples from a thread how much memory the processes use that this one has started."""

    def __init__(self) -> None:
        self.bytes = 0
        """The most that they used together."""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Sample within the block."""
        ended = threading.Event()

        def watch() -> None:
            this = psutil.Process()
            while not ended.wait(_INTERVAL_S):
                self.bytes = max(self.bytes, sum(map(_resident, this.children(recursive=True))))

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def resident() -> int:
    """Return the resident bytes of this process."""
    return _resident(psutil.Process())


def peak() -> int:
    """Return the most resident bytes that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it has ended in the meantime
        return 0
