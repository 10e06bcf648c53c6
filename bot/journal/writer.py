"""Write-behind: an answer never waits for the database.

One task writes the entries in their order, many of them in one transaction. While the database is
locked, gone or full they wait; when too many wait, new ones are lost and counted.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import JournalError, JournalTooNew, JournalUnavailable
from bot.journal.database import Database
from bot.journal.engine import WRITES, is_busy, is_passing, reason

logger = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]
"""Statements to run on a connection."""

_BATCH = 100
_SETTLE_S = 1.0
_SILENCE_S = 60.0
"""Problems are logged at most so often."""

_CLOSED = "The journal is closed."
_FULL = "Too many entries wait already."
_NOT_NOW = "The journal cannot be written now."
_REFUSED = "The journal refused this."


@dataclass(frozen=True, eq=False)
class _Item:
    """Something to write, and a future when somebody waits for its result."""

    work: Work[Any]
    done: asyncio.Future[Any] | None = None

    @property
    def is_finished(self) -> bool:
        return self.done is not None and self.done.done()

    def fail(self, message: str) -> bool:
        """Raise JournalUnavailable where somebody waits; return False when nobody does."""
        if self.done is not None and not self.done.done():
            self.done.set_exception(JournalUnavailable(message))
        return self.done is not None


class Writer:
    """Writes entries in the background.

    Attributes:
        lost: how many entries will never be written.
        in_trouble: whether the last attempt failed.
    """

    def __init__(self, database: Database) -> None:
        self.lost = 0
        self.in_trouble = False
        self._database, self._limits = database, database.limits
        self._waiting: deque[_Item] = deque()
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last_attempt_until = math.inf
        self._next_line = 0.0
        self._has_complained = False

    @property
    def waiting(self) -> int:
        """How many entries are not written yet."""
        return len(self._waiting)

    async def start(self) -> None:
        """Open the database and begin to write; one that cannot be opened is tried again.

        Raises:
            JournalTooNew: a newer program has changed it.
        """
        try:
            await self._database.ready()
        except JournalTooNew:
            raise
        except Exception as error:
            self._failed(error)
            self._wake.set()
        self._task = asyncio.create_task(self._run(), name="journal")

    async def close(self) -> None:
        """Write what waits, within a time limit, and stop."""
        # The last attempt ends by itself: aiosqlite may hang when its statement is cancelled.
        limits = self._limits
        self._last_attempt_until = time.monotonic() + limits.close_s - limits.statement_s
        self._closing.set()
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=limits.close_s)
            # When a statement is cancelled, the database may raise an error of its own instead of
            # the cancellation, which is lost then.
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait({self._task}, timeout=limits.first_pause_s)
            with suppress(asyncio.CancelledError):
                await self._task
        unwritten = sum(not item.fail(_CLOSED) for item in self._waiting)
        self._waiting.clear()
        if unwritten:
            self.lost += unwritten
            logger.error("%d entries of the journal were lost at the end", unwritten)

    def put(self, work: Work[Any]) -> bool:
        """Write something soon; return False when it is lost. Never waits, never raises."""
        added = self._add(_Item(work))
        if not added:
            self._lose("the journal takes no more (%s); %d wait", JournalUnavailable(_FULL))
        return added

    async def do(self, work: Work[T], within_s: float | None = None) -> T:
        """Write something, after all that was put before, and return its result.

        Raises:
            JournalUnavailable: it was not written in time.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if not self._add(_Item(work, done)):
            raise JournalUnavailable(_FULL)
        try:
            return await asyncio.wait_for(done, within_s or self._limits.write_s)
        except TimeoutError as error:
            raise JournalUnavailable(_NOT_NOW) from error

    async def settle(self) -> None:
        """Wait until what was put is written, unless the database is in trouble."""
        if self._waiting and not self.in_trouble:
            with suppress(JournalError):
                await self.do(lambda connection: connection.execute(select(1)), _SETTLE_S)

    def _add(self, item: _Item) -> bool:
        if self._closing.is_set() or len(self._waiting) >= self._limits.waiting:
            return False
        self._waiting.append(item)
        self._wake.set()
        return True

    async def _run(self) -> None:
        pause_s = self._limits.first_pause_s
        while True:
            await self._wake.wait()
            is_late = time.monotonic() > self._last_attempt_until
            if self._closing.is_set() and (is_late or not self._waiting):
                return
            if not self._waiting and not self.in_trouble:
                self._wake.clear()
                continue
            try:
                await self._write(await self._database.ready())
            except Exception as error:  # the task must not end
                self._failed(error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), pause_s)
                if self._closing.is_set():
                    await asyncio.sleep(self._limits.first_pause_s)
                pause_s = min(2 * pause_s, self._limits.longest_pause_s)
            else:
                pause_s = self._limits.first_pause_s
                self.in_trouble = False
                if self._has_complained:
                    self._has_complained = False
                    logger.info("the journal is written again")

    async def _write(self, engine: AsyncEngine) -> None:
        """Write a batch; if that fails, each alone, so that one cannot hold up the others."""
        batch = list(islice(self._waiting, _BATCH))
        try:
            await self._write_together(engine, batch)
        except Exception as error:
            if is_busy(error):
                raise
            for item in batch:
                await self._write_alone(engine, item)

    async def _write_alone(self, engine: AsyncEngine, item: _Item) -> None:
        try:
            await self._write_together(engine, [item])
        except Exception as error:
            if is_passing(error):
                raise
            self._waiting.popleft()
            if not item.fail(_REFUSED):
                self._lose("the journal refused an entry (%s); %d wait", error)

    async def _write_together(self, engine: AsyncEngine, batch: list[_Item]) -> None:
        async with engine.execution_options(**WRITES).begin() as connection:
            results = [
                None if item.is_finished else await item.work(connection)  # its waiter gave up
                for item in batch
            ]
        for item, result in zip(batch, results, strict=True):
            self._waiting.popleft()
            if item.done and not item.is_finished:
                item.done.set_result(result)

    def _failed(self, error: Exception) -> None:
        self.in_trouble = True
        if not is_busy(error):
            self._database.suspect()
        # Whoever waits gets the error; entries that nobody waits for are tried again.
        self._waiting = deque(item for item in self._waiting if not item.fail(_NOT_NOW))
        self._complain("the journal cannot be written (%s); %d entries wait", error)

    def _lose(self, line: str, error: Exception) -> None:
        self.lost += 1
        self._complain(line, error)

    def _complain(self, line: str, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._next_line:
            self._next_line = now + _SILENCE_S
            self._has_complained = True
            logger.warning(f"{line}, %d are lost", reason(error), len(self._waiting), self.lost)
