"""Which message answers which question, so that an edited question gets an edited answer."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from telegram import Message

from bot.views.view import View

_CAPACITY = 2000


@dataclass
class Exchange:
    """A question in a chat, and its answer.

    Attributes:
        lock: held while the question is answered; versions of one question are answered one by
            one.
        unanswered: the version of the question that arrived last, until it is answered.
        answer_ids: message ids of the answers that are sent; one, unless several were asked.
        is_begun: whether an answer was begun; without an `answer_id` it may not have arrived.
        prepared: the version that was answered last and its answers, each with its id in the
            journal, until they are sent.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    unanswered: Message | None = None
    answer_ids: list[int] = field(default_factory=list)
    is_begun: bool = False
    prepared: tuple[Message, list[tuple[View, int | None]]] | None = None

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


class RecentAnswers:
    """The last exchanges, in memory."""

    def __init__(self) -> None:
        self._exchanges: OrderedDict[tuple[int, int], Exchange] = OrderedDict()
        self._shown: OrderedDict[int, str] = OrderedDict()
        self._albums: OrderedDict[str, None] = OrderedDict()

    def arrived(self, message: Message) -> None:
        """Remember a question, or an edited version of it, as the newest one.

        To be called in the order in which updates arrive, before anything is awaited: that order
        decides which version is answered.
        """
        self.exchange(message).unanswered = message

    def exchange(self, message: Message) -> Exchange:
        """Return the exchange that a question belongs to, whichever version of it this is."""
        key = (message.chat_id, message.message_id)
        exchange = self._exchanges.setdefault(key, Exchange())
        self._exchanges.move_to_end(key)
        if len(self._exchanges) > _CAPACITY:
            self._exchanges.popitem(last=False)
        return exchange

    def show(self, chat_id: int, article: str) -> None:
        """Remember the path of the article that a chat was shown last."""
        self._shown[chat_id] = article
        self._shown.move_to_end(chat_id)
        if len(self._shown) > _CAPACITY:
            self._shown.popitem(last=False)

    def shown(self, chat_id: int) -> str | None:
        """Return the path of the article that a chat was shown last, as far as it is in memory."""
        return self._shown.get(chat_id)

    def is_new_album(self, message: Message) -> bool:
        """Whether nothing was said to the album of a message yet, which now counts as done.

        A message that belongs to no album stands alone.
        """
        album = message.media_group_id
        if album is None:
            return True
        is_new = album not in self._albums
        self._albums[album] = None
        if len(self._albums) > _CAPACITY:
            self._albums.popitem(last=False)
        return is_new
