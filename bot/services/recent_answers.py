"""Which message answers which, for questions that are changed after they were asked."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

_REMEMBERED = 2000


@dataclass
class Exchange:
    """A question in a chat.

    Attributes:
        turn: hold it while the question is answered, so that changes wait for the answer, and for
            each other.
        answer: the message that answers it.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: int | None = None


class RecentAnswers:
    """Remembers the last answers, in memory: Telegram lets a message be changed for two days."""

    def __init__(self) -> None:
        self._exchanges: OrderedDict[tuple[int, int], Exchange] = OrderedDict()

    def of(self, chat: int, question: int) -> Exchange:
        """Return what is known of a message that asks."""
        found = self._exchanges.setdefault((chat, question), Exchange())
        self._exchanges.move_to_end((chat, question))
        if len(self._exchanges) > _REMEMBERED:
            self._exchanges.popitem(last=False)
        return found
