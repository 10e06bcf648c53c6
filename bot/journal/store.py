"""The journal: what was asked, answered, rated, and what a person has set."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import JournalUnavailable
from bot.journal import privacy, reports
from bot.journal.answers import Thumb, read_answer, read_rating, write_answer, write_rating
from bot.journal.database import Database
from bot.journal.people import People
from bot.journal.reader import Reader
from bot.journal.records import Forgotten, JournalEntry, Kept, Missed, Recorded, Stats
from bot.journal.tables import answers
from bot.journal.times import Ids, milliseconds
from bot.journal.writer import Work, Writer

logger = logging.getLogger(__name__)

T = TypeVar("T")

_DRAIN_S = 5.0
"""How long what waits may still be written at the end."""
_FORGET_S = 30.0


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """One database. For the event loop; everything here is quick, or bounded in time.

    What happens while a question is answered (`record`, `sent`) never raises.
    Everything else raises JournalUnavailable, which is told to the person.
    """

    def __init__(
        self,
        url: str,
        *,
        names: bool = False,
        retention_days: int = 0,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Prepare a journal; nothing is opened yet.

        Args:
            url: as `Settings.database_url` has it, with the driver.
            names: keep the ids of those who ask, instead of a hash.
            retention_days: what `prune` leaves; 0 for everything.
            clock: the time, UTC.
        """
        self._database = Database(url, names=names)
        self._writer = Writer(self._database)
        self._reader = Reader(self._database)
        self._people = People(self._database, self._reader, self._writer)
        self._retention_days = retention_days
        self._clock = clock
        self._ids = Ids()

    @property
    def lost(self) -> int:
        """How many entries will never be written, since the start."""
        return self._writer.lost

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
        await self._writer.close(_DRAIN_S)
        await self._database.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def record(self, asked: JournalEntry) -> int | None:
        """Keep an answer; it is written behind.

        Returns:
            its id, for buttons; None when it is lost, and buttons would lead nowhere.
        """
        at = self._at()
        id_ = self._ids.next(at)

        async def work(connection: AsyncConnection) -> None:
            await write_answer(connection, id_, at, asked, self._database.pseudonyms)

        return id_ if self._writer.put(work) else None

    async def sent(self, answer_id: int, message_id: int) -> None:
        """Keep the id of the message that an answer was sent as; it is written behind."""
        change = update(answers).where(answers.c.id == answer_id)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(change.values(answer_message=message_id))

        self._writer.put(work)

    async def answer(self, answer_id: int) -> Recorded | None:
        """Return an answer; None when it was never there, is too old, or was forgotten."""
        return await self._read(lambda c: read_answer(c, answers.c.id == answer_id))

    async def last_answer(self, chat_id: int, question_message: int) -> Recorded | None:
        """Return the last answer to a message of a person, which may have been edited since."""
        return await self._read(
            lambda c: read_answer(
                c,
                answers.c.chat.in_(self._database.pseudonyms.both(chat_id)),
                answers.c.question_message == question_message,
            )
        )

    async def rate(self, answer_id: int, person_id: int, value: Thumb | None) -> bool:
        """Keep, change or remove a person's thumb; return False when the answer is gone."""
        at = self._at()
        return await self._writer.do(
            lambda c: write_rating(c, answer_id, self._hashed(person_id), value, at)
        )

    async def rating(self, answer_id: int, person_id: int) -> Thumb | None:
        """Return a person's thumb on an answer."""
        return await self._read(lambda c: read_rating(c, answer_id, self._hashed(person_id)))

    async def language_of(self, person_id: int) -> str | None:
        """Return the language a person has chosen; None for Telegram's."""
        return await self._people.language_of(person_id)

    async def choose_language(self, person_id: int, code: str | None) -> None:
        """Keep the language a person chooses; None for Telegram's."""
        await self._people.write(person_id, language=code)

    async def admit(self, person_id: int) -> None:
        """Keep that a person may use the bot."""
        await self._people.write(person_id, admitted=True)

    async def is_admitted(self, person_id: int) -> bool:
        """Return whether a person was let in."""
        return await self._people.is_admitted(person_id)

    async def stats(self, days: int) -> Stats:
        """Count what happened in the last days (UTC), today among them."""
        now = self._at()
        return await self._read(lambda c: reports.stats(c, max(days, 1), now), report=True)

    async def missed(self, limit: int | None, until: int | None = None) -> list[Missed]:
        """List questions without an answer or with a thumb down, newest first, merged.

        Args:
            limit: of questions.
            until: the newest answer that counts.
        """
        return await self._read(lambda c: reports.missed(c, limit, until), report=True)

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
        """Count what is kept about a person."""
        return await self._read(lambda c: privacy.kept(c, person_id, self._database.pseudonyms))

    async def forget(self, person_id: int) -> Forgotten:
        """Delete everything of a person: questions, answers, thumbs, settings, access."""
        found = await self._writer.do(
            lambda c: privacy.erase(c, person_id, self._database.pseudonyms), _FORGET_S
        )
        self._people.drop(person_id)
        await self._database.empty_log()
        return Forgotten(found.questions, found.ratings, found.settings)

    async def prune(self) -> int:
        """Delete what is older than is to be kept; return how many answers. Never raises."""
        deleted = 0
        if not self._retention_days:
            return deleted
        before = milliseconds(self._clock() - timedelta(days=self._retention_days))
        try:
            while some := await self._writer.do(lambda c: privacy.delete_before(c, before)):
                deleted += some
        except JournalUnavailable as error:
            logger.warning("old entries of the journal were not deleted: %s", error)
        if deleted:
            await self._database.empty_log()
            logger.info("deleted %d old entries of the journal", deleted)
        return deleted

    def _at(self) -> int:
        return milliseconds(self._clock())

    def _hashed(self, person_id: int) -> int:
        return self._database.pseudonyms.hashed(person_id)

    async def _read(self, work: Work[T], *, report: bool = False) -> T:
        """Read after what was put before is written."""
        await self._writer.settle()
        return await self._reader.read(work, report=report)
