"""One process on a machine serves a bot at a time: who holds a lock on a file in STATE_DIR.

The system releases the lock when its process ends, however it ends. Processes on other machines are
noticed by Telegram's answer to a poll, see `PollingRequest`.
"""

import asyncio
import logging
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

_LOOK_S = 0.25


class ProcessLock:
    """A lock on a file: whoever holds it serves the bot."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, FileLock(path)

    def acquire(self) -> bool:
        """Acquire it unless another process has it; where files cannot be locked, go on without."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            logger.warning("%s cannot be locked (%s); start no second process", self._path, error)
        return True

    async def wait(self) -> None:
        """Wait until the process that has it ends, and acquire it."""
        logger.warning(
            "another process on this machine serves this bot; this one waits, and takes over when "
            "it ends"
        )
        while not self.acquire():
            await asyncio.sleep(_LOOK_S)
        logger.info("the other process has ended; this one takes over")

    def release(self) -> None:
        """Leave it to the next process."""
        self._lock.release()
