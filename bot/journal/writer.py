"""Writes behind: an answer never waits for the database.

One task writes, in the order in which things happened, many of them in one transaction. While the
database is locked, gone or full they wait; when too many wait, new ones are lost and counted.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import JournalError, JournalTooNew, JournalUnavailable
from bot.journal.database import Database
from bot.journal.engine import WRITES, is_busy, is_passing, reason

logger = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

MOST_WAITING = 5000
"""About ten megabytes of questions."""
_BATCH = 100
_PATIENCE_S = 4.0
"""How long a person waits for a thumb to be noted."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 10.0
_SILENCE_S = 60.0
"""A line in the log at most so often."""


@dataclass(frozen=True, eq=False)
class _Item:
    """Something to write; `done` is there when somebody waits for it."""

    work: Work[Any]
    done: asyncio.Future[Any] | None = None

    def finish(self, result: Any) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_result(result)

    def fail(self, error: BaseException) -> bool:
        """Tell who waits; return False when nobody does."""
        if self.done is None:
            return False
        if not self.done.done():
            self.done.set_exception(error)
        return True


class Writer:
    """Writes what it is given, behind.

    Attributes:
        lost: how many writes will never be done.
        in_trouble: whether the last attempt failed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Item] = deque()
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._next_line = 0.0
        self._told = False
        self.lost = 0
        self.in_trouble = False

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
            self._stumbled(error)
            self._wake.set()
        self._task = asyncio.create_task(self._run(), name="journal")

    async def close(self, within_s: float) -> None:
        """Write what waits, for as long as that may take, and end."""
        self._closing.set()
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=within_s)
            # A database that fails while it is given up may put its own error in the place of
            # the cancellation, which is lost then.
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait({self._task}, timeout=_FIRST_PAUSE_S)
            with suppress(asyncio.CancelledError):
                await self._task
        unwritten = sum(not item.fail(JournalUnavailable(_CLOSED)) for item in self._waiting)
        self._waiting.clear()
        if unwritten:
            self.lost += unwritten
            logger.error("%d entries of the journal were lost at the end", unwritten)

    def put(self, work: Work[None]) -> bool:
        """Have something written soon; return False when it is lost. Never waits, never raises."""
        return self._add(_Item(work))

    async def do(self, work: Work[T], patience_s: float = _PATIENCE_S) -> T:
        """Write something and wait until it is written, after all that was put before.

        Raises:
            JournalUnavailable: it was not written.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if not self._add(_Item(work, done)):
            raise JournalUnavailable(_FULL)
        try:
            return await asyncio.wait_for(done, patience_s)
        except TimeoutError as error:
            raise JournalUnavailable(_SLOW) from error

    async def settle(self) -> None:
        """Wait until what was put is written, unless the database is in trouble."""
        if self._waiting and not self.in_trouble:
            with suppress(JournalError):
                await self.do(_nothing, 1.0)

    def _add(self, item: _Item) -> bool:
        if self._closing.is_set() or len(self._waiting) >= MOST_WAITING:
            if item.done is None:
                self._lose("the journal takes no more (%s); %d wait", JournalUnavailable(_FULL))
            return False
        self._waiting.append(item)
        self._wake.set()
        return True

    async def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            await self._wake.wait()
            if not self._waiting and self._closing.is_set():
                return
            if not self._waiting and not self.in_trouble:
                self._wake.clear()
                continue
            try:
                engine = await self._database.ready()
                await self._write(engine)
            except Exception as error:  # the task must not end
                self._stumbled(error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), pause_s)
                if self._closing.is_set():
                    await asyncio.sleep(_FIRST_PAUSE_S)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                pause_s = _FIRST_PAUSE_S
                self._recovered()

    async def _write(self, engine: AsyncEngine) -> None:
        """Write a batch; if that fails, each alone, so that one cannot hold up the others."""
        batch = [self._waiting[place] for place in range(min(len(self._waiting), _BATCH))]
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
            if not item.fail(JournalUnavailable(_REFUSED)):
                self._lose("the journal refused an entry (%s); %d wait", error)

    async def _write_together(self, engine: AsyncEngine, batch: list[_Item]) -> None:
        results = []
        async with engine.execution_options(**WRITES).begin() as connection:
            for item in batch:
                given_up = item.done is not None and item.done.done()
                results.append(None if given_up else await item.work(connection))
        for item, result in zip(batch, results, strict=True):
            self._waiting.popleft()
            item.finish(result)

    def _stumbled(self, error: Exception) -> None:
        self.in_trouble = True
        if not is_busy(error):
            self._database.suspect()
        # Who waits is told; what nobody waits for is tried again.
        self._waiting = deque(
            item for item in self._waiting if not item.fail(JournalUnavailable(_SLOW))
        )
        self._say("the journal cannot be written (%s); %d entries wait", error)

    def _recovered(self) -> None:
        self.in_trouble = False
        if self._told:
            self._told = False
            logger.info("the journal is written again")

    def _lose(self, line: str, error: Exception) -> None:
        self.lost += 1
        self._say(line, error)

    def _say(self, line: str, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._next_line:
            self._next_line = now + _SILENCE_S
            self._told = True
            logger.warning(f"{line}, %d are lost", reason(error), len(self._waiting), self.lost)


async def _nothing(_connection: AsyncConnection) -> None:
    pass


_CLOSED = "The journal is closed."
_FULL = "Too many entries wait already."
_SLOW = "The journal cannot be written now."
_REFUSED = "The journal refused this."
