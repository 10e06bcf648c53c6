"""The journal: what was asked, answered, rated, and what a person has set."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalUnavailable
from bot.journal import privacy, reports
from bot.journal.answers import read_answer, write_answer
from bot.journal.database import Database
from bot.journal.engine import upsert
from bot.journal.ids import AnswerIds, milliseconds
from bot.journal.limits import Limits
from bot.journal.people import People
from bot.journal.records import JournalEntry, Kept, Missed, Rating, Recorded, Stats
from bot.journal.tables import answers, ratings
from bot.journal.writer import Writer

logger = logging.getLogger(__name__)

_DELETED_AT_ONCE = 500
"""Old answers deleted in one transaction, so that other writes need not wait long."""


class Journal:
    """One database. For the event loop; everything here is quick, or bounded in time.

    `record` and `sent`, which run while a question is answered, never wait and never raise.
    Everything else but `prune` raises JournalUnavailable, whose text is shown to the person.
    """

    def __init__(
        self,
        url: str,
        *,
        names: bool = False,
        retention_days: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: Limits = Limits(),  # noqa: B008  (it is frozen)
    ) -> None:
        """Prepare a journal; nothing is opened yet.

        Args:
            url: as `Settings.database_url` has it, with the driver.
            names: store the ids of those who ask, instead of hashes.
            retention_days: `prune` deletes older answers; 0 keeps everything.
            clock: the time, UTC.
            limits: of time and memory.
        """
        self._database = Database(url, limits, names=names)
        self._writer = Writer(self._database)
        self._people = People(self._database, self._writer)
        self._retention_days = retention_days
        self._clock = clock
        self._ids = AnswerIds()

    @property
    def lost(self) -> int:
        """How many entries will never be written, since the start."""
        return self._writer.lost

    @property
    def waiting(self) -> int:
        """How many entries are not written yet."""
        return self._writer.waiting

    @property
    def is_working(self) -> bool:
        """Whether the last attempt to write succeeded."""
        return not self._writer.in_trouble

    async def start(self) -> None:
        """Open the database, make or update its tables, begin to write.

        A database that cannot be opened now is tried again for as long as the bot runs.

        Raises:
            JournalTooNew: a newer program has changed it.
        """
        await self._writer.start()

    async def close(self) -> None:
        """Write what waits, within a few seconds, and close the database."""
        await self._writer.close()
        await self._database.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def record(self, entry: JournalEntry) -> int | None:
        """Store an answer soon.

        Returns:
            its id, for buttons; None when it is lost, and buttons would lead nowhere.
        """
        at = milliseconds(self._clock())
        id_ = self._ids.next(at)
        put = self._writer.put(lambda c: write_answer(c, id_, at, entry, self._database.pseudonyms))
        return id_ if put else None

    async def sent(self, answer_id: int, message_id: int) -> None:
        """Store soon the id of the message that an answer was sent as."""
        change = update(answers).where(answers.c.id == answer_id).values(answer_message=message_id)
        self._writer.put(lambda c: c.execute(change))

    async def answer(self, answer_id: int) -> Recorded | None:
        """Return an answer; None when it was never there, is too old, or was deleted."""
        async with self._reading() as connection:
            return await read_answer(connection, answers.c.id == answer_id)

    async def last_answer(self, chat_id: int, message_id: int | None = None) -> Recorded | None:
        """Return the last answer in a chat: to, or as, one message where an id is given."""
        conditions = [self._was_in(chat_id)]
        if message_id is not None:
            sent_as = answers.c.answer_message == message_id
            conditions.append(or_(answers.c.question_message == message_id, sent_as))
        async with self._reading() as connection:
            return await read_answer(connection, *conditions)

    async def question_before(
        self, chat_id: int, person_id: int, message_id: int
    ) -> Recorded | None:
        """Return what a person asked last in a chat before one of their messages."""
        asked_by = answers.c.person.in_(self._database.pseudonyms.both(person_id))
        is_before = answers.c.question_message < message_id
        async with self._reading() as connection:
            return await read_answer(connection, self._was_in(chat_id), asked_by, is_before)

    async def answer_messages(self, chat_id: int, question_message: int) -> list[int | None]:
        """Return the ids of the messages that a message was answered by, in order.

        None stands for answers that were found, and of which it is not known that they were sent.
        """
        query = select(answers.c.answer_message).distinct().order_by(answers.c.answer_message)
        query = query.where(self._was_in(chat_id), answers.c.question_message == question_message)
        async with self._reading() as connection:
            return list((await connection.execute(query)).scalars())

    async def rate(self, answer_id: int, person_id: int, value: Rating | None) -> bool:
        """Store, change or remove a person's rating; return False when the answer is gone."""
        at = milliseconds(self._clock())

        async def work(connection: AsyncConnection) -> bool:
            there = select(answers.c.id).where(answers.c.id == answer_id)
            if (await connection.execute(there)).first() is None:
                return False
            key = {"answer_id": answer_id, "person": self._hashed(person_id)}
            if value is None:
                await connection.execute(delete(ratings).filter_by(**key))
            else:
                await upsert(connection, ratings, key, {"value": value, "at": at})
            return True

        return await self._writer.do(work)

    async def rating(self, answer_id: int, person_id: int) -> Rating | None:
        """Return a person's rating of an answer."""
        async with self._reading() as connection:
            key = {"answer_id": answer_id, "person": self._hashed(person_id)}
            query = select(ratings.c.value).filter_by(**key)
            value: Rating | None = (await connection.execute(query)).scalar()
            return value

    async def language_of(self, person_id: int) -> str | None:
        """Return the language a person has chosen; None for Telegram's."""
        return (await self._people.settings_of(person_id)).language

    def language_in_memory(self, person_id: int) -> str | None:
        """Return the language a person has chosen, as far as it was read before."""
        return self._people.in_memory(person_id).language

    def has_read_language(self, person_id: int) -> bool:
        """Whether a person's choice of a language was read and is in memory."""
        return self._people.was_read(person_id)

    async def choose_language(self, person_id: int, code: str | None) -> None:
        """Store the language a person chooses; None for Telegram's."""
        await self._people.write(person_id, language=code)

    async def admit(self, person_id: int) -> None:
        """Store that a person may use the bot."""
        await self._people.write(person_id, admitted=True)

    async def is_admitted(self, person_id: int) -> bool:
        """Return whether a person was let in."""
        return (await self._people.settings_of(person_id)).admitted

    async def stats(self, days: int) -> Stats:
        """Count what happened in the last days (UTC), today among them."""
        now = milliseconds(self._clock())
        async with self._reading(report=True) as connection:
            return await reports.stats(connection, max(days, 1), now)

    async def missed(self, limit: int | None, until: int | None = None) -> list[Missed]:
        """List questions without an answer or with a thumb down, newest first, merged.

        The newest answer that counts is `until`.
        """
        async with self._reading(report=True) as connection:
            return await reports.missed(connection, limit, until)

    async def tick_off(self, answer_ids: Collection[int]) -> None:
        """Leave out of `missed` what was asked in these wordings until these answers."""

        async def work(connection: AsyncConnection) -> None:
            ticked = answers.alias()
            same = exists().where(
                ticked.c.id.in_(answer_ids),
                ticked.c.alike == answers.c.alike,
                ticked.c.id >= answers.c.id,
            )
            await connection.execute(update(answers).where(same).values(done=True))

        await self._writer.do(work)

    async def export_missed(self) -> Iterator[dict[str, Any]]:
        """Return these questions as lines of a data set for `eval`; gold answers are to be added.

        The language is that of the person's interface.
        """
        found = await self.missed(None)
        return (
            {
                "id": f"missed-{one.answer_id}",
                "lang": one.language,
                "question": one.question,
                "article": None,
                "answers": [],
            }
            for one in found
            if one.question.strip()
        )

    async def kept_about(self, person_id: int) -> Kept:
        """Count what is stored about a person."""
        async with self._reading() as connection:
            return await privacy.count(connection, person_id, self._database.pseudonyms)

    async def forget(self, person_id: int) -> Kept:
        """Delete everything of a person: questions, answers, ratings, settings, access."""
        found = await self._writer.do(
            lambda c: privacy.erase(c, person_id, self._database.pseudonyms),
            self._database.limits.forget_s,
        )
        self._people.forget(person_id)
        await self._database.empty_log()
        return found

    async def prune(self) -> int:
        """Delete the answers older than the retention; return how many. Never raises."""
        if not self._retention_days:
            return 0
        before = milliseconds(self._clock() - timedelta(days=self._retention_days))
        old = select(answers.c.id).where(answers.c.at < before).order_by(answers.c.at)
        some = delete(answers).where(answers.c.id.in_(old.limit(_DELETED_AT_ONCE)))
        deleted = 0
        try:
            while found := (await self._writer.do(lambda c: c.execute(some))).rowcount:
                deleted += found
        except JournalUnavailable as error:
            logger.warning("old entries of the journal were not deleted: %s", error)
        if deleted:
            await self._database.empty_log()
            logger.info("deleted %d old entries of the journal", deleted)
        return deleted

    def _was_in(self, chat_id: int) -> ColumnElement[bool]:
        """Whether an answer was given in a chat."""
        return answers.c.chat.in_(self._database.pseudonyms.both(chat_id))

    def _hashed(self, person_id: int) -> int:
        return self._database.pseudonyms.hashed(person_id)

    @asynccontextmanager
    async def _reading(self, *, report: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read from, once what was recorded before is written."""
        await self._writer.settle()
        async with self._database.reading(report=report) as connection:
            yield connection
