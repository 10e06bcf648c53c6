"""What a person has set, at hand for every question."""

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalUnavailable
from bot.journal.database import Database
from bot.journal.reader import Reader
from bot.journal.tables import people
from bot.journal.upsert import write_over
from bot.journal.writer import Writer

_FRESH_S = 60.0
"""Another process, or a person with a database tool, may have changed it since."""
_REST_S = 5.0
"""After a failure nobody waits for the database again for so long."""
_MOST_KEPT = 10_000


@dataclass(frozen=True)
class _Settings:
    language: str | None
    admitted: bool
    read: float


class People:
    """Languages and access, read once a minute and not at every question."""

    def __init__(self, database: Database, reader: Reader, writer: Writer) -> None:
        self._database, self._reader, self._writer = database, reader, writer
        self._known: dict[int, _Settings] = {}
        self._changes = 0
        self._rest_until = 0.0

    async def language_of(self, person_id: int) -> str | None:
        """Return the language a person has chosen, None for Telegram's.

        Raises:
            JournalUnavailable: it cannot be read, and was not before.
        """
        return (await self._of(person_id)).language

    async def is_admitted(self, person_id: int) -> bool:
        """Return whether a person was let in.

        Raises:
            JournalUnavailable: it cannot be read, and was not before.
        """
        return (await self._of(person_id)).admitted

    async def write(self, person_id: int, **values: str | bool | None) -> None:
        """Keep a setting; what is not named stays.

        Raises:
            JournalUnavailable: it was not kept.
        """

        async def work(connection: AsyncConnection) -> None:
            key = {"person": self._database.pseudonyms.hashed(person_id)}
            await write_over(connection, people, key, values, {"admitted": False})

        await self._writer.do(work)
        self.drop(person_id)

    def drop(self, person_id: int) -> None:
        """Read a person's settings anew at the next question."""
        self._known.pop(person_id, None)
        self._changes += 1

    async def _of(self, person_id: int) -> _Settings:
        now = time.monotonic()
        known = self._known.get(person_id)
        if known is not None and now < known.read + _FRESH_S:
            return known
        if now >= self._rest_until:
            try:
                return await self._read(person_id)
            except JournalUnavailable:
                self._rest_until = time.monotonic() + _REST_S
        if known is None:
            raise JournalUnavailable("The journal cannot be read now.")
        return known

    async def _read(self, person_id: int) -> _Settings:
        async def work(connection: AsyncConnection) -> _Settings:
            query = select(people.c.language, people.c.admitted).where(
                people.c.person == self._database.pseudonyms.hashed(person_id)
            )
            row = (await connection.execute(query)).first()
            language, admitted = (row.language, row.admitted) if row else (None, False)
            return _Settings(language, admitted, time.monotonic())

        changes = self._changes
        found = await self._reader.read(work)
        if changes == self._changes:  # otherwise it may be from before the change
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[person_id] = found
        return found
