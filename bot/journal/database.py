"""The database: opened, read, and opened again when its file was replaced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import JournalUnavailable
from bot.journal.engine import BARE, file_of, is_busy, open_engine
from bot.journal.ids import Pseudonyms
from bot.journal.limits import Limits
from bot.journal.prepare import prepare

_UNAVAILABLE = "The journal cannot be read now."


class Database:
    """Opens the database, and opens it again when its file was deleted or replaced.

    What is written to a deleted SQLite file is lost when the process ends.
    """

    def __init__(self, url: str, limits: Limits, *, names: bool) -> None:
        self.limits = limits
        self._url, self._names = url, names
        self._file = file_of(url)
        self._file_id: tuple[int, int] | None = None
        self._engine: AsyncEngine | None = None
        self._pseudonyms: Pseudonyms | None = None
        self._is_sound = False

    @property
    def engine(self) -> AsyncEngine:
        """The connections; raises JournalUnavailable while the database is not open."""
        if self._engine is None:
            raise JournalUnavailable(_UNAVAILABLE)
        return self._engine

    @property
    def pseudonyms(self) -> Pseudonyms:
        """How ids are stored; raises JournalUnavailable before the database was opened."""
        if self._pseudonyms is None:
            raise JournalUnavailable(_UNAVAILABLE)
        return self._pseudonyms

    def suspect(self) -> None:
        """Check and open the database again before the next write, after an error."""
        self._is_sound = False

    async def ready(self) -> AsyncEngine:
        """Return the connections of a database that is there and up to date.

        Raises:
            JournalTooNew: a newer program has changed it.
            SQLAlchemyError, OSError: it cannot be reached or written.
        """
        if self._engine is not None and self._is_sound and self._file_id == self._current_file():
            return self._engine
        await self.close()
        key = self._pseudonyms.key if self._pseudonyms else None
        self._pseudonyms = await asyncio.to_thread(
            prepare, self._url, key, self.limits.prepare_s, names=self._names
        )
        self._file_id = self._current_file()
        self._engine = open_engine(self._url, self.limits.statement_s)
        self._is_sound = True
        return self._engine

    @asynccontextmanager
    async def reading(self, *, report: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read from; a `report` may take a minute instead of seconds.

        Raises:
            JournalUnavailable: the database cannot be read, also when that shows in the block.
        """
        engine = self.engine
        try:
            async with (
                asyncio.timeout(self.limits.report_s if report else self.limits.read_s),
                engine.connect() as connection,
            ):
                yield connection
        except (SQLAlchemyError, OSError) as error:  # a TimeoutError is an OSError
            if not is_busy(error):
                self.suspect()
            raise JournalUnavailable(_UNAVAILABLE) from error

    async def empty_log(self) -> None:
        """Empty SQLite's write-ahead log, which holds deleted rows, unless somebody reads it."""
        if self._engine is None or self._file is None:
            return
        with suppress(SQLAlchemyError, OSError):
            async with self._engine.execution_options(**BARE).connect() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def close(self) -> None:
        """Close all connections; `ready` opens them again."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    def _current_file(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat() if self._file else None
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found else None
