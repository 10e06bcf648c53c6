"""The settings of persons, cached for a while."""

import math
import time
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bounded_dict import BoundedDict
from bot.errors import JournalUnavailable
from bot.journal.database import Database
from bot.journal.engine import upsert
from bot.journal.tables import people
from bot.journal.writer import Writer

_REST_S = 5.0
"""How long after a failure the database is not asked again."""
_MOST_CACHED = 10_000
_NEVER = -math.inf
"""When settings were read of which only what was written is known."""


@dataclass(frozen=True)
class PersonSettings:
    """What a person has set.

    Attributes:
        language: the language chosen, None for Telegram's.
        admitted: whether the person was let in.
    """

    language: str | None = None
    admitted: bool = False


class People:
    """Reads and writes the settings of persons."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database, self._writer = database, writer
        self._fresh_s = database.limits.settings_s
        self._cache = BoundedDict[int, tuple[float, PersonSettings]](_MOST_CACHED)
        self._reads: dict[object, int] = {}
        """Whose settings are being read, without the reads that a change has overtaken."""
        self._rest_until = 0.0

    async def settings_of(self, person_id: int) -> PersonSettings:
        """Return a person's settings.

        Raises:
            JournalUnavailable: they cannot be read, and were not before.
        """
        now = time.monotonic()
        read_at, known = self._cache.get(person_id, (_NEVER, PersonSettings()))
        if now < read_at + self._fresh_s:
            return known
        if now >= self._rest_until:
            try:
                return await self._read(person_id)
            except JournalUnavailable:
                self._rest_until = time.monotonic() + _REST_S
        if read_at == _NEVER:
            raise JournalUnavailable("The journal cannot be read now.")
        return known

    def in_memory(self, person_id: int) -> PersonSettings:
        """Return a person's settings as far as they were read, with what was written since."""
        return self._cache.get(person_id, (_NEVER, PersonSettings()))[1]

    def was_read(self, person_id: int) -> bool:
        """Whether a person's settings are in memory as they were read."""
        return self._cache.get(person_id, (_NEVER, None))[0] != _NEVER

    async def write(self, person_id: int, **values: Any) -> None:
        """Change the settings that are named.

        Raises:
            JournalUnavailable: they were not written.
        """

        async def work(connection: AsyncConnection) -> None:
            key = {"person": self._database.pseudonyms.hashed(person_id)}
            await upsert(connection, people, key, values, {"admitted": False})

        await self._writer.do(work)
        self._overtake_reads(person_id)
        read_at, known = self._cache.get(person_id, (_NEVER, PersonSettings()))
        self._cache[person_id] = read_at, replace(known, **values)

    def forget(self, person_id: int) -> None:
        """Drop what is in memory of a person."""
        self._cache.pop(person_id, None)
        self._overtake_reads(person_id)

    def _overtake_reads(self, person_id: int) -> None:
        self._reads = {read: one for read, one in self._reads.items() if one != person_id}

    async def _read(self, person_id: int) -> PersonSettings:
        read = object()
        self._reads[read] = person_id
        try:
            async with self._database.reading() as connection:
                person = self._database.pseudonyms.hashed(person_id)
                query = select(people.c.language, people.c.admitted).filter_by(person=person)
                row = (await connection.execute(query)).first()
        finally:
            is_overtaken = self._reads.pop(read, None) is None
        found = PersonSettings(*row) if row else PersonSettings()
        if not is_overtaken:  # otherwise it may be from before the change
            self._cache[person_id] = time.monotonic(), found
        return found
