"""What was asked and answered a short time ago.

Which message answers which question, so that an edited question gets an edited answer; and what
people asked last, so that a question like "And when?" is asked together with it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Message

from bot.bounded_dict import BoundedDict
from bot.errors import JournalUnavailable
from bot.journal import Journal
from bot.services.small_talk import credit_in, questions_in, small_talk_in
from bot.transport.question_text import person_in
from bot.views.view import View
from embeddings import asked_together, normalise

_CAPACITY = 2000
"""Exchanges; people and chats."""
_SOON = timedelta(minutes=5)
"""After this time a question belongs to no earlier one, unless it replies to its answer."""
_ALBUM_S = 0.5
"""Within this time the messages of an album arrive."""
_KEPT = 2
"""Messages of a person in a chat: where the last one is edited, the one before it counts."""
MOST_QUESTIONS = 3
"""Questions of one message that are answered."""


@dataclass(frozen=True)
class Prepared:
    """An answer that is to be sent.

    Attributes:
        view: the message.
        record: its id in the journal; None where it has none.
        is_put_off: whether it only says that the question is to be asked again later.
    """

    view: View
    record: int | None = None
    is_put_off: bool = False


@dataclass
class Exchange:
    """A question in a chat, and its answer.

    Attributes:
        lock: held while the question is answered; versions of one question are answered one by
            one.
        unanswered: the version of the question that arrived last, until it is answered.
        answer_ids: message ids of the answers that are sent; one, unless several were asked.
        is_resumed: whether the last process may have answered it.
        is_waiting: whether the message is still to be answered for the first time.
        alone: answers in the journal whose question was asked once more, without the one before.
        prepared: the version that was answered last and its answers, until they are sent.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    unanswered: Message | None = None
    answer_ids: list[int] = field(default_factory=list)
    is_resumed: bool = False
    is_waiting: bool = False
    alone: set[int] = field(default_factory=set)
    prepared: tuple[Message, list[Prepared]] | None = None

    @property
    def answer_id(self) -> int | None:
        """Message id of the first answer, None before it is sent."""
        return self.answer_ids[0] if self.answer_ids else None

    def take(self) -> Message | None:
        """Return the newest version of the question, or None where it is answered already."""
        newest, self.unanswered = self.unanswered, None
        return newest

    def put_back(self, version: Message) -> None:
        """Note that a version was not answered after all, unless a newer one has arrived."""
        self.unanswered = self.unanswered or version


@dataclass
class _Album:
    """Pictures or files that were sent together; each is a message.

    Attributes:
        question: id of the first message with a caption that asks the bot.
        has_question: set once there is one.
        is_told: whether it was said, or is about to be, that only text is read.
    """

    question: int | None = None
    has_question: asyncio.Event = field(default_factory=asyncio.Event)
    is_told: bool = False


class RecentAnswers:
    """The last exchanges, in memory."""

    def __init__(self) -> None:
        self._exchanges = BoundedDict[tuple[int, int], Exchange](_CAPACITY)
        self._shown = BoundedDict[int, str](_CAPACITY)
        self._albums = BoundedDict[str, _Album](_CAPACITY)

    def arrived(self, message: Message) -> None:
        """Remember a question, or an edited version of it, as the newest one.

        To be called in the order in which updates arrive, before anything is awaited: that order
        decides which version is answered. The edited version may be no question any more.
        """
        exchange = self.exchange(message)
        exchange.unanswered = message
        exchange.is_waiting |= message.edit_date is None
        if message.media_group_id:
            album = self._album(message.media_group_id)
            album.question = album.question or message.message_id
            album.has_question.set()

    def knows(self, message: Message) -> bool:
        """Whether a message, or an earlier version of it, is one of the last questions."""
        return (message.chat_id, message.message_id) in self._exchanges

    def exchange(self, message: Message) -> Exchange:
        """Return the exchange that a question belongs to, whichever version of it this is."""
        key = (message.chat_id, message.message_id)
        exchange = self._exchanges[key] = self._exchanges.get(key) or Exchange()
        return exchange

    def show(self, chat_id: int, article: str) -> None:
        """Remember the path of the article that a chat was shown last."""
        self._shown[chat_id] = article

    def shown(self, chat_id: int) -> str | None:
        """Return the path of the article that a chat was shown last, as far as it is in memory."""
        return self._shown.get(chat_id)

    def is_question_of_album(self, message: Message) -> bool:
        """Whether a caption is the first in its album; only that is answered.

        A message that belongs to no album stands alone.
        """
        album = self._albums.get(message.media_group_id or "")
        return album is None or album.question in (None, message.message_id)

    async def is_to_be_told(self, message: Message) -> bool:
        """Whether to say that only text is read: of an album once, and only without a caption.

        The captions of an album may come a moment after its first picture.
        """
        if message.media_group_id is None:
            return True
        album = self._album(message.media_group_id)
        if album.is_told:
            return False
        album.is_told = True
        with suppress(TimeoutError):
            await asyncio.wait_for(album.has_question.wait(), _ALBUM_S)
        return album.question is None

    def _album(self, id_: str) -> _Album:
        album = self._albums[id_] = self._albums.get(id_) or _Album()
        return album


@dataclass(frozen=True)
class _Asked:
    """A question, as it was understood, or as it was typed until then; and when."""

    question: str
    at: datetime


class LastQuestions:
    """The last questions of each person in each chat, in memory.

    What another process was asked, or this one before a restart, the journal has.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._asked = BoundedDict[tuple[int, int], dict[tuple[int, int], _Asked]](_CAPACITY)

    def arrived(self, message: Message, text: str) -> None:
        """Keep the questions of a message, or of an edited version of it, as they were typed.

        To be called in the order in which updates arrive, so that a question finds the one before
        it while that one is still being answered.
        """
        before = self._asked.get(_key(message), {})
        for place in [place for place in before if place[0] == message.message_id]:
            del before[place]
        for number, question in enumerate(questions_in(text)[:MOST_QUESTIONS]):
            if normalise(question) and not small_talk_in(question) and not credit_in(question):
                self._keep(question, message, number)

    async def follow_up(self, question: str, message: Message, number: int = 0) -> str | None:
        """Return a question together with the one before; None where it is asked alone.

        The one before stands in the same message, or it is that of the answer that the message
        replies to, or else the last one of the same person in the same chat, if it was asked a
        short time ago. The question is kept, as it is understood, for those that follow. Questions
        of a message have a number, from 0.
        """
        previous = None if number else await self._replied_to(message)
        previous = previous or await self._before(message, number)
        together = previous and asked_together(question, previous)
        self._keep(together or question, message, number)
        return together

    def asked_alone(self, together: str | None, alone: str, message: Message) -> None:
        """Keep a question of a message without the one before, which it did not belong to."""
        asked = self._asked.get(_key(message), {})
        numbers = (
            number
            for (message_id, number), one in asked.items()
            if message_id == message.message_id and one.question == together
        )
        self._keep(alone, message, next(numbers, 0))

    def forget(self, person: int) -> None:
        """Drop what a person asked."""
        for key in [key for key in self._asked if key[1] == person]:
            del self._asked[key]

    def _keep(self, question: str, message: Message, number: int) -> None:
        asked = self._asked.get(_key(message), {})
        asked[message.message_id, number] = _Asked(question, message.date)
        kept = sorted({message_id for message_id, _ in asked})[-_KEPT:]
        self._asked[_key(message)] = {
            place: one for place, one in asked.items() if place[0] in kept
        }

    async def _replied_to(self, message: Message) -> str | None:
        """Return the question that was answered by the message that this one replies to."""
        answer = message.reply_to_message
        if answer is None or answer.from_user is None or not answer.from_user.is_bot:
            return None
        try:
            recorded = await self._journal.last_answer(message.chat_id, answer.message_id)
        except JournalUnavailable:
            return None
        return recorded.question if recorded else None

    async def _before(self, message: Message, number: int) -> str | None:
        asked, here = self._asked.get(_key(message), {}), (message.message_id, number)
        earlier = [place for place in asked if place < here]
        last = asked[max(earlier)] if earlier else await self._recorded_before(message)
        return last.question if last and message.date - last.at <= _SOON else None

    async def _recorded_before(self, message: Message) -> _Asked | None:
        with suppress(JournalUnavailable):
            found = await self._journal.question_before(*_key(message), message.message_id)
            return _Asked(found.question, found.at) if found else None
        return None


def _key(message: Message) -> tuple[int, int]:
    return message.chat_id, person_in(message) or message.chat_id
