"""The database as it is now: open, or to be opened again."""

import asyncio
from contextlib import suppress

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import JournalUnavailable
from bot.journal.engine import BARE, file_of, open_engine
from bot.journal.prepare import prepare
from bot.journal.pseudonyms import Pseudonyms

_PATIENCE_S = 2.0
"""How long a statement waits for another process."""


class Database:
    """Opens the database, and opens it again when its file is another one.

    A deleted SQLite file would swallow what is written until the process ends.
    """

    def __init__(self, url: str, *, names: bool) -> None:
        self._url, self._names = url, names
        self._file = file_of(url)
        self._stamp: tuple[int, int] | None = None
        self._engine: AsyncEngine | None = None
        self._pseudonyms: Pseudonyms | None = None
        self._sound = False

    @property
    def engine(self) -> AsyncEngine:
        """Connections.

        Raises:
            JournalUnavailable: it has never been opened.
        """
        if self._engine is None:
            raise JournalUnavailable(_UNAVAILABLE)
        return self._engine

    @property
    def pseudonyms(self) -> Pseudonyms:
        """How ids are written.

        Raises:
            JournalUnavailable: it has never been opened.
        """
        if self._pseudonyms is None:
            raise JournalUnavailable(_UNAVAILABLE)
        return self._pseudonyms

    def suspect(self) -> None:
        """Look at the database anew before the next write: something was wrong with it."""
        self._sound = False

    async def ready(self) -> AsyncEngine:
        """Return the engine of a database that is there and up to date.

        Raises:
            JournalTooNew: a newer program has changed it.
            SQLAlchemyError, OSError: it cannot be reached or written.
        """
        if self._engine is not None and self._sound and self._stamp == self._found():
            return self._engine
        await self.close()
        key = self._pseudonyms.key if self._pseudonyms else None
        self._pseudonyms = await asyncio.to_thread(prepare, self._url, key, names=self._names)
        self._stamp = self._found()
        self._engine = open_engine(self._url, _PATIENCE_S)
        self._sound = True
        return self._engine

    async def empty_log(self) -> None:
        """Drop what SQLite still holds of deleted rows beside its file, if nobody reads it."""
        if self._engine is None or self._file is None:
            return
        with suppress(SQLAlchemyError, OSError):
            async with self._engine.execution_options(**BARE).connect() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def close(self) -> None:
        """Close all connections; `ready` opens it again."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    def _found(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


_UNAVAILABLE = "The journal cannot be read now."
