"""Which updates are processed: each once, a limited number at a time, none after the deadline."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor

from bot.transport.metrics import Metrics
from embeddings import write_atomically

logger = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

_REMEMBERED = 1000


class SeenUpdates:
    """Ids of recent updates of one bot, stored in a file over a restart.

    Updates are confirmed by the next poll. When the last poll of a process fails, the next
    process gets them again.

    The file begins with a line "bot ID". A file of another bot is not used, nor one without that
    line, which earlier versions wrote: its ids could be those of new questions.
    """

    def __init__(self, path: Path, bot_id: str) -> None:
        """Read the ids; `bot_id` is the digits before the colon in the token, not the token."""
        self._path = path
        self._header = f"bot {bot_id}"
        self._order: deque[int] = deque(maxlen=_REMEMBERED)
        self._ids: set[int] = set()
        try:
            header, *ids = path.read_text(encoding="ascii").splitlines() or [""]
            if header == self._header:
                for update_id in map(int, ids):
                    self.add(update_id)
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            logger.warning("%s cannot be read; a question may be answered twice", path)

    def add(self, update_id: int) -> bool:
        """Add an update; return False when it was known."""
        if update_id in self._ids:
            return False
        if len(self._order) == _REMEMBERED:
            self._ids.discard(self._order[0])
        self._order.append(update_id)
        self._ids.add(update_id)
        return True

    def save(self) -> None:
        """Store the ids for the next process."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, "\n".join([self._header, *map(str, self._order)]))
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._path, error.strerror)


class Processor(BaseUpdateProcessor):
    """Runs handlers concurrently; starts none once the deadline of `drain_for` has passed.

    Attributes:
        dropped: how many updates came too late.
    """

    def __init__(self, max_concurrent_updates: int, seen: SeenUpdates, metrics: Metrics) -> None:
        super().__init__(max_concurrent_updates)
        self._seen = seen
        self._metrics = metrics
        self._awaited: dict[int, asyncio.Future[bool]] = {}
        self._deadline: float | None = None
        self.dropped = 0

    def drain_for(self, seconds: float) -> None:
        """Start no handler later than this many seconds from now."""
        self._deadline = time.monotonic() + seconds

    def turn(self, update_id: int) -> "tuple[asyncio.Future[bool], bool]":
        """Return a future, and whether the same update is already in the queue.

        The future's result is whether a handler has begun, now or earlier, or none will.
        """
        is_queued = update_id in self._awaited
        if not is_queued:
            self._awaited[update_id] = asyncio.get_running_loop().create_future()
        return self._awaited[update_id], is_queued

    def end(self) -> None:
        """Resolve the futures of updates that were never begun."""
        for update_id in list(self._awaited):
            self._turned(update_id, begun=False)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run the handlers of one update, unless it is known or too late."""
        if self._must_run(update):
            await coroutine
        elif hasattr(coroutine, "close"):
            coroutine.close()

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Store the ids of the updates that were seen."""
        self._seen.save()

    def _must_run(self, update: object) -> bool:
        late = self._deadline is not None and time.monotonic() > self._deadline
        self.dropped += late
        if not isinstance(update, Update):
            return not late
        self._metrics.received(update)
        self._turned(update.update_id, begun=not late)
        if late or not self._seen.add(update.update_id):
            self._metrics.passed_over.labels("late" if late else "duplicate").inc()
            return False
        return True

    def _turned(self, update_id: int, *, begun: bool) -> None:
        future = self._awaited.pop(update_id, None)
        if future is not None and not future.done():
            future.set_result(begun)
