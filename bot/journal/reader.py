"""Reads: bounded in time, and unavailable in one way only."""

import asyncio
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import JournalUnavailable
from bot.journal.database import Database
from bot.journal.engine import is_busy
from bot.journal.writer import Work

T = TypeVar("T")

_PATIENCE_S = 5.0
_LONGEST_REPORT_S = 60.0


class Reader:
    """Reads from the database, beside the writer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, work: Work[T], *, report: bool = False) -> T:
        """Return what `work` reads.

        Args:
            work: gets a connection.
            report: whether it may take its time.

        Raises:
            JournalUnavailable: it cannot be read.
        """
        engine = self._database.engine
        try:
            async with (
                asyncio.timeout(_LONGEST_REPORT_S if report else _PATIENCE_S),
                engine.connect() as connection,
            ):
                return await work(connection)
        except (SQLAlchemyError, OSError) as error:  # a TimeoutError is an OSError
            if not is_busy(error):
                self._database.suspect()
            raise JournalUnavailable("The journal cannot be read now.") from error
