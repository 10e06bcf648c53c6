"""What people asked last, so that a question like "And when?" is asked together with it."""

from collections import OrderedDict
from datetime import timedelta

from telegram import Message

from bot.errors import JournalUnavailable
from bot.journal import Journal
from bot.transport.question_text import person_in
from embeddings import asked_together

_SOON = timedelta(minutes=5)
"""After this time a question belongs to no earlier one, unless it replies to its answer."""
_CAPACITY = 2000
"""People and chats; who asked least recently is dropped first."""
_KEPT = 2
"""Questions of a person in a chat: where the last one is edited, the one before it counts."""


class LastQuestions:
    """The last questions of each person in each chat, in memory."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._asked: OrderedDict[tuple[int, int], list[tuple[Message, str]]] = OrderedDict()

    async def together(self, question: str, message: Message) -> str | None:
        """Return a question together with the one before; None where it is asked alone.

        The one before is that of the answer that the message replies to, or else the last one of
        the same person in the same chat, if it was asked a short time ago.
        """
        previous = await self._replied_to(message) or self._before(message)
        return previous and asked_together(question, previous)

    def remember(self, question: str, message: Message) -> None:
        """Keep a question, as it was understood, for those that follow."""
        key = _key(message)
        asked = [one for one in self._asked.pop(key, ()) if one[0].message_id != message.message_id]
        self._asked[key] = [*asked, (message, question)][-_KEPT:]
        while len(self._asked) > _CAPACITY:
            self._asked.popitem(last=False)

    def forget(self, person: int) -> None:
        """Drop what a person asked."""
        for key in [key for key in self._asked if key[1] == person]:
            del self._asked[key]

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

    def _before(self, message: Message) -> str | None:
        for earlier, question in reversed(self._asked.get(_key(message), ())):
            if earlier.message_id < message.message_id:
                return question if message.date - earlier.date <= _SOON else None
        return None


def _key(message: Message) -> tuple[int, int]:
    return message.chat_id, person_in(message) or message.chat_id
